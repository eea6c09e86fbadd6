/* record.h: a flow while its record is written: what several columns need is worked out once. */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include <stdbool.h>

#include "report/digest.h"
#include "report/page.h"
#include "report/ways.h"

enum { CACHE_LINE = 64 };

struct record {
	const struct page *page;
	const struct flow *flow;
	bool is_tcp;
	bool is_unmarked; /* TCP, and every column of FORM_MARKS is zero: nobody needs to ask */
	bool has_shares;  /* `shares` were asked for */
	bool has_digest;
	uint32_t digest[DIGEST_WORDS];
	struct round_trip_shares shares[2]; /* by side */
	const struct way *way; /* NULL: nobody asked for it */
	struct way way_room;
};

/*
 * Most of it waits to be asked for. A flow that ends was last looked at some thousand segments ago:
 * all of it is fetched at once here, rather than line by line as the columns come to it.
 */
static inline void record_start(struct record *record, const struct page *page,
                                const struct flow *flow)
{
	for (size_t i = 0; i < sizeof(*flow); i += CACHE_LINE)
		__builtin_prefetch((const char *)flow + i);
	record->page = page;
	record->flow = flow;
	record->is_tcp = flow->key.protocol == PROTOCOL_TCP;
	record->is_unmarked = record->is_tcp && flow->aside == 0;
	record->has_shares = false;
	record->has_digest = false;
	record->way = NULL;
}

/* By side. */
const struct round_trip_shares *record_shares(struct record *record);

/* Only for TCP; see ways.h. */
const struct way *record_find_way(struct record *record);

static inline const struct way *record_way(struct record *record)
{
	return record->way ? record->way : record_find_way(record);
}

/* See community.h. */
const uint32_t *record_digest(struct record *record);

#endif
