/* link_test.c: every link type leads to the same segment, and so does every tunnel. */

#include "packet/link.h"

#include <criterion/criterion.h>
#include <string.h>

#include "unit/packet/samples.h"
#include "unit/packet/storage.h"
#include "unit/packet/wire.h"

static void check_segment(const struct sample *sample, const struct segment *segment)
{
	cr_assert_eq(segment->family, sample->family, "%s", sample->name);
	cr_assert_eq(segment->vlan, sample->vlan, "%s", sample->name);
	cr_assert_eq(segment->seq, 0xfffffff0, "%s", sample->name);
	cr_assert_eq(segment->flags, TCP_RST, "%s", sample->name);
	cr_assert_eq(segment->source_port, 80, "%s", sample->name);
	cr_assert_eq(segment->destination_port, 1234, "%s", sample->name);
	cr_assert_eq(segment->payload, 0, "%s", sample->name);
}

Test(link, leads_to_the_same_segment_whatever_is_around_it)
{
	for (size_t i = 0; i < sample_count; i++) {
		struct storage storage = storage_lend();
		struct wire wire = sample_wire(&samples[i]);
		struct segment segment;
		char string[200];
		struct text text = text_over(string, sizeof(string));
		enum verdict verdict = wire_decode_with(&storage.decoder, &wire, &segment);

		cr_assert_eq(verdict, VERDICT_TCP, "%s: %s", samples[i].name,
		             verdict_name(verdict));
		check_segment(&samples[i], &segment);
		tunnel_add(&text, storage.decoder.tunnels, segment.tunnel);
		cr_assert_str_eq(string, samples[i].tunnel, "%s", samples[i].name);
		storage_free(&storage);
	}
}

Test(link, needs_no_storage)
{
	for (size_t i = 0; i < sample_count; i++) {
		struct wire wire = sample_wire(&samples[i]);
		struct segment segment;

		cr_assert_eq(wire_decode(&wire, &segment), VERDICT_TCP, "%s", samples[i].name);
		check_segment(&samples[i], &segment);
		cr_assert_eq(segment.tunnel, 0);
	}
}

/* What is left of the reset is either right or not told; a datagram around it may be all that is seen. */
static void check_cut(const struct sample *sample, const struct segment *cut)
{
	if (cut->kind == SEGMENT_UDP || cut->destination_port != 1234)
		return;
	cr_assert(cut->seq == 0xfffffff0 || cut->seq == 0, "%s", sample->name);
	cr_assert(cut->flags == TCP_RST || cut->flags == 0, "%s", sample->name);
	cr_assert_eq(cut->payload, 0, "%s", sample->name);
	cr_assert_eq(cut->captured, 0, "%s", sample->name);
}

Test(link, is_safe_wherever_it_is_cut)
{
	for (size_t i = 0; i < sample_count; i++) {
		struct wire wire = sample_wire(&samples[i]);
		uint32_t whole = wire.captured;

		for (wire.captured = 0; wire.captured < whole; wire.captured++) {
			struct storage storage = storage_lend();
			struct segment segment;
			enum verdict verdict = wire_decode_with(&storage.decoder, &wire, &segment);

			if (verdict_has_segment(verdict))
				check_cut(&samples[i], &segment);
			storage_free(&storage);
		}
	}
}

/* The frame ends there, whatever its headers say. */
Test(link, is_safe_wherever_it_ends)
{
	for (size_t i = 0; i < sample_count; i++) {
		struct wire wire = sample_wire(&samples[i]);

		for (; wire.captured > 0; wire.captured--) {
			struct segment segment;

			wire.length = wire.captured;
			if (verdict_has_segment(wire_decode(&wire, &segment)))
				cr_assert_leq(segment.captured, wire.captured);
		}
	}
}

