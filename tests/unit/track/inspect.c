/* inspect.c: whether a tracker is whole, and everything it says as text. */

#include "unit/track/inspect.h"

#include <criterion/criterion.h>
#include <inttypes.h>

#include "base/text.h"
#include "track/inside.h"

/* Who stands in a line says so, and the first is no gap. */
static uint32_t count_of_line(const struct tracker *tracker, int which, int kind)
{
	const struct line *line = &tracker->lines[which];
	uint32_t length = line->tail - line->head, count = 0;

	cr_assert_leq(length, line->size);
	cr_assert_eq(line->size & (line->size - 1), 0);
	cr_assert_leq(line->size * sizeof(uint32_t), line_size(tracker->options.max_flows));
	for (uint32_t ahead = 0; ahead < length; ahead++) {
		uint32_t number = line_at(line, ahead);
		const struct slot *slot = &tracker->slots[number];

		if (number == NONE)
			continue;
		cr_assert_leq(number, tracker->touched_flows);
		cr_assert_eq(slot->positions[kind], line->head + ahead);
		if (kind == IN_QUEUE)
			cr_assert_eq(slot->timeout, which);
		count++;
	}
	cr_assert_eq(line->count, count);
	cr_assert_eq(line_first(line) != NONE, count > 0);
	return count;
}

static uint32_t count_of_free(const struct tracker *tracker)
{
	uint32_t count = 0;

	for (uint32_t index = tracker->free_flow; index != NONE;
	     index = tracker->slots[index].hash_next) {
		cr_assert_eq(tracker->slots[index].place, NONE);
		cr_assert_lt(count, tracker->touched_flows);
		count++;
	}
	return count;
}

static void inspect_bucket(const struct tracker *tracker, const struct bucket *bucket)
{
	const struct slot *slot = &tracker->slots[bucket->number];

	cr_assert_eq(bucket->calm, slot->is_calm && !slot->is_folded ? slot->place : NONE);
}

static uint32_t count_in_buckets(const struct tracker *tracker)
{
	uint32_t count = 0;

	for (uint32_t bucket = 0; bucket <= tracker->bucket_mask; bucket++) {
		inspect_bucket(tracker, &tracker->buckets[bucket]);
		for (uint32_t index = tracker->buckets[bucket].number; index != NONE;
		     index = tracker->slots[index].hash_next) {
			const struct slot *slot = &tracker->slots[index];

			cr_assert_eq(slot->hash & tracker->bucket_mask, bucket);
			cr_assert_neq(slot->timeout, TIMEOUT_KEPT);
			cr_assert_lt(count, tracker->options.max_flows);
			count++;
		}
	}
	return count;
}

/* An end never says other than its evidence. */
static void inspect_end(const struct endpoint *end)
{
	enum tcp_state path[PATH_MAX_STATES];
	int length = endpoint_path(end, path);

	cr_assert_leq(length, PATH_MAX_STATES);
	cr_assert_eq(end->proven & end->presumed, 0);
	if (end->was_reset)
		cr_assert_eq(end->state, ST_CLOSED);
	else
		cr_assert_eq(end->state, endpoint_state_before_reset(end));
	if (length > 0 && end->state != ST_LISTEN)
		cr_assert_eq(path[length - 1], end->state);
}

static void inspect_flow(const struct tracker *tracker, const struct flow *flow,
                         const struct flow *previous)
{
	const struct slot *slot = &tracker->slots[flow->number];

	cr_assert_lt(slot->timeout, TIMEOUT_COUNT);
	cr_assert_eq(slot->timeout == TIMEOUT_KEPT, flow->stage == STAGE_KEPT);
	cr_assert_eq(slot->timeout == TIMEOUT_ENDED, flow->stage == STAGE_ENDED);
	if (previous)
		cr_assert_lt(previous->id, flow->id);
	inspect_end(&flow->ends[CLIENT]);
	inspect_end(&flow->ends[SERVER]);
	cr_assert_leq(flow->touched, tracker->now);
	cr_assert_leq(slot->queued, tracker->now);
}

