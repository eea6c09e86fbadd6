/* checksum.h: the Internet checksum (RFC 1071). */
#ifndef PACKET_CHECKSUM_H
#define PACKET_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "packet/segment.h"

/*
 * A running sum. Every part but the last must have an even number of bytes.
 * `checksum_fold` gives the 16-bit sum, not complemented, as a number.
 */
uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t count);
uint64_t checksum_add_pseudo(uint64_t sum, const struct address *source,
                             const struct address *destination, uint8_t protocol, uint32_t length);
uint16_t checksum_fold(uint64_t sum);

/*
 * Judges a whole TCP segment or UDP datagram of `count` bytes between the
 * segment's addresses; `field` is the checksum that it carries.
 */
enum checksum checksum_judge(const struct segment *segment, uint8_t protocol, const uint8_t *bytes,
                             uint32_t count, uint16_t field);

#endif
