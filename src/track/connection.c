/* connection.c: what one TCP segment does to its connection. */

#include "track/inside.h"

#include "base/time.h"
#include "packet/seq.h"
#include "track/zeek_parts.h"

/* Milestones and round trips of the handshake. */

static bool is_bare_syn(const struct segment *segment)
{
	return segment_has(segment, TCP_SYN) && !segment_has_any(segment, TCP_ACK | TCP_RST);
}

static bool is_syn_ack(const struct segment *segment)
{
	return segment_has(segment, TCP_SYN | TCP_ACK) && !segment_has(segment, TCP_RST);
}

static void reach(struct milestone *milestone, const struct segment *segment)
{
	if (milestone->frame == 0)
		*milestone = (struct milestone){ .time = segment->time, .frame = segment->frame };
}

/* Wireshark's rule: from the latest SYN to the first ACK without SYN, of either side. */
static void measure_irtt(struct flow *flow, const struct segment *segment)
{
	if (segment_has(segment, TCP_ACK) && !segment_has(segment, TCP_SYN) &&
	    (flow->irtt == TIME_NONE || flow->irtt == 0) && flow->syn_last != TIME_NONE)
		flow->irtt = time_between(flow->syn_last, segment->time);
}

static void note_handshake(struct flow *flow, const struct segment *segment)
{
	if (is_bare_syn(segment)) {
		reach(&flow->syn, segment);
		flow->syn_last = segment->time;
	} else if (is_syn_ack(segment)) {
		if (flow->syn_ack.frame == 0 && flow->syn_last != TIME_NONE)
			flow->syn_rtt = time_between(flow->syn_last, segment->time);
		reach(&flow->syn_ack, segment);
		flow->syn_ack_last = segment->time;
	}
	measure_irtt(flow, segment);
}

static bool completes_handshake(const struct flow *flow)
{
	enum opening opening = flow_opening(flow);

	return opening == OPENING_HANDSHAKE || opening == OPENING_SIMULTANEOUS;
}

static void note_opened(struct tracker *tracker, struct flow *flow, const struct segment *segment)
{
	if (flow->opened.frame != 0 || !completes_handshake(flow))
		return;
	reach(&flow->opened, segment);
	if (flow->syn_ack_last != TIME_NONE)
		flow->ack_rtt = time_between(flow->syn_ack_last, segment->time);
	listeners_completed(tracker, flow);
}

static bool has_moved_to(const struct flow *flow, const struct turn *turn, enum side side,
                         enum tcp_state state)
{
	return flow->ends[side].state == state && turn->before[side] != state;
}

static void note_closing(struct tracker *tracker, struct flow *flow, const struct turn *turn)
{
	enum side peer = receiver_of(flow, turn->side);

	if (segment_has(turn->segment, TCP_FIN) && flow->sent[turn->side].has_fin)
		reach(&flow->fin[turn->side], turn->segment);
	if (endpoint_has(&flow->ends[peer], PROOF_FIN_ACKED))
		reach(&flow->fin_acked[peer], turn->segment);
	for (int side = CLIENT; side <= SERVER; side++) {
		if (has_moved_to(flow, turn, (enum side)side, ST_TIME_WAIT))
			flow->time_wait[side] = tracker->now;
	}
	if (flow_is_over(flow))
		listeners_abandoned(tracker, flow);
}

/* Wireshark's tcp.completeness. */

static unsigned seen_in(const struct flow *flow, const struct segment *segment)
{
	unsigned seen = 0;

	if (is_bare_syn(segment) && segment->frame == flow->first_frame)
		seen |= SEEN_SYN |
		        (segment->payload > 0 && flow->incarnation == 0 ? SEEN_DATA : 0u);
	if (is_syn_ack(segment))
		seen |= SEEN_SYN_ACK;
	if (segment_has(segment, TCP_ACK) && !segment_has(segment, TCP_SYN))
		seen |= segment->payload > 0 ? SEEN_DATA : SEEN_ACK;
	if (segment_has(segment, TCP_FIN | TCP_ACK))
		seen |= SEEN_FIN;
	if (segment_has(segment, TCP_RST))
		seen |= SEEN_RST;
	return seen;
}

/* Counting. */

static void count_on_flow(struct tracker *tracker, struct flow *flow, const struct segment *segment,
                          enum side side)
{
	struct sending *sent = &flow->sent[side];

	tracker->totals.sent[side]++;
	if (sent->packets++ == 0)
		flow->ttl[side] = segment->ttl;
	sent->payload += segment->payload;
	sent->window = segment->window;
	flow->last = segment->time;
	flow->last_frame = segment->frame;
	flow->touched = tracker->now;
	flow->saw_reply |= side == SERVER;
	if (flow->stage != STAGE_ENDED)
		return;
	flow->late++;
	tracker->totals.late++;
}

