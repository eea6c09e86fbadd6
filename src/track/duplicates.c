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

/* What tells a copy from a retransmission; 0 where nothing does. */
static uint32_t sign_of(const struct segment *segment)
{
	struct tcp_options options;

	if (segment->ip_id != 0)
		return segment->ip_id;
	if (has_usual_options(segment))
		return usual_stamp(segment);
	options_parse(segment, &options);
	return options.has_timestamps ? options.timestamp : 0;
}

/* Of a sum of products with odd numbers, the upper bits: each depends on all that went in. */
static struct recent *place_of(const struct tracker *tracker, const struct segment *segment,
                               uint32_t hash)
{
	uint64_t numbers = (uint64_t)(segment->seq + hash) << 32 | segment->ack;
	uint64_t kind = segment->payload ^ (uint32_t)segment->flags << 20;
	uint64_t mixed = numbers * UINT64_C(0x9e3779b97f4a7c15) + kind * UINT64_C(0xbf58476d1ce4e5b9);

	return &tracker->recents[mixed >> (64 - RECENTS_BITS)];
}

static bool is_copy(const struct recent *first, const struct recent *one)
{
	return first->flow == one->flow && first->side == one->side && first->seq == one->seq &&
	       first->ack == one->ack && first->flags == one->flags &&
	       first->payload == one->payload && first->sign == one->sign;
}

/* Copies may come in either order: the TTL of the later one is one less, or one more. */
static bool is_near(const struct recent *first, const struct recent *one)
{
	int64_t span = time_between(first->time, one->time);
	int hops = first->ttl - one->ttl;

	return span <= SPAN && span >= -SPAN && hops <= 1 && hops >= -1;
}

bool duplicates_has(struct tracker *tracker, uint32_t hash, enum side side,
                    const struct segment *segment)
{
	uint32_t sign = sign_of(segment);
	struct recent one, *place;

	if (sign == 0)
		return false;
	one = (struct recent){
		.time = segment->time,
		.flow = hash,
		.seq = segment->seq,
		.ack = segment->ack,
		.payload = segment->payload,
		.sign = sign,
		.flags = segment->flags,
		.side = (uint8_t)side,
		.ttl = segment->ttl,
	};
	place = place_of(tracker, segment, hash);
	if (is_copy(place, &one) && is_near(place, &one))
		return true;
	*place = one;
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
