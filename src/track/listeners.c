/* listeners.c: the ports that were seen answering, and how many handshakes hang on each. */

#include "track/inside.h"

#include <string.h>

/* Where to begin looking: a listener is never taken out, so an empty slot ends the search. */
static uint32_t slot_of(const struct tracker *tracker, const struct address *address, uint16_t port)
{
	uint8_t bytes[sizeof(struct address) + sizeof(uint16_t)];

	memcpy(bytes, address, sizeof(struct address));
	memcpy(bytes + sizeof(struct address), &port, sizeof(uint16_t));
	return (uint32_t)hash_bytes(&tracker->options.key, bytes, sizeof(bytes)) % LISTENER_SLOTS;
}

/* NONE when there is no room: a scan that meets so many open ports is told by its flows. */
static uint32_t listeners_find(struct tracker *tracker, const struct address *address,
                               uint16_t port, uint8_t family)
{
	uint32_t slot = slot_of(tracker, address, port);
	struct listener *listener;

	for (; tracker->listener_slots[slot] != NONE; slot = (slot + 1) % LISTENER_SLOTS) {
		listener = &tracker->listeners[tracker->listener_slots[slot]];
		if (listener->port == port && listener->family == family &&
		    address_equal(&listener->address, address))
			return tracker->listener_slots[slot];
	}
	if (tracker->listener_count == LISTENERS)
		return NONE;
	tracker->listener_slots[slot] = ++tracker->listener_count;
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

void listeners_accept(struct tracker *tracker, uint32_t number)
{
	if (number == NONE)
		return;
	tracker->listeners[number].accepted++;
	tracker->listeners[number].half_open--;
}

void listeners_completed(struct tracker *tracker, struct flow *flow)
{
	listeners_accept(tracker, flow->listener);
	flow->listener = NONE;
}

void listeners_abandoned(struct tracker *tracker, struct flow *flow)
{
	if (flow->listener == NONE)
		return;
	tracker->listeners[flow->listener].half_open--;
	flow->listener = NONE;
}
