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
	int64_t time_wait;     /* span that TIME_WAIT lasts, for the closing remark */
};

/* The rungs of one flow in the order of their frames. Plain data is folded here. */
void ladder_write(const struct page *page, const struct flow *flow, const struct rung *rungs,
                  size_t count, const struct ladder_options *options);

#endif
