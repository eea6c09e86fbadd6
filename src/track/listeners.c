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

/* NONE when there is no room: a scan that meets so many open ports is told by its flows. */
static uint32_t listeners_find(struct tracker *tracker, const struct address *address,
                               uint16_t port, uint8_t family)
{
	uint32_t hash = table_hash_end(tracker, address, port);
	uint32_t at = hash % LISTENER_SLOTS, slot;
	struct listener *listener;

	for (; (slot = tracker->listener_slots[at]) != NONE; at = (at + 1) % LISTENER_SLOTS) {
		listener = &tracker->listeners[slot & NUMBER_MASK];
		if (tag_of(slot) == tag_of(hash) && listener->port == port &&
		    listener->family == family && address_equal(&listener->address, address))
			return slot & NUMBER_MASK;
	}
	if (tracker->listener_count == LISTENERS)
		return NONE;
	tracker->listener_slots[at] = tag_of(hash) | ++tracker->listener_count;
	listener = &tracker->listeners[tracker->listener_count];
	listener->address = *address;
	listener->port = port;
	listener->family = family;
	return tracker->listener_count;
}

void listeners_answered(struct tracker *tracker, struct flow *flow, int64_t time)
{
	uint32_t number = listeners_find(tracker, &flow->key.address[SERVER],
	                                 flow->key.port[SERVER], flow->key.family);

	if (number == NONE)
		return;
	tracker->listeners[number].last = time;
	if (flow->listener != NONE || flow->stage != STAGE_LIVE)
		return;
	flow->listener = number;
	tracker->listeners[number].half_open++;
	if (flow->opened.frame != 0)
		listeners_completed(tracker, flow);
}

/* A handshake hangs on the port that answered: returns its number, NONE if there is no room. */
uint32_t listeners_ask(struct tracker *tracker, const struct address *address, uint16_t port,
                       uint8_t family, int64_t time)
{
	uint32_t number = listeners_find(tracker, address, port, family);

	if (number == NONE)
		return NONE;
	tracker->listeners[number].last = time;
	tracker->listeners[number].half_open++;
	return number;
}

void listeners_leave(struct tracker *tracker, uint32_t number)
{
	if (number != NONE)
		tracker->listeners[number].half_open--;
}

void listeners_accept(struct tracker *tracker, uint32_t number)
{
	if (number == NONE)
		return;
	tracker->listeners[number].accepted++;
	listeners_leave(tracker, number);
}

void listeners_completed(struct tracker *tracker, struct flow *flow)
{
	listeners_accept(tracker, flow->listener);
	flow->listener = NONE;
}

void listeners_abandoned(struct tracker *tracker, struct flow *flow)
{
	listeners_leave(tracker, flow->listener);
	flow->listener = NONE;
}
