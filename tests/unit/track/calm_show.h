/* calm_show.h: a flow without that which only says where things are, for comparing two trackers. */
#ifndef TESTS_UNIT_TRACK_CALM_SHOW_H
#define TESTS_UNIT_TRACK_CALM_SHOW_H

#include "track/inside.h"

enum { PIECES_MOST = 64 };

/* As struct range in ranges.c. */
struct piece {
	uint32_t left, right;
	uint32_t next;
	bool was_repeated;
	int64_t time;
};

/*
 * The flow itself, but where it holds a distance to a record of a pool, or the number of one,
 * there is only whether it does; the records follow.
 */
struct shown {
	struct flow flow;
	struct aside aside;
	struct round_trips trips[2];
	int timed_count[2], hole_count[2];
	struct piece timed[2][PIECES_MOST];
	struct piece holes[2][PIECES_MOST];
};

/* A flow at hand; what is under way is left out. */
void show_flow(struct shown *shown, const struct flow *flow);

/* Any flow of a tracker, with what is under way; a calm one stays calm. */
void show_slot(struct shown *shown, struct tracker *tracker, uint32_t number);

/* Who stands in a queue, or in the order of opening: ORDER. NONE ends it. */
uint32_t standing_first(const struct tracker *tracker, int which);
uint32_t standing_next(const struct tracker *tracker, int which, uint32_t number);

/* Where they differ; NULL: nowhere. */
const char *shown_difference(const struct shown *one, const struct shown *other);
const char *totals_difference(const struct tracker_totals *one, const struct tracker_totals *other);

#endif
