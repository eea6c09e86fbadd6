/* record.c: what several columns of a record need. */

#include "report/record.h"

#include "report/community.h"

const struct round_trip_shares *record_shares(struct record *record)
{
	if (!record->has_shares) {
		record->shares[CLIENT] = flow_round_trip_shares(record->flow, CLIENT);
		record->shares[SERVER] = flow_round_trip_shares(record->flow, SERVER);
		record->has_shares = true;
	}
	return record->shares;
}

const struct way *record_find_way(struct record *record)
{
	record->way = way_of(record->page->ways, record->flow, &record->way_room);
	return record->way;
}

const uint32_t *record_digest(struct record *record)
{
	if (!record->has_digest)
		community_digest(record->flow, record->digest);
	record->has_digest = true;
	return record->digest;
}
