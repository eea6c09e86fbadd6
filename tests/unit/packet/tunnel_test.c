/* tunnel_test.c: which tunnel a packet is in, and what a port alone does not make. */

#include "packet/tunnel.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "packet/link.h"
#include "unit/packet/samples.h"
#include "unit/packet/storage.h"

/* 10.0.0.1 > 10.0.0.2 and back; the protocol is GRE */
#define THERE "4500 [2] 0001 0000 40 2f 0000 0a000001 0a000002"
#define BACK "4500 [2] 0001 0000 40 2f 0000 0a000002 0a000001"

/* The reset the other way: 192.0.2.2.1234 > 192.0.2.1.80 */
#define ANSWER                                                                                     \
	"4500 0028 0001 0000 40 06 0000 c0000202 c0000201"                                         \
	"04d2 0050 00000000 00000000 5004 0000 0000 0000"

/* Between other ports: 192.0.2.2.1235 > 192.0.2.1.80 */
#define STRANGER                                                                                   \
	"4500 0028 0001 0000 40 06 0000 c0000202 c0000201"                                         \
	"04d3 0050 00000000 00000000 5004 0000 0000 0000"

static uint32_t tunnel_of(struct storage *storage, const char *hex)
{
	struct wire wire = wire_counted(LINK_RAW, hex);
	struct segment segment;

	cr_assert_eq(wire_decode_with(&storage->decoder, &wire, &segment), VERDICT_TCP);
	return segment.tunnel;
}

static const char *way(struct storage *storage, uint32_t number, char *string, size_t size)
{
	struct text text = text_over(string, size);

	tunnel_add(&text, storage->decoder.tunnels, number);
	return string;
}

Test(tunnel, is_the_same_in_both_directions)
{
	struct storage storage = storage_lend();
	uint32_t there = tunnel_of(&storage, THERE "0000 0800" RST_IPV4);

	cr_assert_neq(there, 0);
	cr_assert_eq(tunnel_of(&storage, BACK "0000 0800" ANSWER), there);
	cr_assert_eq(tunnels_row(storage.decoder.tunnels, there)->frames, 2);
	cr_assert_eq(tunnel_of(&storage, RST_IPV4), 0);
	storage_free(&storage);
}

Test(tunnel, differs_by_key_address_kind_and_what_is_around_it)
{
	static const char *const different[] = {
		THERE "0000 0800" RST_IPV4,
		THERE "2000 0800 00000000" RST_IPV4,
		THERE "2000 0800 00000001" RST_IPV4,
		THERE "2000 0800 00000002" RST_IPV4,
		"4500 [2] 0001 0000 40 2f 0000 0a000001 0a000003 0000 0800" RST_IPV4,
		OUTER4("04") RST_IPV4,
		OUTER6("2f") "0000 0800" RST_IPV4,
		THERE "0000 0800" THERE "0000 0800" RST_IPV4,
		OUTER4("04") THERE "0000 0800" RST_IPV4,
		OUTER_UDP("d431", "12b5") "08000000 00000100" ETHERNET_RST,
		OUTER_UDP("d431", "12b5") "08000000 00000200" ETHERNET_RST,
	};
	enum { DIFFERENT = sizeof(different) / sizeof(different[0]) };
	struct storage storage = storage_lend();
	uint32_t numbers[DIFFERENT];

	for (size_t i = 0; i < DIFFERENT; i++) {
		numbers[i] = tunnel_of(&storage, different[i]);
		for (size_t j = 0; j < i; j++)
			cr_assert_neq(numbers[i], numbers[j], "rows %zu and %zu", i, j);
	}
	for (size_t i = 0; i < DIFFERENT; i++)
		cr_assert_eq(tunnel_of(&storage, different[i]), numbers[i], "row %zu again", i);
	cr_assert_eq(tunnels_crowded(storage.decoder.tunnels), 0);
	storage_free(&storage);
}

/* Each direction has its own, and the first two are shown. */
Test(tunnel, keeps_ids_for_show_only)
{
	struct storage storage = storage_lend();
	char string[80];
	uint32_t there =
		tunnel_of(&storage, OUTER_UDP("0868", "0868") "30 ff [-6] 00000003" RST_IPV4);

	for (int i = 0; i < 2; i++) {
		cr_assert_eq(tunnel_of(&storage, "4500 [2] 0001 0000 40 11 0000 0a000002 0a000001"
		                                 "0868 0868 [4] 0000 30 ff [-6] 00000004" ANSWER),
		             there);
		cr_assert_eq(tunnel_of(&storage,
		                       OUTER_UDP("0868", "0868") "30 ff [-6] 00000005" RST_IPV4),
		             there);
	}
	cr_assert_str_eq(way(&storage, there, string, sizeof(string)),
	                 "gtp teid 3/4 10.0.0.1-10.0.0.2");
	storage_free(&storage);
}

