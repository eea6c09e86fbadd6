/* incarnation.c: which connection a TCP segment belongs to. */

/*
 * Ports are used again. A SYN on a known pair of addresses and ports is a
 * repeat, the start of a new connection, or an old duplicate that the peer will
 * answer with a challenge ACK (RFC 9293 section 3.10.7.4, RFC 5961 section 4).
 */

#include "track/calm.h"

#include "base/time.h"
#include "packet/seq.h"

/* A client that repeats a SYN after this long means it (RFC 6298: the first back-off is 1 s). */
static const int64_t EARNEST_REPEAT = 900 * TIME_MILLISECOND;

static bool is_bare_syn(const struct segment *segment)
{
	return segment_has(segment, TCP_SYN) && !segment_has_any(segment, TCP_ACK | TCP_RST);
}

static bool is_syn_ack(const struct segment *segment)
{
	return segment_has(segment, TCP_SYN | TCP_ACK) && !segment_has(segment, TCP_RST);
}

/* Either end may have forgotten the connection: a SYN is welcome (RFC 9293 section 3.6.1). */
static bool may_be_replaced(const struct flow *flow)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		enum tcp_state state = flow_state(flow, (enum side)side);

		if (state == ST_CLOSED || state == ST_TIME_WAIT)
			return true;
	}
	return false;
}

/* An end that begins to open again with another number has given its last attempt up. */
static bool is_still_opening(const struct flow *flow, enum side side)
{
	enum tcp_state state = flow_state(flow, side);

	return state == ST_SYN_SENT || state == ST_SYN_RECEIVED;
}

static bool repeats_syn(const struct flow *flow, const struct segment *segment, enum side side)
{
	const struct sending *sent = &flow->sent[side];

	return sent->has_iss && sent->iss == segment->seq;
}

/* The other end's SYN, crossing the first one or answering it: no SYN-ACK came from there yet. */
static bool crosses(const struct flow *flow, enum side side)
{
	return !flow->sent[side].has_syn && !flow->sent[side].has_iss &&
	       flow_state(flow, receiver_of(flow, side)) == ST_SYN_SENT;
}

static struct suspect *suspect_of(struct tracker *tracker, const struct flow *flow)
{
	struct suspect *suspect = &tracker->suspects[flow->suspect % SUSPECTS];

	if (flow->suspect == NONE || suspect->flow != flow->number ||
	    tracker->suspect_count - flow->suspect >= SUSPECTS)
		return NULL;
	return suspect;
}

static bool is_same_syn(const struct suspect *suspect, const struct segment *segment)
{
	return suspect->segment.seq == segment->seq &&
	       suspect->segment.source_port == segment->source_port &&
	       address_equal(&suspect->segment.source, &segment->source);
}

/* Wireshark counts every SYN with a number of its own as another stream. */
void incarnation_suspect(struct tracker *tracker, struct flow *flow, const struct segment *segment)
{
	struct suspect *suspect = suspect_of(tracker, flow);

	if (suspect && is_same_syn(suspect, segment))
		return;
	flow->suspect = ++tracker->suspect_count;
	suspect = &tracker->suspects[flow->suspect % SUSPECTS];
	suspect->segment = *segment;
	suspect->flow = flow->number;
	suspect->stream = tracker->next_stream++;
}

static struct flow *reopen(struct tracker *tracker, struct flow *old, const struct segment *segment,
                           uint64_t hash, enum side sender)
{
	uint32_t incarnation = old->incarnation + 1;
	struct flow *flow;

	timers_retire(tracker, old);
	flow = table_open(tracker, segment, hash, sender);
	flow->incarnation = incarnation;
	flow->oddities |= ODD_REUSED_PORT;
	return flow;
}

/* The suspect was a new connection all along: it takes its SYN with it. */
static struct flow *reopen_by_suspect(struct tracker *tracker, struct flow *old,
                                      const struct suspect *suspect, uint64_t hash)
{
	struct segment syn = suspect->segment;
	uint64_t stream = suspect->stream;
	enum side side = CLIENT;
	struct flow *flow;

	if (!address_equal(&old->key.address[CLIENT], &syn.source) ||
	    old->key.port[CLIENT] != syn.source_port)
		side = SERVER;
	old->sent[side].packets--;
	tracker->totals.sent[side]--;
	old->sent[side].payload -= syn.payload;
	old->sent[side].syns--;
	flow = reopen(tracker, old, &syn, hash, CLIENT);
	flow->stream = stream;
	connection_take(tracker, flow, &syn, CLIENT);
	return flow;
}

static bool answers(const struct suspect *suspect, const struct segment *segment)
{
	return is_syn_ack(segment) && segment->ack - 1 == suspect->segment.seq &&
	       segment->source_port == suspect->segment.destination_port &&
	       address_equal(&segment->source, &suspect->segment.destination);
}

static bool is_repeated_in_earnest(const struct suspect *suspect, const struct segment *segment)
{
	return is_bare_syn(segment) && is_same_syn(suspect, segment) &&
	       time_between(suspect->segment.time, segment->time) >= EARNEST_REPEAT;
}

static bool answers_syn_of(const struct flow *flow, const struct segment *segment, enum side side)
{
	const struct sending *opener = &flow->sent[other_side(side)];

	return opener->has_iss && seq_within(segment->ack, opener->iss + 1, opener->next);
}

static bool opens_anew(const struct flow *flow, const struct segment *segment, enum side side)
{
	if (is_syn_ack(segment))
		return flow_is_over(flow) && !answers_syn_of(flow, segment, side) &&
		       !repeats_syn(flow, segment, side);
	if (!is_bare_syn(segment) || crosses(flow, side))
		return false;
	if (repeats_syn(flow, segment, side))
		return flow_is_over(flow) && flow->sent[side].has_acked;
	return may_be_replaced(flow) || is_still_opening(flow, side);
}

/* The sender of a SYN-ACK is the server; of anything else that comes first, the client. */
static enum side sender_of_first(const struct segment *segment)
{
	return is_syn_ack(segment) ? SERVER : CLIENT;
}

struct flow *incarnation_of(struct tracker *tracker, const struct segment *segment, uint64_t hash,
                            enum side *side)
{
	struct flow *flow = table_find(tracker, segment, hash, side);
	const struct suspect *suspect = flow ? suspect_of(tracker, flow) : NULL;
	struct calm_syn syn;

	if (suspect && (answers(suspect, segment) || is_repeated_in_earnest(suspect, segment))) {
		flow = reopen_by_suspect(tracker, flow, suspect, hash);
		*side = is_syn_ack(segment) ? SERVER : CLIENT;
		return flow;
	}
	if (flow && !opens_anew(flow, segment, *side))
		return flow;
	*side = sender_of_first(segment);
	if (flow && *side == CLIENT && calm_may_reopen(tracker, segment, &syn)) {
		uint32_t incarnation = flow->incarnation + 1;

		timers_retire(tracker, flow);
		calm_open(tracker, segment, hash, incarnation, &syn);
		return NULL;
	}
	flow = flow ? reopen(tracker, flow, segment, hash, *side)
	            : table_open(tracker, segment, hash, *side);
	flow->stream = tracker->next_stream++;
	return flow;
}
