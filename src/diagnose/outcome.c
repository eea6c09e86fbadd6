/* outcome.c: what became of a flow, in one or two words. */

#include "diagnose/words.h"

static bool is_unfinished_handshake(enum opening opening)
{
	return opening == OPENING_UNANSWERED || opening == OPENING_UNREACHABLE ||
	       opening == OPENING_REFUSED || opening == OPENING_HALF_OPEN;
}

static const char *opening_outcome(const struct flow *flow, enum opening opening)
{
	switch (opening) {
	case OPENING_REFUSED:
		return "refused";
	case OPENING_UNREACHABLE:
		return "unreachable";
	case OPENING_UNANSWERED:
		return "no answer";
	default:
		return died_by_reset(flow) && flow->reset_side == CLIENT ? "disowned" : "half-open";
	}
}

const char *flow_outcome(const struct flow *flow)
{
	enum opening opening;
	enum closing closing;

	if (!is_tcp(flow))
		return udp_state_name(flow_udp_state(flow));
	opening = flow_opening(flow);
	closing = flow_closing(flow);
	if (is_unfinished_handshake(opening))
		return opening_outcome(flow, opening);
	if (closed_in_order(flow))
		return "closed";
	if (died_by_reset(flow))
		return "reset";
	if (flow->self_connected && flow_is_over(flow))
		return "closed";
	if (closing == CLOSING_HALF_CLOSED)
		return "half-closed";
	return flow->fin[CLIENT].frame != 0 || flow->fin[SERVER].frame != 0 ? "closing" : "open";
}
