/* quote.c: ICMP errors, tied to the connection that they quote. */

#include "track/inside.h"

#include "packet/seq.h"

enum {
	ICMP_UNREACHABLE = 3,
	ICMP_FRAGMENTATION_NEEDED = 4, /* a code of ICMP_UNREACHABLE */
	ICMPV6_UNREACHABLE = 1,
	TCP_HEADER = 20,
};

/* Of the errors, those that say the destination cannot be had (RFC 1122 section 4.2.3.9, RFC 4443 section 3.1). */
static bool says_unreachable(const struct segment *quote)
{
	if (quote->family == FAMILY_IPV6)
		return quote->icmp.type == ICMPV6_UNREACHABLE;
	return quote->icmp.type == ICMP_UNREACHABLE &&
	       quote->icmp.code != ICMP_FRAGMENTATION_NEEDED;
}

/* RFC 5927 section 4: an error about a segment that was never sent is forged, or very late. */
static bool was_sent(const struct sending *sent, const struct segment *quote)
{
	return !sent->has_iss || seq_within(quote->seq, sent->iss, sent->next);
}

/* Wireshark takes a whole quoted header for a packet without payload. */
static void count_as_wireshark(struct flow *flow, const struct segment *quote)
{
	if (quote->kind != SEGMENT_TCP_QUOTE || quote->icmp.quoted < TCP_HEADER)
		return;
	flow->quotes++;
	if (segment_has(quote, TCP_SYN | TCP_ACK))
		flow->seen |= SEEN_SYN_ACK;
	else if (segment_has(quote, TCP_ACK))
		flow->seen |= SEEN_ACK;
	if (segment_has(quote, TCP_FIN | TCP_ACK))
		flow->seen |= SEEN_FIN;
	if (segment_has(quote, TCP_RST))
		flow->seen |= SEEN_RST;
}

static void count_unmatched(struct tracker *tracker, const struct segment *quote)
{
	tracker->totals.unmatched_icmp++;
	if (quote->kind == SEGMENT_TCP_QUOTE && quote->icmp.quoted >= TCP_HEADER)
		tracker->next_stream++;
}

static void note_error(struct flow *flow, const struct segment *quote)
{
	flow->icmp_errors++;
	if (flow->icmp.frame != 0)
		return;
	flow->icmp = (struct milestone){ .time = quote->time, .frame = quote->frame };
	flow->icmp_reporter = quote->icmp.reporter;
	flow->icmp_type = quote->icmp.type;
	flow->icmp_code = quote->icmp.code;
}

/* Only SYN_SENT is lost by it (RFC 5461 section 2.2); of a UDP conversation it is only remembered. */
static void take_refusal(struct tracker *tracker, struct flow *flow, struct turn *turn)
{
	struct endpoint *end = &flow->ends[turn->side];

	if (flow->key.protocol == PROTOCOL_UDP)
		tracker->totals.udp_refused += !endpoint_has(end, PROOF_UNREACHABLE);
	else if (end->state == ST_SYN_SENT)
		tracker->totals.failed_attempts++;
	else
		return;
	if (endpoint_show(end, PROOF_UNREACHABLE, PRESUMED))
		tracker_tell(tracker, flow, EVENT_STATE_CHANGED, turn);
}

void quote_feed(struct tracker *tracker, const struct segment *quote, uint64_t hash)
{
	enum side side;
	struct flow *flow = table_find(tracker, quote, hash, &side);
	struct turn turn = { .segment = quote };

	tracker->totals.icmp_errors++;
	if (!flow) {
		count_unmatched(tracker, quote);
		return;
	}
	count_as_wireshark(flow, quote);
	if (!was_sent(&flow->sent[side], quote))
		return;
	turn.side = side;
	turn.before[CLIENT] = (enum tcp_state)flow->ends[CLIENT].state;
	turn.before[SERVER] = (enum tcp_state)flow->ends[SERVER].state;
	note_error(flow, quote);
	if (says_unreachable(quote))
		take_refusal(tracker, flow, &turn);
	timers_place(tracker, flow);
	tracker_tell(tracker, flow, EVENT_ICMP_ERROR, &turn);
}
