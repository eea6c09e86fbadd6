/* table.c: the table of flows: a keyed hash, an arena, and the order of opening. */

#include "track/inside.h"

#include <assert.h>
#include <string.h>

#include "base/time.h"

/* Drawn from the one secret, so that a run can be repeated with it. */
void table_seed(struct tracker *tracker)
{
	for (uint32_t i = 0; i < HASH_KEYS; i++)
		tracker->hash_keys[i] = hash_bytes(&tracker->options.key, &i, sizeof(i));
}

static bool is_udp(const struct segment *segment)
{
	return segment->kind >= SEGMENT_UDP && segment->kind != SEGMENT_TCP_COPY;
}

static enum protocol protocol_of(const struct segment *segment)
{
	return is_udp(segment) ? PROTOCOL_UDP : PROTOCOL_TCP;
}

static uint16_t vlan_of(const struct tracker *tracker, const struct segment *segment)
{
	return tracker->options.by_vlan ? segment->vlan : 0;
}

/* Two words, whose order is no other machine's business. */
struct words {
	uint64_t low, high;
};

static struct words words_of(const struct address *address)
{
	struct words words;

	static_assert(sizeof(words) == sizeof(*address), "an address is two words");
	memcpy(&words, address, sizeof(words));
	return words;
}

/* The segment's ends in an order of their own, so that both directions hash alike. */
static bool is_after(struct words a, uint16_t port_a, struct words b, uint16_t port_b)
{
	if (a.low != b.low)
		return a.low > b.low;
	return a.high != b.high ? a.high > b.high : port_a > port_b;
}

static uint64_t part(uint64_t word, const uint64_t keys[2])
{
	return (uint32_t)word * keys[0] + (word >> 32) * keys[1];
}

/*
 * Multilinear hashing: the key as eleven 32-bit words, each times a secret 64-bit number, summed modulo
 * 2^64, of which the upper half counts. That family is strongly universal (Carter and Wegman;
 * Lemire and Kaser, "Strongly universal string hashing is fast"): whatever two different keys somebody
 * chooses who does not know the numbers, each of their 2^64 pairs of hashes is as likely as any
 * other, and so is each pair of buckets. A chain of n flows holds n/buckets others on the
 * average, as with a random function; nothing that leaves the program tells of a
 * hash. SipHash promises no more here, and took a tenth of the whole program's time. The
 * words that IPv4 has not are zero and left out of the sum.
 */
static uint64_t path_sum(const struct tracker *tracker, const struct segment *segment)
{
	const uint64_t *keys = tracker->hash_keys;

	return ((uint64_t)vlan_of(tracker, segment) << 16 | protocol_of(segment)) * keys[4] +
	       segment->tunnel * keys[5];
}

/* An address and a port together, so that one comparison puts the ends in order. */
static uint64_t end_of_ipv4(const struct address *address, uint16_t port)
{
	return words_of(address).low << 16 | port;
}

static uint64_t sum_of_ipv4(const uint64_t *keys, const struct segment *segment)
{
	uint64_t a = end_of_ipv4(&segment->source, segment->source_port);
	uint64_t b = end_of_ipv4(&segment->destination, segment->destination_port);
	uint64_t first = a < b ? a : b, second = a < b ? b : a;

	return (first >> 16) * keys[2] + (second >> 16) * keys[3] +
	       ((first & UINT16_MAX) << 16 | (second & UINT16_MAX)) * keys[1];
}

/* Not inlined: the usual case would pay for the room that this one needs. */
static __attribute__((noinline)) uint64_t sum_of_ipv6(const uint64_t *keys,
                                                      const struct segment *segment, uint64_t sum)
{
	struct words a = words_of(&segment->source), b = words_of(&segment->destination);
	uint16_t port_a = segment->source_port, port_b = segment->destination_port;

	if (is_after(a, port_a, b, port_b)) {
		struct words words = a;
		uint16_t port = port_a;

		a = b, b = words;
		port_a = port_b, port_b = port;
	}
	return sum + ((uint64_t)port_a << 16 | port_b) * keys[1] + (uint32_t)a.low * keys[2] +
	       (uint32_t)b.low * keys[3] + (a.low >> 32) * keys[6] + (b.low >> 32) * keys[7] +
	       part(a.high, &keys[8]) + part(b.high, &keys[10]);
}