/* clang-format off */
static const struct {
	uint16_t link_type;
	enum verdict verdict;
	const char *hex;
} refused[] = {
	{ LINK_NULL, VERDICT_LINK_CUT, "020000" },
	{ LINK_NULL, VERDICT_NOT_IP, "07000000" },
	{ LINK_NULL, VERDICT_IP_BAD, "02000000" RST_IPV6 },
	{ LINK_ETHERNET, VERDICT_LINK_CUT, STATIONS "08" },
	{ LINK_ETHERNET, VERDICT_LINK_CUT, STATIONS "8100 0007" },
	{ LINK_ETHERNET, VERDICT_NOT_IP, STATIONS "0806 0001" },
	{ LINK_ETHERNET, VERDICT_IP_CUT, STATIONS "0800" },
	{ LINK_ETHERNET, VERDICT_NOT_IP, STATIONS "0026 424203 0000" },
	{ LINK_ETHERNET, VERDICT_NOT_IP, STATIONS "0026 aaaa03 00000c 2000" },
	{ LINK_ETHERNET, VERDICT_NOT_IP, STATIONS "05ff aaaa03" },
	{ LINK_ETHERNET, VERDICT_UNDECIPHERABLE, STATIONS "88e5 0c00 00000001 0102030405060708" },
	{ LINK_ETHERNET, VERDICT_NOT_IP, STATIONS "8847 00011140 10000021 0000" },
	{ LINK_ETHERNET, VERDICT_NOT_IP, STATIONS "8863 11 09 0000 0000" },
	{ LINK_ETHERNET, VERDICT_NOT_IP, STATIONS "8864 11 01 0000 0000" },
	{ LINK_ETHERNET, VERDICT_LINK_BAD, STATIONS "8864 21 00 0001 0002 0021" },
	{ LINK_ETHERNET, VERDICT_NOT_IP, STATIONS "8864 11 00 0001 0006 c021 01010004" },
	{ LINK_ETHERNET, VERDICT_LINK_BAD, STATIONS "894f 0fc1 0201 000001ff" RST_IPV4 },
	{ LINK_PPP, VERDICT_UNDECIPHERABLE, "002d" },
	{ LINK_PPP, VERDICT_UNDECIPHERABLE, "00fd 1234" },
	{ LINK_PPP, VERDICT_FRAGMENT_LOST, "003d 80000001 0021" RST_IPV4 },
	{ LINK_SLIP, VERDICT_UNDECIPHERABLE, "0080 0000000000000000000000000000 8001" },
	{ LINK_FRAME_RELAY, VERDICT_LINK_BAD, "1840404040 03 cc" },
	{ LINK_FRAME_RELAY, VERDICT_NOT_IP, "1841 03 81 0000" },
	{ LINK_IEEE802_11, VERDICT_NOT_IP, "8000 0000" },
	{ LINK_IEEE802_11, VERDICT_NOT_IP, "4801 0000" },
	{ LINK_IEEE802_11, VERDICT_LINK_BAD, "0901 0000" },
	{ LINK_IEEE802_11, VERDICT_FRAGMENT_LOST, "0801 0000 020000000001 020000000002 020000000003 1100 6162" },
	{ LINK_IEEE802_11, VERDICT_UNDECIPHERABLE, "0841 0000 020000000001 020000000002 020000000003 1000 0102030405060708" },
	{ LINK_RADIOTAP, VERDICT_LINK_BAD, "0100 0800 00000000" },
	{ LINK_RADIOTAP, VERDICT_LINK_BAD, "0000 0700 00000000" },
	{ LINK_RADIOTAP, VERDICT_LINK_CUT, "0000 ff00 ffffffff" },
	{ LINK_PRISM, VERDICT_LINK_BAD, "00000044 00000000" },
	{ LINK_AVS, VERDICT_LINK_BAD, "00000044 00000010" },
	{ LINK_PPI, VERDICT_LINK_BAD, "0000 0700 01000000" },
	{ LINK_PPI, VERDICT_LINK_BAD, "0000 0800 01000100" },
	{ LINK_PPI, VERDICT_LINK_UNKNOWN, "0000 0800 93000000 00" },
	/* PPI inside PPI, for ever */
	{ LINK_PPI, VERDICT_LINK_CUT, "0000 0800 c0000000 0000 0800 c0000000" },
	{ LINK_TOKEN_RING, VERDICT_NOT_IP, "1000" STATIONS "aaaa03" },
	{ LINK_TOKEN_RING, VERDICT_LINK_BAD, "1040 020000000002 820000000001 0030" },
	{ LINK_FDDI, VERDICT_NOT_IP, "41" STATIONS "aaaa03" },
	{ LINK_ARCNET_BSD, VERDICT_FRAGMENT_LOST, "01 02 d4 02 0001" RST_IPV4 },
	{ LINK_ARCNET_BSD, VERDICT_NOT_IP, "01 02 d5 00 0001" },
	{ LINK_IPOIB, VERDICT_NOT_IP, "0806 0000 0000" },
	{ LINK_PFLOG, VERDICT_LINK_BAD, "04" },
	{ LINK_NFLOG, VERDICT_LINK_BAD, "02 01 0000" },
	{ LINK_NFLOG, VERDICT_LINK_BAD, "02 00 0000 0000 0900" },
	{ LINK_NFLOG, VERDICT_NOT_IP, "02 00 0000" },
	{ LINK_JUNIPER_ETHER, VERDICT_LINK_BAD, "4d4744 00" ETHERNET_RST },
	{ LINK_BLUETOOTH, VERDICT_NOT_IP, "04 0e0401031000" },
	{ LINK_BLUETOOTH, VERDICT_NOT_IP, "02 0b20 0800 0400 0100 02010000" },
	{ LINK_BLUETOOTH, VERDICT_NOT_IP, "02 0b10 0800 0400 4100 02080045" },
	{ LINK_RAW, VERDICT_IP_CUT, "" },
	{ LINK_RAW, VERDICT_IP_BAD, "5500" },
	{ LINK_IPV4, VERDICT_IP_BAD, RST_IPV6 },
	{ LINK_IPV6, VERDICT_IP_BAD, RST_IPV4 },
	{ LINK_LINUX_SLL, VERDICT_LINK_CUT, "0000 0001 0006 0200000000010000 08" },
	{ LINK_LINUX_SLL2, VERDICT_LINK_CUT, "0800 0000 00000001 0001 00 06 02000000000100" },
	{ 147, VERDICT_LINK_UNKNOWN, RST_IPV4 },
	{ 65535, VERDICT_LINK_UNKNOWN, RST_IPV4 },
};
/* clang-format on */

