/* ip_test.c: IPv4, IPv6 and what may stand between IP and TCP. */

#include <criterion/criterion.h>
#include <string.h>

#include "packet/link.h"
#include "unit/packet/wire.h"

/* .80 > .1234: Flags [P.], seq 4294967280, ack 1, win 512, length 4 ("data"); the checksum is not right */
#define TCP_DATA "0050 04d2 fffffff0 00000001 5018 0200 0000 0000 64617461"

/* 192.0.2.1 > 192.0.2.2, id 258, ttl 64; first what varies: total length, then flags and offset */
#define IPV4(version, total, fragment, protocol)                                                   \
	version "00" total "0102" fragment "40" protocol "0000 c0000201 c0000202"

/* 2001:db8::1 > 2001:db8::2, hlim 64 */
#define IPV6(length, next)                                                                         \
	"60000000" length next "40 20010db8000000000000000000000001 "                              \
	"20010db8000000000000000000000002"

#define TCP "06"

struct row {
	const char *hex;
	enum verdict verdict;
	uint32_t payload;
};

/* clang-format off */
static const struct row ipv4[] = {
	{ IPV4("45", "002c", "0000", TCP) TCP_DATA, VERDICT_TCP, 4 },
	/* two bytes of padding after it */
	{ IPV4("45", "002c", "0000", TCP) TCP_DATA "0000", VERDICT_TCP, 4 },
	/* a total length that ends before the data */
	{ IPV4("45", "0028", "0000", TCP) TCP_DATA, VERDICT_TCP, 0 },
	/* one that says more than the frame had room for: the frame had only so much */
	{ IPV4("45", "0428", "0000", TCP) TCP_DATA, VERDICT_TCP, 4 },
	/* none, as with segmentation offload */
	{ IPV4("45", "0000", "0000", TCP) TCP_DATA, VERDICT_TCP, 4 },
	/* options: nop, nop, nop, end */
	{ IPV4("46", "0030", "0000", TCP) "01010100" TCP_DATA, VERDICT_TCP, 4 },
	/* options as long as they get */
	{ IPV4("4f", "0054", "0000", TCP) "0101010101010101010101010101010101010101"
	  "0101010101010101010101010101010101010100" TCP_DATA, VERDICT_TCP, 4 },
	/* the first fragment, then a later one */
	{ IPV4("45", "002c", "2000", TCP) TCP_DATA, VERDICT_TCP, 4 },
	{ IPV4("45", "002c", "2001", TCP) TCP_DATA, VERDICT_FRAGMENT_LOST, 0 },
	{ IPV4("45", "002c", "00b9", TCP) TCP_DATA, VERDICT_FRAGMENT_LOST, 0 },
	/* a first fragment that ends inside the TCP header */
	{ IPV4("45", "001c", "2000", TCP) "0050 04d2 fffffff0", VERDICT_TCP_CUT, 0 },
	{ IPV4("44", "002c", "0000", TCP) TCP_DATA, VERDICT_IP_BAD, 0 },
	{ IPV4("45", "0013", "0000", TCP) TCP_DATA, VERDICT_IP_BAD, 0 },
	{ IPV4("46", "0016", "0000", TCP) "01010100", VERDICT_IP_BAD, 0 },
	{ "4500 0028 0102 0000 40 06 0000 c0000201 c00002", VERDICT_IP_CUT, 0 },
	{ IPV4("45", "002c", "0000", "32") TCP_DATA, VERDICT_UNDECIPHERABLE, 0 },
	{ IPV4("45", "002c", "0000", "6c") TCP_DATA, VERDICT_UNDECIPHERABLE, 0 },
	{ IPV4("45", "002c", "0000", "84") TCP_DATA, VERDICT_OTHER_TRANSPORT, 0 },
	/* an authentication header of 24 bytes before it */
	{ IPV4("45", "0044", "0000", "33") "06 04 0000 00000001 00000001 010203040506070809101112"
	  TCP_DATA, VERDICT_TCP, 4 },
};
/* clang-format on */