Test(tunnel, has_a_key_for_each_direction_if_a_connection_shows_it)
{
	struct storage storage = storage_lend();
	char string[80];
	uint32_t there = tunnel_of(&storage, THERE "2000 0800 00000001" RST_IPV4);
	uint32_t other = tunnel_of(&storage, BACK "2000 0800 00000002" STRANGER);

	cr_assert_neq(other, there, "nothing shows that they are the same");
	cr_assert_eq(tunnel_of(&storage, BACK "2000 0800 00000003" ANSWER), there);
	cr_assert_eq(tunnel_of(&storage, BACK "2000 0800 00000003" STRANGER), there);
	cr_assert_eq(tunnel_of(&storage, BACK "2000 0800 00000002" ANSWER), other,
	             "there has its other direction already");
	cr_assert_str_eq(way(&storage, there, string, sizeof(string)),
	                 "gre key 1/3 10.0.0.1-10.0.0.2");
	storage_free(&storage);
}

/* The latest connections are remembered, not only one, and not all. */
Test(tunnel, remembers_some_connections_until_an_answer_comes)
{
	enum { CONNECTIONS = 20 };
	struct storage storage = storage_lend();
	struct wire there = wire_counted(LINK_RAW, THERE "2000 0800 00000001" RST_IPV4);
	struct wire back = wire_counted(LINK_RAW, BACK "2000 0800 00000002" ANSWER);
	struct segment first, answer;

	for (uint8_t i = 1; i <= CONNECTIONS; i++) {
		there.bytes[51] = i; /* the low byte of its destination port */
		wire_decode_with(&storage.decoder, &there, &first);
	}
	back.bytes[49] = CONNECTIONS - TUNNEL_FLOWS;
	wire_decode_with(&storage.decoder, &back, &answer);
	cr_assert_neq(answer.tunnel, first.tunnel);
	back.bytes[49] = CONNECTIONS - TUNNEL_FLOWS + 1;
	wire_decode_with(&storage.decoder, &back, &answer);
	cr_assert_eq(answer.tunnel, first.tunnel);
	storage_free(&storage);
}

/* Two customers whose networks have the same addresses, and the same connection at the same time. */
Test(tunnel, does_not_mix_those_whose_keys_go_both_ways)
{
	struct storage storage = storage_lend();
	uint32_t one = tunnel_of(&storage, THERE "2000 0800 00000001" RST_IPV4);
	uint32_t two = tunnel_of(&storage, THERE "2000 0800 00000002" RST_IPV4);

	cr_assert_eq(tunnel_of(&storage, BACK "2000 0800 00000002" ANSWER), two);
	cr_assert_eq(tunnel_of(&storage, BACK "2000 0800 00000001" ANSWER), one);
	cr_assert_neq(one, two);
	storage_free(&storage);
}

/* The answer comes by another relay; copies come from whoever saw the packet. */
Test(tunnel, has_no_fixed_ends_when_relays_or_mirrors_make_it)
{
	static const char six[] = "6000 0000 0014 06 40 20020a00000100000000000000000001"
				  "20010db8000000000000000000000002" RST_TCP "0000 0000";
	struct storage storage = storage_lend();
	char hex[400];
	uint32_t there, mirrored;

	there = tunnel_of(&storage, strcat(strcpy(hex, OUTER4("29")), six));
	strcpy(hex, "4500 [2] 0001 0000 40 29 0000 0a000009 0a000001");
	cr_assert_eq(tunnel_of(&storage, strcat(hex, six)), there);
	mirrored = tunnel_of(
		&storage, "4500 [2] 0001 0000 40 2f 0000 0a000001 0a0000ff 0000 88be" ETHERNET_RST);
	cr_assert_eq(
		tunnel_of(&storage,
	                  "4500 [2] 0001 0000 40 2f 0000 0a000002 0a0000ff 0000 88be" ETHERNET_RST),
		mirrored);
	cr_assert_neq(
		tunnel_of(&storage,
	                  "4500 [2] 0001 0000 40 2f 0000 0a000001 0a0000fe 0000 88be" ETHERNET_RST),
		mirrored);
	storage_free(&storage);
}

