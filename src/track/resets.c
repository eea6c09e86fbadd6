/* resets.c: which resets close a connection, and which were never heard. */

/*
 * RFC 9293 section 3.10.7 as narrowed by RFC 5961 section 3: outside of
 * SYN_SENT only a reset with exactly the next sequence number closes; one
 * elsewhere in the window draws a challenge ACK, any other is dropped. An
 * observer knows the next number only as an interval: from what the receiver
 * last acknowledged to what the sender has sent.
 */

#include "track/inside.h"

#include "base/time.h"
#include "packet/seq.h"

static bool covers_syn(const struct sending *opener, const struct segment *segment)
{
	return segment_has(segment, TCP_ACK) && opener->has_iss &&
	       seq_within(segment->ack, opener->iss + 1, opener->next);
}

/* macOS sends the reset with its FIN's number, and Linux takes that (tcp_reset_check). */
static bool repeats_fins_number(const struct flow *flow, enum side to, uint32_t seq,
                                uint32_t expected)
{
	enum tcp_state state = flow_state(flow, to);

	return seq + 1 == expected &&
	       (state == ST_CLOSE_WAIT || state == ST_LAST_ACK || state == ST_CLOSING);
}

/* Whether the receiver takes it, as far as can be told; a LISTEN never does. */
static bool is_acceptable(const struct flow *flow, enum side from, enum side to,
                          const struct segment *segment)
{
	const struct sending *sent = &flow->sent[from];
	const struct sending *peer = &flow->sent[to];
	uint32_t highest;

	if (flow_state(flow, to) == ST_LISTEN)
		return false;
	if (flow_state(flow, to) == ST_SYN_SENT)
		return covers_syn(peer, segment);
	if (!peer->has_acked)
		return !sent->has_iss || seq_within(segment->seq, sent->iss, sent->next);
	highest = seq_after(sent->next, peer->acked) ? sent->next : peer->acked;
	return seq_within(segment->seq, peer->acked, highest) ||
	       repeats_fins_number(flow, to, segment->seq, peer->acked);
}

/*
 * A client that gives up before it was answered. A reset that answers an ACK
 * of nothing is no such thing: it carries that ACK's number, and its sender
 * goes on (RFC 9293 figure 9).
 */
static bool gives_up(const struct flow *flow, enum side from, const struct segment *segment)
{
	const struct sending *sent = &flow->sent[from];

	return flow_state(flow, from) == ST_SYN_SENT &&
	       seq_within(segment->seq, sent->iss, sent->next);
}

static bool is_synchronized(enum tcp_state state)
{
	return state == ST_ESTABLISHED || state == ST_CLOSE_WAIT;
}

static bool is_opening(enum tcp_state state)
{
	return state == ST_SYN_SENT || state == ST_SYN_RECEIVED;
}

/* RFC 4022: tcpAttemptFails and tcpEstabResets, one for each connection. */
static void count_loss(struct tracker *tracker, const struct flow *flow)
{
	enum tcp_state client = flow_state(flow, CLIENT);
	enum tcp_state server = flow_state(flow, SERVER);

	if (is_synchronized(client) || is_synchronized(server))
		tracker->totals.established_resets++;
	else if (is_opening(client) || is_opening(server))
		tracker->totals.failed_attempts++;
}

static void note_reset(struct flow *flow, enum side from, const struct segment *segment)
{
	flow->reset_last = segment->time;
	flow->reset_seq[from] = segment->seq;
	flow->reset_got[from] = flow->sent[receiver_of(flow, from)].next;
	flow->has_reset_got |= (uint8_t)(flow->sent[receiver_of(flow, from)].has_iss << from);
	if (flow->first_close == CLOSING_OPEN)
		flow->first_close =
			from == CLIENT ? CLOSING_RESET_BY_CLIENT : CLOSING_RESET_BY_SERVER;
	if (flow->reset.frame != 0)
		return;
	flow->reset = (struct milestone){ .time = segment->time, .frame = segment->frame };
	flow->reset_side = (uint8_t)from;
}

