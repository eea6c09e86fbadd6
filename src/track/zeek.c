/* zeek.c: a segment as Zeek takes it, step by step in Zeek's order. */

#include "track/zeek_parts.h"

#include <string.h>

#include "base/time.h"
#include "packet/seq.h"

/* What moves a number by more than this is a broken SYN, RST or ack rather than so much data. */
enum { JUMP_MOST = 1024 * 1024 };

enum { IPV4_HEADER = 20, IPV6_HEADER = 40, TCP_HEADER = 20, UDP_HEADER = 8 };

static enum side peer_of(enum side side)
{
	return side == CLIENT ? SERVER : CLIENT;
}

static bool is_bare_syn(const struct segment *segment)
{
	return segment_has(segment, TCP_SYN) && !segment_has(segment, TCP_ACK);
}

/* A network card fills in what an offloaded checksum lacks; Zeek cannot know. */
static bool is_spoilt(const struct segment *segment)
{
	return segment->checksum == CHECKSUM_BAD;
}

/* Ports decide where no SYN does; a SYN-ACK between two servers' ports may be a stealth scan's. */
static bool comes_from_server(const struct segment *segment, enum protocol protocol)
{
	uint16_t from = segment->source_port, to = segment->destination_port;

	if (protocol == PROTOCOL_TCP && is_bare_syn(segment))
		return false;
	if (!zeek_serves(protocol, from))
		return false;
	if (!zeek_serves(protocol, to))
		return true;
	return protocol == PROTOCOL_TCP && !segment_has(segment, TCP_SYN) && from < to;
}

static void start(struct flow *flow, const struct segment *segment, enum side side)
{
	struct zeek *zeek = &flow->zeek;

	zeek->is_begun = true;
	zeek->originator = (uint8_t)side;
	zeek->last = segment->time;
	if (comes_from_server(segment, (enum protocol)flow->key.protocol))
		zeek_flip(zeek);
}

/* Zeek begins another record with such a SYN. */
static bool is_anothers(const struct zeek_end *end, const struct segment *segment)
{
	return is_bare_syn(segment) && end->state != ZEEK_INACTIVE && segment->seq != end->start;
}

static void number(struct zeek_end *end, uint32_t first, int64_t last)
{
	end->start = first;
	end->acked = 0;
	end->last = last;
}

/* A reset's payload is no part of the stream. */
static uint32_t space_of(const struct segment *segment)
{
	return segment_space(segment) - (segment_has(segment, TCP_RST) ? segment->payload : 0);
}

/* Whoever has not sent a SYN is numbered as if it had; a SYN with another number begins again. */
static void number_sender(struct zeek_end *end, const struct segment *segment)
{
	bool has_syn = segment_has(segment, TCP_SYN);

	if (end->state == ZEEK_INACTIVE && !has_syn)
		number(end, segment->seq - 1, 1);
	else if (has_syn && (end->state == ZEEK_INACTIVE ||
	                     (end->state <= ZEEK_SYN_ACK_SENT && segment->seq != end->start) ||
	                     end->state == ZEEK_PARTIAL || end->state == ZEEK_ESTABLISHED ||
	                     (end->state == ZEEK_RESET && end->previous == ZEEK_INACTIVE)))
		number(end, segment->seq, space_of(segment));
}

static void note_window(struct zeek *zeek, enum side sender, const struct segment *segment)
{
	if (segment->window == 0 && !segment_has(segment, TCP_RST) &&
	    zeek->ends[peer_of(sender)].state != ZEEK_CLOSED &&
	    zeek->ends[sender].state != ZEEK_RESET)
		zeek_mark(zeek, sender, ZEEK_ZERO_WINDOW);
}

/* Returns the relative number that was acknowledged; 0 when it makes no sense. */
static int64_t take_ack(struct zeek_end *peer, const struct segment *segment)
{
	int64_t ack;

	if (peer->state == ZEEK_INACTIVE) {
		number(peer, segment->ack - 1, 0);
		return 1;
	}
	ack = zeek_relative(peer, segment->ack, peer->acked);
	if (ack < 0)
		return 0;
	if (segment_has(segment, TCP_RST) || ack <= peer->acked ||
	    (segment->ack == 0 && ack - peer->acked > JUMP_MOST))
		return ack;
	peer->acked = ack;
	return ack;
}

static bool jumps(int64_t distance)
{
	return distance > JUMP_MOST || distance < -JUMP_MOST;
}

/* Of a connection of which only SYN and FIN were seen the FIN alone tells the length. */
static void advance(struct zeek *zeek, enum side sender, const struct segment *segment)
{
	struct zeek_end *end = &zeek->ends[sender];
	uint32_t next = segment->seq + space_of(segment);
	int64_t last = zeek_relative(end, next, end->last);

	if (segment_has_any(segment, TCP_SYN | TCP_RST) && jumps(last - end->last))
		return;
	if (segment_has(segment, TCP_FIN) && end->last == 1)
		end->last = next - end->start;
	else if (end->state == ZEEK_RESET)
		return;
	else if (last > end->last)
		end->last = last;
	else if (segment->payload > 0)
		zeek_mark(zeek, sender, ZEEK_RETRANSMISSION);
}

