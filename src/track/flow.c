/* flow.c: what can be said of one connection. */

#include "track/flow.h"

#include "base/time.h"

bool flow_state_is_presumed(const struct flow *flow, enum side side)
{
	return flow_end(flow, side)->certainty == PRESUMED;
}

static bool shook_hands(const struct endpoint *end)
{
	return endpoint_has(end, PROOF_SENT_SYN) || endpoint_has(end, PROOF_SENT_SYN_ACK);
}

/* An acknowledgment on the wire is evidence enough to do without a question mark. */
bool flow_state_is_doubtful(const struct flow *flow, enum side side)
{
	const struct endpoint *end = flow_end(flow, side);

	if (end->certainty == PROVEN)
		return false;
	switch (end->state) {
	case ST_LISTEN:
		return true;
	case ST_ESTABLISHED:
		return !shook_hands(end);
	case ST_CLOSE_WAIT:
	case ST_CLOSING:
		return true;
	default:
		return false;
	}
}

static bool was_open(const struct endpoint *end)
{
	return endpoint_has(end, PROOF_SENT_ACK) || endpoint_has(end, PROOF_IS_OPEN) ||
	       (endpoint_has(end, PROOF_SENT_SYN_ACK) && endpoint_has(end, PROOF_SYN_ACKED));
}

static bool has_answered(const struct flow *flow)
{
	return endpoint_has(flow_end(flow, SERVER), PROOF_SENT_SYN_ACK) ||
	       (flow->simultaneous_open && flow->sent[SERVER].has_syn);
}

static bool is_midstream(const struct flow *flow)
{
	return !shook_hands(flow_end(flow, CLIENT)) && !shook_hands(flow_end(flow, SERVER));
}

enum opening flow_opening(const struct flow *flow)
{
	if (is_midstream(flow))
		return OPENING_MIDSTREAM;
	if (was_open(flow_end(flow, CLIENT)) && was_open(flow_end(flow, SERVER)))
		return flow->simultaneous_open ? OPENING_SIMULTANEOUS : OPENING_HANDSHAKE;
	if (has_answered(flow))
		return OPENING_HALF_OPEN;
	if (flow->reset.frame != 0 && flow->reset_side == SERVER)
		return OPENING_REFUSED;
	if (endpoint_has(flow_end(flow, CLIENT), PROOF_UNREACHABLE))
		return OPENING_UNREACHABLE;
	return OPENING_UNANSWERED;
}

static enum closing closed_by(enum side side)
{
	return side == CLIENT ? CLOSING_CLIENT_FIRST : CLOSING_SERVER_FIRST;
}

/* Neither FIN acknowledges the other: RFC 9293 figure 13. */
static bool fins_crossed(const struct flow *flow)
{
	return flow->sent[CLIENT].has_fin && flow->sent[SERVER].has_fin &&
	       !flow->sent[CLIENT].fin_acked_peers && !flow->sent[SERVER].fin_acked_peers;
}

enum closing flow_closing(const struct flow *flow)
{
	enum closing first = (enum closing)flow->first_close;
	enum side later = first == CLOSING_CLIENT_FIRST ? SERVER : CLIENT;

	if (first != CLOSING_CLIENT_FIRST && first != CLOSING_SERVER_FIRST)
		return first;
	if (flow->self_connected)
		return CLOSING_SIMULTANEOUS;
	if (fins_crossed(flow))
		return CLOSING_SIMULTANEOUS;
	if (!flow->sent[later].has_fin && !flow->ends[later].was_reset)
		return CLOSING_HALF_CLOSED;
	return closed_by(first == CLOSING_CLIENT_FIRST ? CLIENT : SERVER);
}

