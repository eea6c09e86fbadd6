/* evidence.c: what a segment without RST proves. */

/*
 * Within one segment the order is got, then acked, then sent: what its sender
 * had heard before it spoke comes before what it said.
 */

#include "track/inside.h"

#include "packet/option.h"
#include "packet/seq.h"

/* An acknowledgment of something that was never seen may be this far ahead, not further. */
static const uint32_t CREDIBLE_JUMP = UINT32_C(1) << 30;

/* The two ends of a segment, with what each has sent. */
struct parties {
	struct flow *flow;
	struct turn *turn;
	const struct segment *segment;
	enum side from, to;
	struct endpoint *sender, *receiver;
	struct sending *sent, *peer; /* by the sender, by the receiver */
};

static struct parties parties_of(struct flow *flow, struct turn *turn)
{
	enum side to = receiver_of(flow, turn->side);

	return (struct parties){
		.flow = flow,
		.turn = turn,
		.segment = turn->segment,
		.from = turn->side,
		.to = to,
		.sender = &flow->ends[turn->side],
		.receiver = &flow->ends[to],
		.sent = &flow->sent[turn->side],
		.peer = &flow->sent[to],
	};
}

static void set_base(struct sending *sent, uint32_t iss)
{
	sent->iss = iss;
	sent->next = iss + 1;
	sent->has_iss = true;
}

static void read_syn_options(const struct parties *p)
{
	struct tcp_options options;

	options_parse(p->segment, &options);
	p->flow->mss[p->from] = options.has_mss ? options.mss : 0;
	p->sent->window_scale = WINDOW_SCALE_UNUSED;
	if (options.has_window_scale)
		p->sent->window_scale =
			(int8_t)(options.window_scale > WINDOW_SCALE_MAX ? WINDOW_SCALE_MAX
		                                                         : options.window_scale);
}

static void begin_sending(const struct parties *p)
{
	uint32_t end = segment_end(p->segment);

	if (!p->sent->has_iss || p->sent->iss != p->segment->seq)
		set_base(p->sent, p->segment->seq);
	if (seq_after(end, p->sent->next))
		p->sent->next = end;
	p->sent->has_syn = true;
	p->sent->syn_payload =
		(uint16_t)(p->segment->payload > UINT16_MAX ? UINT16_MAX : p->segment->payload);
	read_syn_options(p);
}

static bool has_begun(const struct endpoint *end)
{
	return endpoint_has(end, PROOF_SENT_SYN) || endpoint_has(end, PROOF_SENT_SYN_ACK);
}

/* Whoever repeats its SYN has not had the answer, whatever was sent to it: its attempt did not fail. */
static void repeat_syn(struct tracker *tracker, const struct parties *p)
{
	bool had_failed = p->sender->state == ST_CLOSED;

	p->turn->is_repeat = true;
	endpoint_revive(p->sender);
	endpoint_take_back(p->sender, PROOF_SYN_ACKED);
	endpoint_take_back(p->sender, PROOF_UNREACHABLE);
	if (had_failed && p->sender->state == ST_SYN_SENT)
		tracker->totals.failed_attempts--;
	tracker_tell(tracker, p->flow, EVENT_SYN_REPEATED, p->turn);
}

/* Both ends opened, and neither had heard the other when it did (RFC 9293 figure 7). */
static bool meets_a_syn(const struct parties *p)
{
	return p->peer->has_syn && !endpoint_has(p->receiver, PROOF_SENT_SYN_ACK);
}

static void take_syn(struct tracker *tracker, const struct parties *p)
{
	bool is_known = p->sent->has_iss && p->sent->iss == p->segment->seq;

	p->sent->syns++;
	if (is_known && p->sent->has_syn) {
		repeat_syn(tracker, p);
		return;
	}
	if (p->sent->has_iss && !is_known) {
		tracker_tell_oddity(tracker, p->flow, p->turn, ODD_SYN_IN_ESTABLISHED);
		incarnation_suspect(tracker, p->flow, p->segment);
		return;
	}
	begin_sending(p);
	p->flow->has_syn = true;
	p->flow->simultaneous_open = p->from == p->to || meets_a_syn(p);
	endpoint_show(p->sender, PROOF_SENT_SYN, PROVEN);
	endpoint_show(p->receiver, PROOF_PEER_SYN, PRESUMED);
}

