/* pcap_test.c: classic savefiles of every dialect, and damaged ones. */

#include <criterion/criterion.h>
#include <string.h>

#include "savefile.h"

struct dialect {
	uint32_t magic;
	bool big;
	int64_t time; /* of 4294967295 s and 999999 units */
};

/* clang-format off */
static const struct dialect dialects[] = {
	{ MAGIC_MICRO, false, 4294967295999999000 },
	{ MAGIC_MICRO, true,  4294967295999999000 },
	{ MAGIC_NANO,  false, 4294967295000999999 },
	{ MAGIC_NANO,  true,  4294967295000999999 },
};
/* clang-format on */

Test(pcap, reads_both_byte_orders_and_both_fractions)
{
	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++) {
		struct savefile file = { .big = dialects[i].big };
		struct harvest harvest;

		put_pcap(&file, dialects[i].magic, 65535, 113);
		put_record(&file, 4294967295, 999999, 5, 1500);
		put_record(&file, 1, 2, 0, 0);
		harvest = feed_savefile(&file);
		cr_assert_eq(harvest.count, 2, "dialect %zu: %s", i, harvest.err.what);
		cr_expect_eq(harvest.last, PARSER_HUNGRY);
		cr_expect_eq(harvest.frames[0].time, dialects[i].time);
		cr_expect_eq(harvest.frames[0].captured, 5);
		cr_expect_eq(harvest.frames[0].length, 1500);
		cr_expect_eq(harvest.frames[0].link_type, 113);
		cr_expect_eq(harvest.frames[0].interface, 0);
		cr_expect_eq(harvest.frames[1].number, 2);
	}
}

Test(pcap, adds_fractions_beyond_a_second_as_libpcap_does)
{
	struct savefile file = { 0 };
	struct harvest harvest;

	put_pcap(&file, MAGIC_MICRO, 65535, 1);
	put_record(&file, 10, 2147483647, 1, 1);
	put_record(&file, 10, 4294967295, 1, 1);
	harvest = feed_savefile(&file);
	cr_assert_eq(harvest.count, 2);
	cr_expect_eq(harvest.frames[0].time, 10000000000 + 2147483647000);
	cr_expect_eq(harvest.frames[1].time, 10000000000 - 1000);
}

Test(pcap, reads_the_longer_record_headers_of_kuznetsov)
{
	for (int big = 0; big < 2; big++) {
		struct savefile file = { .big = big };
		struct harvest harvest;

		put_pcap(&file, MAGIC_KUZNETSOV, 65535, 1);
		for (int i = 0; i < 2; i++) {
			put32(&file, 5);
			put32(&file, 6);
			put32(&file, 3);
			put32(&file, 60);
			put64(&file, UINT64_MAX);
			put_pattern(&file, 3, 9);
		}
		harvest = feed_savefile(&file);
		cr_assert_eq(harvest.count, 2, "%s", harvest.err.what);
		cr_expect_eq(harvest.frames[1].time, 5000006000);
		cr_expect_eq(harvest.frames[1].captured, 3);
		cr_expect_eq(harvest.frames[1].length, 60);
	}
}

Test(pcap, is_a_capture_even_without_frames)
{
	struct savefile file = { 0 };
	struct harvest harvest;

	put_pcap(&file, MAGIC_MICRO, 65535, 1);
	harvest = feed_savefile(&file);
	cr_expect_eq(harvest.count, 0);
	cr_expect_eq(harvest.last, PARSER_HUNGRY);
}

struct link {
	uint32_t field;
	uint16_t link_type;
};

Test(pcap, takes_the_link_type_from_the_lower_half_and_registers_it)
{
	/* FCS of 4 bytes (0x44...); BSD's and OpenBSD's own numbers for raw IP. */
	static const struct link links[] = { { 1, 1 },     { 0x44000001, 1 }, { 0x20202020, 8224 },
		                             { 12, 101 },  { 14, 101 },       { 101, 101 },
		                             { 228, 228 }, { 276, 276 } };

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		struct savefile file = { 0 };
		struct harvest harvest;

		put_pcap(&file, MAGIC_MICRO, 65535, links[i].field);
		put_record(&file, 1, 1, 4, 4);
		harvest = feed_savefile(&file);
		cr_assert_eq(harvest.count, 1);
		cr_expect_eq(harvest.frames[0].link_type, links[i].link_type);
	}
}

