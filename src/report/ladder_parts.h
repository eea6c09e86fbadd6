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

/* Plain data and acknowledgments, of which many make one line. */
bool rung_can_fold(const struct rung *rung);

/* ---- the words: what is written on an arrow (ladder_words.c) ---- */

enum { LABEL_PARTS = 16, LABEL_PART_SIZE = 48 };

/* The most important part comes first; the last ones go where room is short. */
struct label {
	char parts[LABEL_PARTS][LABEL_PART_SIZE];
	int count;
	enum tone tone;
};

void label_part(struct label *label, const char *format, ...) __attribute__((format(printf, 2, 3)));
void label_of(struct label *label, const struct walk *walk, const struct note *note,
              const struct rung *rung, const struct ladder_options *options);

/* Writes as many parts as fit in `room` columns. */
void label_add(struct text *text, const struct label *label, size_t room, bool ascii);

/* One sentence for each oddity the step showed; NULL where there is none with this number. */
const char *oddity_words(uint16_t oddity);
void icmp_add(struct text *text, const struct segment *quote);

/* ---- the lines: columns and characters (ladder_lines.c) ---- */

struct lines {
	const struct page *page;
	int64_t start; /* what times are relative to */
	size_t indent; /* blanks before the time */
	size_t time;   /* columns of the time, indent included */
	size_t left;   /* columns of the client's state */
	size_t arrow;
	bool has_states; /* UDP has none */
	enum tcp_state shown[2];
	bool shown_doubtful[2];
};

struct lines lines_start(const struct page *page, const struct flow *flow, const struct rung *rungs,
                         size_t count);
void lines_heads(const struct lines *lines, const struct flow *flow);

/* The states before the first segment. */
void lines_origin(struct lines *lines, const struct step *first);

/* An arrow at `time`, with the states of `after` where they changed; `after` NULL: no change. */
void lines_arrow(struct lines *lines, int64_t time, enum side side, const struct label *label,
                 const struct step *after, bool heavy);

/* Words between the lifelines. */
void lines_note(struct lines *lines, enum tone tone, const char *words);

/* The same for what happened without an arrow; TIME_NONE where nobody saw when. */
void lines_event(struct lines *lines, int64_t time, enum tone tone, const char *words,
                 const struct step *after);

/* Words below the lifelines. */
void lines_remark(const struct lines *lines, const char *words);

/* ---- the whole (ladder.c), and runs of plain segments in one line (ladder_fold.c) ---- */

struct ladder {
	const struct page *page;
	const struct flow *flow;
	const struct ladder_options *options;
	struct walk walk;
	struct lines lines;
};

/* How many of the rungs, from the first one on, make one line; 0: draw the first by itself. */
size_t fold_length(const struct rung *rungs, size_t count);
void fold_write(struct ladder *ladder, const struct rung *rungs, size_t count);

#endif
