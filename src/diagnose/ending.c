/* ending.c: findings about how a connection ended, or did not. */

#include "base/time.h"
#include "diagnose/rows.h"
#include "diagnose/words.h"

#define HALF_CLOSE_HANG (60 * TIME_SECOND)

static bool reset_by(const struct flow *flow, enum closing closing)
{
	return is_tcp(flow) && flow_closing(flow) == closing && died_by_reset(flow);
}

/* "the client sent a reset in ESTABLISHED, 4.2 s after the handshake; until then 3 bytes..." */
static void add_reset_scene(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	enum side side = (enum side)flow->reset_side;
	enum tcp_state state = endpoint_state_before_reset(flow_end(flow, side));

	text_add(text, "the ");
	text_add(text, side_name(side));
	text_add(text, " sent a reset");
	if (state != ST_UNKNOWN) {
		text_add(text, " in ");
		text_add(text, state_name(state));
	}
	if (flow->opened.frame != 0) {
		text_add(text, ", ");
		add_span(text, flow->opened.time, flow->reset.time);
		text_add(text, " after the handshake");
	}
	text_add(text, "; until then ");
	add_count(text, flow->sent[CLIENT].payload, "byte");
	text_add(text, " from the client, ");
	text_add_unsigned(text, flow->sent[SERVER].payload);
	text_add(text, " from the server");
	evidence_add(evidence, flow->opened.frame);
	evidence_add(evidence, flow->reset.frame);
}

bool holds_reset_by_client(const struct flow *flow)
{
	return reset_by(flow, CLOSING_RESET_BY_CLIENT) && was_open(flow);
}

void explain_reset_by_client(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_reset_scene(text, flow, evidence);
}

/* No other finding tells of a server that resets what it has just accepted. */
bool holds_reset_by_server(const struct flow *flow)
{
	return reset_by(flow, CLOSING_RESET_BY_SERVER) &&
	       (was_open(flow) || flow_opening(flow) == OPENING_HALF_OPEN);
}

void explain_reset_by_server(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_reset_scene(text, flow, evidence);
}

bool holds_reset_while_closing(const struct flow *flow)
{
	return is_tcp(flow) && died_by_reset(flow) && !closed_in_order(flow) &&
	       half_close_span(flow) != TIME_NONE && !reset_by(flow, CLOSING_RESET_BY_CLIENT) &&
	       !reset_by(flow, CLOSING_RESET_BY_SERVER);
}

void explain_reset_while_closing(struct text *text, const struct flow *flow,
                                 struct evidence *evidence)
{
	enum side first = first_to_close(flow);
	enum side side = (enum side)flow->reset_side;

	text_add(text, "the ");
	text_add(text, side_name(first));
	text_add(text, " sent its FIN, and ");
	add_span(text, flow->fin[first].time, flow->reset.time);
	text_add(text, " later ");
	text_add(text, side == first
	                       ? "a reset: its application was gone while the other end still sent"
	                       : "the other end reset instead of closing");
	evidence_add(evidence, flow->fin[first].frame);
	evidence_add(evidence, flow->reset.frame);
}

static bool is_half_closed(const struct flow *flow)
{
	int64_t span;

	if (!is_tcp(flow))
		return false;
	span = half_close_span(flow);
	return span != TIME_NONE &&
	       (span > HALF_CLOSE_LONG || flow_closing(flow) == CLOSING_HALF_CLOSED);
}

static bool hangs(const struct flow *flow)
{
	return half_close_span(flow) >= HALF_CLOSE_HANG;
}

static void add_half_close(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	enum side first = first_to_close(flow);
	enum side other = first == CLIENT ? SERVER : CLIENT;

	text_add(text, "the ");
	text_add(text, side_name(first));
	text_add(text, " sent its FIN, the ");
	text_add(text, side_name(other));
	text_add(text, flow->fin[other].frame != 0 ? " answered with its own after "
	                                           : " had not sent its own after ");
	time_add_span(text, half_close_span(flow), false);
	evidence_add(evidence, flow->fin[first].frame);
	evidence_add(evidence, flow->fin_acked[first].frame);
	evidence_add(evidence, flow->fin[other].frame);
}

bool holds_half_closed(const struct flow *flow)
{
	return is_half_closed(flow) && !hangs(flow) && !holds_reset_while_closing(flow) &&
	       !holds_one_direction(flow);
}

void explain_half_closed(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_half_close(text, flow, evidence);
}

bool holds_half_close_hang(const struct flow *flow)
{
	return is_half_closed(flow) && hangs(flow);
}

void explain_half_close_hang(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_half_close(text, flow, evidence);
	text_add(text, ": its application did not close, or had much left to say");
}

static bool fin_unanswered(const struct flow *flow, enum side side)
{
	return flow->sent[side].fins > 1 && flow->fin[side].frame != 0 &&
	       flow->fin_acked[side].frame == 0;
}

bool holds_fin_unanswered(const struct flow *flow)
{
	return is_tcp(flow) && !died_by_reset(flow) &&
	       (fin_unanswered(flow, CLIENT) || fin_unanswered(flow, SERVER));
}

void explain_fin_unanswered(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	enum side side = fin_unanswered(flow, CLIENT) ? CLIENT : SERVER;

	text_add(text, "the ");
	text_add(text, side_name(side));
	text_add(text, " sent its FIN ");
	add_count(text, flow->sent[side].fins, "time");
	text_add(text, " and nobody acknowledged it: the peer, or the way to it, is gone");
	evidence_add(evidence, flow->fin[side].frame);
	evidence_add(evidence, flow->last_frame);
}

bool holds_simultaneous_close(const struct flow *flow)
{
	return is_tcp(flow) && flow_closing(flow) == CLOSING_SIMULTANEOUS && !flow->self_connected;
}

void explain_simultaneous_close(struct text *text, const struct flow *flow,
                                struct evidence *evidence)
{
	text_add(text,
	         "both ends sent their FIN before they heard the other's: rare, and as it should "
	         "be (RFC 9293 section 3.6)");
	evidence_add(evidence, flow->fin[CLIENT].frame);
	evidence_add(evidence, flow->fin[SERVER].frame);
}

bool holds_reset_ignored(const struct flow *flow)
{
	return has_oddity(flow, ODD_RESET_IGNORED);
}

void explain_reset_ignored(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	text_add(text, "a reset in the name of the ");
	text_add(text, side_name((enum side)flow->reset_side));
	text_add(text, " should have ended it, but traffic went on: it was injected, or it never "
	               "arrived");
	evidence_add(evidence, flow->reset.frame);
	evidence_add(evidence, flow->odd.frame);
}

/* The reset that answers an ACK of nothing is meant for the old connection, not for this one. */
bool holds_reset_rejected(const struct flow *flow)
{
	return has_oddity(flow, ODD_RESET_UNACCEPTABLE) && !has_oddity(flow, ODD_ACK_OF_NOTHING);
}

void explain_reset_rejected(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	text_add(text, "a reset had a sequence number that its receiver does not accept "
	               "(RFC 9293 section 3.10.7.4): late, or blind guessing");
	evidence_add(evidence, flow->odd.frame);
}
