/* seq.h: sequence numbers wrap at 2^32, so only their distance has a sign (RFC 9293 section 3.4). */
#ifndef PACKET_SEQ_H
#define PACKET_SEQ_H

#include <stdbool.h>
#include <stdint.h>

static inline bool seq_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool seq_after(uint32_t a, uint32_t b)
{
	return seq_before(b, a);
}

/* low <= seq <= high. */
static inline bool seq_within(uint32_t seq, uint32_t low, uint32_t high)
{
	return seq - low <= high - low;
}

#endif
