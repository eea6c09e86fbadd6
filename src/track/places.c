/* places.c: where flows are: ready for use, or packed until somebody asks for them. */

/*
 * A struct flow is large, so that the common segment finds everything at hand; but most flows only
 * wait, or are only remembered. Those are packed into a tenth of the room as soon as their record
 * is out. Others are packed when a place is wanted and they have been still since the hand
 * last went by (the clock algorithm), so a flood of half-open connections costs little, too.
 */

#include "track/inside.h"

#include <assert.h>
#include <string.h>

/* Below this nothing is packed for want of a place: a few looks must never come round again. */
enum { PLACES_LEAST = 4096, LOOKS = 16 };

enum { CHUNK_BYTES = 28 };

struct chunk {
	uint32_t next;
	uint8_t bytes[CHUNK_BYTES];
};

enum { HAS_ASIDE = 1, HAS_ROUND_TRIPS = 2 };

size_t chunks_size(uint32_t count)
{
	return ((size_t)count + 1) * sizeof(struct chunk);
}

/* Chunks. */

static bool has_chunks(const struct tracker *tracker, size_t bytes)
{
	size_t wanted = (bytes + CHUNK_BYTES - 1) / CHUNK_BYTES;

	return wanted <= (size_t)tracker->free_chunks + tracker->chunk_count - tracker->touched_chunks;
}

static uint32_t chunk_take(struct tracker *tracker)
{
	uint32_t index = tracker->free_chunk;

	if (index == NONE)
		return ++tracker->touched_chunks;
	tracker->free_chunk = tracker->chunks[index].next;
	tracker->free_chunks--;
	return index;
}

static uint32_t chunks_write(struct tracker *tracker, const uint8_t *bytes, size_t count)
{
	uint32_t first = NONE, *link = &first;

	for (size_t at = 0; at < count; at += CHUNK_BYTES) {
		uint32_t index = chunk_take(tracker);
		struct chunk *chunk = &tracker->chunks[index];

		memcpy(chunk->bytes, bytes + at, count - at < CHUNK_BYTES ? count - at : CHUNK_BYTES);
		chunk->next = NONE;
		*link = index;
		link = &chunk->next;
	}
	return first;
}

static void chunks_read(const struct tracker *tracker, uint32_t first, uint8_t *bytes)
{
	for (uint32_t index = first; index != NONE; index = tracker->chunks[index].next) {
		memcpy(bytes, tracker->chunks[index].bytes, CHUNK_BYTES);
		bytes += CHUNK_BYTES;
	}
}

static void chunks_release(struct tracker *tracker, uint32_t first)
{
	uint32_t index = first;

	while (index != NONE) {
		struct chunk *chunk = &tracker->chunks[index];
		uint32_t next = chunk->next;

		chunk->next = tracker->free_chunk;
		tracker->free_chunk = index;
		tracker->free_chunks++;
		index = next;
	}
}

/* Packing. */

/* RFC 4022's tcpCurrEstab. */
bool place_is_established(const struct flow *flow)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		enum tcp_state state = flow_state(flow, (enum side)side);

		if (state == ST_ESTABLISHED || state == ST_CLOSE_WAIT)
			return flow->key.protocol == PROTOCOL_TCP;
	}
	return false;
}

/* What need not be unpacked to be known. */
static void note_what_it_is(const struct tracker *tracker, const struct flow *flow)
{
	struct slot *slot = &tracker->slots[flow->number];

	timers_note(flow, slot);
	slot->is_established = place_is_established(flow);
	slot->is_whole = !flow_is_one_sided(flow) && flow_missed_bytes(flow, CLIENT) == 0 &&
	                 flow_missed_bytes(flow, SERVER) == 0;
	slot->opening = (unsigned)flow_opening(flow) & SLOT_WORD;
	slot->closing = (unsigned)flow_closing(flow) & SLOT_WORD;
}

uint64_t tracker_established(const struct tracker *tracker)
{
	uint64_t count = 0;

	for (uint32_t number = 1; number <= tracker->touched_flows; number++) {
		const struct slot *slot = &tracker->slots[number];

		if (slot->is_packed || slot->place != NONE)
			count += slot->is_packed ? slot->is_established
			                         : place_is_established(&tracker->flows[slot->place]);
	}
	return count;
}

static size_t pack(const struct flow *flow, int64_t near, uint8_t *bytes)
{
	const char *base = (const char *)flow;
	size_t size = 1 + flow_pack(flow, near, bytes + 1);

	bytes[0] = 0;
	if (flow->aside != 0) {
		bytes[0] |= HAS_ASIDE;
		size += words_pack(base + flow->aside, sizeof(struct aside), bytes + size);
	}
	if (flow->round_trips != 0) {
		bytes[0] |= HAS_ROUND_TRIPS;
		size += words_pack(base + flow->round_trips, 2 * sizeof(struct round_trips), bytes + size);
	}
	return size;
}

static void unpack(struct tracker *tracker, struct flow *flow, int64_t near, const uint8_t *bytes)
{
	size_t size = 1 + flow_unpack(flow, near, bytes + 1);

	flow->aside = flow->round_trips = 0;
	if (bytes[0] & HAS_ASIDE)
		size += words_unpack(aside_of(tracker, flow), sizeof(struct aside), bytes + size);
	if (bytes[0] & HAS_ROUND_TRIPS)
		words_unpack(round_trips_of(tracker, flow), 2 * sizeof(struct round_trips), bytes + size);
}