const char *opening_name(enum opening opening)
{
	/* clang-format off */
	static const char *const names[OPENING_COUNT] = {
		[OPENING_MIDSTREAM] = "midstream",
		[OPENING_UNANSWERED] = "unanswered",
		[OPENING_UNREACHABLE] = "unreachable",
		[OPENING_REFUSED] = "refused",
		[OPENING_HALF_OPEN] = "half_open",
		[OPENING_HANDSHAKE] = "handshake",
		[OPENING_SIMULTANEOUS] = "simultaneous",
	};
	/* clang-format on */

	return names[opening];
}

const char *closing_name(enum closing closing)
{
	static const char *const names[CLOSING_COUNT] = {
		[CLOSING_OPEN] = "open",
		[CLOSING_HALF_CLOSED] = "half_closed",
		[CLOSING_CLIENT_FIRST] = "client_first",
		[CLOSING_SERVER_FIRST] = "server_first",
		[CLOSING_SIMULTANEOUS] = "simultaneous",
		[CLOSING_RESET_BY_CLIENT] = "reset_by_client",
		[CLOSING_RESET_BY_SERVER] = "reset_by_server",
	};

	return names[closing];
}

static bool is_gone(enum tcp_state state)
{
	return state == ST_CLOSED || state == ST_TIME_WAIT;
}

/* A client that gave up before anybody answered leaves nobody behind. */
bool flow_is_over(const struct flow *flow)
{
	enum tcp_state server = flow_state(flow, SERVER);

	return is_gone(flow_state(flow, CLIENT)) &&
	       (is_gone(server) || server == ST_LISTEN || server == ST_UNKNOWN);
}

/* What is only kept for tables has given its addresses and ports back. */
bool flow_end_exists(const struct flow *flow, enum side side)
{
	if (flow->stage == STAGE_KEPT)
		return false;
	switch (flow_state(flow, side)) {
	case ST_UNKNOWN:
	case ST_CLOSED:
	case ST_LISTEN:
		return false;
	default:
		return true;
	}
}

uint32_t flow_unacked(const struct flow *flow, enum side side)
{
	const struct sending *sent = &flow->sent[side];
	const struct sending *peer =
		&flow->sent[flow->self_connected || side == SERVER ? CLIENT : SERVER];
	uint32_t unacked;

	if (!sent->has_iss || !peer->has_acked || !flow_end_exists(flow, side))
		return 0;
	unacked = sent->next - peer->acked;
	return (int32_t)unacked > 0 ? unacked : 0;
}

uint64_t flow_unique_bytes(const struct flow *flow, enum side side)
{
	return flow->sent[side].payload - flow_repeated_bytes(flow, side);
}

static bool was_never_heard(const struct flow *flow, enum side side)
{
	const struct sequence *sequence = &flow->sequence[side];

	return flow->sent[side].packets == 0 && sequence->has_base &&
	       sequence->delivered - sequence->base > 1;
}

bool flow_is_one_sided(const struct flow *flow)
{
	return !flow->self_connected &&
	       (was_never_heard(flow, CLIENT) || was_never_heard(flow, SERVER));
}

/* Captures without time stamps give 0, which is no round trip. */
int64_t flow_irtt(const struct flow *flow)
{
	return flow->irtt == 0 ? TIME_NONE : flow->irtt;
}

unsigned flow_completeness(const struct flow *flow)
{
	uint64_t packets = flow->sent[CLIENT].packets + flow->sent[SERVER].packets + flow->quotes;

	if (packets > 1)
		return flow->seen;
	return flow->seen & SEEN_SYN ? flow->seen & (SEEN_SYN | SEEN_DATA) : 0;
}

enum udp_state flow_udp_state(const struct flow *flow)
{
	if (flow->saw_reply)
		return UDP_REPLIED;
	return endpoint_has(&flow->ends[CLIENT], PROOF_UNREACHABLE) ? UDP_REFUSED : UDP_UNREPLIED;
}

const char *udp_state_name(enum udp_state state)
{
	static const char *const names[UDP_STATE_COUNT] = {
		[UDP_UNREPLIED] = "unreplied",
		[UDP_REPLIED] = "replied",
		[UDP_REFUSED] = "refused",
	};

	return names[state];
}
