/* record.c: what several columns of a record need. */

#include "report/record.h"

#include "report/community.h"

static struct shares shares_of(const struct flow *flow, enum side side)
{
	const struct round_trips trips = flow_round_trips(flow, side);

	/* In thousandths. */
	return (struct shares){ .count = trips.count,
		                .least = round_trips_at(&trips, 0),
		                .median = round_trips_at(&trips, 500),
		                .late = round_trips_at(&trips, 990) };
}

const struct shares *record_shares(struct record *record)
{
	if (!record->has_shares) {
		record->shares[CLIENT] = shares_of(record->flow, CLIENT);
		record->shares[SERVER] = shares_of(record->flow, SERVER);
		record->has_shares = true;
	}
	return record->shares;
}

const uint32_t *record_digest(struct record *record)
{
	if (!record->has_digest)
		community_digest(record->flow, record->digest);
	record->has_digest = true;
	return record->digest;
}
