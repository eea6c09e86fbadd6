/* random_segment.h: pseudo-random segments that encode and decode can carry without loss. */
#ifndef TESTS_UNIT_PACKET_RANDOM_SEGMENT_H
#define TESTS_UNIT_PACKET_RANDOM_SEGMENT_H

#include <stdint.h>

#include "packet/segment.h"

/* xorshift64: never zero. The same start gives the same segments. */
struct random {
	uint64_t state;
};

uint32_t random_next(struct random *random);

/* From 0 to `limit` - 1. */
uint32_t random_below(struct random *random, uint32_t limit);

/* Any of encode's link types. */
uint16_t random_link_type(struct random *random);

/* Every byte of it is defined; what is zero in every decoded segment of its kind is zero. */
struct segment random_segment(struct random *random, uint16_t link_type);

#endif