/* The handshake's last ACK went by, yet the server asks for it again (accept queue full, or it was lost). */
static void repeat_syn_ack(struct tracker *tracker, const struct parties *p)
{
	p->turn->is_repeat = true;
	if (endpoint_has(p->receiver, PROOF_SENT_ACK))
		tracker_tell_oddity(tracker, p->flow, p->turn, ODD_SYN_ACK_REPEATED_LATE);
	endpoint_take_back(p->sender, PROOF_SYN_ACKED);
	tracker_tell(tracker, p->flow, EVENT_SYN_REPEATED, p->turn);
}

static bool acks_peers_syn(const struct parties *p)
{
	return seq_within(p->segment->ack, p->peer->iss + 1, p->peer->next);
}

/* Another number than before: two hosts answer, or the first one began anew before it was acknowledged. */
static bool is_renumbered(const struct parties *p)
{
	return p->sent->has_iss && p->sent->iss != p->segment->seq;
}

/* An end that begins anew has no past. */
static void forget_past(const struct parties *p)
{
	*p->sender = (struct endpoint){ .state = ST_UNKNOWN };
	p->sent->has_fin = false;
	p->sent->fin_acked_peers = false;
	p->flow->first_close = CLOSING_OPEN;
}

/* Both answers are kept in mind until the peer acknowledges one. */
static void keep_rival(const struct parties *p)
{
	p->sent->rival = (struct rival){
		.iss = p->sent->iss,
		.mss = p->flow->mss[p->from],
		.window_scale = p->sent->window_scale,
		.is_open = p->sent->has_syn,
	};
}

static void settle_rival(const struct parties *p)
{
	struct rival *rival = &p->peer->rival;

	if (!rival->is_open || !segment_has(p->segment, TCP_ACK))
		return;
	if (p->segment->ack == rival->iss + 1) {
		set_base(p->peer, rival->iss);
		p->peer->window_scale = rival->window_scale;
		p->flow->mss[p->to] = rival->mss;
		rival->is_open = false;
	} else if (acks_peers_syn(p)) {
		rival->is_open = false;
	}
}

/* Neither a lie nor from another life of these ports. */
static bool is_credible_ack(const struct parties *p)
{
	uint32_t ack = p->segment->ack;

	return !seq_after(ack, p->peer->next) || ack - p->peer->next < CREDIBLE_JUMP;
}

static void note_ack(const struct parties *p)
{
	uint32_t ack = p->segment->ack;

	if (!is_credible_ack(p))
		return;
	if (seq_after(ack, p->peer->next))
		p->peer->next = ack;
	if (p->sent->has_acked && !seq_after(ack, p->sent->acked))
		return;
	p->sent->acked = ack;
	p->sent->has_acked = true;
	p->peer->back_off = 0;
}

static void take_syn_ack(struct tracker *tracker, const struct parties *p)
{
	bool is_passive = !endpoint_has(p->sender, PROOF_SENT_SYN);

	p->sent->syns++;
	if (p->sent->has_syn && p->sent->iss == p->segment->seq &&
	    endpoint_has(p->sender, PROOF_SENT_SYN_ACK)) {
		repeat_syn_ack(tracker, p);
		return;
	}
	if (p->peer->has_syn && !acks_peers_syn(p)) {
		tracker_tell_oddity(tracker, p->flow, p->turn, ODD_SYN_ACK_WRONG_ACK);
		return;
	}
	if (is_renumbered(p)) {
		tracker_tell_oddity(tracker, p->flow, p->turn, ODD_SYN_ACK_NEW_ISN);
		if (p->peer->has_acked)
			return;
		keep_rival(p);
		forget_past(p);
	}
	if (!p->peer->has_iss) {
		set_base(p->peer, p->segment->ack - 1);
		endpoint_show(p->receiver, PROOF_SENT_SYN, PRESUMED);
	}
	begin_sending(p);
	if (p->peer->syn_payload > 0 && p->segment->ack == p->peer->iss + 1 + p->peer->syn_payload)
		p->flow->oddities |= ODD_FAST_OPEN;
	note_ack(p);
	endpoint_show(p->receiver, PROOF_SYN_ACKED, PRESUMED);
	if (is_passive)
		endpoint_show(p->sender, PROOF_PEER_SYN, PROVEN);
	endpoint_show(p->sender, PROOF_SENT_SYN_ACK, PROVEN);
	if (is_passive && p->from == SERVER)
		listeners_answered(tracker, p->flow, p->segment->time);
}

