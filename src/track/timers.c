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
static int64_t waits_since(const struct flow *flow)
{
	int64_t since = TIME_NONE;

	if (flow->stage == STAGE_ENDED) {
		for (int side = CLIENT; side <= SERVER; side++) {
			if (flow->ends[side].state == ST_TIME_WAIT && flow->time_wait[side] > since)
				since = flow->time_wait[side];
		}
	}
	return since == TIME_NONE ? flow->touched : since;
}

/* When the first of a queue may be due; the clock need not look before. */
static void expect(struct tracker *tracker, enum timeout timeout)
{
	const struct queue *queue = &tracker->queues[timeout];
	int64_t span = span_of(tracker, timeout);
	int64_t due;

	if (span == TIME_NONE || queue->first == NONE)
		return;
	due = time_after(tracker->flows[queue->first].queued, span);
	if (due < tracker->due)
		tracker->due = due;
}

static void queue_append(struct tracker *tracker, struct flow *flow, enum timeout timeout)
{
	struct queue *queue = &tracker->queues[timeout];
	uint32_t index = table_index(tracker, flow);

	flow->timeout = (uint8_t)timeout;
	flow->queued = waits_since(flow);
	flow->queue_next = NONE;
	flow->queue_previous = queue->last;
	if (queue->last != NONE)
		tracker->flows[queue->last].queue_next = index;
	else
		queue->first = index;
	queue->last = index;
	queue->count++;
	if (queue->count == 1)
		expect(tracker, timeout);
}

void timers_leave(struct tracker *tracker, struct flow *flow)
{
	struct flow *flows = tracker->flows;
	struct queue *queue;

	if (flow->timeout == TIMEOUT_COUNT)
		return;
	queue = &tracker->queues[flow->timeout];
	if (flow->queue_previous != NONE)
		flows[flow->queue_previous].queue_next = flow->queue_next;
	else
		queue->first = flow->queue_next;
	if (flow->queue_next != NONE)
		flows[flow->queue_next].queue_previous = flow->queue_previous;
	else
		queue->last = flow->queue_previous;
	queue->count--;
	if (flow->queue_previous == NONE)
		expect(tracker, flow->timeout);
	flow->timeout = TIMEOUT_COUNT;
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

static enum timeout timeout_of(const struct flow *flow)
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

void timers_place(struct tracker *tracker, struct flow *flow)
{
	enum timeout timeout = timeout_of(flow);

	if (flow->timeout == timeout)
		return;
	timers_leave(tracker, flow);
	queue_append(tracker, flow, timeout);
}

static void requeue(struct tracker *tracker, struct flow *flow)
{
	enum timeout timeout = flow->timeout;

	timers_leave(tracker, flow);
	queue_append(tracker, flow, timeout);
}

/* 2 MSL after an end entered TIME_WAIT, or last heard the peer's FIN again (RFC 9293 section 3.10.8). */
static void expire_time_wait(struct tracker *tracker, struct flow *flow)
{
	struct turn turn = { .before = { flow_state(flow, CLIENT), flow_state(flow, SERVER) } };

	for (int side = CLIENT; side <= SERVER; side++) {
		if (flow->ends[side].state != ST_TIME_WAIT || flow->time_wait[side] == TIME_NONE ||
		    time_between(flow->time_wait[side], tracker->now) < tracker->options.time_wait)
			continue;
		endpoint_show(&flow->ends[side], PROOF_TIMED_OUT, PROVEN);
		turn.side = (enum side)side;
		tracker_tell(tracker, flow, EVENT_STATE_CHANGED, &turn);
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

/* The flow's record is due. */
static void end(struct tracker *tracker, struct flow *flow)
{
	expire_time_wait(tracker, flow);
	flow->stage = STAGE_ENDED;
	if (flow->key.protocol == PROTOCOL_TCP) {
		tracker->totals.openings[flow_opening(flow)]++;
		tracker->totals.closings[flow_closing(flow)]++;
		count_missing(tracker, flow);
	}
	ranges_release(tracker, &flow->sequence[CLIENT]);
	ranges_release(tracker, &flow->sequence[SERVER]);
	tracker_tell(tracker, flow, EVENT_FLOW_ENDED, NULL);
}

void timers_end(struct tracker *tracker, struct flow *flow)
{
	end(tracker, flow);
	timers_place(tracker, flow);
}

/* Its addresses and ports are free again: only the tables remember it. */
void timers_retire(struct tracker *tracker, struct flow *flow)
{
	struct queue *kept = &tracker->queues[TIMEOUT_KEPT];

	if (flow->stage == STAGE_LIVE) {
		tracker->totals.ended++;
		end(tracker, flow);
	}
	expire_time_wait(tracker, flow);
	table_unlink(tracker, flow);
	flow->stage = STAGE_KEPT;
	timers_place(tracker, flow);
	while (kept->count > tracker->options.keep) {
		tracker->totals.retired++;
		table_forget(tracker, &tracker->flows[kept->first]);
	}
}

/* A UDP conversation has no TIME_WAIT: the next datagram begins another. */
static void time_out(struct tracker *tracker, struct flow *flow)
{
	if (flow->stage == STAGE_ENDED || flow->key.protocol == PROTOCOL_UDP) {
		timers_retire(tracker, flow);
		return;
	}
	tracker->totals.ended++;
	timers_end(tracker, flow);
}

static void queue_advance(struct tracker *tracker, enum timeout timeout)
{
	struct queue *queue = &tracker->queues[timeout];
	int64_t span = span_of(tracker, timeout);

	if (span == TIME_NONE)
		return;
	while (queue->first != NONE) {
		struct flow *flow = &tracker->flows[queue->first];

		if (time_between(flow->queued, tracker->now) < span)
			return;
		if (time_between(waits_since(flow), tracker->now) < span)
			requeue(tracker, flow);
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

/* Among those that wait for the same, the one that was silent longest; a few looks are enough. */
static struct flow *least_useful(struct tracker *tracker, enum timeout timeout)
{
	struct queue *queue = &tracker->queues[timeout];

	for (int looks = 0; looks < 64; looks++) {
		struct flow *flow = &tracker->flows[queue->first];

		if (flow->touched <= flow->queued)
			break;
		requeue(tracker, flow);
	}
	return &tracker->flows[queue->first];
}

static bool is_done(enum timeout timeout)
{
	return timeout == TIMEOUT_KEPT || timeout == TIMEOUT_ENDED || timeout == TIMEOUT_LINGER;
}

/* Ends the least useful flow: done, then datagrams, half-open, closing; those that are open go last. */
void timers_make_room(struct tracker *tracker)
{
	enum timeout timeout = TIMEOUT_KEPT;
	struct flow *flow;

	while (tracker->queues[timeout].first == NONE)
		timeout++;
	assert(timeout < TIMEOUT_COUNT);
	flow = least_useful(tracker, timeout);
	if (is_done(timeout)) {
		tracker->totals.retired++;
	} else {
		tracker->totals.evicted++;
		flow->oddities |= ODD_EVICTED;
	}
	if (flow->stage == STAGE_LIVE) {
		tracker->totals.ended++;
		end(tracker, flow);
	}
	table_forget(tracker, flow);
}