uint64_t table_hash(const struct tracker *tracker, const struct segment *segment)
{
	const uint64_t *keys = tracker->hash_keys;
	uint64_t path = path_sum(tracker, segment);

	if (segment->family == FAMILY_IPV6)
		return sum_of_ipv6(keys, segment, keys[0] + path) >> 32;
	return (keys[0] + path + sum_of_ipv4(keys, segment)) >> 32;
}

/* The same family, of one end. */
uint32_t table_hash_end(const struct tracker *tracker, const struct address *address, uint16_t port)
{
	const uint64_t *keys = tracker->hash_keys;
	struct words words = words_of(address);
	uint64_t sum = keys[0] + port * keys[1] + part(words.low, &keys[2]) +
	               part(words.high, &keys[4]);

	return (uint32_t)(sum >> 32);
}

void table_prefetch_bucket(const struct tracker *tracker, uint64_t hash)
{
	__builtin_prefetch(&tracker->buckets[hash & tracker->bucket_mask]);
}

static struct bucket *bucket_of(const struct tracker *tracker, uint32_t hash)
{
	return &tracker->buckets[hash & tracker->bucket_mask];
}

static void bucket_note(const struct tracker *tracker, struct bucket *bucket)
{
	const struct slot *slot = &tracker->slots[bucket->number];

	bucket->calm = slot->is_calm && !slot->is_folded ? slot->place : NONE;
}

void table_note_calm(struct tracker *tracker, uint32_t number)
{
	struct bucket *bucket = bucket_of(tracker, tracker->slots[number].hash);

	if (bucket->number == number)
		bucket_note(tracker, bucket);
}

static uint32_t first_in_bucket(const struct tracker *tracker, uint64_t hash)
{
	return tracker->buckets[hash & tracker->bucket_mask].number;
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

static void link_first(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	struct bucket *bucket = bucket_of(tracker, slot->hash);

	slot->hash_next = bucket->number;
	bucket->number = number;
	bucket_note(tracker, bucket);
}

/* A number for a flow that opens; its id is the next one. */
uint32_t table_enter(struct tracker *tracker, uint64_t hash, bool is_udp)
{
	uint32_t number = take_slot(tracker);
	struct slot *slot = &tracker->slots[number];

	slot->is_udp = is_udp;
	slot->hash = (uint32_t)hash;
	slot->queued = tracker->now;
	link_first(tracker, number);
	tracker->next_id++;
	tracker->totals.flows[is_udp]++;
	tracker->totals.remembered[is_udp]++;
	line_append(tracker, &tracker->lines[ORDER], number);
	return number;
}

struct flow *table_open(struct tracker *tracker, const struct segment *segment, uint64_t hash,
                        enum side sender)
{
	uint64_t id = tracker->next_id;
	uint32_t number = table_enter(tracker, hash, is_udp(segment));
	struct flow *flow = place_new(tracker, number);

	know_nothing(flow);
	key_set(tracker, &flow->key, segment, sender);
	flow->self_connected = ends_are_one(&flow->key);
	flow->id = id;
	flow->start = flow->last = segment->time;
	flow->first_frame = segment->frame;
	flow->touched = tracker->now;
	flow->stage = STAGE_LIVE;
	return flow;
}

void table_unlink(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	struct bucket *bucket = bucket_of(tracker, slot->hash);
	uint32_t *link = &bucket->number;

	while (*link != number && *link != NONE)
		link = &tracker->slots[*link].hash_next;
	if (*link == number)
		*link = slot->hash_next;
	if (link == &bucket->number)
		bucket_note(tracker, bucket);
	slot->hash_next = NONE;
}

/* What is packed and waits for nothing has nothing to give back, either. */
static void bid_farewell(struct tracker *tracker, uint32_t number)
{
	const struct slot *slot = &tracker->slots[number];
	struct flow *flow;

	if ((slot->is_calm || (slot->is_packed && slot->is_settled)) &&
	    !(tracker->kinds & event_bit(EVENT_FLOW_FORGOTTEN)))
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
	line_leave(tracker, &tracker->lines[ORDER], number);
	place_leave(tracker, number);
	tracker->totals.remembered[slot->is_udp]--;
	slot->hash_next = tracker->free_flow;
	tracker->free_flow = number;
}
