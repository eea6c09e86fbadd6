/* timers.c: one queue per timeout, on the frames' clock; the same queues say who makes room. */

#include "track/inside.h"

#include <assert.h>

#include "base/time.h"

/*
 * Every flow of a queue waits for the same span, so the oldest is always due
 * first. A segment only notes that the flow was touched; the queue finds out
 * when the flow comes up, and sends it to its end again (lazily, so that the
 * common segment moves nothing). TIME_NONE: nothing happens however long it lasts.
 */
static int64_t span_of(const struct tracker *tracker, enum timeout timeout)
{
	switch (timeout) {
	case TIMEOUT_ENDED:
		return tracker->options.time_wait;
	case TIMEOUT_LINGER:
		return tracker->options.linger;
	case TIMEOUT_DATAGRAM:
		return tracker->options.udp_idle;
	default:
		return TIME_NONE;
	}
}

/* An ended flow waits for its TIME_WAIT, which late segments do not prolong; others for silence. */
static int64_t waits_when_ended(const struct flow *flow)
{
	int64_t since = TIME_NONE;

	for (int side = CLIENT; side <= SERVER; side++) {
		if (flow->ends[side].state == ST_TIME_WAIT && flow->time_wait[side] > since)
			since = flow->time_wait[side];
	}
	return since == TIME_NONE ? flow->touched : since;
}

static int64_t waits_since(const struct flow *flow)
{
	return flow->stage == STAGE_ENDED ? waits_when_ended(flow) : flow->touched;
}

/* When the first of a queue may be due; the clock need not look before. */
static void expect(struct tracker *tracker, enum timeout timeout)
{
	const struct line *queue = &tracker->lines[timeout];
	int64_t span = span_of(tracker, timeout);
	int64_t due;

	if (span == TIME_NONE || queue->count == 0)
		return;
	due = time_plus(tracker->slots[line_first(queue)].queued, span);
	if (due < tracker->due)
		tracker->due = due;
}

static void queue_append(struct tracker *tracker, uint32_t number, enum timeout timeout, int64_t since)
{
	struct line *queue = &tracker->lines[timeout];
	struct slot *slot = &tracker->slots[number];

	slot->timeout = (uint8_t)timeout;
	slot->queued = since;
	line_append(tracker, queue, number);
	if (queue->count == 1)
		expect(tracker, timeout);
}

void timers_leave(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	enum timeout timeout = (enum timeout)slot->timeout;
	bool was_first;

	if (timeout == TIMEOUT_COUNT)
		return;
	was_first = line_first(&tracker->lines[timeout]) == number;
	line_leave(tracker, &tracker->lines[timeout], number);
	slot->timeout = TIMEOUT_COUNT;
	if (was_first)
		expect(tracker, timeout);
}

static bool has_either_fin(const struct flow *flow)
{
	return flow->sent[CLIENT].has_fin || flow->sent[SERVER].has_fin;
}

static bool is_opening(const struct flow *flow)
{
	return flow->ends[CLIENT].state == ST_SYN_SENT ||
	       flow->ends[SERVER].state == ST_SYN_RECEIVED;
}

enum timeout timers_timeout(const struct flow *flow)
{
	if (flow->stage == STAGE_KEPT)
		return TIMEOUT_KEPT;
	if (flow->stage == STAGE_ENDED)
		return TIMEOUT_ENDED;
	if (flow->key.protocol == PROTOCOL_UDP)
		return TIMEOUT_DATAGRAM;
	if (flow_is_over(flow))
		return TIMEOUT_LINGER;
	if (is_opening(flow))
		return TIMEOUT_OPENING;
	return has_either_fin(flow) ? TIMEOUT_CLOSING : TIMEOUT_OPEN;
}

void timers_wait(struct tracker *tracker, uint32_t number, enum timeout timeout, int64_t since)
{
	if (tracker->slots[number].timeout == timeout)
		return;
	timers_leave(tracker, number);
	queue_append(tracker, number, timeout, since);
}

void timers_place(struct tracker *tracker, struct flow *flow)
{
	timers_wait(tracker, flow->number, timers_timeout(flow), waits_since(flow));
	place_spare(tracker, flow);
}

static void requeue(struct tracker *tracker, uint32_t number, int64_t since)
{
	enum timeout timeout = (enum timeout)tracker->slots[number].timeout;

	timers_leave(tracker, number);
	queue_append(tracker, number, timeout, since);
}

