/* ladder_parts.h: the rooms behind the ladder: the walk, the words, the lines. */
#ifndef REPORT_LADDER_PARTS_H
#define REPORT_LADDER_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/ladder.h"
#include "report/page.h"

/* ---- the walk: what was already seen on the way down (ladder_walk.c) ---- */

enum { WALK_HOLES = 8 };

/* How a segment stands to those before it from the same end. */
enum novelty {
	NOVELTY_NEW,
	NOVELTY_AGAIN,      /* every byte of it was captured before */
	NOVELTY_AFTER_HOLE, /* bytes before it are missing so far */
	NOVELTY_FILLS_HOLE, /* retransmitted after a loss, or only late */
	NOVELTY_KEEP_ALIVE,
	NOVELTY_WINDOW_PROBE, /* the same segment, while the peer's window is closed */
};

struct hole {
	uint32_t left, right; /* [left, right) was not captured */
};

struct walk_end {
	bool known; /* `next` means something */
	bool has_acked;
	bool has_syn_ack;
	bool has_fin;
	uint32_t iss;   /* of the SYN that counted in the end */
	uint32_t next;  /* one past the highest sequence number sent */
	uint32_t acked; /* the latest acknowledgment it sent */
	uint16_t window;
	uint32_t missing; /* bytes of the hole that the latest segment left before it */
	int holes_count;
	struct hole holes[WALK_HOLES];
};

struct walk {
	struct walk_end ends[2];
	uint32_t base[2]; /* what relative numbers count from; 0 for absolute ones */
};

/* What the walk says of one segment. */
struct note {
	enum novelty novelty;
	bool ack_moved;    /* it acknowledges something new */
	bool ack_repeated; /* a bare ACK, the same as the one before */
	bool window_opens; /* it was 0 until now */
	uint32_t missing;
};

struct walk walk_start(const struct flow *flow, bool absolute_numbers);
struct note walk_take(struct walk *walk, const struct step *step);

/* Segments are missing here: what the numbers were before means nothing. */
void walk_forget(struct walk *walk);

/* Plain data and acknowledgments, of which many make one line. */
bool rung_can_fold(const struct rung *rung);

/* ---- the whole (ladder.c) ---- */

struct ladder {
	const struct page *page;
	const struct flow *flow;
	const struct ladder_options *options;
	struct walk walk;
	struct ladder_end ends[2]; /* as they were shown last */
	ladder_visitor *visit;
	void *context;
};

/* With the states of `after` where they changed; `after` NULL: they did not. */
void ladder_give(struct ladder *ladder, struct ladder_line *line, const struct step *after);

/* ---- runs of plain segments in one line (ladder_fold.c) ---- */

/* Counts of a run. */
struct fold {
	int64_t first[2]; /* time of the first segment that this end sent, data before ACKs */
	uint64_t bytes[2];
	uint64_t data[2];
	uint64_t bare[2]; /* segments without payload */
	uint64_t late[2];
	uint64_t holes[2];
};

/* How many of the rungs, from the first one on, make one line; 0: draw the first by itself. */
size_t fold_length(const struct rung *rungs, size_t count);
void fold_give(struct ladder *ladder, const struct rung *rungs, size_t first, size_t count);
void fold_label(struct ladder_label *label, const struct fold *fold, enum side side,
                const struct flow *flow);

/* ---- the words: what is written on an arrow (ladder_words.c) ---- */

/* What an arrow's words are made of: a run, or else a rung and what the walk says of it. */
struct ladder_source {
	const struct ladder *ladder;
	const struct fold *fold;
	const struct rung *rung;
	struct note note;
};

void label_part(struct ladder_label *label, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void icmp_add(struct text *text, const struct segment *quote);

#endif