Test(tunnel, shares_a_row_when_there_is_no_room)
{
	struct storage storage = storage_lend();
	char string[80];
	uint32_t last = 0;

	for (unsigned i = 0; i < STORAGE_TUNNELS + 5; i++) {
		char hex[200];
		struct text text = text_over(hex, sizeof(hex));

		text_format(&text, THERE "2000 0800 %08x" RST_IPV4, i);
		last = tunnel_of(&storage, hex);
	}
	cr_assert_eq(tunnels_crowded(storage.decoder.tunnels), 5);
	cr_assert_str_eq(way(&storage, last, string, sizeof(string)), "other");
	cr_assert_eq(tunnels_row(storage.decoder.tunnels, last)->frames, 5);
	cr_assert_eq(tunnels_count(storage.decoder.tunnels), STORAGE_TUNNELS + 1);
	cr_assert_null(tunnels_row(storage.decoder.tunnels, STORAGE_TUNNELS + 2));
	storage_free(&storage);
}

Test(tunnel, needs_storage_for_a_row_at_least)
{
	static const struct hash_key key = { { 0 } };
	char small[16];

	cr_assert_null(tunnels_start(small, sizeof(small), &key));
	cr_assert_null(fragments_start(small, sizeof(small), &key));
}

Test(tunnel, gives_up_where_tunnels_are_too_deep_in_each_other)
{
	struct storage storage = storage_lend();
	char hex[1500] = "";
	struct wire wire;
	struct segment segment;

	for (int i = 0; i < 9; i++)
		strcat(hex, OUTER4("04"));
	wire = wire_counted(LINK_RAW, strcat(hex, RST_IPV4));
	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_TOO_DEEP);
	storage_free(&storage);
}

/* clang-format off */
/* All of these are datagrams on a tunnel's port, and nothing more. */
static const char *const datagrams[] = {
	OUTER_UDP("0035", "12b5") "1234 8180 0001 0001",                              /* a resolver's answer */
	OUTER_UDP("d431", "12b5") "08000001 00000700" ETHERNET_RST,                   /* a reserved bit */
	OUTER_UDP("d431", "12b5") "08000000 000007",
	OUTER_UDP("d431", "12b6") "0c000009 00000700" RST_IPV4,
	OUTER_UDP("d431", "17c1") "4000 6558 00000700" ETHERNET_RST,                  /* another version */
	OUTER_UDP("d431", "17c1") "0000 1234 00000700" ETHERNET_RST,
	OUTER_UDP("d431", "17c1") "3f00 6558 00000700" ETHERNET_RST,                  /* too many options */
	OUTER_UDP("0868", "0868") "32 01 0004 00000000 0001 0000",                    /* an echo request */
	OUTER_UDP("0868", "0868") "30 ff 0040 00000003" RST_IPV4,
	OUTER_UDP("0868", "0868") "34 ff [-6] 00000003 0000 00 85 00 0001 00" RST_IPV4, /* an extension of no length */
	OUTER_UDP("0868", "0868") "30 ff [-6] 00000003 0000",
	OUTER_UDP("0dd8", "1234") "6000 0000 0015 06 40 20010db8000000000000000000000001"
	  "20010db8000000000000000000000002" RST_TCP "0000 0000",
	OUTER_UDP("1111", "1234") RST_IPV6,                                           /* nobody's Teredo */
	OUTER_UDP("06a5", "06a5") "c802 000c 0003 0004 0000 0000",                    /* control */
	OUTER_UDP("06a5", "06a5") "0002 0003 0004 0000",
	OUTER_UDP("06a5", "06a5") "0003 0000 00000004 0102030405060708",
	OUTER_UDP("13d0", "13d0") "42 52 11 29 00000001 01020304",
	OUTER_UDP("13d0", "13d0") "02 02 11 29 00000001 01" RST_TCP,
	OUTER_UDP("147f", "147f") "00 10 02 80 00000000" ETHERNET_RST,                /* a fragment */
	OUTER_UDP("147f", "147f") "01 10 02 00 00000000" ETHERNET_RST,                /* DTLS */
	OUTER_UDP("147f", "147f") "00 10 02 00 00000000 0102030405",
	OUTER_UDP("d431", "1292") "2100 0800 00000009" RST_IPV4,
	OUTER_UDP("d431", "1292") "2000 1234 00000009" RST_IPV4,
	OUTER_UDP("d431", "19eb") "00011140" "0102030405060708",
	OUTER_UDP("1194", "1194") "00000000 0102030405060708",                        /* a key exchange */
	OUTER_UDP("1194", "1194") "00000007 00000001 0102030405060708090a0b0c0d0e0f10",
};

