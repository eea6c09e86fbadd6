/* look.h: one segment while its sequence is analysed. */
#ifndef TRACK_LOOK_H
#define TRACK_LOOK_H

#include <string.h>

#include "packet/option.h"
#include "track/inside.h"

struct look {
	struct tracker *tracker;
	struct flow *flow;
	struct turn *turn;
	const struct segment *segment;
	struct sequence *fwd, *rev; /* its sender's, and the other end's */
	uint32_t seq, ack;
	uint32_t length;            /* of the payload */
	uint32_t end;               /* one past it, SYN or FIN included */
	uint32_t fresh;             /* of the sequence space it takes, what was not captured before */
	bool has_ack;
	bool has_control;           /* SYN, FIN or RST */
	bool has_same_ack;          /* as its sender's latest segment */
	bool is_same;               /* empty, with the numbers that were to be expected anyway */
	bool has_stamps;            /* RFC 7323 */
	uint32_t stamp, echo;
};

/* NOP, NOP, timestamps: what nearly every segment of nearly every connection has (RFC 7323 appendix A). */
static inline bool has_usual_options(const struct segment *segment)
{
	static const uint8_t usual[] = { OPTION_NOP, OPTION_NOP, OPTION_TIMESTAMPS, 10 };

	return segment->options_length == sizeof(usual) + 8 &&
	       memcmp(segment->options, usual, sizeof(usual)) == 0;
}

static inline uint32_t option_word(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static inline uint32_t usual_stamp(const struct segment *segment)
{
	return option_word(segment->options + 4);
}

static inline uint32_t usual_echo(const struct segment *segment)
{
	return option_word(segment->options + 8);
}

/* sequence_options.c: window scale, timestamps, Fast Open, D-SACK, Multipath TCP. */
void look_at_options(struct look *look);

/* ranges.c: what was captured and what is under way. */
void ranges_take(struct look *look);

/* round_trip.c */
void round_trip_add(struct look *look, enum side side, int64_t span);

#endif
