/* filter_test.c: capture filters on every link type, in libpcap's own words where they are wrong. */

#include "capture/filter.h"

#include <criterion/criterion.h>
#include <string.h>

/* IPv4 127.0.0.1 -> 127.0.0.2, TCP 40000 -> 80 [S] seq 4294967290, no payload. */
#define IPV4                                                                                       \
	0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 2, 0x9c, 0x40, 0, 80,    \
		0xff, 0xff, 0xff, 0xfa, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff, 0, 0, 0, 0

/* IPv6 ::1 -> ::2, TCP 40000 -> 80 [S] seq 4294967290, no payload. */
#define IPV6                                                                                       \
	0x60, 0, 0, 0, 0, 20, 6, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,   \
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x9c, 0x40, 0, 80, 0xff, 0xff, 0xff, 0xfa, 0,  \
		0, 0, 0, 0x50, 2, 0xff, 0xff, 0, 0, 0, 0

struct specimen {
	uint16_t link_type;
	bool is_ipv6;
	uint32_t count;
	uint8_t bytes[96];
};

/* clang-format off */
static const struct specimen specimens[] = {
	{ 1,   false, 54, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, IPV4 } },
	{ 1,   true,  74, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xdd, IPV6 } },
	{ 101, false, 40, { IPV4 } },
	{ 101, true,  60, { IPV6 } },
	{ 228, false, 40, { IPV4 } },
	{ 229, true,  60, { IPV6 } },
	{ 113, false, 56, { 0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, IPV4 } },
	{ 276, false, 60, { 8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, IPV4 } },
	{ 0,   false, 44, { 2, 0, 0, 0, IPV4 } },
	{ 0,   false, 44, { 0, 0, 0, 2, IPV4 } },
	{ 0,   true,  64, { 30, 0, 0, 0, IPV6 } }, /* macOS */
	{ 0,   true,  64, { 0, 0, 0, 24, IPV6 } }, /* NetBSD, big-endian */
	{ 108, false, 44, { 0, 0, 0, 2, IPV4 } },
	{ 108, true,  64, { 0, 0, 0, 28, IPV6 } }, /* FreeBSD */
};

static const char *const accepting[] = { "tcp", "tcp dst port 80", "src port 40000", "len < 100", "" };
static const char *const refusing[] = { "udp", "port 81", "greater 100" };
/* clang-format on */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct frame frame_of(const struct specimen *specimen)
{
	return (struct frame){
		.bytes = specimen->bytes,
		.captured = specimen->count,
		.length = specimen->count,
		.link_type = specimen->link_type,
	};
}

static void expect_verdict(const char *expression, int verdict)
{
	struct error err = { 0 };
	struct filter *filter = filter_new(expression, &err);

	cr_assert_not_null(filter, "%s", err.what);
	/* Twice, so that each program is also found again. */
	for (size_t i = 0; i < 2 * COUNT(specimens); i++) {
		struct frame frame = frame_of(&specimens[i % COUNT(specimens)]);

		cr_expect_eq(filter_accepts(filter, &frame, &err), verdict,
		             "\"%s\" on specimen %zu: %s", expression, i, err.what);
	}
	filter_free(filter);
}

Test(filter, means_the_same_on_every_link_type)
{
	for (size_t i = 0; i < COUNT(accepting); i++)
		expect_verdict(accepting[i], 1);
	for (size_t i = 0; i < COUNT(refusing); i++)
		expect_verdict(refusing[i], 0);
}

Test(filter, tells_the_ip_versions_apart)
{
	struct error err = { 0 };
	struct filter *filter = filter_new("ip6", &err);

	for (size_t i = 0; i < COUNT(specimens); i++) {
		struct frame frame = frame_of(&specimens[i]);

		cr_expect_eq(filter_accepts(filter, &frame, &err), specimens[i].is_ipv6,
		             "specimen %zu", i);
	}
	filter_free(filter);
}

Test(filter, looks_at_captured_bytes_only)
{
	struct error err = { 0 };
	struct filter *filter = filter_new("tcp dst port 80", &err);
	struct frame frame = frame_of(&specimens[0]);

	frame.captured = 36;
	cr_expect_eq(filter_accepts(filter, &frame, &err), 0);
	frame.captured = 0;
	cr_expect_eq(filter_accepts(filter, &frame, &err), 0);
	filter_free(filter);
}

Test(filter, repeats_what_libpcap_says_of_nonsense)
{
	struct error err = { 0 };

	cr_expect_null(filter_new("tcp prot 80", &err));
	cr_expect_str_eq(err.what,
	                 "filter \"tcp prot 80\": can't parse filter expression: syntax error");
	cr_expect_null(filter_new("ip and arp", &err));
	cr_expect_not_null(strstr(err.what, "rejects all packets"), "%s", err.what);
	cr_expect_null(filter_new("port 99999", &err));
	cr_expect_not_null(strstr(err.what, "illegal port number"), "%s", err.what);
}

Test(filter, may_make_sense_on_some_link_types_only)
{
	struct error err = { 0 };
	struct filter *filter = filter_new("ether src 01:02:03:04:05:06", &err);
	struct frame ethernet = frame_of(&specimens[0]), raw = frame_of(&specimens[2]);

	cr_assert_not_null(filter);
	cr_expect_eq(filter_accepts(filter, &ethernet, &err), 0);
	cr_expect_eq(filter_accepts(filter, &raw, &err), -1);
	cr_expect_not_null(strstr(err.what, "on link type RAW: "), "%s", err.what);
	cr_expect_eq(filter_accepts(filter, &raw, &err), -1);
	cr_expect_eq(filter_accepts(filter, &ethernet, &err), 0);
	filter_free(filter);
	filter = filter_new("type mgt subtype beacon", &err);
	cr_expect_not_null(filter, "802.11 knows it: %s", err.what);
	filter_free(filter);
}

Test(filter, says_so_of_a_link_type_that_nobody_knows)
{
	struct error err = { 0 };
	struct filter *filter = filter_new("tcp", &err);
	struct frame frame = frame_of(&specimens[0]);

	frame.link_type = 8224;
	cr_expect_eq(filter_accepts(filter, &frame, &err), -1);
	cr_expect_not_null(strstr(err.what, "on link type 8224: "), "%s", err.what);
	filter_free(filter);
	filter_free(NULL);
}
