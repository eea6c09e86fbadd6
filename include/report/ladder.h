/* ladder.h: sequence diagrams, with both ends' states beside their lifelines. */
#ifndef REPORT_LADDER_H
#define REPORT_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/page.h"
#include "track/trail.h"

/* One rung: a step, and the first bytes of its payload where they are wanted. */
struct rung {
	struct step step;
	uint8_t sample_length;
	char sample[32];
};

struct ladder_options {
	bool absolute_numbers; /* -S: sequence numbers as on the wire */
	bool samples;          /* -A: the first printable bytes of data segments */
	bool unfolded;         /* every plain segment has a line of its own */
	bool has_gap;          /* some were forgotten before the rung number `gap` */
	bool goes_on;          /* more is to come: waits last until `now`, nothing ends */
	size_t gap;
	int64_t now;           /* frame time; counts with `goes_on` */
	int64_t time_wait;     /* span that TIME_WAIT lasts, for the closing remark */
};

enum ladder_kind {
	LADDER_ORIGIN, /* the states before the first segment */
	LADDER_ARROW,  /* a segment, or a run of plain ones from the same end */
	LADDER_WORDS,  /* between the lifelines: waits, remarks, ICMP errors, what timers did */
	LADDER_REMARK, /* below the lifelines */
};

/* One end beside a line. */
struct ladder_end {
	enum tcp_state state; /* after it; UNKNOWN: nothing was shown yet */
	bool is_new;          /* the line brought it there */
	bool is_doubtful;
	bool is_presumed;
};

struct ladder_source;

/*
 * Everything is lent until the visitor returns. The rungs that a line is made of are those of
 * [first, first + count) whose sender is `side`; an ICMP error is one rung, whoever caused it.
 */
struct ladder_line {
	enum ladder_kind kind;
	int64_t time;      /* TIME_NONE: nobody saw when */
	enum side side;    /* who sent the arrow */
	bool is_heavy;     /* the arrow is a run of segments */
	enum tone tone;    /* of the words; an arrow's label has its own */
	const char *words; /* one line, however long; "" with an arrow */
	struct ladder_end ends[2];
	size_t first, count;
	const struct ladder_source *source;
};

typedef void ladder_visitor(void *context, const struct ladder_line *line);

/*
 * The lines of one flow from its rungs, which are in the order of their frames.
 * Of the page only `ascii` matters.
 */
void ladder_lines(const struct page *page, const struct flow *flow, const struct rung *rungs,
                  size_t count, const struct ladder_options *options, ladder_visitor *visit,
                  void *context);

/* The same as text: title, lines, and the paths of both ends. */
void ladder_write(const struct page *page, const struct flow *flow, const struct rung *rungs,
                  size_t count, const struct ladder_options *options);

enum { LABEL_PARTS = 16, LABEL_PART_SIZE = 48 };

/*
 * What stands on an arrow. The most important part comes first; the last ones
 * go where room is short.
 */
struct ladder_label {
	char parts[LABEL_PARTS][LABEL_PART_SIZE];
	int count;
	enum tone tone;
};

/* Costs far more than the line itself: only for those that are drawn. */
void ladder_label_of(struct ladder_label *label, const struct ladder_line *line);

/* Writes as many parts as fit in `room` columns. */
void ladder_label_add(struct text *text, const struct ladder_label *label, size_t room,
                      bool ascii);

/* One sentence for each oddity that a step can show; NULL where there is none with this number. */
const char *oddity_words(uint16_t oddity);

/* "0.000 129": microseconds stand apart, so that milliseconds can be read at a glance. */
void ladder_add_time(struct text *text, int64_t span);

#endif
