/* udp_test.c: the UDP header. */

#include <criterion/criterion.h>

#include "packet/link.h"
#include "unit/packet/wire.h"

/* 10.0.0.1 > 10.0.0.2; first the total length, then flags and offset */
#define IPV4(total, fragment) "4500" total "0000" fragment "40 11 0000 0a000001 0a000002"
#define IPV6 "60000000 000c 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002"

/* .53 > .1024, 4 bytes of payload; first the length */
#define UDP(length, checksum) "0035 0400" length checksum "01020304"

/* clang-format off */
static const struct {
	const char *hex;
	enum verdict verdict;
	uint32_t payload;
	enum checksum checksum;
} rows[] = {
	/* 0a000001 + 0a000002 + 0011 + 000c + 0035 + 0400 + 000c + 0102 + 0304 sums to 1c67 */
	{ IPV4("0020", "0000") UDP("000c", "e398"), VERDICT_UDP, 4, CHECKSUM_GOOD },
	{ IPV4("0020", "0000") UDP("000c", "e399"), VERDICT_UDP, 4, CHECKSUM_BAD },
	{ IPV4("0020", "0000") UDP("000c", "1420"), VERDICT_UDP, 4, CHECKSUM_OFFLOADED },
	{ IPV4("0020", "0000") UDP("000c", "0000"), VERDICT_UDP, 4, CHECKSUM_UNKNOWN },
	{ IPV6 UDP("000c", "0000"), VERDICT_UDP, 4, CHECKSUM_BAD },
	/* a length that leaves two bytes of IP's payload out; lengths that cannot be */
	{ IPV4("0020", "0000") UDP("000a", "0000"), VERDICT_UDP, 2, CHECKSUM_UNKNOWN },
	{ IPV4("0020", "0000") UDP("0007", "0000"), VERDICT_UDP_BAD, 4, CHECKSUM_UNKNOWN },
	{ IPV4("0020", "0000") UDP("000d", "0000"), VERDICT_UDP_BAD, 4, CHECKSUM_UNKNOWN },
	{ IPV4("001b", "0000") "0035 0400 0008 00", VERDICT_UDP_BAD, 0, CHECKSUM_UNKNOWN },
	/* no length, as in a jumbogram */
	{ IPV4("0020", "0000") UDP("0000", "0000"), VERDICT_UDP, 4, CHECKSUM_UNKNOWN },
	/* the first fragment of 1000 bytes */
	{ IPV4("0020", "2000") UDP("03f0", "1234"), VERDICT_UDP, 4, CHECKSUM_UNKNOWN },
	/* IP and UDP say more than the frame had room for */
	{ IPV4("0420", "0000") UDP("040c", "1234"), VERDICT_UDP, 4, CHECKSUM_UNKNOWN },
	{ IPV4("0420", "0000") UDP("040d", "1234"), VERDICT_UDP_BAD, 4, CHECKSUM_UNKNOWN },
	/* the frame ends before the length, before the ports */
	{ IPV4("0020", "0000") "0035 0400", VERDICT_UDP, 0, CHECKSUM_UNKNOWN },
	{ IPV4("0020", "0000") "0035 04", VERDICT_TRANSPORT_CUT, 0, CHECKSUM_UNKNOWN },
};
/* clang-format on */

Test(udp, reads_ports_length_and_checksum)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wire wire = wire_hex(LINK_RAW, rows[i].hex);
		struct segment segment;
		enum verdict verdict = wire_decode(&wire, &segment);

		cr_assert_eq(verdict, rows[i].verdict, "row %zu: %s", i, verdict_name(verdict));
		if (!verdict_has_segment(verdict))
			continue;
		cr_assert_eq(segment.kind, SEGMENT_UDP);
		cr_assert_eq(segment.source_port, 53, "row %zu", i);
		cr_assert_eq(segment.destination_port, 1024, "row %zu", i);
		cr_assert_eq(segment.payload, rows[i].payload, "row %zu: %u", i, segment.payload);
		cr_assert_eq(segment.checksum, rows[i].checksum, "row %zu: %d", i,
		             segment.checksum);
	}
}
