/* table.c: the table of flows: a keyed hash, an arena, and the order of opening. */

#include "track/inside.h"

#include <string.h>

#include "base/time.h"

/* The longest key: two IPv6 addresses, two ports, protocol, VLAN, tunnel. */
enum { LINE = 64 };
enum { KEY_BYTES = 16 + 16 + 2 + 2 + 1 + 2 + 4 };

/* The segment's ends in an order of their own, so that both directions hash alike. */
static bool source_is_lower(const struct segment *segment)
{
	int order = address_compare(&segment->source, &segment->destination);

	return order != 0 ? order < 0 : segment->source_port <= segment->destination_port;
}

static bool is_udp(const struct segment *segment)
{
	return segment->kind == SEGMENT_UDP || segment->kind == SEGMENT_UDP_QUOTE ||
	       segment->kind == SEGMENT_UDP_COPY;
}

static enum protocol protocol_of(const struct segment *segment)
{
	return is_udp(segment) ? PROTOCOL_UDP : PROTOCOL_TCP;
}

static uint16_t vlan_of(const struct tracker *tracker, const struct segment *segment)
{
	return tracker->options.by_vlan ? segment->vlan : 0;
}

static size_t put(uint8_t *bytes, size_t at, const void *value, size_t size)
{
	memcpy(bytes + at, value, size);
	return at + size;
}

/* IPv4 outside of tunnels and VLANs needs only 13 bytes. */
uint64_t table_hash(const struct tracker *tracker, const struct segment *segment)
{
	uint8_t bytes[KEY_BYTES];
	size_t width = segment->family == FAMILY_IPV6 ? 16 : 4;
	bool lower = source_is_lower(segment);
	uint8_t protocol = (uint8_t)protocol_of(segment);
	uint16_t vlan = vlan_of(tracker, segment);
	size_t length = 0;

	length = put(bytes, length, lower ? &segment->source : &segment->destination, width);
	length = put(bytes, length, lower ? &segment->destination : &segment->source, width);
	length = put(bytes, length, lower ? &segment->source_port : &segment->destination_port, 2);
	length = put(bytes, length, lower ? &segment->destination_port : &segment->source_port, 2);
	length = put(bytes, length, &protocol, 1);
	if (vlan != 0 || segment->tunnel != 0) {
		length = put(bytes, length, &vlan, 2);
		length = put(bytes, length, &segment->tunnel, 4);
	}
	return hash_bytes(&tracker->options.key, bytes, length);
}

void table_prefetch_bucket(const struct tracker *tracker, uint64_t hash)
{
	__builtin_prefetch(&tracker->buckets[hash & tracker->bucket_mask]);
}

static uint32_t first_in_bucket(const struct tracker *tracker, uint64_t hash)
{
	return tracker->buckets[hash & tracker->bucket_mask];
}

void table_prefetch_slot(const struct tracker *tracker, uint64_t hash)
{
	__builtin_prefetch(&tracker->slots[first_in_bucket(tracker, hash)]);
}

void table_prefetch_flow(const struct tracker *tracker, uint64_t hash)
{
	const struct slot *slot = &tracker->slots[first_in_bucket(tracker, hash)];
	const char *flow = (const char *)&tracker->flows[slot->place];

	if (slot->is_packed || slot->hash != (uint32_t)hash)
		return;
	for (size_t at = 0; at < offsetof(struct flow, fin); at += LINE)
		__builtin_prefetch(flow + at);
	for (size_t at = offsetof(struct flow, zeek); at < offsetof(struct flow, zeek.rare); at += LINE)
		__builtin_prefetch(flow + at);
}

static bool comes_from(const struct flow_key *key, const struct segment *segment, enum side side)
{
	enum side peer = other_side(side);

	return key->port[side] == segment->source_port &&
	       key->port[peer] == segment->destination_port &&
	       address_equal(&key->address[side], &segment->source) &&
	       address_equal(&key->address[peer], &segment->destination);
}

static bool shares_path(const struct tracker *tracker, const struct flow_key *key,
                        const struct segment *segment)
{
	return key->family == segment->family && key->protocol == protocol_of(segment) &&
	       key->tunnel == segment->tunnel && key->vlan == vlan_of(tracker, segment);
}

struct flow *table_find(struct tracker *tracker, const struct segment *segment, uint64_t hash,
                        enum side *side)
{
	uint32_t number = first_in_bucket(tracker, hash);

	for (; number != NONE; number = tracker->slots[number].hash_next) {
		struct flow *flow;

		if (tracker->slots[number].hash != (uint32_t)hash)
			continue;
		flow = place_flow(tracker, number);
		if (!shares_path(tracker, &flow->key, segment))
			continue;
		if (comes_from(&flow->key, segment, CLIENT))
			*side = CLIENT;
		else if (comes_from(&flow->key, segment, SERVER))
			*side = SERVER;
		else
			continue;
		return flow;
	}
	return NULL;
}