/* Payload that was cut by the snaplen is not there to be delivered. */
static void take_payload(struct zeek *zeek, enum side sender, const struct segment *segment,
                         int64_t seq)
{
	int64_t position = segment_has(segment, TCP_SYN) ? seq : seq - 1;

	if (segment->payload > 0 && segment->captured >= segment->payload && seq >= 0 &&
	    !segment_has(segment, TCP_RST))
		zeek_receive(zeek, sender, position, segment->payload);
}

/* An end is closed when all that it sent has arrived; it may have to wait for that. */
static void close_end(struct zeek *zeek, enum side side)
{
	zeek->defers_close = zeek_is_pending(zeek, side);
	if (!zeek->defers_close)
		zeek->ends[side].is_closed = true;
}

static void check_drained(struct zeek *zeek, enum side side)
{
	struct zeek_end *end = &zeek->ends[side];
	bool has_ended = end->has_fin || end->state >= ZEEK_CLOSED;

	if (end->is_drained || !has_ended || zeek_is_pending(zeek, side))
		return;
	end->is_drained = true;
	if (zeek->defers_close)
		close_end(zeek, side);
}

static uint32_t ip_length(const struct segment *segment, enum protocol protocol)
{
	uint32_t header =
		protocol == PROTOCOL_UDP ? UDP_HEADER : TCP_HEADER + segment->options_length;

	return (segment->family == FAMILY_IPV6 ? IPV6_HEADER : IPV4_HEADER) + header +
	       segment->payload;
}

static void count(struct zeek_end *end, const struct segment *segment, enum protocol protocol)
{
	end->packets++;
	end->ip_bytes += ip_length(segment, protocol);
}

static void note_time(struct zeek *zeek, const struct segment *segment)
{
	if (!zeek->ends[CLIENT].is_closed || !zeek->ends[SERVER].is_closed)
		zeek->last = segment->time;
}

/* The SYN that the SYN-ACK before it answered. */
static bool is_late_syn(const struct zeek *zeek, enum side sender, const struct segment *segment)
{
	const struct zeek_end *end = &zeek->ends[sender];

	return is_bare_syn(segment) && end->state == ZEEK_INACTIVE &&
	       zeek->ends[peer_of(sender)].state == ZEEK_SYN_ACK_SENT && segment->seq == end->start;
}

static void take(struct zeek *zeek, enum side sender, const struct segment *segment)
{
	struct zeek_end *end = &zeek->ends[sender];
	bool reverses = is_late_syn(zeek, sender, segment);
	int64_t seq, ack = 0;
	bool closes;

	number_sender(end, segment);
	seq = zeek_relative(end, segment->seq, end->last);
	zeek_note(zeek, sender, segment, seq);
	note_window(zeek, sender, segment);
	note_time(zeek, segment);
	if (segment_has(segment, TCP_FIN)) {
		end->has_fin = true;
		zeek_rare(end)->fin = seq + space_of(segment);
	}
	if (segment_has(segment, TCP_ACK))
		ack = take_ack(&zeek->ends[peer_of(sender)], segment);
	advance(zeek, sender, segment);
	closes = zeek_move(zeek, sender, segment, reverses);
	if (segment_has(segment, TCP_ACK)) {
		zeek_acknowledge(zeek, peer_of(sender), ack);
		check_drained(zeek, peer_of(sender));
	}
	take_payload(zeek, sender, segment, seq);
	check_drained(zeek, sender);
	if (closes)
		close_end(zeek, sender);
	count(end, segment, PROTOCOL_TCP);
}

void zeek_take(struct flow *flow, const struct segment *segment, enum side side)
{
	struct zeek *zeek = &flow->zeek;

	if (segment->options_cut > 0 || is_anothers(&zeek->ends[side], segment))
		return;
	if (!zeek->is_begun)
		start(flow, segment, side);
	if (is_spoilt(segment))
		zeek_mark(zeek, side, ZEEK_CHECKSUM);
	else
		take(zeek, side, segment);
}

/* A datagram with a bad checksum counts as a packet, and no more. */
void zeek_take_datagram(struct flow *flow, const struct segment *segment, enum side side)
{
	struct zeek *zeek = &flow->zeek;

	if (!zeek->is_begun)
		start(flow, segment, side);
	count(&zeek->ends[side], segment, PROTOCOL_UDP);
	if (is_spoilt(segment)) {
		zeek_mark(zeek, side, ZEEK_CHECKSUM);
		return;
	}
	zeek_note_datagram(zeek, side);
	zeek->ends[side].last += segment->payload;
	zeek->last = segment->time;
}

uint64_t zeek_bytes(const struct flow *flow, unsigned side)
{
	if (flow->key.protocol == PROTOCOL_UDP)
		return (uint64_t)flow->zeek.ends[side].last;
	return (uint64_t)zeek_size(&flow->zeek, (enum side)side);
}

int64_t zeek_duration(const struct flow *flow)
{
	return flow->zeek.is_begun ? time_between(flow->start, flow->zeek.last) : 0;
}