struct version {
	uint16_t major, minor;
	bool readable;
	uint32_t captured, length; /* of a record whose fields say 4, then 8 bytes */
};

Test(pcap, knows_how_old_versions_ordered_the_lengths)
{
	/* clang-format off */
	static const struct version versions[] = {
		{ 2,   4, true,  4, 8 }, { 2, 3, true, 4, 8 }, { 2, 2, true, 8, 4 }, { 2, 0, true, 8, 4 },
		{ 543, 0, true,  8, 4 }, { 1, 4, false, 0, 0 }, { 2, 5, false, 0, 0 }, { 3, 0, false, 0, 0 },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		const struct version *row = &versions[i];
		struct savefile file = { 0 };
		struct harvest harvest;

		put_pcap(&file, MAGIC_MICRO, 65535, 1);
		file.bytes[4] = (uint8_t)row->major;
		file.bytes[5] = (uint8_t)(row->major >> 8);
		file.bytes[6] = (uint8_t)row->minor;
		put_record(&file, 1, 1, 4, 8);
		put_pattern(&file, row->captured == 8 ? 4 : 0, 0);
		harvest = feed_savefile(&file);
		cr_assert_eq(harvest.count, row->readable, "version %zu", i);
		cr_expect_eq(harvest.last, row->readable ? PARSER_HUNGRY : PARSER_DAMAGED);
		if (!row->readable) {
			cr_expect_not_null(strstr(harvest.err.what, "is a pcap file of version"));
			continue;
		}
		cr_expect_eq(harvest.frames[0].captured, row->captured);
		cr_expect_eq(harvest.frames[0].length, row->length);
	}
}

Test(pcap, swaps_the_lengths_of_version_2_3_when_more_was_captured_than_sent)
{
	struct savefile file = { 0 };
	struct harvest harvest;

	put_pcap(&file, MAGIC_MICRO, 65535, 1);
	file.bytes[6] = 3;
	put_record(&file, 1, 1, 8, 4);
	file.count -= 4;
	harvest = feed_savefile(&file);
	cr_assert_eq(harvest.count, 1);
	cr_expect_eq(harvest.frames[0].captured, 4);
	cr_expect_eq(harvest.frames[0].length, 8);
}

Test(pcap, accepts_records_larger_than_snaplen)
{
	struct savefile file = { 0 };
	struct harvest harvest;

	put_pcap(&file, MAGIC_MICRO, 64, 1);
	put_record(&file, 1, 1, 9000, 9000);
	put_record(&file, 1, 1, 1, 1);
	harvest = feed_savefile(&file);
	cr_assert_eq(harvest.count, 2);
	cr_expect_eq(harvest.frames[0].captured, 9000);
}

struct claim {
	uint32_t link_type;
	uint32_t captured;
	const char *what;
};

Test(pcap, says_where_a_record_claims_too_much)
{
	/* clang-format off */
	static const struct claim claims[] = {
		{ 1,   4294967295, "damaged at byte 44: a record claims 4,294,967,295 bytes" },
		{ 1,   262145,     "damaged at byte 44: a record claims 262,145 bytes" },
		{ 1,   262144,     "ends in the middle of a record after 1 frame (byte 44)" },
		{ 249, 262145,     "ends in the middle of a record after 1 frame (byte 44)" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		struct savefile file = { 0 };
		struct harvest harvest;

		put_pcap(&file, MAGIC_MICRO, 65535, claims[i].link_type);
		put_record(&file, 1, 1, 4, 4);
		put64(&file, 0);
		put32(&file, claims[i].captured);
		put32(&file, 0);
		put_pattern(&file, 100, 0);
		harvest = feed_savefile(&file);
		cr_expect_eq(harvest.count, 1);
		cr_expect_eq(harvest.last, PARSER_DAMAGED);
		cr_expect_str_eq(harvest.err.what, claims[i].what);
	}
}
