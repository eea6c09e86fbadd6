/* fetch.c: what the next segments need, asked for before they need it. */

/*
 * Of those connections that are open at once any may be next, so nearly everything that a segment
 * needs is far away in memory. It is asked for step by step, each step with what the one before
 * it has brought: the bucket; the calm flow that it names, or the slot of another; a whole flow;
 * what those lead to. Whoever is asked for too early drives others out; and only so many lines can
 * be on their way, so that asking for all of a batch at once is no better. Steps are inline: a
 * function that only asks has no effect that a compiler knows of, and might be left out.
 */

#include "track/calm.h"

#include <stddef.h>

enum { LINE = 64, USUAL_FOLD = 2 * LINE };

/* How many segments ahead: whole groups. */
enum { AHEAD_FLOW = 8, AHEAD_REST = 4 };

static inline void fetch_bucket(const struct tracker *tracker, struct batch *batch, size_t at)
{
	batch->hashes[at] = table_hash(tracker, &batch->segments[at]);
	__builtin_prefetch(&tracker->buckets[batch->hashes[at] & tracker->bucket_mask]);
}

static inline void fetch_lines(const void *start, size_t from, size_t to)
{
	for (size_t at = from; at < to; at += LINE)
		__builtin_prefetch((const char *)start + at);
}

/* What every segment of a calm one touches. */
static inline void fetch_calm_lines(const struct calm *calm)
{
	__builtin_prefetch(calm);
	__builtin_prefetch(&calm->ends);
	__builtin_prefetch(&calm->streams);
}

static inline void fetch_flow(const struct tracker *tracker, struct batch *batch, size_t at)
{
	const struct bucket *bucket = &tracker->buckets[batch->hashes[at] & tracker->bucket_mask];

	batch->buckets[at] = *bucket;
	if (bucket->calm != NONE)
		fetch_calm_lines(calm_at(tracker, bucket->calm));
	if (bucket->calm == NONE || segment_has(&batch->segments[at], TCP_SYN))
		__builtin_prefetch(&tracker->slots[bucket->number]);
	if (segment_has(&batch->segments[at], TCP_SYN | TCP_ACK))
		listeners_prefetch_slot(tracker, &batch->segments[at]);
}

static inline void fetch_what_it_leads_to(const struct tracker *tracker, const struct timed *client,
                                   const struct timed *server, uint32_t listener)
{
	ranges_prefetch(tracker, client, server);
	if (listener != NONE)
		__builtin_prefetch(&tracker->listeners[listener]);
}

static bool waits(const struct calm_stream *stream)
{
	return stream->is_timed || stream->is_stamped;
}

/*
 * Its queue hears of what is not said in the middle of the talk; round trips are noted where
 * something waits for its acknowledgment.
 */
static inline void fetch_rest_of_calm(const struct tracker *tracker, struct bucket bucket,
                               const struct segment *segment)
{
	const struct calm *calm = calm_at(tracker, bucket.calm);

	if (bucket.calm & SEED_PLACE) {
		__builtin_prefetch(&tracker->slots[bucket.number]);
		return;
	}
	fetch_what_it_leads_to(tracker, &calm->streams[CLIENT].timed,
	                       &calm->streams[SERVER].timed, calm->listener);
	if (waits(&calm->streams[CLIENT]) || waits(&calm->streams[SERVER]))
		__builtin_prefetch(&calm->spans);
	if (calm->phase != CALM_TALK || segment_has(segment, TCP_FIN)) {
		__builtin_prefetch(&tracker->slots[bucket.number]);
		__builtin_prefetch(&calm->milestones[CALM_OPENED]);
	} else if (calm->family == FAMILY_IPV6) {
		__builtin_prefetch(&calm->address);
	}
}

/* The one that it nearly always is, unless that is packed. */
static const struct flow *likely_flow(const struct tracker *tracker, const struct batch *batch,
                                      size_t at)
{
	const struct slot *slot = &tracker->slots[batch->buckets[at].number];

	if (slot->is_packed || slot->hash != (uint32_t)batch->hashes[at])
		return NULL;
	return &tracker->flows[slot->place];
}

static inline void fetch_whole(const struct flow *flow)
{
	fetch_lines(flow, 0, offsetof(struct flow, zeek.history));
}

/* A calm one is there by now, a whole one is only known. */
static inline void fetch_rest(const struct tracker *tracker, const struct batch *batch, size_t at)
{
	const struct segment *segment = &batch->segments[at];
	struct bucket bucket = batch->buckets[at];
	const struct flow *flow;

	if (segment_has(segment, TCP_SYN | TCP_ACK))
		listeners_prefetch(tracker, segment);
	if (bucket.calm != NONE)
		fetch_rest_of_calm(tracker, bucket, segment);
	else if ((flow = likely_flow(tracker, batch, at)))
		fetch_whole(flow);
}

static inline void fetch_rest_of_whole(const struct tracker *tracker, const struct batch *batch,
                                       size_t at)
{
	const struct flow *flow = batch->buckets[at].calm == NONE ? likely_flow(tracker, batch, at)
	                                                          : NULL;

	if (flow)
		fetch_what_it_leads_to(tracker, &flow->sequence[CLIENT].timed,
		                       &flow->sequence[SERVER].timed, flow->listener);
}

/* For whoever wants its record. */
void fetch_calm(const struct tracker *tracker, uint32_t number)
{
	const struct slot *slot = &tracker->slots[number];

	if (slot->is_folded)
		fetch_lines(fold_at(tracker, slot->place), 0, USUAL_FOLD);
	else if (slot->is_calm)
		fetch_lines(calm_of(tracker, number), 0,
		            slot->place & SEED_PLACE ? SEED_SIZE : sizeof(struct calm));
}

void fetch_for(const struct tracker *tracker, struct batch *batch, size_t group)
{
	size_t at = group, end = batch_end(batch, at);

	for (; at < end; at++)
		fetch_bucket(tracker, batch, at);
	at = group - (FETCH_AHEAD - AHEAD_FLOW);
	for (end = batch_end(batch, at); at < end; at++)
		fetch_flow(tracker, batch, at);
	at = group - (FETCH_AHEAD - AHEAD_REST);
	for (end = batch_end(batch, at); at < end; at++)
		fetch_rest(tracker, batch, at);
	at = group - FETCH_AHEAD;
	for (end = batch_end(batch, at); at < end; at++)
		fetch_rest_of_whole(tracker, batch, at);
}
