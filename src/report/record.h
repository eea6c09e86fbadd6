/* record.h: a flow while its record is written: what several columns need is worked out once. */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include <stdbool.h>

#include "report/digest.h"
#include "report/page.h"

struct record {
	const struct page *page;
	const struct flow *flow;
	bool is_tcp;
	bool is_unmarked; /* TCP, and every column of FORM_MARKS is zero: nobody needs to ask */
	bool has_trips; /* `trips` was asked for */
	bool has_digest;
	uint8_t digest[DIGEST_BYTES];
	struct round_trips trips[2];
};

/* Most of it waits to be asked for. */
static inline void record_start(struct record *record, const struct page *page,
                                const struct flow *flow)
{
	record->page = page;
	record->flow = flow;
	record->is_tcp = flow->key.protocol == PROTOCOL_TCP;
	record->is_unmarked = record->is_tcp && flow->aside == 0;
	record->has_trips = false;
	record->has_digest = false;
}

/* By side. */
const struct round_trips *record_trips(struct record *record);

/* See community.h. */
const uint8_t *record_digest(struct record *record);

#endif