/* These are tunnels that cannot be seen into, or hold nothing for us. */
static const struct {
	enum verdict verdict;
	const char *hex;
} closed[] = {
	{ VERDICT_NOT_IP, OUTER_UDP("d431", "12b5") "08000000 00000700" STATIONS "0806 0001" },
	{ VERDICT_NOT_IP, OUTER4("2f") "0000 0000" },
	{ VERDICT_NOT_IP, OUTER4("2f") "2081 880b 0000 0005 00000002" },
	{ VERDICT_OTHER_TRANSPORT, OUTER4("2f") "4000 0800 00000000" },
	{ VERDICT_TRANSPORT_CUT, OUTER4("2f") "2000 0800 0000" },
	{ VERDICT_IP_BAD, OUTER4("04") RST_IPV6 },
	{ VERDICT_IP_BAD, OUTER4("29") RST_IPV4 },
	{ VERDICT_OTHER_TRANSPORT, OUTER4("61") "4000" ETHERNET_RST },
	{ VERDICT_OTHER_TRANSPORT, OUTER4("73") "00000000 c802 000c" },
	{ VERDICT_NOT_IP, OUTER4("73") "00000004" STATIONS "0806 0001 0800 0604 0001" },
	{ VERDICT_UNDECIPHERABLE, OUTER4("6c") "0400 0002 0102030405060708" },
	{ VERDICT_UNDECIPHERABLE, OUTER4("32") "00000007 00000001 0102030405060708090a0b0c0d0e0f10" },
	/* a trailer that would do, before a sum that would not */
	{ VERDICT_UNDECIPHERABLE, OUTER4("32") "00000007 00000001" RST_TCP "26cb 0000 0102 0206" },
	{ VERDICT_UNDECIPHERABLE, OUTER4("32") "00000007 00000001" },
};
/* clang-format on */

Test(tunnel, needs_more_than_a_port)
{
	for (size_t i = 0; i < sizeof(datagrams) / sizeof(datagrams[0]); i++) {
		struct storage storage = storage_lend();
		struct wire wire = wire_counted(LINK_RAW, datagrams[i]);
		struct segment segment;
		enum verdict verdict = wire_decode_with(&storage.decoder, &wire, &segment);

		cr_assert_eq(verdict, VERDICT_UDP, "row %zu: %s", i, verdict_name(verdict));
		cr_assert_eq(segment.tunnel, 0, "row %zu", i);
		storage_free(&storage);
	}
}

Test(tunnel, gives_the_verdict_of_what_is_inside)
{
	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		struct wire wire = wire_counted(LINK_RAW, closed[i].hex);
		struct segment segment;
		enum verdict verdict = wire_decode(&wire, &segment);

		cr_assert_eq(verdict, closed[i].verdict, "row %zu: %s", i, verdict_name(verdict));
	}
}

Test(tunnel, is_found_on_the_ports_it_is_told)
{
	struct storage storage = storage_lend();
	struct wire wire =
		wire_counted(LINK_RAW, OUTER_UDP("d431", "1000") "08000000 00000700" ETHERNET_RST);
	struct segment segment;

	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_UDP);
	storage.decoder.tunnel_ports[0] = (struct tunnel_port){ 0x1000, TUNNEL_VXLAN };
	storage.decoder.tunnel_port_count = 1;
	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_TCP);
	wire.bytes[22] = 0x20; /* another port */
	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_UDP);
	storage_free(&storage);
}

/* An error about a packet in a tunnel belongs to the tunnel's connection. */
Test(tunnel, holds_errors_too)
{
	struct storage storage = storage_lend();
	struct wire wire;
	struct segment segment;
	uint32_t there = tunnel_of(&storage, THERE "0000 0800" RST_IPV4);

	/* 192.0.2.9 > 192.0.2.1: unreachable, port; quotes the reset */
	wire = wire_counted(
		LINK_RAW,
		BACK "0000 0800"
		     "4500 [2] 0001 0000 40 01 0000 c0000209 c0000201 0303 0000 00000000" RST_IPV4);
	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_ICMP_ERROR);
	cr_assert_eq(segment.tunnel, there);
	cr_assert_eq(segment.destination_port, 1234);
	storage_free(&storage);
}

Test(tunnel, has_names_and_some_have_ports)
{
	cr_assert_str_eq(tunnel_name(TUNNEL_VXLAN_GPE), "vxlan-gpe");
	cr_assert_eq(tunnel_find("vxlan"), TUNNEL_VXLAN);
	cr_assert_eq(tunnel_find("none"), TUNNEL_NONE);
	cr_assert_eq(tunnel_find("nonsense"), TUNNEL_NONE);
	cr_assert(tunnel_takes_port(TUNNEL_GTP));
	cr_assert_not(tunnel_takes_port(TUNNEL_IPIP));
	cr_assert_not(tunnel_takes_port(TUNNEL_NONE));
}