void resets_take(struct tracker *tracker, struct flow *flow, struct turn *turn)
{
	enum side from = turn->side;
	enum side to = receiver_of(flow, from);

	bool is_heard = is_acceptable(flow, from, to, turn->segment);

	flow->sent[from].resets++;
	if (segment_has_any(turn->segment, TCP_SYN | TCP_FIN))
		tracker_tell_oddity(tracker, flow, turn, ODD_FLAGS);
	if (!is_heard && !gives_up(flow, from, turn->segment)) {
		tracker_tell_oddity(tracker, flow, turn, ODD_RESET_UNACCEPTABLE);
		return;
	}
	count_loss(tracker, flow);
	note_reset(flow, from, turn->segment);
	endpoint_reset(&flow->ends[from], PROVEN);
	if (is_heard)
		endpoint_reset(&flow->ends[to], PRESUMED);
	tracker_tell(tracker, flow, EVENT_RESET, turn);
}

/* What was under way when the reset arrived goes on for a round trip, and proves nothing. */
static int64_t in_flight(const struct flow *flow)
{
	int64_t round_trips = flow->irtt == TIME_NONE ? TIME_SECOND : 2 * flow->irtt;

	return round_trips < 10 * TIME_MILLISECOND ? 10 * TIME_MILLISECOND : round_trips;
}

/* It acknowledges what was sent after the peer's reset. */
static bool has_heard_more(const struct flow *flow, const struct turn *turn)
{
	return segment_has(turn->segment, TCP_ACK) &&
	       seq_after(turn->segment->ack, flow->reset_seq[receiver_of(flow, turn->side)]);
}

static bool has_sent_more(const struct flow *flow, const struct turn *turn)
{
	return seq_after(segment_end(turn->segment), flow->reset_seq[turn->side]);
}

/* The same of one that sent the reset, or in whose name it was sent: bytes that came only after it. */
static bool has_heard_since(const struct flow *flow, const struct turn *turn)
{
	return (flow->has_reset_got >> turn->side & 1) && segment_has(turn->segment, TCP_ACK) &&
	       seq_after(turn->segment->ack, flow->reset_got[turn->side]);
}

static bool proves_life(const struct flow *flow, const struct turn *turn)
{
	const struct endpoint *end = &flow->ends[turn->side];
	const struct segment *segment = turn->segment;

	if (segment_has(segment, TCP_SYN))
		return segment_has(segment, TCP_ACK);
	if (end->reset_proven && (has_sent_more(flow, turn) || has_heard_since(flow, turn)))
		return true;
	if (!end->reset_proven && has_heard_more(flow, turn))
		return true;
	return time_between(flow->reset_last, segment->time) > in_flight(flow);
}

static bool is_reset(enum closing closing)
{
	return closing == CLOSING_RESET_BY_CLIENT || closing == CLOSING_RESET_BY_SERVER;
}

/* It refused one SYN and takes the repeat of it: it came to listen in between. */
static bool is_asked_again(const struct flow *flow, const struct turn *turn)
{
	return segment_has(turn->segment, TCP_SYN) && flow->ends[turn->side].reset_proven &&
	       !flow->ends[other_side(turn->side)].was_reset;
}

/* Who talks on was not reset: the reset was forged, or lost. */
void resets_doubt(struct tracker *tracker, struct flow *flow, struct turn *turn)
{
	struct endpoint *end = &flow->ends[turn->side];
	bool is_expected = is_asked_again(flow, turn);

	if (!end->was_reset || !proves_life(flow, turn))
		return;
	endpoint_revive(end);
	if (!is_expected && end->state != ST_CLOSED && end->state != ST_TIME_WAIT)
		tracker_tell_oddity(tracker, flow, turn, ODD_RESET_IGNORED);
	if (!flow->ends[other_side(turn->side)].was_reset &&
	    is_reset((enum closing)flow->first_close))
		flow->first_close = CLOSING_OPEN;
}
