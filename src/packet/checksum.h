/* checksum.h: the Internet checksum (RFC 1071). */
#ifndef PACKET_CHECKSUM_H
#define PACKET_CHECKSUM_H

/*
 * Ones' complement addition does not mind the byte order nor the width of its
 * words, so four bytes are taken at a time as this machine reads them, into
 * eight that no carry leaves, and the result is turned round once, at the end.
 * It stands here because most sums are of some forty bytes, and a call for each
 * part of them would cost as much.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "packet/segment.h"

static inline uint32_t checksum_word(const uint8_t *bytes)
{
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* A running sum. Every part but the last must have an even number of bytes. */
static inline uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t count)
{
	uint64_t second = 0, third = 0, fourth = 0;
	uint8_t rest[4] = { 0 };

	/* Four sums, so that one addition need not wait for the other. */
	for (; count >= 32; bytes += 32, count -= 32) {
		sum += checksum_word(bytes);
		second += checksum_word(bytes + 4);
		third += checksum_word(bytes + 8);
		fourth += checksum_word(bytes + 12);
		sum += checksum_word(bytes + 16);
		second += checksum_word(bytes + 20);
		third += checksum_word(bytes + 24);
		fourth += checksum_word(bytes + 28);
	}
	for (; count >= 4; bytes += 4, count -= 4)
		second += checksum_word(bytes);
	if (count > 0) {
		for (size_t i = 0; i < count; i++)
			rest[i] = bytes[i];
		third += checksum_word(rest);
	}
	return sum + second + third + fourth;
}

/* The number, in network byte order. */
static inline uint64_t checksum_add_number(uint64_t sum, uint32_t number)
{
	/* clang-format off */
	const uint8_t bytes[4] = {
		(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number,
	};
	/* clang-format on */

	return sum + checksum_word(bytes);
}

/*
 * Whether the 16-bit sum is all ones, as it is over something whole and its checksum. Folding keeps
 * the remainder by 2^16 - 1, and no sum of anything but zeros becomes 0.
 */
static inline bool checksum_holds(uint64_t sum)
{
	return sum != 0 && sum % UINT16_MAX == 0;
}

/* The 16-bit sum, not complemented, as a number. */
uint16_t checksum_fold(uint64_t sum);

uint64_t checksum_add_pseudo(uint64_t sum, const struct address *source,
                             const struct address *destination, uint8_t protocol, uint32_t length);

/*
 * Judges a whole TCP segment or UDP datagram of `count` bytes between the
 * segment's addresses; `field` is the checksum that it carries.
 */
enum checksum checksum_judge(const struct segment *segment, uint8_t protocol, const uint8_t *bytes,
                             uint32_t count, uint16_t field);

#endif