static void place_release(struct tracker *tracker, uint32_t place)
{
	tracker->flows[place].stage = STAGE_FREE;
	tracker->flows[place].number = tracker->free_place;
	tracker->free_place = place;
}

/* It stays as it is where there is no room for its other form. */
void place_pack(struct tracker *tracker, struct flow *flow)
{
	struct slot *slot = &tracker->slots[flow->number];
	uint8_t bytes[PACKED_MOST];
	uint32_t place = slot->place;
	size_t size;

	if (tracker->options.unpacked)
		return;
	size = pack(flow, tracker->totals.first, bytes);
	if (!has_chunks(tracker, size))
		return;
	note_what_it_is(tracker, flow);
	slot->place = chunks_write(tracker, bytes, size);
	slot->is_packed = true;
	aside_release(tracker, flow);
	round_trips_release(tracker, flow);
	place_release(tracker, place);
}

static bool is_roomy(const struct tracker *tracker)
{
	return tracker->touched_places < PLACES_LEAST;
}

/* Its record is out: now, while it is at hand, it is packed with least trouble. */
void place_retire(struct tracker *tracker, struct flow *flow)
{
	if (!is_roomy(tracker))
		place_pack(tracker, flow);
}

/* Where nobody waits for the record of a connection that is over, nothing more is expected of it. */
void place_rest(struct tracker *tracker, struct flow *flow)
{
	if (tracker->slots[flow->number].timeout == TIMEOUT_LINGER &&
	    !(tracker->kinds & event_bit(EVENT_FLOW_ENDED)))
		place_retire(tracker, flow);
}

/* Places. */

/*
 * Who is talking may be silent while the hand goes round a few times; a handshake that
 * nobody goes on with, and who has nothing more to say, may not.
 */
void place_spare(struct tracker *tracker, const struct flow *flow)
{
	static const uint8_t rounds[TIMEOUT_COUNT] = {
		[TIMEOUT_KEPT] = 1,    [TIMEOUT_ENDED] = 1,   [TIMEOUT_LINGER] = 3, [TIMEOUT_DATAGRAM] = 2,
		[TIMEOUT_OPENING] = 2, [TIMEOUT_CLOSING] = 8, [TIMEOUT_OPEN] = 16,
	};
	const struct slot *slot = &tracker->slots[flow->number];

	tracker->spared[slot->place] = rounds[slot->timeout];
}

/* A few looks; who was used since the last one is spared. */
static void pack_a_still_one(struct tracker *tracker)
{
	for (int looks = 0; looks < LOOKS; looks++) {
		struct flow *flow;

		tracker->hand = tracker->hand % tracker->touched_places + 1;
		flow = &tracker->flows[tracker->hand];
		if (tracker->spared[tracker->hand] == 0 && flow->stage != STAGE_FREE) {
			place_pack(tracker, flow);
			return;
		}
		if (tracker->spared[tracker->hand] > 0)
			tracker->spared[tracker->hand]--;
	}
}

static uint32_t place_take(struct tracker *tracker)
{
	uint32_t place;

	if (tracker->free_place == NONE && !is_roomy(tracker))
		pack_a_still_one(tracker);
	place = tracker->free_place;
	if (place != NONE)
		tracker->free_place = tracker->flows[place].number;
	else
		place = ++tracker->touched_places;
	assert(place <= tracker->options.max_flows);
	tracker->spared[place] = 1;
	return place;
}

struct flow *place_new(struct tracker *tracker, uint32_t number)
{
	uint32_t place = place_take(tracker);
	struct flow *flow = &tracker->flows[place];

	memset(flow, 0, sizeof(*flow));
	flow->number = number;
	tracker->slots[number].place = place;
	return flow;
}

static struct flow *place_wake(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	uint32_t place = place_take(tracker);
	struct flow *flow = &tracker->flows[place];

	calm_wake(tracker, number, flow);
	slot->place = place;
	slot->is_packed = slot->is_calm = false;
	table_note_calm(tracker, number);
	timers_resume(tracker, flow);
	return flow;
}

static struct flow *place_unpack(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	uint8_t bytes[PACKED_MOST + CHUNK_BYTES];
	struct flow *flow;

	if (slot->is_calm)
		return place_wake(tracker, number);
	chunks_read(tracker, slot->place, bytes);
	chunks_release(tracker, slot->place);
	flow = &tracker->flows[slot->place = place_take(tracker)];
	unpack(tracker, flow, tracker->totals.first, bytes);
	flow->number = number;
	slot->is_packed = false;
	timers_resume(tracker, flow);
	return flow;
}

struct flow *place_flow(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];

	if (slot->is_packed)
		return place_unpack(tracker, number);
	if (tracker->spared[slot->place] == 0)
		tracker->spared[slot->place] = 1;
	return &tracker->flows[slot->place];
}

void place_leave(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];

	if (slot->is_calm)
		calm_forget(tracker, number);
	else if (slot->is_packed)
		chunks_release(tracker, slot->place);
	else
		place_release(tracker, slot->place);
	slot->is_packed = slot->is_calm = false;
	slot->place = NONE;
}
