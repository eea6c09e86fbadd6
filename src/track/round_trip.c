/* round_trip.c: how long acknowledgments took, in little room. */

/*
 * Most connections have few, which are kept as they are. Of many
 * the least and the most are exact; what lies between is counted in sizes, four
 * for each doubling from 8 microseconds to 2 minutes. Within a size the spans
 * are taken to be spread evenly, so a median is right to a few per cent.
 */

#include "track/look.h"

#include <string.h>

#include "base/time.h"

enum { FIRST_BIT = 13, STEPS = 4, STEP_BITS = 2 };

static int bucket_of(int64_t span)
{
	uint64_t value = (uint64_t)span;
	int bit = 63 - __builtin_clzll(value | 1);
	int bucket;

	if (bit < FIRST_BIT)
		return 0;
	bucket = (bit - FIRST_BIT) * STEPS + (int)(value >> (bit - STEP_BITS) & (STEPS - 1));
	return bucket < SPREAD_BUCKETS ? bucket : SPREAD_BUCKETS - 1;
}

/* Where a bucket begins; the first one begins at 0. */
static double bucket_start(int bucket)
{
	double start = (double)(UINT64_C(1) << (FIRST_BIT + bucket / STEPS));

	return bucket == 0 ? 0.0 : start * (STEPS + bucket % STEPS) / STEPS;
}

/* All are halved when one would overflow: their shares stay, and late spans weigh more. */
static void count(struct round_trips *trips, int bucket)
{
	if (trips->spread[bucket] == UINT16_MAX) {
		for (int i = 0; i < SPREAD_BUCKETS; i++)
			trips->spread[i] /= 2;
	}
	trips->spread[bucket]++;
}

void round_trips_add(struct round_trips *trips, int64_t span)
{
	if (trips->count++ == 0 || span < trips->least)
		trips->least = span;
	if (span > trips->most)
		trips->most = span;
	count(trips, bucket_of(span));
}

static int64_t span_held(uint32_t held)
{
	return held & IN_MICROSECONDS ? (held ^ IN_MICROSECONDS) * TIME_MICROSECOND : held;
}

static struct round_trips counted(const uint32_t *spans, int count)
{
	struct round_trips trips = { .count = 0 };

	for (int i = 0; i < count; i++)
		round_trips_add(&trips, span_held(spans[i]));
	return trips;
}

/* Where there are too many: what a pooled end held is 0. */
void spans_pour(struct round_trips *trips, uint32_t *spans, int count)
{
	*trips = counted(spans, count);
	memset(spans, 0, SPANS_HELD * sizeof(*spans));
}

/* For both directions; as with struct aside, the flow knows how far away it is. */
struct round_trips *round_trips_of(struct tracker *tracker, struct flow *flow)
{
	struct round_trips *both;

	if (flow->round_trips != 0)
		return (void *)((char *)flow + flow->round_trips);
	both = pool_at(&tracker->round_trips, pool_take(&tracker->round_trips));
	memset(both, 0, 2 * sizeof(*both));
	flow->round_trips = (char *)both - (char *)flow;
	return both;
}

void round_trip_add(struct look *look, enum side side, int64_t span)
{
	struct sequence *sequence = &look->flow->sequence[side];
	struct round_trips *both;

	if (spans_hold(sequence->spans, sequence->span_count, span)) {
		sequence->span_count++;
		return;
	}
	both = round_trips_of(look->tracker, look->flow);
	if (sequence->span_count != SPANS_POOLED)
		spans_pour(&both[side], sequence->spans, sequence->span_count);
	sequence->span_count = SPANS_POOLED;
	round_trips_add(&both[side], span);
}

void round_trips_release(struct tracker *tracker, struct flow *flow)
{
	if (flow->round_trips != 0)
		pool_give_back(&tracker->round_trips, (char *)flow + flow->round_trips);
	flow->round_trips = 0;
}