/* 2 MSL after an end entered TIME_WAIT, or last heard the peer's FIN again (RFC 9293 section 3.10.8). */
static void expire_time_wait(struct tracker *tracker, struct flow *flow, int64_t now)
{
	struct turn turn = { .before = { flow_state(flow, CLIENT), flow_state(flow, SERVER) } };

	for (int side = CLIENT; side <= SERVER; side++) {
		if (flow->ends[side].state != ST_TIME_WAIT || flow->time_wait[side] == TIME_NONE ||
		    time_between(flow->time_wait[side], now) < tracker->options.time_wait)
			continue;
		endpoint_show(&flow->ends[side], PROOF_TIMED_OUT, PROVEN);
		turn.side = (enum side)side;
		tracker_tell(tracker, flow, EVENT_STATE_CHANGED, &turn);
		flow->moved = now;
	}
}

/* Of one end, or of parts of what both said. */
static void count_missing(struct tracker *tracker, const struct flow *flow)
{
	if (flow_is_one_sided(flow))
		tracker->totals.one_sided++;
	else
		tracker->totals.missed +=
			flow_missed_bytes(flow, CLIENT) + flow_missed_bytes(flow, SERVER);
}

/* All of it but what is counted and told. */
static void end_quietly(struct tracker *tracker, struct flow *flow)
{
	expire_time_wait(tracker, flow, tracker->now);
	flow->stage = STAGE_ENDED;
	ranges_release(tracker, &flow->sequence[CLIENT]);
	ranges_release(tracker, &flow->sequence[SERVER]);
}

/* The flow's record is due. */
static void end(struct tracker *tracker, struct flow *flow)
{
	end_quietly(tracker, flow);
	if (flow->key.protocol == PROTOCOL_TCP) {
		tracker->totals.openings[flow_opening(flow)]++;
		tracker->totals.closings[flow_closing(flow)]++;
		count_missing(tracker, flow);
	}
	tracker_tell(tracker, flow, EVENT_FLOW_ENDED, NULL);
}

static void end_and_place(struct tracker *tracker, struct flow *flow)
{
	end(tracker, flow);
	timers_place(tracker, flow);
}

/* Those behind the first are next, now or soon; `wholly`: not only their slots are looked at. */
static void fetch_ahead(const struct tracker *tracker, const struct line *queue, bool wholly)
{
	enum { SLOT = 8, BUCKET = 4 };
	const struct slot *slot = &tracker->slots[line_at(queue, BUCKET)];

	__builtin_prefetch(&tracker->slots[line_at(queue, SLOT)]);
	table_prefetch_bucket(tracker, slot->hash);
	if (wholly)
		fetch_calm(tracker, line_at(queue, BUCKET));
}

static void limit_kept(struct tracker *tracker)
{
	const struct line *kept = &tracker->lines[TIMEOUT_KEPT];

	while (kept->count > tracker->options.keep) {
		tracker->totals.retired++;
		fetch_ahead(tracker, kept, true);
		table_forget(tracker, line_first(kept));
	}
}

/* Its addresses and ports are free again: only the tables remember it. */
void timers_retire(struct tracker *tracker, struct flow *flow)
{
	if (flow->stage == STAGE_LIVE) {
		tracker->totals.ended++;
		end(tracker, flow);
	}
	expire_time_wait(tracker, flow, tracker->now);
	table_unlink(tracker, flow->number);
	listeners_abandoned(tracker, flow);
	flow->stage = STAGE_KEPT;
	timers_place(tracker, flow);
	place_retire(tracker, flow);
	limit_kept(tracker);
}

static bool holds_ranges(const struct flow *flow)
{
	const struct sequence *client = &flow->sequence[CLIENT], *server = &flow->sequence[SERVER];

	return client->timed.first != NONE || client->holes != NONE ||
	       server->timed.first != NONE || server->holes != NONE;
}

static bool waits_longer(const struct flow *flow, enum side side, int64_t since)
{
	return flow->ends[side].state == ST_TIME_WAIT && flow->time_wait[side] != since;
}

/*
 * What the queues need know of a flow that is packed. Settled: its queue alone knows when it
 * goes, and it holds nothing that others wait for.
 */
