/* fetch.c: what the next segments need, asked for before they need it. */

/*
 * Of those connections that are open at once any may be next, so nearly everything that a segment
 * needs is far away in memory. It is asked for step by step, each step with what the one before
 * it has brought: the bucket, then the slot that it names and the calm flow beside it, then a
 * whole flow, then what those lead to. Whoever is asked for too early drives others out; and only
 * so many lines can be on their way, so that asking for all of a batch at once is no better.
 */

#include "track/calm.h"

#include <stddef.h>

enum { LINE = 64 };

/* How many segments ahead. */
enum { AHEAD_SLOT = 8, AHEAD_FLOW = 4, AHEAD_REST = 2 };

static void fetch_bucket(const struct tracker *tracker, struct batch *batch, size_t at)
{
	batch->hashes[at] = table_hash(tracker, &batch->segments[at]);
	__builtin_prefetch(&tracker->buckets[batch->hashes[at] & tracker->bucket_mask]);
}

static void fetch_lines(const void *start, size_t from, size_t to)
{
	for (size_t at = from; at < to; at += LINE)
		__builtin_prefetch((const char *)start + at);
}

static void fetch_slot(const struct tracker *tracker, struct batch *batch, size_t at)
{
	uint32_t number = tracker->buckets[batch->hashes[at] & tracker->bucket_mask];

	batch->numbers[at] = number;
	__builtin_prefetch(&tracker->slots[number]);
	if (tracker->takes_calmly && number != NONE)
		fetch_lines(&tracker->calms[number], 0, offsetof(struct calm, id));
	if (segment_has(&batch->segments[at], TCP_SYN | TCP_ACK))
		listeners_prefetch_slot(tracker, &batch->segments[at]);
}

/* Where nobody may be calm nobody's memory is touched for it. */
static bool is_calm(const struct tracker *tracker, uint32_t number)
{
	return tracker->takes_calmly && tracker->calms[number].phase != CALM_NONE;
}

/* The one that it nearly always is, unless that is packed. */
static const struct flow *likely_flow(const struct tracker *tracker, const struct batch *batch,
                                      size_t at)
{
	const struct slot *slot = &tracker->slots[batch->numbers[at]];

	if (slot->is_packed || slot->hash != (uint32_t)batch->hashes[at])
		return NULL;
	return &tracker->flows[slot->place];
}

static void fetch_flow(const struct tracker *tracker, const struct batch *batch, size_t at)
{
	const struct flow *flow;

	if (segment_has(&batch->segments[at], TCP_SYN | TCP_ACK))
		listeners_prefetch(tracker, &batch->segments[at]);
	if (is_calm(tracker, batch->numbers[at]))
		return;
	flow = likely_flow(tracker, batch, at);
	if (!flow)
		return;
	fetch_lines(flow, 0, offsetof(struct flow, zeek.history));
}

static void fetch_what_it_leads_to(const struct tracker *tracker, const struct timed *client,
                                   const struct timed *server, uint32_t listener)
{
	ranges_prefetch(tracker, client, server);
	if (listener != NONE)
		__builtin_prefetch(&tracker->listeners[listener]);
}

static void fetch_rest(const struct tracker *tracker, const struct batch *batch, size_t at)
{
	const struct calm *calm = &tracker->calms[batch->numbers[at]];
	const struct flow *flow;

	if (is_calm(tracker, batch->numbers[at])) {
		fetch_what_it_leads_to(tracker, &calm->streams[CLIENT].timed,
		                       &calm->streams[SERVER].timed, calm->listener);
		return;
	}
	flow = likely_flow(tracker, batch, at);
	if (flow)
		fetch_what_it_leads_to(tracker, &flow->sequence[CLIENT].timed,
		                       &flow->sequence[SERVER].timed, flow->listener);
}

/* For whoever wants its record. */
void fetch_calm(const struct tracker *tracker, uint32_t number)
{
	fetch_lines(&tracker->calms[number], 0, sizeof(struct calm));
}

/* Places beyond the beginning or the end are no places: they are large numbers. */
void fetch_for(const struct tracker *tracker, struct batch *batch, size_t at)
{
	size_t slot = at - (FETCH_AHEAD - AHEAD_SLOT), flow = at - (FETCH_AHEAD - AHEAD_FLOW);
	size_t rest = at - (FETCH_AHEAD - AHEAD_REST);

	if (at < batch->count)
		fetch_bucket(tracker, batch, at);
	if (slot < batch->count)
		fetch_slot(tracker, batch, slot);
	if (flow < batch->count)
		fetch_flow(tracker, batch, flow);
	if (rest < batch->count)
		fetch_rest(tracker, batch, rest);
}
