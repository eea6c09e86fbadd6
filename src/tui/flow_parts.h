/* flow_parts.h: the rooms behind the view of one flow: ladder, detail, counters, plots. */
#ifndef TUI_FLOW_PARTS_H
#define TUI_FLOW_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/ladder.h"
#include "tui/inside.h"

/* ---- what is looked at (flow_sight.c) ---- */

struct sight {
	const struct view_flow *view;
	const struct flow *flow;
	const struct rung *rungs;
	size_t count;
	struct page page;
	struct ladder_options options;
	int64_t start; /* what times are relative to */
};

/* False: there is no such flow. Lent until the port's next rungs. */
bool sight_of(const struct tui *tui, struct sight *sight, bool ascii);

/* Another flow was chosen: forgets what was about the last one. */
void flow_begin_anew(struct tui *tui);

/* The rung of a frame; `count` where there is none. */
size_t sight_rung(const struct sight *sight, uint64_t frame);

/* What sequence numbers of this end are shown relative to. */
uint32_t sight_base(const struct sight *sight, int side);

enum paint tone_paint(enum tone tone);

/* ---- the page, and keys on it (view_flow.c, flow_keys.c) ---- */

/* Takes the rows of title and finding off the area; draws them where there is a canvas. */
void flow_heads_take(const struct sight *sight, struct canvas *canvas, struct area *area);

/* What the ladder gets of the area below them, and the detail pane; a pane without rows is not shown. */
struct area flow_ladder_area(const struct sight *sight, struct area area, struct area *pane);

bool flow_act(struct tui *tui, enum action action, const struct key *key);

/* ---- the ladder (flow_walk.c, flow_ladder.c, flow_search.c) ---- */

void flow_ladder_draw(const struct sight *sight, struct canvas *canvas, struct area area);


/* The frame so many segments further down, or up; 0 past the newest: it is followed. */
uint64_t flow_ladder_move(const struct sight *sight, int by);

/*
 * The next line after the cursor, or before it, that has the words, whatever their case; round
 * the end it begins anew. 0: none has them.
 */
uint64_t flow_ladder_search(const struct sight *sight, const char *wanted, bool backwards);

/* The frame drawn in this row of the area; 0: none. */
uint64_t flow_ladder_at(const struct sight *sight, struct area area, int row);

/* What the line under the cursor is made of; false: there is none. */
struct selection {
	size_t first, count; /* rungs... */
	enum side side;      /* ...of this sender, where they are many */
	size_t rung;         /* the first of them */
};
bool flow_ladder_selection(const struct sight *sight, struct selection *selection);

/* "0.004 000", or as the view wants times. */
void flow_add_time(struct text *text, const struct sight *sight, int64_t time, int64_t before);

/* ---- the detail pane (flow_detail.c, flow_options.c, flow_why.c) ---- */

enum { DETAIL_MOST = 64, DETAIL_WORDS = 240 };

struct detail_line {
	const char *name; /* "" continues the one above */
	enum paint paint;
	char words[DETAIL_WORDS];
};

/* What explains comes first, the header after it: lines from `header` on. */
struct detail {
	struct detail_line lines[DETAIL_MOST];
	int count;
	int header;
};

void detail_add(struct detail *detail, const char *name, enum paint paint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void detail_of(struct detail *detail, const struct sight *sight, const struct selection *selection);
void detail_add_options(struct detail *detail, const struct sight *sight, const struct step *step);

/* Why the segment moved these states, or none; `before` is the step before it, or NULL. */
void detail_add_why(struct detail *detail, const struct flow *flow, const struct step *step,
                    const struct step *before);

/* The pane has a line at its left if it stands beside the ladder, else at its top. */
void flow_detail_draw(const struct sight *sight, struct canvas *canvas, struct area area,
                      bool is_beside);

/* Between two marked segments, or one and the cursor; false: nothing is marked. */
bool flow_distance(const struct sight *sight, struct text *text);

/* ---- the second page (flow_counters.c, flow_plots.c, flow_series.c, plot.c) ---- */

/* Draws the counters of both ends in at most so many rows; returns how many it took. */
int flow_counters_draw(const struct sight *sight, struct canvas *canvas, struct area area);
void flow_plots_draw(const struct sight *sight, struct canvas *canvas, struct area area);
int flow_plots_count(const struct sight *sight);

/* How things stand after one rung. */
struct point {
	int64_t time;
	enum side side;        /* who sent it */
	int64_t rtt;           /* of data that `side` acknowledges here; TIME_NONE: no sample */
	uint64_t sent[2];      /* bytes of sequence space so far */
	uint32_t in_flight[2]; /* sent by this end, not acknowledged yet */
	uint32_t window[2];    /* advertised by this end, scaled */
	bool has_flight[2];    /* in_flight means something: both ends were heard */
	bool has_window[2];
};

typedef void point_visitor(void *context, const struct point *point);

void flow_series(const struct flow *flow, const struct rung *rungs, size_t count,
                 point_visitor *visit, void *context);

#endif
