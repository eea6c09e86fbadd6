/* link_test.c: every link type leads to the same segment. */

#include "packet/link.h"

#include <criterion/criterion.h>

#include "unit/packet/wire.h"

/* 192.0.2.1.80 > 192.0.2.2.1234: Flags [R], seq 4294967280, win 0, length 0 */
#define RST_IPV4                                                                                   \
	"4500 0028 0001 0000 40 06 0000 c0000201 c0000202"                                         \
	"0050 04d2 fffffff0 00000000 5004 0000 0000 0000"

/* 2001:db8::1.80 > 2001:db8::2.1234: the same */
#define RST_IPV6                                                                                   \
	"6000 0000 0014 06 40 20010db8000000000000000000000001 20010db8000000000000000000000002"   \
	"0050 04d2 fffffff0 00000000 5004 0000 0000 0000"

#define STATIONS "020000000002 020000000001"

/* clang-format off */
static const struct {
	uint16_t link_type;
	uint8_t family;
	uint16_t vlan;
	const char *hex;
} carried[] = {
	{ LINK_NULL, FAMILY_IPV4, 0, "02000000" RST_IPV4 },
	{ LINK_NULL, FAMILY_IPV4, 0, "00000002" RST_IPV4 },
	{ LINK_NULL, FAMILY_IPV6, 0, "0a000000" RST_IPV6 },
	{ LINK_NULL, FAMILY_IPV6, 0, "18000000" RST_IPV6 },
	{ LINK_NULL, FAMILY_IPV6, 0, "1c000000" RST_IPV6 },
	{ LINK_NULL, FAMILY_IPV6, 0, "0000001e" RST_IPV6 },
	{ LINK_LOOP, FAMILY_IPV4, 0, "00000002" RST_IPV4 },
	{ LINK_LOOP, FAMILY_IPV6, 0, "00000018" RST_IPV6 },
	{ LINK_ETHERNET, FAMILY_IPV4, 0, STATIONS "0800" RST_IPV4 },
	{ LINK_ETHERNET, FAMILY_IPV6, 0, STATIONS "86dd" RST_IPV6 },
	{ LINK_ETHERNET, FAMILY_IPV4, 7, STATIONS "8100 6007 0800" RST_IPV4 },
	{ LINK_ETHERNET, FAMILY_IPV6, 7, STATIONS "88a8 0007 8100 0008 86dd" RST_IPV6 },
	{ LINK_ETHERNET, FAMILY_IPV4, 7, STATIONS "9100 0007 9100 0008 8100 0009 0800" RST_IPV4 },
	{ LINK_RAW, FAMILY_IPV4, 0, RST_IPV4 },
	{ LINK_RAW, FAMILY_IPV6, 0, RST_IPV6 },
	{ 12, FAMILY_IPV4, 0, RST_IPV4 },
	{ 14, FAMILY_IPV6, 0, RST_IPV6 },
	{ LINK_IPV4, FAMILY_IPV4, 0, RST_IPV4 },
	{ LINK_IPV6, FAMILY_IPV6, 0, RST_IPV6 },
	{ LINK_LINUX_SLL, FAMILY_IPV4, 0, "0000 0001 0006 0200000000010000 0800" RST_IPV4 },
	{ LINK_LINUX_SLL, FAMILY_IPV6, 7,
	  "0000 0001 0006 0200000000010000 8100 0007 86dd" RST_IPV6 },
	{ LINK_LINUX_SLL2, FAMILY_IPV4, 0,
	  "0800 0000 00000001 0001 00 06 0200000000010000" RST_IPV4 },
};
/* clang-format on */

Test(link, leads_to_the_same_segment_whatever_its_type)
{
	for (size_t i = 0; i < sizeof(carried) / sizeof(carried[0]); i++) {
		struct wire wire = wire_hex(carried[i].link_type, carried[i].hex);
		struct segment segment;

		cr_assert_eq(wire_decode(&wire, &segment), VERDICT_TCP, "row %zu", i);
		cr_assert_eq(segment.family, carried[i].family, "row %zu", i);
		cr_assert_eq(segment.vlan, carried[i].vlan, "row %zu", i);
		cr_assert_eq(segment.seq, 0xfffffff0, "row %zu", i);
		cr_assert_eq(segment.flags, TCP_RST, "row %zu", i);
		cr_assert_eq(segment.source_port, 80, "row %zu", i);
		cr_assert_eq(segment.destination_port, 1234, "row %zu", i);
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

		cr_assert_eq(wire_decode(&wire, &segment), refused[i].verdict, "row %zu", i);
	}
}

Test(link, has_names_as_libpcap_spells_them)
{
	cr_assert_str_eq(link_type_name(LINK_NULL), "NULL");
	cr_assert_str_eq(link_type_name(LINK_ETHERNET), "EN10MB");
	cr_assert_str_eq(link_type_name(LINK_LINUX_SLL2), "LINUX_SLL2");
	cr_assert_null(link_type_name(2));
	cr_assert_null(link_type_name(65535));
}
