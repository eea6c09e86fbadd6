/* opening.c: findings about how a connection began, or failed to. */

#include "base/time.h"
#include "diagnose/rows.h"
#include "diagnose/words.h"

static bool opening_is(const struct flow *flow, enum opening opening)
{
	return is_tcp(flow) && flow_opening(flow) == opening;
}

static bool disowned(const struct flow *flow)
{
	return died_by_reset(flow) && flow->reset_side == CLIENT;
}

bool holds_refused(const struct flow *flow)
{
	return opening_is(flow, OPENING_REFUSED);
}

void explain_refused(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_end(text, flow, SERVER);
	text_add(text, " answered the SYN with a reset");
	if (flow->syn.frame != 0) {
		text_add(text, " after ");
		add_span(text, flow->syn_last, flow->reset.time);
	}
	text_add(text, ": nobody listens there, or a firewall rejects");
	evidence_add(evidence, flow->syn.frame);
	evidence_add(evidence, flow->reset.frame);
}

/* "3 SYNs over 3.1 s". */
static void add_tries(struct text *text, uint64_t count, const char *noun,
                      const struct milestone *first, int64_t last)
{
	add_count(text, count, noun);
	if (count > 1) {
		text_add(text, " over ");
		add_span(text, first->time, last);
	}
}

bool holds_no_answer(const struct flow *flow)
{
	return opening_is(flow, OPENING_UNANSWERED) && !has_oddity(flow, ODD_ACK_OF_NOTHING);
}

void explain_no_answer(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_tries(text, flow->sent[CLIENT].syns, "SYN", &flow->syn, flow->syn_last);
	text_add(text, " to ");
	add_end(text, flow, SERVER);
	text_add(text, ", nothing came back: dropped on the way, host down, or the reply was lost");
	evidence_add(evidence, flow->syn.frame);
	evidence_add(evidence, flow->last_frame);
}

/* Where the ACK did come, and was ignored, accept_ignored says so. */
bool holds_half_open(const struct flow *flow)
{
	return opening_is(flow, OPENING_HALF_OPEN) && !died_by_reset(flow) &&
	       flow->opened.frame == 0;
}

void explain_half_open(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_end(text, flow, SERVER);
	text_add(text, " answered with ");
	add_tries(text, flow->sent[SERVER].syns, "SYN-ACK", &flow->syn_ack, flow->syn_ack_last);
	text_add(text, ", no ACK came: the client never saw the answer, or the SYN was forged");
	evidence_add(evidence, flow->syn.frame);
	evidence_add(evidence, flow->syn_ack.frame);
	evidence_add(evidence, flow->last_frame);
}

bool holds_syn_ack_disowned(const struct flow *flow)
{
	return opening_is(flow, OPENING_HALF_OPEN) && disowned(flow);
}

void explain_syn_ack_disowned(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	text_add(text, "the client answered the SYN-ACK of ");
	add_end(text, flow, SERVER);
	text_add(text, " with a reset");
	if (flow->syn_ack.frame != 0) {
		text_add(text, " after ");
		add_span(text, flow->syn_ack_last, flow->reset.time);
	}
	text_add(text, ": a port scan, a client that gave up, or a SYN with a forged source");
	evidence_add(evidence, flow->syn.frame);
	evidence_add(evidence, flow->syn_ack.frame);
	evidence_add(evidence, flow->reset.frame);
}

bool holds_stale_peer(const struct flow *flow)
{
	return has_oddity(flow, ODD_ACK_OF_NOTHING);
}

void explain_stale_peer(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_end(text, flow, SERVER);
	text_add(text, " answered the SYN with an ACK of something else: it still held an old "
	               "connection on this port");
	if (was_open(flow))
		text_add(text, ", and let go of it");
	evidence_add(evidence, flow->syn.frame);
	evidence_add(evidence, flow->odd.frame);
	evidence_add(evidence, flow->opened.frame);
}

bool holds_two_answers(const struct flow *flow)
{
	return has_oddity(flow, ODD_SYN_ACK_WRONG_ACK | ODD_SYN_ACK_NEW_ISN);
}

