/* round_trip.c: how long acknowledgments took, in little room. */

/*
 * Most connections have few, which are kept as they are. Of many
 * the least and the most are exact; what lies between is counted in sizes, four
 * for each doubling from 8 microseconds to 2 minutes. Within a size the spans
 * are taken to be spread evenly, so a median is right to a few per cent.
 */

#include "track/look.h"

#include <assert.h>
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
static int64_t bucket_start(int bucket)
{
	int64_t start = INT64_C(1) << (FIRST_BIT - STEP_BITS + bucket / STEPS);

	return bucket == 0 ? 0 : start * (STEPS + bucket % STEPS);
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
	double start = (double)bucket_start(bucket);
	double width = (double)bucket_start(bucket + 1) - start;
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

static inline void put_in_order(int64_t *lower, int64_t *higher)
{
	int64_t one = *lower, other = *higher;

	*lower = one < other ? one : other;
	*higher = one < other ? other : one;
}

/*
 * Every record asks for the shares of both ends, and nobody can guess in which order spans come: so
 * all are compared, whatever their number, in an order that sorts any six (Knuth, 5.3.4).
 */
static inline void sort_six(int64_t spans[SPANS_HELD])
{
	static_assert(SPANS_HELD == 6, "that many are sorted");
	put_in_order(&spans[0], &spans[5]);
	put_in_order(&spans[1], &spans[3]);
	put_in_order(&spans[2], &spans[4]);
	put_in_order(&spans[1], &spans[2]);
	put_in_order(&spans[3], &spans[4]);
	put_in_order(&spans[0], &spans[3]);
	put_in_order(&spans[2], &spans[5]);
	put_in_order(&spans[0], &spans[1]);
	put_in_order(&spans[2], &spans[3]);
	put_in_order(&spans[4], &spans[5]);
	put_in_order(&spans[1], &spans[2]);
	put_in_order(&spans[3], &spans[4]);
}

/*
 * What round_trips_at says of them, without a spread to count them in. Of so few the whole numbers
 * say what span_in says: its parts of them are not as fine as a double is. Half of them are two or
 * three, so of those that come before others only the first two may be in a lower bucket.
 */
static inline int64_t median_of_few(const int64_t sorted[SPANS_HELD], unsigned count)
{
	unsigned rank = (count + 1) / 2;
	int bucket = bucket_of(sorted[rank - 1]);
	int64_t start = bucket_start(bucket);
	int64_t width = bucket_start(bucket + 1) - start;
	int64_t end = bucket < SPREAD_BUCKETS - 1 ? start + width : INT64_MAX;
	unsigned before = (unsigned)(sorted[0] < start) + (sorted[1] < start);
	unsigned until = 2u + (sorted[2] < end) + (sorted[3] < end) + (sorted[4] < end) +
	                 (sorted[5] < end);
	uint64_t halves = (uint64_t)width * (2 * (rank - before) - 1);
	int64_t span = start + (int64_t)(halves / (2 * (until - before)));

	if (count <= 2 || span < sorted[0])
		return sorted[0];
	return span > sorted[count - 1] ? sorted[count - 1] : span;
}

/* Behind all of them, where there are not as many. */
static inline int64_t few_span(const struct sequence *sequence, unsigned i)
{
	int64_t span = span_held(sequence->spans[i]);

	return i < sequence->span_count ? span : INT64_MAX;
}

/* So few have no 99 of 100: the longest stands for them. */
static struct round_trip_shares shares_of_few(const struct sequence *sequence)
{
	unsigned count = sequence->span_count;
	int64_t sorted[SPANS_HELD] = {
		few_span(sequence, 0), few_span(sequence, 1), few_span(sequence, 2),
		few_span(sequence, 3), few_span(sequence, 4), few_span(sequence, 5),
	};

	if (count == 0)
		return (struct round_trip_shares){ 0, TIME_NONE, TIME_NONE, TIME_NONE };
	sort_six(sorted);
	return (struct round_trip_shares){ count, sorted[0], median_of_few(sorted, count),
		                           sorted[count - 1] };
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
