/* page.h: what every kind of output is made from. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/decode.h"
#include "report/output.h"
#include "track/tracker.h"

struct ways;
struct where;

/* What a comment in the capture is about. */
enum remark_about { REMARK_CAPTURE, REMARK_INTERFACE, REMARK_FRAME };

struct remark {
	const char *text; /* somebody else's bytes */
	enum remark_about about;
	uint64_t number;  /* of the frame or interface */
};

/* Where the segments came from, as far as a reader must know it. */
struct input {
	const char *name;        /* "captures/mixed.pcap", "3 files", "standard input" */
	const char *container;   /* "pcap", "pcapng", "live" */
	bool is_live;            /* an interface, still going on */
	uint16_t link_type;
	uint64_t frames;         /* read, those that a filter refused included */
	uint64_t bytes;
	uint64_t dropped;        /* lost by kernel or interface */
	const char *damage;      /* why reading stopped early; NULL if it did not */
	const struct remark *remarks; /* the first comments in it */
	int remark_count;
	uint64_t remark_total;   /* those that are not among `remarks` included */
};

/* All of it is lent, and read only but for `output` and `ways`. */
struct page {
	struct output *output;
	const struct input *input;
	const struct decoder *decoder;
	const struct tracker *tracker;
	const struct where *where; /* which flows; NULL: all */
	struct ways *ways;         /* that were told before; NULL: none is kept */
	bool colour;
	bool ascii;
	int width;                 /* columns of the terminal; 0: do not cut lines */
};

/* A tone says what a cell means; each output paints it as it can. */
enum tone { TONE_PLAIN, TONE_OPENING, TONE_CLOSING, TONE_TROUBLE, TONE_DIM, TONE_STRONG };

void page_tone(const struct page *page, enum tone tone); /* TONE_PLAIN ends any other */

/* Whether the page shows this flow. */
bool page_wants(const struct page *page, const struct flow *flow);

/*
 * One line for each thing about the capture that could make a reader draw a
 * wrong conclusion: verdicts that were not decoded, drops, damage, evictions,
 * time running backwards. Writes nothing when there is nothing.
 */
void page_warnings(const struct page *page);

#endif