Test(link, says_why_not)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct wire wire = wire_hex(refused[i].link_type, refused[i].hex);
		struct segment segment;
		enum verdict verdict = wire_decode(&wire, &segment);

		cr_assert_eq(verdict, refused[i].verdict, "row %zu: %s", i, verdict_name(verdict));
	}
}

Test(link, gives_up_where_a_backbone_carries_itself_on_and_on)
{
	struct wire wire = { .link_type = LINK_ETHERNET };
	struct segment segment;

	for (int i = 0; i < 100; i++) {
		wire_add(&wire, 0x02, 12);
		wire_add(&wire, 0x88, 1);
		wire_add(&wire, 0xe7, 1);
		wire_add(&wire, 0x00, 4);
	}
	cr_assert_eq(wire_decode(&wire, &segment), VERDICT_TOO_DEEP);
}

Test(link, reads_a_user_type_as_it_is_told)
{
	struct wire wire = wire_hex(LINK_USER0 + 3, ETHERNET_RST);
	struct decoder decoder = { .has_link_override = true, .link_override = LINK_ETHERNET };
	struct segment segment;

	cr_assert_eq(wire_decode_with(&decoder, &wire, &segment), VERDICT_TCP);
	wire = wire_hex(LINK_RAW, RST_IPV4);
	cr_assert_eq(wire_decode_with(&decoder, &wire, &segment), VERDICT_TCP,
	             "a known type is not overridden");
	decoder.link_override = LINK_USER0;
	wire.link_type = LINK_USER0;
	cr_assert_eq(wire_decode_with(&decoder, &wire, &segment), VERDICT_LINK_UNKNOWN);
}

Test(link, has_names_as_libpcap_spells_them)
{
	cr_assert_str_eq(link_type_name(LINK_NULL), "NULL");
	cr_assert_str_eq(link_type_name(LINK_ETHERNET), "EN10MB");
	cr_assert_str_eq(link_type_name(LINK_LINUX_SLL2), "LINUX_SLL2");
	cr_assert_str_eq(link_type_name(LINK_USER0), "USER0");
	cr_assert_str_eq(link_type_name(LINK_USER15), "USER15");
	cr_assert_str_eq(link_type_name(189), "USB_LINUX");
	cr_assert_null(link_type_name(2));
	cr_assert_null(link_type_name(65535));
	cr_assert(link_type_is_known(LINK_PPI));
	cr_assert_not(link_type_is_known(189));
}