static void inspect_listeners(const struct tracker *tracker, uint32_t half_open)
{
	const struct listener *listener = NULL;
	uint32_t sum = 0;

	while ((listener = tracker_next_listener(tracker, listener)))
		sum += listener->half_open;
	cr_assert_eq(sum, half_open);
}

void inspect_tracker(const struct tracker *tracker)
{
	const struct flow *previous = NULL, *flow = NULL;
	uint32_t remembered = 0, reachable = 0, queued = 0, half_open = 0;

	for (; (flow = tracker_next(tracker, flow)); previous = flow) {
		inspect_flow(tracker, flow, previous);
		remembered++;
		reachable += flow->stage != STAGE_KEPT;
		half_open += flow->listener != NONE;
	}
	for (int timeout = 0; timeout < TIMEOUT_COUNT; timeout++)
		queued += count_of_line(tracker, timeout, IN_QUEUE);
	cr_assert_eq(queued, remembered);
	cr_assert_eq(count_of_line(tracker, ORDER, IN_ORDER), remembered);
	cr_assert_eq(count_in_buckets(tracker), reachable);
	cr_assert_eq(remembered + count_of_free(tracker), tracker->touched_flows);
	cr_assert_eq(tracker->totals.remembered[0] + tracker->totals.remembered[1], remembered);
	cr_assert_leq(tracker->touched_flows, tracker->options.max_flows);
	cr_assert_leq(tracker->lines[TIMEOUT_KEPT].count, tracker->options.keep);
	inspect_listeners(tracker, half_open);
}

static void dump_end(struct text *text, const struct flow *flow, enum side side)
{
	const struct sending *sent = &flow->sent[side];
	enum tcp_state path[PATH_MAX_STATES];
	int length = endpoint_path(flow_end(flow, side), path);

	for (int i = 0; i < length; i++)
		text_format(text, "%s ", state_name(path[i]));
	text_format(text, "| %d %d | %" PRIu64 " %" PRIu64 " %u %u %u %u %u",
	            flow->ends[side].state, flow->ends[side].certainty, sent->packets,
	            sent->payload, sent->syns, sent->fins, sent->resets, sent->repeats,
	            sent->back_off);
	text_format(text, " | %u %u | %" PRId64 "\n", sent->next - sent->iss,
	            flow_unacked(flow, side), flow->time_wait[side]);
}

static void dump_flow(struct text *text, const struct flow *flow)
{
	text_format(text, "%" PRIu64 " %" PRIu64 " %d %s %s %x %x %u", flow->id, flow->stream,
	            flow->stage, opening_name(flow_opening(flow)), closing_name(flow_closing(flow)),
	            flow->oddities, flow_completeness(flow), flow->late);
	text_format(text, " %" PRId64 " %" PRId64 " %" PRIu64 " %" PRIu64 "\n", flow_irtt(flow),
	            flow_ack_rtt(flow), flow->opened.frame, flow->reset.frame);
	dump_end(text, flow, CLIENT);
	dump_end(text, flow, SERVER);
}

static void dump_totals(struct text *text, const struct tracker_totals *totals)
{
	const uint64_t numbers[] = {
		totals->segments,
		totals->flows[0],
		totals->flows[1],
		totals->ended,
		totals->retired,
		totals->evicted,
		totals->late,
		totals->active_opens,
		totals->passive_opens,
		totals->failed_attempts,
		totals->established_resets,
		totals->retransmitted,
		totals->unmatched_icmp,
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		text_format(text, "%" PRIu64 " ", numbers[i]);
}

void inspect_dump(const struct tracker *tracker, char *string, size_t size)
{
	struct text text = text_over(string, size);
	const struct listener *listener = NULL;
	const struct flow *flow = NULL;

	while ((flow = tracker_next(tracker, flow)))
		dump_flow(&text, flow);
	while ((listener = tracker_next_listener(tracker, listener)))
		text_format(&text, "%u %u %" PRIu64 "\n", listener->port, listener->half_open,
		            listener->accepted);
	dump_totals(&text, tracker_totals(tracker));
	cr_assert_not(text.cut);
}
