/* look.h: one segment while its sequence is analysed. */
#ifndef TRACK_LOOK_H
#define TRACK_LOOK_H

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

/* sequence_options.c: window scale, timestamps, Fast Open, D-SACK, Multipath TCP. */
void look_at_options(struct look *look);

/* ranges.c: what was captured and what is under way. */
void ranges_take(struct look *look);

/* round_trip.c */
void round_trip_add(struct look *look, enum side side, int64_t span);

#endif
