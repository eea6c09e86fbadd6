/* calm.c: which segments are for a calm connection, and which open one. */

#include "track/calm.h"

/* Whole, on time, and with a window: what no mark is for. */
static inline bool is_regular(const struct tracker *tracker, const struct segment *segment)
{
	return segment->checksum != CHECKSUM_BAD && segment->options_cut == 0 &&
	       segment->tunnel == 0 && (segment->window != 0 || segment_has(segment, TCP_RST)) &&
	       segment->payload <= UINT16_MAX && segment->time == tracker->now &&
	       segment->time == tracker->totals.last &&
	       !(tracker->options.by_vlan && segment->vlan != 0);
}

static bool has_addresses(const struct calm *calm, const struct segment *segment, enum side from)
{
	return address_equal(&calm->address[from], &segment->source) &&
	       address_equal(&calm->address[other_side(from)], &segment->destination);
}

/* What differs, without branches: which end a segment is from is as good as random. */
static inline uint32_t difference(const struct calm *calm, const struct segment *segment,
                                  unsigned from)
{
	unsigned to = from ^ 1;

	return (uint32_t)(calm->port[from] ^ segment->source_port) |
	       (uint32_t)(calm->port[to] ^ segment->destination_port) |
	       (calm->near[from] ^ calm_near(&segment->source, segment->family)) |
	       (calm->near[to] ^ calm_near(&segment->destination, segment->family)) |
	       (uint32_t)(calm->family ^ segment->family);
}

static inline bool is_between(const struct calm *calm, const struct segment *segment, enum side from)
{
	return difference(calm, segment, from) == 0 &&
	       (segment->family == FAMILY_IPV4 || has_addresses(calm, segment, from));
}

static inline enum side likely_sender(const struct calm *calm, const struct segment *segment)
{
	uint32_t near = calm_near(&segment->source, segment->family);
	uint32_t differs = (calm->near[CLIENT] ^ near) |
	                   (uint32_t)(calm->port[CLIENT] ^ segment->source_port);

	return (enum side)(differs != 0);
}

bool calm_may_reopen(const struct tracker *tracker, const struct segment *segment,
                     struct calm_syn *syn)
{
	return tracker->takes_calmly && is_regular(tracker, segment) &&
	       calm_may_open(tracker, segment, syn);
}

/* The client's next connection from the same port, with a number of its own. */
static bool reopen(struct tracker *tracker, struct found found, const struct segment *segment,
                   uint64_t hash)
{
	uint32_t incarnation;
	struct calm_syn syn;

	if (found.calm->phase == CALM_ASKED || segment->seq == found.calm->iss[CLIENT] ||
	    !calm_may_reopen(tracker, segment, &syn))
		return false;
	incarnation = found.calm->incarnation + 1;
	if (!timers_retire_calm(tracker, found.number))
		return false;
	calm_open(tracker, segment, hash, incarnation, &syn);
	return true;
}

/* Whether it was taken; a SYN may be for the next one. Whoever is over is folded while it is at hand. */
static bool hear(struct tracker *tracker, struct found found, const struct segment *segment,
                 enum side sender, uint64_t hash)
{
	bool was_seed = found.calm->has & IS_SEED;

	if (!calm_take(tracker, found, segment, sender))
		return sender == CLIENT && reopen(tracker, found, segment, hash);
	if (was_seed)
		found.calm = calm_of(tracker, found.number);
	if (CALM_OVER >> found.calm->phase & 1 && tracker->slots[found.number].ends_plainly)
		calm_rest(tracker, found.number);
	return true;
}

/* Nothing that comes for one that is folded is as it should be, but the SYN of the next one. */
static bool hear_of_next(struct tracker *tracker, uint32_t number, const struct segment *segment,
                         uint64_t hash)
{
	struct found found = { calm_look(tracker, number), number };

	return is_between(found.calm, segment, CLIENT) && reopen(tracker, found, segment, hash);
}

/* The calm one that the segment is between; else none, and whoever may have it, if anybody. */
static __attribute__((noinline)) struct found search(const struct tracker *tracker,
                                                     const struct segment *segment,
                                                     uint64_t hash, enum side *sender)
{
	uint32_t number = tracker->buckets[hash & tracker->bucket_mask].number;

	for (; number != NONE; number = tracker->slots[number].hash_next) {
		const struct slot *slot = &tracker->slots[number];
		struct found found = { NULL, number };

		if (slot->hash != (uint32_t)hash)
			continue;
		if (!slot->is_calm || slot->is_folded)
			return found;
		found.calm = calm_of(tracker, number);
		for (int side = CLIENT; side <= SERVER; side++) {
			*sender = (enum side)side;
			if (is_between(found.calm, segment, *sender))
				return found;
		}
	}
	return (struct found){ NULL, NONE };
}

/* What lies first in its bucket, and is the one, is known by itself; its slot is not asked. */
bool calm_feed(struct tracker *tracker, const struct segment *segment, uint64_t hash)
{
	struct bucket bucket = tracker->buckets[hash & tracker->bucket_mask];
	struct found found = { calm_at(tracker, bucket.calm), bucket.number };
	struct calm_syn syn;
	enum side sender;

	if (!tracker->takes_calmly || !is_regular(tracker, segment))
		return false;
	sender = likely_sender(found.calm, segment);
	if (bucket.calm != NONE && is_between(found.calm, segment, sender))
		return hear(tracker, found, segment, sender, hash);
	found = search(tracker, segment, hash, &sender);
	if (found.calm)
		return hear(tracker, found, segment, sender, hash);
	if (found.number != NONE)
		return tracker->slots[found.number].is_folded &&
		       hear_of_next(tracker, found.number, segment, hash);
	if (!calm_may_open(tracker, segment, &syn))
		return false;
	calm_open(tracker, segment, hash, 0, &syn);
	return true;
}
