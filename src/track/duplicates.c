/* duplicates.c: the same packet, captured twice: on two interfaces, or by a mirror port on its way in and out. */

/*
 * A copy has the same numbers, and the same IP id, which a retransmission has
 * not; where there is none (IPv6, or 0) the timestamp of TCP must do. Without
 * either no packet is called a copy. A router on the way takes one from the TTL.
 */

#include "track/look.h"

#include "base/time.h"
#include "packet/option.h"

static const int64_t SPAN = TIME_MILLISECOND;

enum { TTL_MOST = UINT8_MAX };

/* Not inlined: the usual case would pay for the room that this one needs. */
static __attribute__((noinline)) uint32_t any_stamp(const struct segment *segment)
{
	struct tcp_options options;

	options_parse(segment, &options);
	return options.has_timestamps ? options.timestamp : 0;
}

/* What tells a copy from a retransmission; 0 where nothing does. */
static uint32_t sign_of(const struct segment *segment)
{
	if (segment->ip_id != 0)
		return segment->ip_id;
	return has_usual_options(segment) ? usual_stamp(segment) : any_stamp(segment);
}

/*
 * Copies come within a millisecond, so the last few thousand packets are enough: they lie in sets,
 * in which the oldest gives way. Where they lie does not depend on the run's secret, so the same capture
 * says the same each time; what they are recognised by does, and nobody can invent a copy.
 */
static struct recent *ways_of(const struct tracker *tracker, const struct segment *segment,
                              uint32_t sign)
{
	uint64_t numbers = (uint64_t)(segment->seq + sign) << 32 | segment->ack;
	uint64_t kind = segment->payload ^ (uint32_t)segment->flags << 20;
	uint64_t mixed = numbers * UINT64_C(0x9e3779b97f4a7c15) + kind * UINT64_C(0xbf58476d1ce4e5b9);

	/* Of a sum of products with odd numbers the upper bits depend on all that went in. */
	return tracker->recents[mixed >> (64 - RECENTS_BITS)].ways;
}

/* Multilinear, as the hash of flows is. */
static uint64_t mark_of(const struct tracker *tracker, const struct segment *segment, uint32_t id,
                        uint32_t sign, enum side side)
{
	const uint64_t *keys = tracker->hash_keys;
	uint64_t sum = id * keys[0] + segment->seq * keys[1] + segment->ack * keys[2] +
	               segment->payload * keys[3] + sign * keys[4] +
	               ((uint32_t)segment->flags << 1 | (uint32_t)side) * keys[5];

	return (sum & ~(uint64_t)TTL_MOST) | segment->ttl;
}

static bool has_mark(const struct recent *first, uint64_t mark)
{
	return (first->mark ^ mark) <= TTL_MOST;
}

/* Copies may come in either order: the TTL of the later one is one less, or one more. */
static bool is_near(const struct recent *first, uint64_t mark, int64_t time)
{
	int64_t span = time_between(first->time, time);
	int hops = (int)(first->mark & TTL_MOST) - (int)(mark & TTL_MOST);

	return span <= SPAN && span >= -SPAN && hops <= 1 && hops >= -1;
}

static bool has_copy(const struct recent *ways, uint64_t mark, int64_t time)
{
	for (int i = 0; i < RECENTS_EACH; i++) {
		if (has_mark(&ways[i], mark) && is_near(&ways[i], mark, time))
			return true;
	}
	return false;
}

static void remember(struct recent *ways, uint64_t mark, int64_t time)
{
	for (int i = RECENTS_EACH - 1; i > 0; i--)
		ways[i] = ways[i - 1];
	ways[0] = (struct recent){ .time = time, .mark = mark };
}

bool duplicates_has(struct tracker *tracker, uint32_t id, enum side side,
                    const struct segment *segment)
{
	uint32_t sign = sign_of(segment);
	struct recent *ways;
	uint64_t mark;

	if (sign == 0)
		return false;
	ways = ways_of(tracker, segment, sign);
	mark = mark_of(tracker, segment, id, sign, side);
	if (has_copy(ways, mark, segment->time))
		return true;
	remember(ways, mark, segment->time);
	return false;
}

/* Files that overlap repeat frames, which says nothing about the wire: only that they do is counted. */
void duplicates_feed(struct tracker *tracker, const struct segment *segment, uint64_t hash)
{
	struct turn turn = { .segment = segment, .marks = mark_bit(MARK_DUPLICATE) };
	struct flow *flow = table_find(tracker, segment, hash, &turn.side);

	if (flow)
		marks_count(tracker, flow, &turn);
}