/* clang-format off */
static const struct row ipv6[] = {
	{ IPV6("0018", TCP) TCP_DATA, VERDICT_TCP, 4 },
	{ IPV6("0018", TCP) TCP_DATA "0000", VERDICT_TCP, 4 },
	{ IPV6("0418", TCP) TCP_DATA, VERDICT_TCP, 4 },
	{ IPV6("0000", TCP) TCP_DATA, VERDICT_TCP, 4 },
	/* hop-by-hop with a router alert; with a jumbo length of 65568, a wrong one, and one that is not to be used */
	{ IPV6("0020", "00") "0600 05020000 0100" TCP_DATA, VERDICT_TCP, 4 },
	{ IPV6("0000", "00") "0600 c204 00010020" TCP_DATA, VERDICT_TCP, 4 },
	{ IPV6("0000", "00") "0600 c204 00000007" TCP_DATA, VERDICT_IP_BAD, 0 },
	{ IPV6("0020", "00") "0600 c204 00010020" TCP_DATA, VERDICT_TCP, 4 },
	/* a jumbo option behind padding, cut by the end of its header, and none at all */
	{ IPV6("0000", "00") "0601 00000100 0000 c204 00010028 0000" TCP_DATA, VERDICT_TCP, 4 },
	{ IPV6("0000", "00") "0600 01010000 c204" TCP_DATA, VERDICT_TCP, 4 },
	{ IPV6("0000", "00") "0600 0000000000c2" TCP_DATA, VERDICT_TCP, 4 },
	/* destination options, then mobility, HIP and shim6 */
	{ IPV6("0038", "3c") "8700 010400000000" "8b00 000000000000" "8c00 000000000000"
	  "0600 000000000000" TCP_DATA, VERDICT_TCP, 4 },
	/* an atomic fragment, a first one, a later one */
	{ IPV6("0020", "2c") "0600 0000 00000007" TCP_DATA, VERDICT_TCP, 4 },
	{ IPV6("0020", "2c") "0600 0001 00000007" TCP_DATA, VERDICT_TCP, 4 },
	{ IPV6("0020", "2c") "0600 0008 00000007" TCP_DATA, VERDICT_FRAGMENT_LOST, 0 },
	/* an authentication header of 16 bytes */
	{ IPV6("0028", "33") "06 02 0000 00000001 00000001 01020304" TCP_DATA, VERDICT_TCP, 4 },
	{ IPV6("0020", "3b") "0000000000000000", VERDICT_OTHER_TRANSPORT, 0 },
	/* headers that do not fit into what IP carries */
	{ IPV6("0008", "3c") "0601 010400000000" "0000000000000000", VERDICT_IP_BAD, 0 },
	{ IPV6("0001", "3c") "06", VERDICT_IP_BAD, 0 },
	{ IPV6("0007", "2c") "0600 0000 000000", VERDICT_IP_BAD, 0 },
	{ IPV6("0100", "3c") "0601 010400000000", VERDICT_IP_CUT, 0 },
	{ IPV6("0100", "2c") "0600", VERDICT_IP_CUT, 0 },
	{ "6000 0000 0018 06 40 2001", VERDICT_IP_CUT, 0 },
};
/* clang-format on */

static void check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct wire wire = wire_hex(LINK_RAW, rows[i].hex);
		struct segment segment;
		enum verdict verdict = wire_decode(&wire, &segment);

		cr_assert_eq(verdict, rows[i].verdict, "row %zu: %s", i, verdict_name(verdict));
		if (!verdict_has_segment(verdict))
			continue;
		cr_assert_eq(segment.payload, rows[i].payload, "row %zu: %u", i, segment.payload);
		cr_assert_eq(segment.source_port, 80, "row %zu", i);
		cr_assert_eq(segment.seq, 0xfffffff0, "row %zu", i);
		cr_assert_eq(segment.ttl, 64, "row %zu", i);
	}
}

Test(ip, takes_the_payload_from_the_total_length)
{
	check(ipv4, sizeof(ipv4) / sizeof(ipv4[0]));
}

Test(ip, goes_through_the_extension_headers)
{
	check(ipv6, sizeof(ipv6) / sizeof(ipv6[0]));
}

/* Snaplen leaves no doubt about lengths; a frame that ends too early does. */
Test(ip, believes_its_length_as_far_as_the_frame_had_room_for_it)
{
	static const struct {
		const char *hex;
		uint32_t length;
		uint32_t payload;
	} cut[] = {
		{ IPV4("45", "0428", "0000", TCP) TCP_DATA, 1064, 1024 },
		{ IPV4("45", "0428", "0000", TCP) TCP_DATA, 2000, 1024 },
		{ IPV4("45", "0428", "0000", TCP) TCP_DATA, 1000, 960 },
		{ IPV6("0418", TCP) TCP_DATA, 2000, 1028 },
		{ IPV6("0000", "00") "0600 c204 00010020" TCP_DATA, 70000, 65540 },
		{ IPV6("0000", "00") "0600 c204 00010020" TCP_DATA, 1000, 932 },
	};

	for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
		struct wire wire = wire_hex(LINK_RAW, cut[i].hex);
		struct segment segment;

		wire.length = cut[i].length;
		cr_assert_eq(wire_decode(&wire, &segment), VERDICT_TCP, "row %zu", i);
		cr_assert_eq(segment.payload, cut[i].payload, "row %zu: %u", i, segment.payload);
		cr_assert_eq(segment.captured, 4);
		cr_assert_eq(segment.checksum, CHECKSUM_UNKNOWN);
	}
}

