/* tones.c: which tone a cell of a flow has; it only repeats what the cell says. */

#include "report/tones.h"

#include "diagnose/finding.h"

enum tone tone_opening(const struct flow *flow)
{
	enum opening opening;

	if (flow->key.protocol != PROTOCOL_TCP)
		return flow_udp_state(flow) == UDP_REFUSED ? TONE_TROUBLE : TONE_OPENING;
	opening = flow_opening(flow);
	if (opening == OPENING_MIDSTREAM)
		return TONE_DIM;
	if (opening == OPENING_HANDSHAKE || opening == OPENING_SIMULTANEOUS)
		return TONE_OPENING;
	return TONE_TROUBLE;
}

enum tone tone_closing(const struct flow *flow)
{
	if (flow->key.protocol != PROTOCOL_TCP)
		return TONE_PLAIN;
	switch (flow_closing(flow)) {
	case CLOSING_OPEN:
		return TONE_PLAIN;
	case CLOSING_RESET_BY_CLIENT:
	case CLOSING_RESET_BY_SERVER:
		return TONE_TROUBLE;
	default:
		return TONE_CLOSING;
	}
}

static enum tone tone_state(const struct flow *flow, enum side side)
{
	if (flow->key.protocol != PROTOCOL_TCP || !flow_state_is_presumed(flow, side))
		return TONE_PLAIN;
	return TONE_DIM;
}

enum tone tone_client_state(const struct flow *flow)
{
	return tone_state(flow, CLIENT);
}

enum tone tone_server_state(const struct flow *flow)
{
	return tone_state(flow, SERVER);
}

enum tone tone_outcome(const struct flow *flow)
{
	switch (flow_severity(flow)) {
	case SEVERITY_FAILURE:
		return TONE_TROUBLE;
	case SEVERITY_WARNING:
		return TONE_CLOSING;
	default:
		return TONE_PLAIN;
	}
}
