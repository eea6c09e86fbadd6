/* tcp_test.c: the TCP header, whole, cut and lying. */

#include <criterion/criterion.h>
#include <string.h>

#include "packet/link.h"
#include "unit/packet/wire.h"

/* 127.0.0.1 > 127.0.0.1; first the total length */
#define IPV4(total) "4500" total "0000 4000 40 06 0000 7f000001 7f000001"

/* .43210 > .80: Flags [S.UWEe], seq 4294967290, ack 5, win 1000, urg 9, options [mss 1460,nop,nop], length 3 */
#define HEADER "a8ca 0050 fffffffa 00000005 71f2 03e8 0000 0009"
#define OPTIONS "0204 05b4 0101 0101"
#define WHOLE IPV4("0033") HEADER OPTIONS "616263"

static struct segment decode_as(enum verdict expected, struct wire wire)
{
	struct segment segment;
	enum verdict verdict = wire_decode(&wire, &segment);

	cr_assert_eq(verdict, expected, "%s", verdict_name(verdict));
	return segment;
}

static struct wire cut(struct wire wire, uint32_t captured)
{
	wire.captured = captured;
	return wire;
}

Test(tcp, reads_every_field)
{
	struct segment segment = decode_as(VERDICT_TCP, wire_hex(LINK_RAW, WHOLE));

	cr_assert_eq(segment.kind, SEGMENT_TCP);
	cr_assert_eq(segment.source_port, 43210);
	cr_assert_eq(segment.destination_port, 80);
	cr_assert_eq(segment.seq, 4294967290);
	cr_assert_eq(segment.ack, 5);
	cr_assert_eq(segment.flags, TCP_AE | TCP_CWR | TCP_ECE | TCP_URG | TCP_ACK | TCP_SYN);
	cr_assert_eq(segment.window, 1000);
	cr_assert_eq(segment.urgent, 9);
	cr_assert_eq(segment.payload, 3);
	cr_assert_eq(segment.captured, 3);
	cr_assert_eq(segment.options_length, 8);
	cr_assert_eq(memcmp(segment.options, "\x02\x04\x05\xb4\1\1\1\1", 8), 0);
	cr_assert_eq(segment.options_cut, 0);
	cr_assert_eq(segment_end(&segment), 4294967290 + 4);
}

Test(tcp, is_whole_though_the_snaplen_cut_its_options_or_payload)
{
	struct wire wire = wire_hex(LINK_RAW, WHOLE);
	struct segment payload_cut = decode_as(VERDICT_TCP, cut(wire, 49));
	struct segment options_cut = decode_as(VERDICT_TCP, cut(wire, 45));
	struct segment no_options = decode_as(VERDICT_TCP, cut(wire, 40));

	cr_assert_eq(payload_cut.payload, 3);
	cr_assert_eq(payload_cut.captured, 1);
	cr_assert_eq(payload_cut.checksum, CHECKSUM_UNKNOWN);
	cr_assert_eq(options_cut.kind, SEGMENT_TCP);
	cr_assert_eq(options_cut.options_length, 5);
	cr_assert_eq(options_cut.options_cut, 3);
	cr_assert_eq(options_cut.payload, 3);
	cr_assert_eq(options_cut.captured, 0);
	cr_assert_eq(no_options.options_cut, 8);
}

Test(tcp, fills_what_is_certain_of_a_cut_header)
{
	struct wire wire = wire_hex(LINK_RAW, WHOLE);
	struct segment flags = decode_as(VERDICT_TCP_CUT, cut(wire, 34));
	struct segment seq = decode_as(VERDICT_TCP_CUT, cut(wire, 28));
	struct segment ports = decode_as(VERDICT_TCP_CUT, cut(wire, 24));

	cr_assert_eq(flags.kind, SEGMENT_TCP_PART);
	cr_assert(segment_has(&flags, TCP_SYN | TCP_ACK));
	cr_assert_eq(flags.payload, 3);
	cr_assert_eq(flags.window, 0);
	cr_assert_eq(flags.ack, 5);
	cr_assert_eq(seq.seq, 4294967290);
	cr_assert_eq(seq.ack, 0);
	cr_assert_eq(seq.flags, 0);
	cr_assert_eq(seq.payload, 0);
	cr_assert_eq(ports.source_port, 43210);
	cr_assert_eq(ports.seq, 0);
	decode_as(VERDICT_TRANSPORT_CUT, cut(wire, 23));
}

/* The same header with a data offset of 4, then of 9 words in 31 bytes, then with 16 bytes in all. */
Test(tcp, keeps_the_ports_of_a_header_that_lies)
{
	static const char *const lying[] = {
		IPV4("0033") "a8ca 0050 fffffffa 00000005 4012 03e8 0000 0000" OPTIONS "616263",
		IPV4("0033") "a8ca 0050 fffffffa 00000005 9012 03e8 0000 0000" OPTIONS "616263",
		IPV4("0024") "a8ca 0050 fffffffa 00000005 5012 03e8",
	};

	for (size_t i = 0; i < sizeof(lying) / sizeof(lying[0]); i++) {
		struct segment segment = decode_as(VERDICT_TCP_BAD, wire_hex(LINK_RAW, lying[i]));

		cr_assert_eq(segment.kind, SEGMENT_TCP_PART);
		cr_assert_eq(segment.destination_port, 80);
		cr_assert_eq(segment.flags, TCP_SYN | TCP_ACK);
		cr_assert_eq(segment.payload, 0);
		cr_assert_eq(segment.captured, 0);
	}
}

/*
 * 145.254.160.237.3372 > 65.208.228.223.80: Flags [S], cksum 0xc30c (correct), seq 951057939,
 * win 8760, options [mss 1460,nop,nop,sackOK], length 0
 */
#define SYN(checksum)                                                                              \
	"4500 0030 0f41 4000 80 06 91eb 91fea0ed 41d0e4df"                                         \
	"0d2c 0050 38affe13 00000000 7002 2238" checksum "0000 020405b4 01010402"

Test(tcp, judges_the_checksum)
{
	struct wire wire = wire_hex(LINK_RAW, SYN("c30c"));

	cr_assert_eq(decode_as(VERDICT_TCP, wire).checksum, CHECKSUM_GOOD);
	cr_assert_eq(decode_as(VERDICT_TCP, cut(wire, 47)).checksum, CHECKSUM_UNKNOWN);
	wire = wire_hex(LINK_RAW, SYN("c30d"));
	cr_assert_eq(decode_as(VERDICT_TCP, wire).checksum, CHECKSUM_BAD);
	/* the pseudo-header: 91fe + a0ed + 41d0 + e4df + 0006 + 001c */
	wire = wire_hex(LINK_RAW, SYN("59be"));
	cr_assert_eq(decode_as(VERDICT_TCP, wire).checksum, CHECKSUM_OFFLOADED);
}
