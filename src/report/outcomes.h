/* outcomes.h: how many connections came to which end. */
#ifndef REPORT_OUTCOMES_H
#define REPORT_OUTCOMES_H

#include <stddef.h>

#include "diagnose/finding.h"
#include "report/page.h"

enum { OUTCOMES_MAX = 24 };

struct outcome_row {
	const char *words;
	enum severity worst;
	uint64_t count[2]; /* TCP, UDP */
};

/* Zeroed is a good start. */
struct outcomes {
	size_t count;
	struct outcome_row rows[OUTCOMES_MAX];
};

void outcomes_count(struct outcomes *outcomes, const struct flow *flow, enum severity severity);

/* Worst first, after an empty line; nothing where nothing was counted. Sorts the rows. */
void outcomes_write(const struct page *page, struct outcomes *outcomes);

#endif