void timers_note(const struct flow *flow, struct slot *slot)
{
	bool holds_nothing = flow->listener == NONE && !holds_ranges(flow);
	int64_t since = flow->stage == STAGE_LIVE ? waits_when_ended(flow) : waits_since(flow);

	slot->ends_plainly = holds_nothing && flow->key.protocol == PROTOCOL_TCP &&
	                     flow->touched == slot->queued && since == slot->queued &&
	                     !waits_longer(flow, CLIENT, since) &&
	                     !waits_longer(flow, SERVER, since);
	slot->is_settled = holds_nothing && flow->stage != STAGE_LIVE &&
	                   (flow->stage == STAGE_KEPT || since == slot->queued);
}

/* What is packed is retired as it is; `timers_resume` does the rest, should anybody look at it. */
static bool retire_packed(struct tracker *tracker, uint32_t number)
{
	const struct slot *slot = &tracker->slots[number];

	if (!slot->is_packed || !slot->is_settled || slot->timeout != TIMEOUT_ENDED ||
	    tracker->kinds & event_bit(EVENT_STATE_CHANGED))
		return false;
	table_unlink(tracker, number);
	timers_leave(tracker, number);
	queue_append(tracker, number, TIMEOUT_KEPT, tracker->now);
	limit_kept(tracker);
	return true;
}

/* It is told of a copy, and stays as it is. */
static void tell_end_of_calm(struct tracker *tracker, uint32_t number)
{
	struct flow *flow = calm_show_end(tracker, number);

	end_quietly(tracker, flow);
	tracker_tell(tracker, flow, EVENT_FLOW_ENDED, NULL);
}

/* Where nobody wants its record what is packed is only counted; `timers_resume` does the rest. */
static bool end_packed(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	uint32_t heard = event_bit(EVENT_FLOW_ENDED) | event_bit(EVENT_STATE_CHANGED);

	if (!slot->is_packed || !slot->is_whole || slot->is_ended)
		return false;
	if (tracker->kinds & heard) {
		if (!slot->is_calm || tracker->kinds & event_bit(EVENT_STATE_CHANGED))
			return false;
		tell_end_of_calm(tracker, number);
	}
	slot->is_ended = true;
	if (!slot->is_udp) {
		tracker->totals.openings[slot->opening]++;
		tracker->totals.closings[slot->closing]++;
	}
	return true;
}

static bool linger_packed(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	int64_t since = slot->queued;

	if (slot->timeout != TIMEOUT_LINGER || !slot->ends_plainly || !end_packed(tracker, number))
		return false;
	tracker->totals.ended++;
	slot->is_settled = true;
	timers_leave(tracker, number);
	queue_append(tracker, number, TIMEOUT_ENDED, since);
	return true;
}

/* For the next connection on the same ports. False: it is not over, or not as plainly. */
bool timers_retire_calm(struct tracker *tracker, uint32_t number)
{
	const struct slot *slot = &tracker->slots[number];

	return (slot->timeout == TIMEOUT_ENDED || linger_packed(tracker, number)) &&
	       retire_packed(tracker, number);
}

void timers_finish(struct tracker *tracker, uint32_t number)
{
	const struct slot *slot = &tracker->slots[number];

	if (slot->timeout != TIMEOUT_KEPT && slot->timeout != TIMEOUT_ENDED && !slot->is_ended &&
	    !end_packed(tracker, number))
		end_and_place(tracker, place_flow(tracker, number));
}

void timers_resume(struct tracker *tracker, struct flow *flow)
{
	struct slot *slot = &tracker->slots[flow->number];

	if (slot->is_ended && (slot->timeout == TIMEOUT_ENDED || slot->timeout == TIMEOUT_KEPT)) {
		flow->stage = STAGE_ENDED;
	} else if (slot->is_ended) {
		end_quietly(tracker, flow);
		timers_place(tracker, flow);
	}
	slot->is_ended = false;
	if (slot->timeout != TIMEOUT_KEPT || flow->stage != STAGE_ENDED)
		return;
	expire_time_wait(tracker, flow, slot->queued);
	flow->stage = STAGE_KEPT;
}

/* A UDP conversation has no TIME_WAIT: the next datagram begins another. */
static void time_out(struct tracker *tracker, struct flow *flow)
{
	if (flow->stage == STAGE_ENDED || flow->key.protocol == PROTOCOL_UDP) {
		timers_retire(tracker, flow);
		return;
	}
	tracker->totals.ended++;
	end_and_place(tracker, flow);
	place_retire(tracker, flow);
}

