/* trail.h: the notable segments of one flow, for ladders. */
#ifndef TRACK_TRAIL_H
#define TRACK_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/segment.h"
#include "track/flow.h"

enum { TRAIL_FIRST = 16, TRAIL_LAST = 48 };

/* A segment together with what it did to both ends. */
struct step {
	struct segment segment;
	uint64_t folded;            /* plain data and ACKs after it that were not worth a step */
	uint64_t folded_payload[2]; /* bytes in those, by side */
	uint8_t side;               /* enum side: who sent it */
	uint8_t before[2];          /* enum tcp_state of each end before it... */
	uint8_t after[2];           /* ...and after */
	bool doubtful[2];           /* flow_state_is_doubtful after it */
	bool presumed[2];           /* flow_state_is_presumed after it */
	bool is_first_data;         /* the first payload from this side */
	bool is_repeat;             /* it takes sequence space but brought nothing new */
	uint32_t marks;             /* mark_bit()s */
	uint32_t duplicate_acks;    /* in a row, where it is marked as one */
	uint16_t oddity;            /* enum oddity that it showed, 0 if none */
};

struct event;

/* What a SEGMENT or ICMP_ERROR event amounts to. */
struct step step_of(const struct event *event);

/* Whether a segment says more than "data" or "got it": flags, a move, an oddity, the first data each way. */
bool step_is_notable(const struct step *step);

#endif