/* Met after its handshake: nothing but the talking shows that it is open. */
static void take_midstream(const struct parties *p)
{
	if (has_begun(p->sender) || has_begun(p->receiver))
		return;
	endpoint_show(p->sender, PROOF_IS_OPEN, PRESUMED);
	endpoint_show(p->receiver, PROOF_IS_OPEN, PRESUMED);
}

/* The capture missed what came before it, and may have missed what it acknowledges. */
static bool follows_a_gap(const struct parties *p)
{
	return p->sent->has_syn && seq_after(p->segment->seq, p->sent->next) &&
	       seq_after(p->segment->ack, p->peer->next) && is_credible_ack(p);
}

/*
 * An ACK in answer to a SYN must acknowledge it. One that does not comes from
 * a connection that the other side still remembers (RFC 9293 section 3.5.1).
 */
static bool acks_nothing(const struct parties *p)
{
	bool answers_syn = p->peer->has_syn && (p->receiver->state == ST_SYN_SENT ||
	                                        p->receiver->state == ST_SYN_RECEIVED);

	return answers_syn && !acks_peers_syn(p) && !follows_a_gap(p);
}

/* The capture missed a SYN-ACK that must have been there. */
static void supply_syn_ack(const struct parties *p)
{
	if (has_begun(p->sender) && !has_begun(p->receiver))
		endpoint_show(p->receiver, PROOF_SENT_SYN_ACK, PRESUMED);
	else if (has_begun(p->receiver) && !has_begun(p->sender))
		endpoint_show(p->sender, PROOF_SENT_SYN_ACK, PRESUMED);
}

/* A challenge ACK says no more than the SYN-ACK did (RFC 9293 section 3.10.7.4). */
static bool repeats_its_syn_ack(const struct parties *p)
{
	return p->segment->ack == p->peer->iss + 1 && p->segment->seq == p->sent->iss + 1 &&
	       segment_space(p->segment) == 0;
}

/*
 * What an end past its SYN-ACK says, it says because the handshake was
 * completed; only Fast Open lets it speak before (RFC 7413 section 4.2).
 */
static void take_talk_of_responder(const struct parties *p)
{
	bool was_acked = endpoint_has(p->sender, PROOF_SYN_ACKED);

	if (!endpoint_has(p->sender, PROOF_SENT_SYN_ACK) || p->flow->self_connected)
		return;
	if (!was_acked && (p->peer->syn_payload > 0 || repeats_its_syn_ack(p)))
		return;
	endpoint_show(p->sender, PROOF_SYN_ACKED, was_acked ? PROVEN : PRESUMED);
	if (endpoint_has(p->receiver, PROOF_SENT_SYN))
		endpoint_show(p->receiver, PROOF_SENT_ACK, PRESUMED);
}

static bool acks_peers_fin(const struct parties *p)
{
	return p->peer->has_fin && !seq_before(p->segment->ack, p->peer->fin) && is_credible_ack(p);
}

/*
 * Where both FINs are out and one is acknowledged from past the other, the
 * receiver is taken to have had that other FIN first: they crossed.
 */
