/* finding.c: the table of findings, and which of them hold for a flow. */

#include "diagnose/finding.h"

#include <string.h>

#include "diagnose/rows.h"
#include "diagnose/words.h"

static const struct finding table[] = {
#define X(code, severity, occasion, summary)                                                       \
	{ #code, summary, SEVERITY_##severity, holds_##code, explain_##code },
	FINDINGS(X)
#undef X
};

/* By the same order. */
static const uint16_t occasions[] = {
#define X(code, severity, occasion, summary) OCCASION_##occasion,
	FINDINGS(X)
#undef X
};

enum { FINDING_COUNT = sizeof(table) / sizeof(table[0]) };

const struct finding *findings(size_t *count)
{
	*count = FINDING_COUNT;
	return table;
}

const struct finding *finding_find(const char *code)
{
	for (size_t i = 0; i < FINDING_COUNT; i++) {
		if (strcmp(table[i].code, code) == 0)
			return &table[i];
	}
	return NULL;
}

static unsigned when(bool happened, enum occasion occasion)
{
	return happened ? (unsigned)occasion : 0;
}

/* Nearly all that close answer a FIN at once, and that is all there is to them. */
static unsigned occasions_of_closing(const struct flow *flow)
{
	const struct sending *client = &flow->sent[CLIENT], *server = &flow->sent[SERVER];
	bool both = client->has_fin && server->has_fin;
	bool one_acks = client->fin_acked_peers || server->fin_acked_peers;

	if (flow->fin[CLIENT].frame == 0 && flow->fin[SERVER].frame == 0 &&
	    flow->first_close == CLOSING_OPEN)
		return 0;
	return when(!both || half_close_span(flow) > HALF_CLOSE_LONG, OCCASION_FIN_ALONE) |
	       when(client->fins > 1 || server->fins > 1, OCCASION_FIN_AGAIN) |
	       when(both && !one_acks, OCCASION_FINS_CROSSED);
}

static unsigned occasions_of(const struct flow *flow)
{
	const struct sending *sent = flow->sent;

	if (flow->key.protocol != PROTOCOL_TCP)
		return OCCASION_UDP | when(flow->oddities != 0, OCCASION_ODD);
	return when(flow_opening(flow) != OPENING_HANDSHAKE, OCCASION_OPENING) |
	       when(sent[CLIENT].syns > 1, OCCASION_SYN_AGAIN) |
	       when(flow->oddities != 0, OCCASION_ODD) |
	       when(flow->reset.frame != 0, OCCASION_RESET) | occasions_of_closing(flow) |
	       when(flow->icmp.frame != 0, OCCASION_ICMP) |
	       when(sent[CLIENT].packets == 0 || sent[SERVER].packets == 0, OCCASION_SILENCE) |
	       when(flow->self_connected, OCCASION_SELF);
}

size_t findings_of(const struct flow *flow, const struct finding **found, size_t most)
{
	unsigned given = occasions_of(flow);
	size_t count = 0;

	for (size_t i = 0; given != 0 && i < FINDING_COUNT && count < most; i++) {
		if ((occasions[i] & given) && table[i].holds(flow))
			found[count++] = &table[i];
	}
	return count;
}

enum severity flow_severity(const struct flow *flow)
{
	const struct finding *worst;

	return findings_of(flow, &worst, 1) > 0 ? worst->severity : SEVERITY_NONE;
}