static void queue_advance(struct tracker *tracker, enum timeout timeout)
{
	const struct line *queue = &tracker->lines[timeout];
	int64_t span = span_of(tracker, timeout);

	while (queue->count > 0) {
		uint32_t number = line_first(queue);
		struct flow *flow;

		if (time_between(tracker->slots[number].queued, tracker->now) < span)
			return;
		fetch_ahead(tracker, queue, tracker->kinds & event_bit(EVENT_FLOW_ENDED));
		if (linger_packed(tracker, number) || retire_packed(tracker, number))
			continue;
		flow = place_flow(tracker, number);
		if (time_between(waits_since(flow), tracker->now) < span)
			requeue(tracker, flow->number, waits_since(flow));
		else
			time_out(tracker, flow);
	}
}

/* Those that wait for a span, in the order in which a flow may pass from one to the next. */
static const enum timeout timed[] = { TIMEOUT_DATAGRAM, TIMEOUT_LINGER, TIMEOUT_ENDED };

void timers_advance(struct tracker *tracker, int64_t now)
{
	if (tracker->now != TIME_NONE && now <= tracker->now)
		return;
	tracker->now = now;
	if (now < tracker->due)
		return;
	tracker->due = INT64_MAX;
	for (size_t i = 0; i < sizeof(timed) / sizeof(timed[0]); i++)
		queue_advance(tracker, timed[i]);
	for (size_t i = 0; i < sizeof(timed) / sizeof(timed[0]); i++)
		expect(tracker, timed[i]);
}

/* Of a queue it is always the first flow that is due first. */
int64_t tracker_due(const struct tracker *tracker)
{
	int64_t due = TIME_NONE;

	for (size_t i = 0; i < sizeof(timed) / sizeof(timed[0]); i++) {
		uint32_t first = line_first(&tracker->lines[timed[i]]);
		int64_t then = tracker->slots[first].queued;
		int64_t span = span_of(tracker, timed[i]);

		if (first == NONE || span == TIME_NONE || then > INT64_MAX - span)
			continue;
		if (due == TIME_NONE || then + span < due)
			due = then + span;
	}
	return due;
}

/*
 * Among those that wait for the same, the one that was silent longest; a few looks are enough. Who
 * is folded has been silent since it is here.
 */
static uint32_t least_useful(struct tracker *tracker, enum timeout timeout)
{
	const struct line *queue = &tracker->lines[timeout];

	for (int looks = 0; looks < 64; looks++) {
		uint32_t number = line_first(queue);
		const struct slot *slot = &tracker->slots[number];
		int64_t touched;

		if (slot->is_folded ||
		    (slot->is_packed && slot->is_settled && timeout == TIMEOUT_KEPT))
			break;
		touched = slot->is_calm ? calm_touched(tracker, number)
		                        : place_flow(tracker, number)->touched;
		if (touched <= slot->queued)
			break;
		requeue(tracker, number, touched);
	}
	return line_first(queue);
}

static bool is_done(enum timeout timeout)
{
	return timeout == TIMEOUT_KEPT || timeout == TIMEOUT_ENDED || timeout == TIMEOUT_LINGER;
}

/* Its record is due before its time. */
static void end_early(struct tracker *tracker, uint32_t number, enum timeout timeout)
{
	struct flow *flow;

	if (!(tracker->kinds & event_bit(EVENT_FLOW_ENDED)) && end_packed(tracker, number)) {
		tracker->totals.ended++;
		return;
	}
	flow = place_flow(tracker, number);
	if (!is_done(timeout))
		flow->oddities |= ODD_EVICTED;
	if (flow->stage != STAGE_LIVE)
		return;
	tracker->totals.ended++;
	end(tracker, flow);
}

/* Ends the least useful flow: done, then datagrams, half-open, closing; those that are open go last. */
void timers_make_room(struct tracker *tracker)
{
	enum timeout timeout = TIMEOUT_KEPT;
	uint32_t number;

	while (tracker->lines[timeout].count == 0)
		timeout++;
	assert(timeout < TIMEOUT_COUNT);
	fetch_ahead(tracker, &tracker->lines[timeout], true);
	number = least_useful(tracker, timeout);
	if (is_done(timeout))
		tracker->totals.retired++;
	else
		tracker->totals.evicted++;
	if (timeout != TIMEOUT_KEPT && timeout != TIMEOUT_ENDED)
		end_early(tracker, number, timeout);
	table_forget(tracker, number);
}
