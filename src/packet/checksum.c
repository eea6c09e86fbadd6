/* checksum.c: the Internet checksum (RFC 1071). */

/*
 * Ones' complement addition does not mind the byte order nor the width of its
 * words, so eight bytes are taken at a time as this machine reads them and the
 * result is turned round once, at the end.
 */

#include "checksum.h"

#include <string.h>

static uint64_t both_halves(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return (word & UINT32_MAX) + (word >> 32);
}

uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t count)
{
	uint64_t other = 0;
	uint8_t rest[8] = { 0 };

	/* Two sums, so that one addition need not wait for the other. */
	for (; count >= 32; bytes += 32, count -= 32) {
		sum += both_halves(bytes) + both_halves(bytes + 8);
		other += both_halves(bytes + 16) + both_halves(bytes + 24);
	}
	for (; count >= 8; bytes += 8, count -= 8)
		sum += both_halves(bytes);
	if (count > 0) {
		memcpy(rest, bytes, count);
		sum += both_halves(rest);
	}
	return sum + other;
}

uint64_t checksum_add_pseudo(uint64_t sum, const struct address *source,
                             const struct address *destination, uint8_t protocol, uint32_t length)
{
	/* clang-format off */
	const uint8_t rest[8] = {
		(uint8_t)(length >> 24), (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length,
		0, 0, 0, protocol,
	};
	/* clang-format on */

	/* After an IPv4 address there are zeros, which add nothing. */
	sum += both_halves(source->bytes) + both_halves(source->bytes + 8);
	sum += both_halves(destination->bytes) + both_halves(destination->bytes + 8);
	return sum + both_halves(rest);
}

uint16_t checksum_fold(uint64_t sum)
{
	uint8_t bytes[2];
	uint16_t folded;

	sum = (sum & UINT32_MAX) + (sum >> 32);
	sum = (sum & UINT16_MAX) + (sum >> 16 & UINT16_MAX) + (sum >> 32);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	folded = (uint16_t)((sum & UINT16_MAX) + (sum >> 16));
	memcpy(bytes, &folded, sizeof(bytes));
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

enum checksum checksum_judge(const struct segment *segment, uint8_t protocol, const uint8_t *bytes,
                             uint32_t count, uint16_t field)
{
	uint64_t pseudo =
		checksum_add_pseudo(0, &segment->source, &segment->destination, protocol, count);

	if (checksum_fold(checksum_add(pseudo, bytes, count)) == UINT16_MAX)
		return CHECKSUM_GOOD;
	/* Linux leaves this for the card to finish. */
	return field == checksum_fold(pseudo) ? CHECKSUM_OFFLOADED : CHECKSUM_BAD;
}