void explain_two_answers(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	text_add(text, has_oddity(flow, ODD_SYN_ACK_NEW_ISN)
	                       ? "a second SYN-ACK came with another sequence number"
	                       : "a SYN-ACK acknowledged what the client had not sent");
	text_add(text, ": two hosts answer for ");
	add_end(text, flow, SERVER);
	text_add(text, ", or a SYN proxy or load balancer does");
	evidence_add(evidence, flow->syn_ack.frame);
	evidence_add(evidence, flow->odd.frame);
}

bool holds_accept_ignored(const struct flow *flow)
{
	return has_oddity(flow, ODD_SYN_ACK_REPEATED_LATE);
}

void explain_accept_ignored(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_end(text, flow, SERVER);
	text_add(text, " repeated its SYN-ACK (");
	add_count(text, flow->sent[SERVER].syns, "time");
	text_add(text, " in all) after the last ACK of the handshake: its accept queue is full, "
	               "it waits for data before it accepts, or the ACK was lost");
	evidence_add(evidence, flow->syn_ack.frame);
	evidence_add(evidence, flow->opened.frame);
	evidence_add(evidence, flow->odd.frame);
}

/* A crossing SYN is no second try, nor is one that came when the connection was open. */
bool flow_was_retried(const struct flow *flow)
{
	int64_t irtt = flow_irtt(flow);

	if (!opening_is(flow, OPENING_HANDSHAKE) || flow->sent[CLIENT].syns < 2)
		return false;
	return irtt == TIME_NONE || flow->opened.frame == 0 ||
	       time_between(flow->syn.time, flow->opened.time) > irtt;
}

bool holds_retried_handshake(const struct flow *flow)
{
	return flow_was_retried(flow);
}

void explain_retried_handshake(struct text *text, const struct flow *flow,
                               struct evidence *evidence)
{
	int64_t irtt = flow_irtt(flow);

	text_add(text, "the SYN was sent ");
	add_count(text, flow->sent[CLIENT].syns, "time");
	if (flow->opened.frame != 0) {
		text_add(text, ": opening took ");
		add_span(text, flow->syn.time, flow->opened.time);
	}
	if (irtt != TIME_NONE && flow->opened.frame != 0) {
		text_add(text, ", of which the last try took ");
		time_add_span(text, irtt, false);
	}
	evidence_add(evidence, flow->syn.frame);
	evidence_add(evidence, flow->opened.frame);
}

bool holds_simultaneous_open(const struct flow *flow)
{
	return opening_is(flow, OPENING_SIMULTANEOUS) && !flow->self_connected;
}

void explain_simultaneous_open(struct text *text, const struct flow *flow,
                               struct evidence *evidence)
{
	text_add(text,
	         "both ends sent a SYN before they heard the other's: rare, and as it should be "
	         "(RFC 9293 section 3.5)");
	evidence_add(evidence, flow->syn.frame);
	evidence_add(evidence, flow->syn_ack.frame);
}

bool holds_self_connected(const struct flow *flow)
{
	return is_tcp(flow) && flow->self_connected;
}

void explain_self_connected(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_end(text, flow, CLIENT);
	text_add(text, " is connected to itself: a client on this host was given the very port "
	               "it wanted to reach");
	evidence_add(evidence, flow->first_frame);
}

bool holds_fast_open(const struct flow *flow)
{
	return has_oddity(flow, ODD_FAST_OPEN);
}

void explain_fast_open(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_count(text, flow->sent[CLIENT].syn_payload, "byte");
	text_add(text, " came with the SYN and were accepted (TCP Fast Open, RFC 7413)");
	evidence_add(evidence, flow->syn.frame);
	evidence_add(evidence, flow->syn_ack.frame);
}

bool holds_reused_port(const struct flow *flow)
{
	return has_oddity(flow, ODD_REUSED_PORT);
}

void explain_reused_port(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	text_add(text, "the same addresses and ports had a connection before in this capture");
	if (flow->incarnation > 0) {
		text_add(text, ": this is number ");
		text_add_unsigned(text, (uint64_t)flow->incarnation + 1);
	}
	evidence_add(evidence, flow->first_frame);
}

bool holds_midstream(const struct flow *flow)
{
	return opening_is(flow, OPENING_MIDSTREAM);
}

void explain_midstream(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	text_add(text, "no SYN was seen: it began before the capture did, and who is the client "
	               "is a guess");
	evidence_add(evidence, flow->first_frame);
}