static uint32_t take_slot(struct tracker *tracker)
{
	uint32_t number;

	if (tracker->free_flow == NONE && tracker->touched_flows == tracker->options.max_flows)
		timers_make_room(tracker);
	number = tracker->free_flow;
	if (number != NONE)
		tracker->free_flow = tracker->slots[number].hash_next;
	else
		number = ++tracker->touched_flows;
	tracker->slots[number] = (struct slot){ .timeout = TIMEOUT_COUNT };
	return number;
}

static void key_set(const struct tracker *tracker, struct flow_key *key,
                    const struct segment *segment, enum side sender)
{
	enum side peer = other_side(sender);

	key->address[sender] = segment->source;
	key->address[peer] = segment->destination;
	key->port[sender] = segment->source_port;
	key->port[peer] = segment->destination_port;
	key->family = segment->family;
	key->protocol = (uint8_t)protocol_of(segment);
	key->vlan = vlan_of(tracker, segment);
	key->tunnel = segment->tunnel;
}

static bool ends_are_one(const struct flow_key *key)
{
	return key->port[CLIENT] == key->port[SERVER] &&
	       address_equal(&key->address[CLIENT], &key->address[SERVER]);
}

static void order_append(struct tracker *tracker, uint32_t number)
{
	tracker->slots[number].order_previous = tracker->order_last;
	if (tracker->order_last != NONE)
		tracker->slots[tracker->order_last].order_next = number;
	else
		tracker->order_first = number;
	tracker->order_last = number;
}

static void order_remove(struct tracker *tracker, uint32_t number)
{
	struct slot *slots = tracker->slots;
	const struct slot *slot = &slots[number];

	if (slot->order_previous != NONE)
		slots[slot->order_previous].order_next = slot->order_next;
	else
		tracker->order_first = slot->order_next;
	if (slot->order_next != NONE)
		slots[slot->order_next].order_previous = slot->order_previous;
	else
		tracker->order_last = slot->order_previous;
}

/* Spans and scales that start as unknown rather than zero. */
static void know_nothing(struct flow *flow)
{
	flow->syn_last = flow->syn_ack_last = flow->moved = TIME_NONE;
	flow->irtt = flow->syn_rtt = flow->ack_rtt = TIME_NONE;
	for (int side = CLIENT; side <= SERVER; side++) {
		flow->zeek.ends[side].side = (uint8_t)side;
		flow->sent[side].window_scale = WINDOW_SCALE_UNKNOWN;
		flow->sequence[side].window_scale = WINDOW_SCALE_UNKNOWN;
		flow->sequence[side].window = UINT32_MAX;
		flow->sequence[side].stamp_time = TIME_NONE;
		flow->time_wait[side] = TIME_NONE;
	}
}

struct flow *table_open(struct tracker *tracker, const struct segment *segment, uint64_t hash,
                        enum side sender)
{
	uint32_t number = take_slot(tracker);
	uint32_t *bucket = &tracker->buckets[hash & tracker->bucket_mask];
	struct slot *slot = &tracker->slots[number];
	struct flow *flow = place_new(tracker, number);

	know_nothing(flow);
	key_set(tracker, &flow->key, segment, sender);
	flow->self_connected = ends_are_one(&flow->key);
	slot->is_udp = is_udp(segment);
	slot->hash = (uint32_t)hash;
	slot->hash_next = *bucket;
	*bucket = number;
	flow->id = tracker->next_id++;
	tracker->totals.flows[slot->is_udp]++;
	tracker->totals.remembered[slot->is_udp]++;
	flow->start = flow->last = segment->time;
	flow->first_frame = segment->frame;
	flow->touched = slot->queued = tracker->now;
	flow->stage = STAGE_LIVE;
	order_append(tracker, number);
	return flow;
}

void table_unlink(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	uint32_t *link = &tracker->buckets[slot->hash & tracker->bucket_mask];

	while (*link != number && *link != NONE)
		link = &tracker->slots[*link].hash_next;
	if (*link == number)
		*link = slot->hash_next;
	slot->hash_next = NONE;
}

/* What is packed and waits for nothing has nothing to give back, either. */
static void bid_farewell(struct tracker *tracker, uint32_t number)
{
	const struct slot *slot = &tracker->slots[number];
	struct flow *flow;

	if (slot->is_packed && slot->is_settled && !(tracker->kinds & event_bit(EVENT_FLOW_FORGOTTEN)))
		return;
	flow = place_flow(tracker, number);
	tracker_tell(tracker, flow, EVENT_FLOW_FORGOTTEN, NULL);
	ranges_release(tracker, &flow->sequence[CLIENT]);
	ranges_release(tracker, &flow->sequence[SERVER]);
	aside_release(tracker, flow);
	round_trips_release(tracker, flow);
	listeners_abandoned(tracker, flow);
}

void table_forget(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];

	bid_farewell(tracker, number);
	timers_leave(tracker, number);
	table_unlink(tracker, number);
	order_remove(tracker, number);
	place_leave(tracker, number);
	tracker->totals.remembered[slot->is_udp]--;
	slot->hash_next = tracker->free_flow;
	tracker->free_flow = number;
}