static void count_repeats(struct tracker *tracker, struct sending *sent, const struct turn *turn)
{
	if (segment_space(turn->segment) > 0)
		sent->last_new = turn->segment->time;
	if (!turn->is_repeat)
		return;
	sent->repeats++;
	sent->back_off++;
	tracker->totals.retransmitted++;
}

static bool was_asleep(enum tcp_state state)
{
	return state == ST_UNKNOWN || state == ST_LISTEN;
}

/* RFC 4022: tcpActiveOpens and tcpPassiveOpens. */
static void count_opens(struct tracker *tracker, const struct flow *flow, const struct turn *turn)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		const struct endpoint *end = &flow->ends[side];

		if (!was_asleep(turn->before[side]) || was_asleep((enum tcp_state)end->state))
			continue;
		tracker->totals.active_opens += endpoint_has(end, PROOF_SENT_SYN);
		tracker->totals.passive_opens +=
			!endpoint_has(end, PROOF_SENT_SYN) && endpoint_has(end, PROOF_SENT_SYN_ACK);
	}
}

static void tell_moves(struct tracker *tracker, struct flow *flow, struct turn *turn)
{
	enum side sender = turn->side;

	for (int side = CLIENT; side <= SERVER; side++) {
		turn->side = (enum side)side;
		if (flow->ends[side].state != turn->before[side])
			tracker_tell(tracker, flow, EVENT_STATE_CHANGED, turn);
	}
	turn->side = sender;
}

/* Everything that a segment means, unless it is the same packet again. */
static void take_all(struct tracker *tracker, struct flow *flow, struct turn *turn)
{
	const struct segment *segment = turn->segment;

	sequence_take(tracker, flow, turn);
	note_handshake(flow, segment);
	flow->seen |= (uint8_t)seen_in(flow, segment);
	if (segment_has(segment, TCP_RST)) {
		resets_take(tracker, flow, turn);
	} else {
		resets_doubt(tracker, flow, turn);
		evidence_take(tracker, flow, turn);
	}
	count_repeats(tracker, &flow->sent[turn->side], turn);
	count_opens(tracker, flow, turn);
	note_opened(tracker, flow, segment);
	note_closing(tracker, flow, turn);
}

void connection_take(struct tracker *tracker, struct flow *flow, const struct segment *segment,
                     enum side side)
{
	struct turn turn = {
		.segment = segment,
		.side = side,
		.before = { (enum tcp_state)flow->ends[CLIENT].state,
		            (enum tcp_state)flow->ends[SERVER].state },
	};

	count_on_flow(tracker, flow, segment, side);
	zeek_take(flow, segment, side);
	if (flow->last_frame == flow->first_frame)
		tracker_tell(tracker, flow, EVENT_FLOW_OPENED, &turn);
	marks_find_artefacts(tracker, flow, &turn);
	if (!(turn.marks & mark_bit(MARK_DUPLICATE)))
		take_all(tracker, flow, &turn);
	marks_count(tracker, flow, &turn);
	timers_place(tracker, flow);
	tell_moves(tracker, flow, &turn);
	if (flow->stage == STAGE_ENDED)
		tracker_tell(tracker, flow, EVENT_LATE_SEGMENT, &turn);
	tracker_tell(tracker, flow, EVENT_SEGMENT, &turn);
}

static void count_in_totals(struct tracker *tracker, const struct segment *segment)
{
	struct tracker_totals *totals = &tracker->totals;

	totals->segments++;
	totals->payload += segment->payload;
	totals->bad_segments += segment->checksum == CHECKSUM_BAD;
	if (!segment_has_any(segment, TCP_SYN | TCP_FIN | TCP_RST))
		return;
	totals->syns += is_bare_syn(segment);
	totals->syn_acks += is_syn_ack(segment);
	totals->fins += segment_has(segment, TCP_FIN);
	totals->resets_sent += segment_has(segment, TCP_RST);
}

void connection_feed(struct tracker *tracker, const struct segment *segment, uint64_t hash)
{
	enum side side;
	struct flow *flow;

	count_in_totals(tracker, segment);
	if (calm_feed(tracker, segment, hash))
		return;
	flow = incarnation_of(tracker, segment, hash, &side);
	if (!flow)
		return;
	marks_prefetch(flow);
	connection_take(tracker, flow, segment, side);
	place_rest(tracker, flow);
}

/* A header that is cut or lies still says whose it is; it opens and moves nothing. */
void connection_part(struct tracker *tracker, const struct segment *segment, uint64_t hash)
{
	enum side side;
	struct flow *flow = table_find(tracker, segment, hash, &side);

	tracker->totals.segments++;
	tracker->totals.bad_segments++;
	if (!flow) {
		tracker->totals.lone_parts++;
		return;
	}
	flow->oddities |= ODD_CUT_HEADER;
	count_on_flow(tracker, flow, segment, side);
}
