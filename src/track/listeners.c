/* listeners.c: the ports that were seen answering, and how many handshakes hang on each. */

#include "track/inside.h"

#include <string.h>

/* Where to begin looking: a listener is never taken out, so an empty slot ends the search. */
static uint32_t slot_of(const struct tracker *tracker, const struct flow *flow)
{
	uint8_t bytes[sizeof(struct address) + sizeof(uint16_t)];

	memcpy(bytes, &flow->key.address[SERVER], sizeof(struct address));
	memcpy(bytes + sizeof(struct address), &flow->key.port[SERVER], sizeof(uint16_t));
	return (uint32_t)hash_bytes(&tracker->options.key, bytes, sizeof(bytes)) % LISTENER_SLOTS;
}

static bool is_place_of(const struct listener *listener, const struct flow *flow)
{
	return listener->port == flow->key.port[SERVER] && listener->family == flow->key.family &&
	       address_equal(&listener->address, &flow->key.address[SERVER]);
}

/* NULL when there is no room: a scan that meets so many open ports is told by its flows. */
static struct listener *listener_of(struct tracker *tracker, const struct flow *flow)
{
	uint32_t slot = slot_of(tracker, flow);
	struct listener *listener;

	for (; tracker->listener_slots[slot] != NONE; slot = (slot + 1) % LISTENER_SLOTS) {
		listener = &tracker->listeners[tracker->listener_slots[slot]];
		if (is_place_of(listener, flow))
			return listener;
	}
	if (tracker->listener_count == LISTENERS)
		return NULL;
	tracker->listener_slots[slot] = ++tracker->listener_count;
	listener = &tracker->listeners[tracker->listener_count];
	listener->address = flow->key.address[SERVER];
	listener->port = flow->key.port[SERVER];
	listener->family = flow->key.family;
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
