/* talk.h: invented conversations, a segment at a time. */
#ifndef BENCH_TALK_H
#define BENCH_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/segment.h"

/* One end's numbers. */
struct talker {
	struct address address;
	uint16_t port;
	uint16_t ip_id;
	uint32_t iss;
	uint32_t next;       /* 0: it has said nothing yet */
	uint32_t hole;       /* a segment that was lost on its way to the capture... */
	uint32_t hole_bytes; /* ...0: none */
	uint32_t last_bytes; /* of the latest data segment */
	uint32_t clock;      /* of its latest timestamp option, in milliseconds */
};

struct talk {
	const char *script; /* what is still to come */
	uint64_t random;
	struct talker ends[2];
	uint8_t family;
};

/* The kinds of conversation that a workload mixes. */
enum talk_mix { MIX_USUAL, MIX_SHORT, MIX_OPEN, MIX_FLOOD };

/* Conversation `number` of that mix: always the same one, with addresses that no other has. */
void talk_start(struct talk *talk, enum talk_mix mix, uint64_t number);

/* The next segment, captured at `time`; false when all was said. */
bool talk_next(struct talk *talk, int64_t time, struct segment *segment);

/* Deterministic, and the same on every machine. */
uint64_t random_next(uint64_t *state);

#endif