static void take_ack_of_fin(const struct parties *p)
{
	if (!acks_peers_fin(p))
		return;
	endpoint_show(p->sender, PROOF_GOT_FIN, PROVEN);
	if (p->peer->fin_acked_peers)
		endpoint_show(p->sender, PROOF_FIN_ACKED, PROVEN);
	if (p->sent->has_fin && !seq_before(p->segment->seq, p->sent->fin))
		endpoint_show(p->receiver, PROOF_GOT_FIN, PRESUMED);
	endpoint_show(p->receiver, PROOF_FIN_ACKED, PRESUMED);
}

static void take_ack(const struct parties *p)
{
	if (!p->peer->has_iss)
		set_base(p->peer, p->segment->ack - 1);
	supply_syn_ack(p);
	if (endpoint_has(p->sender, PROOF_SENT_SYN))
		endpoint_show(p->sender, PROOF_SENT_ACK, PROVEN);
	take_talk_of_responder(p);
	if (has_begun(p->receiver))
		endpoint_show(p->receiver, PROOF_SYN_ACKED, PRESUMED);
	take_ack_of_fin(p);
	note_ack(p);
}

/* RFC 9293 section 3.10.7.4: a FIN heard again starts the 2 MSL again. */
static void repeat_fin(struct tracker *tracker, const struct parties *p)
{
	endpoint_take_back(p->sender, PROOF_FIN_ACKED);
	if (p->receiver->state == ST_TIME_WAIT)
		p->flow->time_wait[p->to] = tracker->now;
}

/* A FIN that does not acknowledge the peer's left before that came, though it may be seen later. */
static void take_fin(struct tracker *tracker, const struct parties *p)
{
	p->sent->fins++;
	if (p->sent->has_fin) {
		repeat_fin(tracker, p);
		return;
	}
	p->sent->has_fin = true;
	p->sent->fin = segment_end(p->segment);
	p->sent->fin_acked_peers = acks_peers_fin(p);
	if (p->flow->first_close == CLOSING_OPEN)
		p->flow->first_close =
			p->from == CLIENT ? CLOSING_CLIENT_FIRST : CLOSING_SERVER_FIRST;
	endpoint_show(p->sender, PROOF_SENT_FIN, PROVEN);
	if (!p->sent->fin_acked_peers)
		endpoint_postpone(p->sender, PROOF_GOT_FIN);
}

/* A probe of any kind asks for an answer; it is not meant to bring anything. */
static bool is_probe(const struct turn *turn)
{
	return turn->marks & (mark_bit(MARK_KEEP_ALIVE) | mark_bit(MARK_ZERO_WINDOW_PROBE));
}

static void note_sequence(const struct parties *p)
{
	uint32_t end = segment_end(p->segment);

	if (segment_space(p->segment) == 0)
		return;
	if (seq_after(end, p->sent->next))
		p->sent->next = end;
	else
		p->turn->is_repeat = p->turn->fresh == 0 && !is_probe(p->turn);
}

void evidence_take(struct tracker *tracker, struct flow *flow, struct turn *turn)
{
	struct parties p = parties_of(flow, turn);
	unsigned kind = p.segment->flags & (TCP_SYN | TCP_FIN | TCP_ACK);

	if (kind == (TCP_SYN | TCP_ACK)) {
		take_syn_ack(tracker, &p);
		return;
	}
	if (kind == TCP_SYN) {
		take_syn(tracker, &p);
		return;
	}
	if (kind != TCP_ACK && kind != (TCP_FIN | TCP_ACK)) {
		tracker_tell_oddity(tracker, flow, turn, ODD_FLAGS);
		return;
	}
	settle_rival(&p);
	if (acks_nothing(&p)) {
		tracker_tell_oddity(tracker, flow, turn, ODD_ACK_OF_NOTHING);
		return;
	}
	if (!p.sent->has_iss)
		set_base(p.sent, p.segment->seq - 1);
	take_midstream(&p);
	take_ack(&p);
	note_sequence(&p);
	if (kind & TCP_FIN)
		take_fin(tracker, &p);
}
