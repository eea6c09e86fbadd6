/* roll.h: all flows of one moment, called up once, whoever asks. */
#ifndef TUI_ROLL_H
#define TUI_ROLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "track/tracker.h"

/* How many connections are where in their lives; the long ended ones count in `all` only. */
struct census {
	size_t all;               /* UDP too */
	size_t open;              /* ESTABLISHED, as far as is known */
	size_t half_open;         /* the handshake is under way */
	size_t closing;           /* a FIN was sent, and more is expected */
	size_t time_wait;         /* one end only waits */
	size_t ends[STATE_COUNT]; /* ends in each state */
};

/* `traits` is another number once anything changed that a view could show, the age left out. */
struct listed {
	const struct flow *flow;
	uint64_t id;
	uint64_t traits;
	int64_t last;
	bool is_over;
};

/* What the flows are like is a function of this. */
struct moment {
	const struct tracker *tracker;
	int64_t now;
	int64_t due;    /* when a timer may change that; TIME_NONE: none waits */
	uint64_t heard; /* segments of all kinds */
};

struct roll {
	struct moment moment;
	uint64_t version;     /* grows whenever the moment changes */
	struct listed *flows; /* by id, rising */
	size_t count, room;
	struct census census;
};

/*
 * Walks through the flows unless they are as they were last time. A live tracker
 * with many flows is walked through once for a redraw, with very many once a second: what it
 * forgets meanwhile has another id in its place. Keeps what it has where memory is short.
 */
void roll_call(struct roll *roll, const struct tracker *tracker, bool is_live);
void roll_free(struct roll *roll);

/* NULL where there is none with this id. */
const struct listed *roll_find(const struct roll *roll, uint64_t id);

#endif
