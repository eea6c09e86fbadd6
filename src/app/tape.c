/* tape.c: the segments of one flow, wound out of a store. */
#include "app/tape.h"

#include <string.h>

enum { FLOWS_MOST = 256 };

static bool wants_all(const void *choice, uint64_t id)
{
	(void)choice;
	(void)id;
	return true;
}

/* Others had the same addresses and ports before and after. */
static void hear(void *context, const struct event *event)
{
	struct tape *tape = context;

	if (event->flow->first_frame != tape->first_frame)
		return;
	collection_take(&tape->collection, event);
	tape->heard += event->segment != NULL;
}

void tape_clear(struct tape *tape)
{
	collection_free(&tape->collection);
	tracker_free(tape->tracker);
	*tape = (struct tape){ .tracker = NULL };
}

static void begin(struct tape *tape, const struct store *store,
                  const struct tracker_options *limits, const struct flow *flow, bool is_alone)
{
	struct tracker_options options = *limits;
	struct error ignored;

	tape_clear(tape);
	options.max_flows = options.keep = FLOWS_MOST;
	options.trails = 0;
	tape->tracker = tracker_new(&options, &ignored);
	if (!tape->tracker)
		return;
	tape->key = flow->key;
	tape->first_frame = flow->first_frame;
	tape->by_vlan = limits->by_vlan;
	tape->is_alone = is_alone;
	tape->digest = digest_of_key(&flow->key);
	tape->wound = is_alone ? store_find_frame(store, flow->first_frame) : store_first(store);
	tape->collection.wants = wants_all;
	tracker_listen(tape->tracker, collection_kinds(), hear, tape);
}

/* ---- Winding ---- */

static bool is_udp(const struct segment *segment)
{
	return segment->kind == SEGMENT_UDP || segment->kind == SEGMENT_UDP_QUOTE ||
	       segment->kind == SEGMENT_UDP_COPY;
}

static bool comes_from(const struct flow_key *key, const struct segment *segment, enum side side)
{
	enum side peer = side == CLIENT ? SERVER : CLIENT;

	return key->port[side] == segment->source_port &&
	       key->port[peer] == segment->destination_port &&
	       address_equal(&key->address[side], &segment->source) &&
	       address_equal(&key->address[peer], &segment->destination);
}

static bool is_between(const struct flow_key *key, const struct segment *segment, bool by_vlan)
{
	return key->family == segment->family && key->tunnel == segment->tunnel &&
	       (key->protocol == PROTOCOL_UDP) == is_udp(segment) &&
	       (!by_vlan || key->vlan == segment->vlan) &&
	       (comes_from(key, segment, CLIENT) || comes_from(key, segment, SERVER));
}

static void wind(struct tape *tape, const struct store *store, uint64_t end)
{
	while (tape->wound < end) {
		uint64_t next = store_find_digest(store, tape->wound, end, tape->digest);

		tape->wound = next;
		if (next == end)
			return;
		if (is_between(&tape->key, store_segment(store, next), tape->by_vlan))
			tracker_feed(tape->tracker, store_segment(store, next), 1);
		tape->wound++;
	}
}

/* Whether what it holds can be gone on with: nothing was lost, and it need not be unwound. */
static bool is_of(const struct tape *tape, const struct store *store, const struct flow *flow,
                  uint64_t end)
{
	const struct collection *collection = &tape->collection;
	bool is_folded = collection->count == 0 || collection->flows[0].count != tape->heard;

	return tape->tracker && tape->first_frame == flow->first_frame &&
	       memcmp(&tape->key, &flow->key, sizeof flow->key) == 0 &&
	       tape->wound >= store_first(store) && (tape->wound <= end || !is_folded);
}

/* It may have been wound further before. */
static size_t count_until(const struct rungs *rungs, const struct store *store, uint64_t end)
{
	uint64_t last = end > 0 ? store_segment(store, end - 1)->frame : 0;
	size_t low = 0, high = rungs->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rungs->rung[middle].step.segment.frame <= last)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct rung *tape_rungs(struct tape *tape, const struct store *store,
                              const struct tracker_options *limits, const struct flow *flow,
                              uint64_t end, size_t *count)
{
	uint64_t first = store_find_frame(store, flow->first_frame);

	if (!is_of(tape, store, flow, end)) {
		if (first >= end || store_segment(store, first)->frame != flow->first_frame)
			return NULL;
		begin(tape, store, limits, flow, false);
	}
	if (tape->tracker)
		wind(tape, store, end);
	/* Where room was short the flow is only a part of what was one here. */
	if (tape->tracker && tape->collection.count == 0 && !tape->is_alone) {
		begin(tape, store, limits, flow, true);
		if (tape->tracker)
			wind(tape, store, end);
	}
	if (!tape->tracker || tape->collection.count == 0)
		return NULL;
	*count = count_until(&tape->collection.flows[0], store, end);
	return tape->collection.flows[0].rung;
}

static uint64_t last_frame(const struct flow *flow)
{
	return flow->icmp.frame > flow->last_frame ? flow->icmp.frame : flow->last_frame;
}

bool tape_frames(const struct store *store, const struct flow *flow, bool by_vlan,
                 struct selection *frames)
{
	uint64_t end = store_find_frame(store, last_frame(flow) + 1);
	uint64_t next = store_find_frame(store, flow->first_frame);
	uint32_t digest = digest_of_key(&flow->key);

	while ((next = store_find_digest(store, next, end, digest)) < end) {
		const struct segment *segment = store_segment(store, next++);

		if (is_between(&flow->key, segment, by_vlan) &&
		    !selection_add(frames, segment->frame))
			return false;
	}
	return true;
}
