/* option_test.c: TCP options, written and read back. */

#include "packet/option.h"

#include <criterion/criterion.h>
#include <string.h>

static struct tcp_options parse(const char *bytes, size_t count, uint8_t cut)
{
	struct segment segment = { .options_length = (uint8_t)count, .options_cut = cut };
	struct tcp_options options;

	memcpy(segment.options, bytes, count);
	options_parse(&segment, &options);
	return options;
}

#define PARSE(bytes) parse(bytes, sizeof(bytes) - 1, 0)

/* mss 1460, sackok, ts 1 2, nop, ws 7: a Linux SYN. */
Test(option, reads_the_options_of_a_syn)
{
	struct tcp_options options =
		PARSE("\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\x01\0\0\0\x02\x01\x03\x03\x07");

	cr_assert(options.has_mss && options.has_window_scale && options.sack_permitted &&
	          options.has_timestamps);
	cr_assert_not(options.malformed || options.has_mptcp || options.has_fast_open);
	cr_assert_eq(options.mss, 1460);
	cr_assert_eq(options.window_scale, 7);
	cr_assert_eq(options.timestamp, 1);
	cr_assert_eq(options.timestamp_echo, 2);
}

/* nop, nop, sack 0xfffffff0:0x10 0x20:0x30. */
Test(option, reads_sack_blocks)
{
	struct tcp_options options =
		PARSE("\x01\x01\x05\x12\xff\xff\xff\xf0\0\0\0\x10\0\0\0\x20\0\0\0\x30");

	cr_assert_eq(options.sack_count, 2);
	cr_assert_eq(options.sack[0].left, 0xfffffff0);
	cr_assert_eq(options.sack[0].right, 0x10);
	cr_assert_eq(options.sack[1].left, 0x20);
	cr_assert_eq(options.sack[1].right, 0x30);
}

Test(option, reads_fast_open_of_both_kinds)
{
	struct tcp_options asks = PARSE("\x22\x02");
	struct tcp_options cookie = PARSE("\x22\x0a"
	                                  "12345678");
	struct tcp_options old = PARSE("\xfe\x0c\xf9\x89"
	                               "12345678");
	struct tcp_options other = PARSE("\xfe\x04\x12\x34");

	cr_assert(asks.has_fast_open && asks.fast_open_cookie == 0);
	cr_assert(cookie.has_fast_open && cookie.fast_open_cookie == 8);
	cr_assert(old.has_fast_open && old.fast_open_experimental && old.fast_open_cookie == 8);
	cr_assert_not(other.has_fast_open || other.malformed);
}

/* mptcp subtypes 2 and 8, md5, ao, uto. */
Test(option, reads_the_rarer_kinds)
{
	struct tcp_options options =
		PARSE("\x1e\x03\x20\x1e\x03\x80\x1d\x04\x01\x02\x1c\x04\x80\x05"
	              "\x13\x12"
	              "0123456789abcdef");

	cr_assert(options.has_mptcp && options.has_ao && options.has_user_timeout &&
	          options.has_md5);
	cr_assert_eq(options.mptcp_subtype, 2);
	cr_assert_eq(options.user_timeout, 0x8005);
	cr_assert_not(options.malformed);
}

Test(option, stops_at_the_end_option)
{
	cr_assert_not(PARSE("\0\x02\x04\x05\xb4").has_mss);
	cr_assert_not(PARSE("\0\x02\x01").malformed);
}

Test(option, calls_impossible_lengths_malformed_and_stops)
{
	cr_assert(PARSE("\x02").malformed);
	cr_assert(PARSE("\x02\0").malformed);
	cr_assert(PARSE("\x02\x01\x05\xb4").malformed);
	cr_assert(PARSE("\x02\x05\x05\xb4").malformed);
	cr_assert_not(PARSE("\x4d\x01\x04\x02").sack_permitted);
}

Test(option, skips_an_option_whose_length_is_wrong_for_its_kind)
{
	struct tcp_options options = PARSE("\x02\x03\x05\x05\x02\x03\x03\x07");

	cr_assert(options.malformed && options.has_window_scale);
	cr_assert_not(options.has_mss);
	cr_assert_eq(options.sack_count, 0);
	cr_assert(PARSE("\x05\x0b"
	                "123456789")
	                  .malformed);
	cr_assert(PARSE("\x22\x05"
	                "123")
	                  .malformed);
}

/* nop, nop, and of the timestamps only the first two bytes: the snaplen is to blame, not the sender. */
Test(option, forgives_what_the_snaplen_cut)
{
	struct tcp_options options = parse("\x01\x01\x08\x0a", 4, 8);

	cr_assert_not(options.malformed || options.has_timestamps);
	cr_assert(parse("\x01\x01\x08\x0b", 4, 8).malformed);
}

Test(option, reads_back_what_it_appended)
{
	struct segment segment = { .options_length = 0 };
	struct tcp_options options;

	cr_assert(options_append(&segment, OPTION_MSS, "\x05\xb4", 2));
	cr_assert(options_append(&segment, OPTION_SACK_PERMITTED, NULL, 0));
	cr_assert(options_append(&segment, OPTION_NOP, NULL, 0));
	options_pad(&segment);
	cr_assert_eq(segment.options_length, 8);
	options_parse(&segment, &options);
	cr_assert(options.has_mss && options.mss == 1460 && options.sack_permitted);
	cr_assert_not(options.malformed);
}

Test(option, refuses_what_does_not_fit_in_forty_bytes)
{
	struct segment segment = { .options_length = 0 };
	uint8_t value[40] = { 0 };

	cr_assert(options_append(&segment, OPTION_MPTCP, value, 38));
	cr_assert_not(options_append(&segment, OPTION_NOP, NULL, 0));
	cr_assert_eq(segment.options_length, 40);
	segment.options_length = 0;
	cr_assert_not(options_append(&segment, OPTION_MPTCP, value, 39));
	cr_assert_eq(segment.options_length, 0);
}

Test(option, has_names_for_the_known_kinds)
{
	cr_assert_str_eq(option_name(OPTION_MSS), "mss");
	cr_assert_str_eq(option_name(OPTION_SACK), "sack");
	cr_assert_null(option_name(77));
}