struct round_trips flow_round_trips(const struct flow *flow, enum side side)
{
	const struct round_trips *both = (const void *)((const char *)flow + flow->round_trips);
	const struct sequence *sequence = &flow->sequence[side];

	return sequence->span_count == SPANS_POOLED ? both[side]
	                                            : counted(sequence->spans, sequence->span_count);
}

/*
 * The span that is `place` of the `count` in a bucket, which are taken to be spread evenly, but not
 * beyond the least and the most of all.
 */
static int64_t span_in(int bucket, uint64_t place, unsigned count, int64_t least, int64_t most)
{
	double start = bucket_start(bucket);
	double width = bucket_start(bucket + 1) - start;
	double span = start + width * ((double)place - 0.5) / count;

	if (span < (double)least)
		return least;
	return span > (double)most ? most : (int64_t)span;
}

/* Those that were halved have lost some. */
static uint64_t total_of(const struct round_trips *trips)
{
	uint64_t total = 0;

	if (trips->count <= UINT16_MAX)
		return trips->count;
	for (int i = 0; i < SPREAD_BUCKETS; i++)
		total += trips->spread[i];
	return total;
}

int64_t round_trips_at(const struct round_trips *trips, unsigned share)
{
	uint64_t total, before = 0, rank;

	if (trips->count == 0)
		return TIME_NONE;
	total = total_of(trips);
	rank = (total * share + 999) / 1000;
	if (rank <= 1 || rank >= total)
		return rank <= 1 ? trips->least : trips->most;
	/* Buckets before the least one's are empty. */
	for (int i = bucket_of(trips->least); i < SPREAD_BUCKETS; i++) {
		if (before + trips->spread[i] >= rank)
			return span_in(i, rank - before, trips->spread[i], trips->least,
			               trips->most);
		before += trips->spread[i];
	}
	return trips->most;
}

static void sort(uint32_t *spans, unsigned count)
{
	for (unsigned i = 1; i < count; i++) {
		uint32_t span = spans[i];
		unsigned place = i;

		for (; place > 0 && spans[place - 1] > span; place--)
			spans[place] = spans[place - 1];
		spans[place] = span;
	}
}

/* What round_trips_at says of them, without a spread to count them in. */
static int64_t few_at(const uint32_t *sorted, unsigned count, unsigned share)
{
	unsigned rank = (count * share + 999) / 1000;
	unsigned first, last = rank;
	int bucket;

	if (rank <= 1 || rank >= count)
		return span_held(sorted[rank <= 1 ? 0 : count - 1]);
	bucket = bucket_of(span_held(sorted[rank - 1]));
	for (first = rank - 1; first > 0 && bucket_of(span_held(sorted[first - 1])) == bucket;)
		first--;
	while (last < count && bucket_of(span_held(sorted[last])) == bucket)
		last++;
	return span_in(bucket, rank - first, last - first, span_held(sorted[0]),
	               span_held(sorted[count - 1]));
}

static struct round_trip_shares shares_of_few(const struct sequence *sequence)
{
	unsigned count = sequence->span_count;
	uint32_t sorted[SPANS_HELD];

	if (count == 0)
		return (struct round_trip_shares){ 0, TIME_NONE, TIME_NONE, TIME_NONE };
	memcpy(sorted, sequence->spans, sizeof(sorted));
	sort(sorted, count);
	return (struct round_trip_shares){ count, span_held(sorted[0]), few_at(sorted, count, 500),
		                           few_at(sorted, count, 990) };
}

struct round_trip_shares flow_round_trip_shares(const struct flow *flow, enum side side)
{
	struct round_trips trips;

	if (flow->sequence[side].span_count != SPANS_POOLED)
		return shares_of_few(&flow->sequence[side]);
	trips = flow_round_trips(flow, side);
	return (struct round_trip_shares){ trips.count, trips.least, round_trips_at(&trips, 500),
		                           round_trips_at(&trips, 990) };
}
