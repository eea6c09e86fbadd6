/* icmp_test.c: ICMP errors become the segment that they quote. */

#include <criterion/criterion.h>

#include "packet/link.h"
#include "unit/packet/wire.h"

/* 192.0.2.254 > 10.0.0.1, an ICMP header; then what it quotes */
#define ERROR(total, type, code, rest)                                                             \
	"4500" total "0000 0000 40 01 0000 c00002fe 0a000001" type code "0000" rest

/* 10.0.0.1 > 10.0.0.2, id 7, ttl 1, 1500 bytes */
#define QUOTED(protocol) "4500 05dc 0007 4000 01" protocol "0000 0a000001 0a000002"

/* .1234 > .80: Flags [.], seq 4294967290, ack 9, win 512, 12 bytes of options */
#define TCP_8 "04d2 0050 fffffffa"
#define TCP_20 TCP_8 "00000009 8010 0200 0000 0000"
#define TCP_32 TCP_20 "0101 080a 00000001 00000002"

static struct segment decode_as(enum verdict expected, const char *hex)
{
	struct wire wire = wire_hex(LINK_RAW, hex);
	struct segment segment;
	enum verdict verdict = wire_decode(&wire, &segment);

	cr_assert_eq(verdict, expected, "%s", verdict_name(verdict));
	return segment;
}

Test(icmp, gives_ports_and_seq_of_an_eight_byte_quote)
{
	struct segment segment = decode_as(VERDICT_ICMP_ERROR, ERROR("0038", "0b", "00", "00000000")
	                                                               QUOTED("06") TCP_8);
	struct address reporter, source, destination;

	address_parse("192.0.2.254", &reporter);
	address_parse("10.0.0.1", &source);
	address_parse("10.0.0.2", &destination);
	cr_assert_eq(segment.kind, SEGMENT_TCP_QUOTE);
	cr_assert(address_equal(&segment.icmp.reporter, &reporter));
	cr_assert(address_equal(&segment.source, &source));
	cr_assert(address_equal(&segment.destination, &destination));
	cr_assert_eq(segment.icmp.type, 11);
	cr_assert_eq(segment.icmp.quoted, 8);
	cr_assert_eq(segment.source_port, 1234);
	cr_assert_eq(segment.seq, 4294967290);
	cr_assert_eq(segment.ip_id, 7);
	cr_assert_eq(segment.ttl, 1);
	cr_assert_eq(segment.flags, 0);
	cr_assert_eq(segment.payload, 0);
	cr_assert_eq(segment.options_length, 0);
}

Test(icmp, gives_the_rest_of_the_header_when_it_is_quoted)
{
	struct segment header = decode_as(VERDICT_ICMP_ERROR, ERROR("0044", "03", "04", "00000578")
	                                                              QUOTED("06") TCP_20);
	struct segment payload = decode_as(VERDICT_ICMP_ERROR, ERROR("0052", "03", "01", "00000578")
	                                                               QUOTED("06") TCP_32 "4142");

	cr_assert_eq(header.icmp.quoted, 20);
	cr_assert_eq(header.icmp.mtu, 1400);
	cr_assert_eq(header.ack, 9);
	cr_assert_eq(header.flags, TCP_ACK);
	cr_assert_eq(header.window, 512);
	cr_assert_eq(header.payload, 1500 - 20 - 32);
	cr_assert_eq(header.captured, 0);
	cr_assert_eq(payload.icmp.quoted, 32);
	cr_assert_eq(payload.icmp.mtu, 0);
	cr_assert_eq(payload.captured, 2);
	cr_assert_eq(payload.payload, 1500 - 20 - 32);
}

/* Five bytes of padding after a quote that says it has 28 bytes. */
Test(icmp, takes_padding_for_no_part_of_the_quote)
{
	struct segment segment = decode_as(
		VERDICT_ICMP_ERROR,
		ERROR("0041", "03", "03", "00000000") "4500 001c 0007 4000 01 11 0000 0a000001 "
						      "0a000002 04d2 0050 0008 0000"
						      "0000000000");

	cr_assert_eq(segment.kind, SEGMENT_UDP_QUOTE);
	cr_assert_eq(segment.icmp.quoted, 8);
	cr_assert_eq(segment.payload, 0);
	cr_assert_eq(segment.captured, 0);
}

