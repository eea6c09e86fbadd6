/* around.c: findings about what came from outside: ICMP, odd segments, limits of the capture. */

#include "diagnose/icmp.h"
#include "diagnose/rows.h"
#include "diagnose/words.h"

/* "192.0.2.1 says: host unreachable (ICMP type 3 code 1)". */
static void add_icmp(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	enum family family = (enum family)flow->key.family;

	address_add(text, family, &flow->icmp_reporter);
	text_add(text, " says: ");
	text_add(text, icmp_error_words(family, flow->icmp_type, flow->icmp_code));
	text_add(text, family == FAMILY_IPV6 ? " (ICMPv6 type " : " (ICMP type ");
	text_add_unsigned(text, flow->icmp_type);
	text_add(text, " code ");
	text_add_unsigned(text, flow->icmp_code);
	text_add_char(text, ')');
	evidence_add(evidence, flow->icmp.frame);
}

bool holds_unreachable(const struct flow *flow)
{
	return is_tcp(flow) && flow_opening(flow) == OPENING_UNREACHABLE;
}

void explain_unreachable(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	evidence_add(evidence, flow->syn.frame);
	add_icmp(text, flow, evidence);
	text_add(text, ", in answer to ");
	add_count(text, flow->sent[CLIENT].syns, "SYN");
	text_add(text, " to ");
	add_end(text, flow, SERVER);
}

bool holds_icmp_error(const struct flow *flow)
{
	return is_tcp(flow) && flow->icmp.frame != 0 && !holds_unreachable(flow);
}

void explain_icmp_error(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_icmp(text, flow, evidence);
	if (flow->icmp_errors > 1) {
		text_add(text, ", the first of ");
		add_count(text, flow->icmp_errors, "ICMP error");
	}
}

bool holds_udp_refused(const struct flow *flow)
{
	return !is_tcp(flow) && flow_udp_state(flow) == UDP_REFUSED;
}

void explain_udp_refused(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	evidence_add(evidence, flow->first_frame);
	add_icmp(text, flow, evidence);
	text_add(text, ", in answer to a datagram to ");
	add_end(text, flow, SERVER);
}

bool holds_udp_unreplied(const struct flow *flow)
{
	return !is_tcp(flow) && flow_udp_state(flow) == UDP_UNREPLIED;
}

void explain_udp_unreplied(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	add_count(text, flow->sent[CLIENT].packets, "datagram");
	text_add(text, " to ");
	add_end(text, flow, SERVER);
	text_add(text, ", none came back: not every protocol answers");
	evidence_add(evidence, flow->first_frame);
	evidence_add(evidence, flow->last_frame);
}

bool holds_syn_in_established(const struct flow *flow)
{
	return has_oddity(flow, ODD_SYN_IN_ESTABLISHED);
}

void explain_syn_in_established(struct text *text, const struct flow *flow,
                                struct evidence *evidence)
{
	text_add(text,
	         "a SYN came inside the open connection: its receiver answers with a challenge "
	         "ACK and goes on (RFC 5961 section 4)");
	evidence_add(evidence, flow->odd.frame);
}

bool holds_odd_flags(const struct flow *flow)
{
	return has_oddity(flow, ODD_FLAGS);
}

void explain_odd_flags(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	text_add(text,
	         "a segment had flags that no honest TCP combines (SYN with FIN or RST, none at "
	         "all): a scan, or a broken sender");
	evidence_add(evidence, flow->odd.frame);
}

/* One segment alone may still wait for its answer; several that acknowledge something do not. */
bool holds_one_direction(const struct flow *flow)
{
	const struct sending *sent = flow->sent;
	enum side heard = sent[CLIENT].packets > 0 ? CLIENT : SERVER;
	enum side other = heard == CLIENT ? SERVER : CLIENT;

	return is_tcp(flow) && was_open(flow) && !flow->self_connected && sent[heard].packets > 1 &&
	       sent[heard].has_acked && sent[other].packets == 0;
}

void explain_one_direction(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	enum side heard = flow->sent[CLIENT].packets > 0 ? CLIENT : SERVER;

	text_add(text, "only the ");
	text_add(text, side_name(heard));
	text_add(text,
	         " was captured: the other way leads past the capture, or was silent, so what is "
	         "said of the ");
	text_add(text, side_name(heard == CLIENT ? SERVER : CLIENT));
	text_add(text, " is a guess");
	evidence_add(evidence, flow->first_frame);
	evidence_add(evidence, flow->last_frame);
}

bool holds_evicted(const struct flow *flow)
{
	return (flow->oddities & ODD_EVICTED) != 0;
}

void explain_evicted(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	text_add(text, "the tracker ran out of room and ended its record early: what came later is "
	               "missing here (see --max-flows)");
	evidence_add(evidence, flow->last_frame);
}

bool holds_cut_header(const struct flow *flow)
{
	return has_oddity(flow, ODD_CUT_HEADER);
}

void explain_cut_header(struct text *text, const struct flow *flow, struct evidence *evidence)
{
	text_add(text,
	         "some of its TCP headers were cut short or impossible: those segments count, "
	         "but say nothing about its states");
	evidence_add(evidence, flow->odd.frame);
}
