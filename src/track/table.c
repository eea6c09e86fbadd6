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

static const struct flow *first_in_bucket(const struct tracker *tracker, uint64_t hash)
{
	return &tracker->flows[tracker->buckets[hash & tracker->bucket_mask]];
}

void table_prefetch_head(const struct tracker *tracker, uint64_t hash)
{
	__builtin_prefetch(first_in_bucket(tracker, hash));
}

void table_prefetch_flow(const struct tracker *tracker, uint64_t hash)
{
	const struct flow *flow = first_in_bucket(tracker, hash);

	for (size_t at = LINE; at < offsetof(struct flow, fin); at += LINE)
		__builtin_prefetch((const char *)flow + at);
	for (size_t at = offsetof(struct flow, zeek); at < offsetof(struct flow, zeek.rare); at += LINE)
		__builtin_prefetch((const char *)flow + at);
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
	uint32_t index = tracker->buckets[hash & tracker->bucket_mask];

	for (; index != NONE; index = tracker->flows[index].hash_next) {
		struct flow *flow = &tracker->flows[index];

		if (flow->hash != (uint32_t)hash || !shares_path(tracker, &flow->key, segment))
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

uint32_t table_index(const struct tracker *tracker, const struct flow *flow)
{
	return flow ? (uint32_t)(flow - tracker->flows) : NONE;
}

static struct flow *take_slot(struct tracker *tracker)
{
	uint32_t index;

	if (tracker->free_flow == NONE && tracker->touched_flows == tracker->options.max_flows)
		timers_make_room(tracker);
	index = tracker->free_flow;
	if (index != NONE)
		tracker->free_flow = tracker->flows[index].hash_next;
	else
		index = ++tracker->touched_flows;
	memset(&tracker->flows[index], 0, sizeof(tracker->flows[index]));
	return &tracker->flows[index];
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

static void order_append(struct tracker *tracker, struct flow *flow)
{
	uint32_t index = table_index(tracker, flow);

	flow->order_previous = tracker->order_last;
	if (tracker->order_last != NONE)
		tracker->flows[tracker->order_last].order_next = index;
	else
		tracker->order_first = index;
	tracker->order_last = index;
}

static void order_remove(struct tracker *tracker, struct flow *flow)
{
	struct flow *flows = tracker->flows;

	if (flow->order_previous != NONE)
		flows[flow->order_previous].order_next = flow->order_next;
	else
		tracker->order_first = flow->order_next;
	if (flow->order_next != NONE)
		flows[flow->order_next].order_previous = flow->order_previous;
	else
		tracker->order_last = flow->order_previous;
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
	struct flow *flow = take_slot(tracker);
	uint32_t *bucket = &tracker->buckets[hash & tracker->bucket_mask];

	know_nothing(flow);
	key_set(tracker, &flow->key, segment, sender);
	flow->self_connected = ends_are_one(&flow->key);
	flow->hash = (uint32_t)hash;
	flow->hash_next = *bucket;
	*bucket = table_index(tracker, flow);
	flow->id = tracker->next_id++;
	tracker->totals.flows[is_udp(segment)]++;
	flow->start = flow->last = segment->time;
	flow->first_frame = segment->frame;
	flow->touched = flow->queued = tracker->now;
	flow->stage = STAGE_LIVE;
	flow->timeout = TIMEOUT_COUNT;
	order_append(tracker, flow);
	return flow;
}

void table_unlink(struct tracker *tracker, struct flow *flow)
{
	uint32_t index = table_index(tracker, flow);
	uint32_t *link = &tracker->buckets[flow->hash & tracker->bucket_mask];

	while (*link != index && *link != NONE)
		link = &tracker->flows[*link].hash_next;
	if (*link == index)
		*link = flow->hash_next;
	listeners_abandoned(tracker, flow);
	flow->hash_next = NONE;
}

void table_forget(struct tracker *tracker, struct flow *flow)
{
	uint32_t index = table_index(tracker, flow);

	tracker_tell(tracker, flow, EVENT_FLOW_FORGOTTEN, NULL);
	ranges_release(tracker, &flow->sequence[CLIENT]);
	ranges_release(tracker, &flow->sequence[SERVER]);
	aside_release(tracker, flow);
	round_trips_release(tracker, flow);
	timers_leave(tracker, flow);
	table_unlink(tracker, flow);
	order_remove(tracker, flow);
	flow->stage = STAGE_FREE;
	flow->hash_next = tracker->free_flow;
	tracker->free_flow = index;
}
