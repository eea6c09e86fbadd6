/* listeners.c: the ports that were seen answering, and how many handshakes hang on each. */

#include "track/inside.h"

#include <assert.h>

/*
 * A slot has the listener's number in the lower bits and a part of its hash in the others, so that hardly
 * any listener but the right one is looked at. None is ever taken out: an empty slot ends the search.
 */
enum { NUMBER_MASK = LISTENER_SLOTS - 1 };
static_assert(LISTENER_SLOTS > LISTENERS, "a slot has room for every number");

static uint32_t tag_of(uint32_t hash)
{
	return hash & ~(uint32_t)NUMBER_MASK;
}

static const uint32_t *slot_of(const struct tracker *tracker, const struct segment *segment)
{
	uint32_t hash = table_hash_end(tracker, &segment->source, segment->source_port);

	return &tracker->listener_slots[hash % LISTENER_SLOTS];
}

void listeners_prefetch_slot(const struct tracker *tracker, const struct segment *syn_ack)
{
	__builtin_prefetch(slot_of(tracker, syn_ack));
}

/* Most are found where the search for them begins. */
void listeners_prefetch(const struct tracker *tracker, const struct segment *syn_ack)
{
	__builtin_prefetch(&tracker->listeners[*slot_of(tracker, syn_ack) & NUMBER_MASK]);
}

static bool is_place_of(const struct listener *listener, const struct flow *flow)
{
	return listener->port == flow->key.port[SERVER] && listener->family == flow->key.family &&
	       address_equal(&listener->address, &flow->key.address[SERVER]);
}

/* NULL when there is no room: a scan that meets so many open ports is told by its flows. */
static struct listener *listener_of(struct tracker *tracker, const struct flow *flow)
{
	const struct flow_key *key = &flow->key;
	uint32_t hash = table_hash_end(tracker, &key->address[SERVER], key->port[SERVER]);
	uint32_t at = hash % LISTENER_SLOTS, slot;
	struct listener *listener;

	for (; (slot = tracker->listener_slots[at]) != NONE; at = (at + 1) % LISTENER_SLOTS) {
		listener = &tracker->listeners[slot & NUMBER_MASK];
		if (tag_of(slot) == tag_of(hash) && is_place_of(listener, flow))
			return listener;
	}
	if (tracker->listener_count == LISTENERS)
		return NULL;
	tracker->listener_slots[at] = tag_of(hash) | ++tracker->listener_count;
	listener = &tracker->listeners[tracker->listener_count];
	listener->address = key->address[SERVER];
	listener->port = key->port[SERVER];
	listener->family = key->family;
	return listener;
}

void listeners_answered(struct tracker *tracker, struct flow *flow, int64_t time)
{
	struct listener *listener = listener_of(tracker, flow);

	if (!listener)
		return;
	listener->last = time;
	if (flow->listener != NONE || flow->stage != STAGE_LIVE)
		return;
	flow->listener = (uint32_t)(listener - tracker->listeners);
	listener->half_open++;
	if (flow->opened.frame != 0)
		listeners_completed(tracker, flow);
}

void listeners_completed(struct tracker *tracker, struct flow *flow)
{
	if (flow->listener == NONE)
		return;
	tracker->listeners[flow->listener].accepted++;
	listeners_abandoned(tracker, flow);
}

void listeners_abandoned(struct tracker *tracker, struct flow *flow)
{
	if (flow->listener == NONE)
		return;
	tracker->listeners[flow->listener].half_open--;
	flow->listener = NONE;
}
