/* record.c: what several columns of a record need. */

#include "report/record.h"

#include "report/community.h"

const struct round_trips *record_trips(struct record *record)
{
	if (!record->has_trips) {
		record->trips[CLIENT] = flow_round_trips(record->flow, CLIENT);
		record->trips[SERVER] = flow_round_trips(record->flow, SERVER);
		record->has_trips = true;
	}
	return record->trips;
}

const uint8_t *record_digest(struct record *record)
{
	if (!record->has_digest)
		community_digest(record->flow, record->digest);
	record->has_digest = true;
	return record->digest;
}
