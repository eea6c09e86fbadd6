/* calm.c: which segments are for a calm connection, and which open one. */

#include "track/calm.h"

/* Whole, on time, and with a window: what no mark is for. */
static bool is_regular(const struct tracker *tracker, const struct segment *segment)
{
	return segment->checksum != CHECKSUM_BAD && segment->options_cut == 0 &&
	       segment->tunnel == 0 && (segment->window != 0 || segment_has(segment, TCP_RST)) &&
	       segment->payload <= UINT16_MAX && segment->time == tracker->now &&
	       segment->time == tracker->totals.last &&
	       !(tracker->options.by_vlan && segment->vlan != 0);
}

static bool is_between(const struct calm *calm, const struct segment *segment, enum side from)
{
	enum side to = other_side(from);

	return calm->port[from] == segment->source_port &&
	       calm->port[to] == segment->destination_port &&
	       address_equal(&calm->address[from], &segment->source) &&
	       address_equal(&calm->address[to], &segment->destination) &&
	       calm->family == segment->family;
}

bool calm_may_reopen(const struct tracker *tracker, const struct segment *segment,
                     uint32_t incarnation)
{
	return tracker->takes_calmly && is_regular(tracker, segment) &&
	       calm_may_open(tracker, segment) && incarnation <= INCARNATION_MASK;
}

/* The client's next connection from the same port, with a number of its own. */
static bool reopen(struct tracker *tracker, uint32_t number, const struct calm *calm,
                   const struct segment *segment, uint64_t hash)
{
	uint32_t incarnation = (uint32_t)calm->incarnation + 1;

	if (segment->seq == calm->iss[CLIENT] ||
	    !calm_may_reopen(tracker, segment, incarnation) || !timers_retire_calm(tracker, number))
		return false;
	calm_reopen(tracker, segment, hash, incarnation);
	return true;
}

/* Nothing that comes for one that is folded is as it should be. */
static inline bool take(struct tracker *tracker, uint32_t number, const struct segment *segment,
                        enum side side)
{
	const struct slot *slot = &tracker->slots[number];

	if (slot->is_folded || !calm_take(tracker, number, segment, side))
		return false;
	if (slot->ends_plainly)
		calm_rest(tracker, number);
	return true;
}

bool calm_feed(struct tracker *tracker, const struct segment *segment, uint64_t hash)
{
	uint32_t number = tracker->buckets[hash & tracker->bucket_mask];

	if (!tracker->takes_calmly || !is_regular(tracker, segment))
		return false;
	for (; number != NONE; number = tracker->slots[number].hash_next) {
		const struct slot *slot = &tracker->slots[number];
		const struct calm *calm;

		if (slot->hash != (uint32_t)hash)
			continue;
		if (!slot->is_calm)
			return false;
		calm = calm_look(tracker, number);
		if (is_between(calm, segment, CLIENT))
			return take(tracker, number, segment, CLIENT) ||
			       reopen(tracker, number, calm, segment, hash);
		if (is_between(calm, segment, SERVER))
			return take(tracker, number, segment, SERVER);
	}
	if (!calm_may_open(tracker, segment))
		return false;
	calm_open(tracker, segment, hash);
	return true;
}