/* clang-format off */
static const char *const no_quotes[] = {
	/* echo */
	ERROR("0024", "08", "00", "00000000") "0102030405060708",
	/* seven bytes of TCP */
	ERROR("0037", "03", "01", "00000000") QUOTED("06") "04d2 0050 fffff0",
	/* an error about an error about TCP */
	ERROR("0054", "03", "01", "00000000") QUOTED("01") "0b00 0000 00000000" QUOTED("06") TCP_8,
	/* SCTP, an ICMP error, a later fragment, IPv6, half an IP header, nothing */
	ERROR("0038", "03", "01", "00000000") QUOTED("84") TCP_8,
	ERROR("0038", "03", "01", "00000000") QUOTED("01") "0b00 0000 00000000",
	ERROR("0038", "03", "01", "00000000")
	"4500 05dc 0007 0010 01 06 0000 0a000001 0a000002" TCP_8,
	ERROR("0030", "03", "01", "00000000") "60000000 0000 06 01 0a0000010a0000020a000003",
	ERROR("0026", "03", "01", "00000000") "4500 05dc 0007 4000 01 06",
	ERROR("001c", "03", "01", "00000000"),
};
/* clang-format on */

Test(icmp, is_no_error_about_a_flow_without_ports)
{
	for (size_t i = 0; i < sizeof(no_quotes) / sizeof(no_quotes[0]); i++)
		decode_as(VERDICT_ICMP_OTHER, no_quotes[i]);
	decode_as(VERDICT_TRANSPORT_CUT, "4500 001c 0000 0000 40 01 0000 c00002fe 0a000001 0300");
}

Test(icmp, knows_every_type_that_quotes)
{
	static const uint8_t types[] = { 3, 4, 5, 11, 12 };
	struct wire wire =
		wire_hex(LINK_RAW, ERROR("0038", "00", "00", "00000000") QUOTED("06") TCP_8);
	unsigned found = 0;

	for (unsigned type = 0; type <= UINT8_MAX; type++) {
		struct segment segment;

		wire.bytes[20] = (uint8_t)type;
		if (wire_decode(&wire, &segment) != VERDICT_ICMP_ERROR)
			continue;
		cr_assert(found < sizeof(types) && types[found++] == type, "type %u", type);
	}
	cr_assert_eq(found, sizeof(types));
}

/* 2001:db8::fe > 2001:db8::1, packet too big */
#define ERROR6(length, type, mtu)                                                                  \
	"60000000" length                                                                          \
	"3a 40 20010db80000000000000000000000fe 20010db8000000000000000000000001" type             \
	"00 0000" mtu

/* 2001:db8::1 > 2001:db8::2, destination options before TCP */
#define QUOTED6                                                                                    \
	"60000000 05b4 3c 01 20010db8000000000000000000000001 20010db8000000000000000000000002"    \
	"0600 010400000000"

Test(icmp, goes_through_the_extension_headers_of_a_quote)
{
	struct segment segment =
		decode_as(VERDICT_ICMP_ERROR, ERROR6("004c", "02", "00000500") QUOTED6 TCP_20);

	cr_assert_eq(segment.family, FAMILY_IPV6);
	cr_assert_eq(segment.icmp.type, 2);
	cr_assert_eq(segment.icmp.mtu, 1280);
	cr_assert_eq(segment.icmp.reporter.bytes[15], 0xfe);
	cr_assert_eq(segment.source.bytes[15], 1);
	cr_assert_eq(segment.payload, 0x5b4 - 8 - 32);
	cr_assert_eq(segment.seq, 4294967290);
}

/* 2001:db8::fe > 2001:db8::1, protocol 1: nobody should send ICMP in IPv6, but what it quotes is clear. */
Test(icmp, leaves_nothing_of_an_ipv6_address_behind_in_an_ipv4_one)
{
	struct segment segment = decode_as(VERDICT_ICMP_ERROR,
	                                   "60000000 0024 01 40 20010db8000000000000000000000ffe "
	                                   "20010db8000000000000000000000fff"
	                                   "0b00 0000 00000000" QUOTED("06") TCP_8);
	struct address source, destination;

	address_parse("10.0.0.1", &source);
	address_parse("10.0.0.2", &destination);
	cr_assert(address_equal(&segment.source, &source));
	cr_assert(address_equal(&segment.destination, &destination));
}

Test(icmp, holds_an_mtu_too_large_for_its_field)
{
	struct segment segment =
		decode_as(VERDICT_ICMP_ERROR, ERROR6("0040", "02", "00010000") QUOTED6 TCP_8);

	cr_assert_eq(segment.icmp.mtu, UINT16_MAX);
	decode_as(VERDICT_ICMP_OTHER, ERROR6("0008", "80", "00000000"));
}