/* All of the frame was captured, but IP tells of more: the sum would be of what is not there. */
Test(ip, never_judges_the_checksum_of_a_frame_that_ends_too_early)
{
	struct wire wire = wire_hex(LINK_RAW, IPV4("45", "0428", "0000", TCP) TCP_DATA);
	struct segment segment;

	cr_assert_eq(wire_decode(&wire, &segment), VERDICT_TCP);
	cr_assert_eq(segment.checksum, CHECKSUM_UNKNOWN);
	wire = wire_hex(LINK_RAW, IPV4("45", "0428", "0000", TCP) "0050 04d2 fffffff0");
	cr_assert_eq(wire_decode(&wire, &segment), VERDICT_TCP_CUT);
}

Test(ip, keeps_identification_and_addresses)
{
	struct wire wire = wire_hex(LINK_RAW, IPV4("45", "002c", "0000", TCP) TCP_DATA);
	struct segment segment;
	struct address source, destination;

	wire_decode(&wire, &segment);
	address_parse("192.0.2.1", &source);
	address_parse("192.0.2.2", &destination);
	cr_assert_eq(segment.ip_id, 0x0102);
	cr_assert(address_equal(&segment.source, &source));
	cr_assert(address_equal(&segment.destination, &destination));
}

/* A routing header before TCP: type, segments left, then addresses ending in 3 and 4. */
#define ROUTING(type, left)                                                                        \
	IPV6("0040", "2b")                                                                         \
	"06 04" type left "00000000 20010db8000000000000000000000003"                              \
	"20010db8000000000000000000000004" TCP_DATA

static uint8_t last_byte_of_destination(const char *hex)
{
	struct wire wire = wire_hex(LINK_RAW, hex);
	struct segment segment;

	cr_assert_eq(wire_decode(&wire, &segment), VERDICT_TCP);
	return segment.destination.bytes[15];
}

Test(ip, takes_the_final_destination_from_a_routing_header)
{
	cr_assert_eq(last_byte_of_destination(ROUTING("00", "01")), 4);
	cr_assert_eq(last_byte_of_destination(ROUTING("02", "01")), 3);
	cr_assert_eq(last_byte_of_destination(ROUTING("04", "01")), 3);
	cr_assert_eq(last_byte_of_destination(ROUTING("00", "00")), 2);
	cr_assert_eq(last_byte_of_destination(ROUTING("09", "01")), 2);
	cr_assert_eq(last_byte_of_destination(IPV6("0020", "2b") "0600 0001 00000000" TCP_DATA), 2);
}

Test(ip, takes_the_source_from_a_home_address_option)
{
	struct wire wire =
		wire_hex(LINK_RAW, IPV6("0030", "3c") "0602 01020000 c910 20010db8"
	                                              "000000000000000000000009" TCP_DATA);
	struct segment segment;

	cr_assert_eq(wire_decode(&wire, &segment), VERDICT_TCP);
	cr_assert_eq(segment.source.bytes[15], 9);
}

Test(ip, never_judges_the_checksum_of_a_first_fragment)
{
	struct wire whole = wire_hex(LINK_RAW, IPV4("45", "002c", "0000", TCP) TCP_DATA);
	struct wire first = wire_hex(LINK_RAW, IPV4("45", "002c", "2000", TCP) TCP_DATA);
	struct segment segment;

	wire_decode(&whole, &segment);
	cr_assert_eq(segment.checksum, CHECKSUM_BAD);
	wire_decode(&first, &segment);
	cr_assert_eq(segment.checksum, CHECKSUM_UNKNOWN);
}

/* Destination options that name one another for ever. */
Test(ip, gives_up_where_headers_go_on_and_on)
{
	struct wire wire = wire_hex(LINK_RAW, IPV6("0400", "3c"));
	struct segment segment;

	for (int i = 0; i < 128; i++) {
		wire_add(&wire, 0x3c, 1);
		wire_add(&wire, 0x00, 7);
	}
	cr_assert_eq(wire_decode(&wire, &segment), VERDICT_TOO_DEEP);
}
