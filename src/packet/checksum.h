/* checksum.h: the Internet checksum (RFC 1071). */
#ifndef PACKET_CHECKSUM_H
#define PACKET_CHECKSUM_H

/*
 * Ones' complement addition does not mind the byte order nor the width of its
 * words, so eight bytes are taken at a time as this machine reads them, and the
 * result is turned round once, at the end. Most sums are of some forty bytes:
 * that is done here, since calls would cost as much.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "packet/segment.h"

/* What is carried out at the top comes in again at the bottom. */
static inline uint64_t checksum_carry(uint64_t sum, uint64_t more)
{
	sum += more;
	return sum + (sum < more);
}

/* Of up to eight bytes, as if zeros followed. */
static inline uint64_t checksum_word(const uint8_t *bytes, size_t count)
{
	uint64_t word = 0;

	memcpy(&word, bytes, count);
	return word;
}

enum { CHECKSUM_LONG = 128, CHECKSUM_STEP = 32 };

/* Of many bytes, a multiple of CHECKSUM_STEP. */
uint64_t checksum_add_long(uint64_t sum, const uint8_t *bytes, size_t count);

/* A running sum. Every part but the last must have an even number of bytes. */
static inline uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t count)
{
	if (count >= CHECKSUM_LONG) {
		size_t most = count / CHECKSUM_STEP * CHECKSUM_STEP;

		sum = checksum_add_long(sum, bytes, most);
		bytes += most;
		count -= most;
	}
	for (; count >= 8; bytes += 8, count -= 8)
		sum = checksum_carry(sum, checksum_word(bytes, 8));
	return count > 0 ? checksum_carry(sum, checksum_word(bytes, count)) : sum;
}

/* The number, in network byte order. */
static inline uint64_t checksum_add_number(uint64_t sum, uint32_t number)
{
	/* clang-format off */
	const uint8_t bytes[4] = {
		(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number,
	};
	/* clang-format on */

	return checksum_carry(sum, checksum_word(bytes, sizeof(bytes)));
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
