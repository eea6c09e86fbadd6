/* checksum.c: the Internet checksum (RFC 1071). */

#include "checksum.h"

#include <string.h>

static inline uint32_t half_at(const uint8_t *bytes)
{
	uint32_t half;

	memcpy(&half, bytes, sizeof(half));
	return half;
}

/* Four bytes at a time, into sums that no carry leaves; four of them, so that none waits for another. */
uint64_t checksum_add_long(uint64_t sum, const uint8_t *bytes, size_t count)
{
	uint64_t first = 0, second = 0, third = 0, fourth = 0;

	for (; count > 0; bytes += CHECKSUM_STEP, count -= CHECKSUM_STEP) {
		first += half_at(bytes);
		second += half_at(bytes + 4);
		third += half_at(bytes + 8);
		fourth += half_at(bytes + 12);
		first += half_at(bytes + 16);
		second += half_at(bytes + 20);
		third += half_at(bytes + 24);
		fourth += half_at(bytes + 28);
	}
	return checksum_carry(sum, first + second + third + fourth);
}

uint64_t checksum_add_pseudo(uint64_t sum, const struct address *source,
                             const struct address *destination, uint8_t protocol, uint32_t length)
{
	/* After an IPv4 address there are zeros, which add nothing. */
	sum = checksum_add(sum, source->bytes, sizeof(source->bytes));
	sum = checksum_add(sum, destination->bytes, sizeof(destination->bytes));
	return checksum_add_number(sum, length + protocol);
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

	if (checksum_holds(checksum_add(pseudo, bytes, count)))
		return CHECKSUM_GOOD;
	/* Linux leaves this for the card to finish. */
	return field == checksum_fold(pseudo) ? CHECKSUM_OFFLOADED : CHECKSUM_BAD;
}
