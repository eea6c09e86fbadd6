/* steady.c: the common segment of an open connection, in few steps. */

/*
 * Most segments bring the next bytes in order, acknowledge what was sent, and prove nothing that
 * was not proven: they only move numbers. Those are taken here; whatever is not certainly of that
 * kind goes the long way, which would do exactly the same with these. Where the conditions below
 * change, the rules they leave out must be looked at (connection.c, evidence.c, sequence.c, zeek.c).
 */

#include "track/look.h"

#include "base/time.h"
#include "packet/seq.h"
#include "track/zeek_parts.h"

static bool has_proven(const struct endpoint *end, enum proof proof)
{
	return end->proven >> proof & 1;
}

/* An acknowledgment by this end, or to it, proves nothing more. */
static bool end_is_settled(const struct endpoint *end)
{
	if (end->state != ST_ESTABLISHED || end->was_reset || !endpoint_has(end, PROOF_SYN_ACKED))
		return false;
	if (has_proven(end, PROOF_SENT_SYN_ACK))
		return has_proven(end, PROOF_SYN_ACKED) &&
		       (!endpoint_has(end, PROOF_SENT_SYN) || has_proven(end, PROOF_SENT_ACK));
	return has_proven(end, PROOF_SENT_SYN) && has_proven(end, PROOF_SENT_ACK);
}

static bool numbers_are_settled(const struct sending *sent, const struct sequence *sequence)
{
	return sent->packets > 0 && sent->has_iss && sent->has_acked && !sent->has_fin &&
	       !sent->rival.is_open && sequence->has_base && sequence->has_next &&
	       sequence->has_acked && !sequence->is_first_ack && sequence->mptcp == 0 &&
	       sequence->mptcp_sent == 0;
}

static bool zeek_is_settled(const struct zeek_end *end)
{
	return end->state == ZEEK_ESTABLISHED && !end->has_fin && !end->gave_up && !end->is_closed;
}

/* What changes seldom; found out after each segment that went the long way. */
void steady_judge(struct flow *flow)
{
	flow->is_steady = flow->ends[CLIENT].state == ST_ESTABLISHED && flow->stage == STAGE_LIVE &&
	                  flow->key.protocol == PROTOCOL_TCP && !flow->self_connected &&
	                  flow->saw_reply && flow->suspect == NONE && flow->late == 0 &&
	                  flow->opened.frame != 0 && flow->irtt != TIME_NONE && flow->irtt != 0 &&
	                  flow->zeek.is_begun;
	for (int side = CLIENT; side <= SERVER && flow->is_steady; side++)
		flow->is_steady = end_is_settled(&flow->ends[side]) &&
		                  numbers_are_settled(&flow->sent[side], &flow->sequence[side]) &&
		                  zeek_is_settled(&flow->zeek.ends[side]);
}

/* Nobody wants to hear of each segment, and time goes on. */
static bool is_unobserved(const struct tracker *tracker, const struct segment *segment)
{
	uint32_t heard = event_bit(EVENT_SEGMENT);

	return !(tracker->kinds & heard) && tracker->options.trails == 0 &&
	       segment->time >= tracker->totals.last;
}

static bool is_plain(const struct flow *flow, const struct segment *segment, enum side peer)
{
	uint16_t mss = flow->mss[peer];

	return (segment->flags & ~TCP_PSH) == TCP_ACK && segment->window != 0 && segment->ack != 0 &&
	       segment->checksum != CHECKSUM_BAD && segment->checksum != CHECKSUM_OFFLOADED &&
	       segment->options_cut == 0 && segment->payload <= (mss > 0 ? mss : JUMBO) &&
	       segment->frame != flow->first_frame &&
	       flow->seen & (segment->payload > 0 ? SEEN_DATA : SEEN_ACK);
}

/* The next bytes, none missing; an acknowledgment of what was captured, and not the last one again. */
static bool is_next(const struct look *look)
{
	const struct sequence *fwd = look->fwd, *rev = look->rev;
	const struct sending *sent = &look->flow->sent[look->turn->side];
	uint32_t seq = look->seq;

	return seq == fwd->next && seq == fwd->contiguous && seq == fwd->covered &&
	       seq == sent->next && fwd->holes == NONE && rev->holes == NONE &&
	       seq_within(look->ack, rev->delivered, rev->covered) &&
	       !seq_before(rev->contiguous, look->ack) && !seq_before(look->ack, fwd->acked) &&
	       !seq_before(look->flow->sent[other_side(look->turn->side)].next, look->ack) &&
	       (look->length > 0 || look->ack != fwd->acked);
}

/* Neither a probe nor the edge of a window, and not acknowledged before it came. */
static bool fits_window(const struct look *look)
{
	const struct sequence *rev = look->rev;
	int shift = rev->window_scale < 0 ? 0 : rev->window_scale;

	return rev->window != 0 && !rev->sent_probe && !rev->sent_keep_alive &&
	       !look->fwd->sent_probe && !look->fwd->sent_keep_alive &&
	       (look->length == 0 || (seq_after(look->end, rev->acked) &&
	                              look->end != rev->acked + (rev->window << shift)));
}

/* To Zeek it is the next one, too, of a kind that it has noted. */
static bool is_next_to_zeek(const struct look *look)
{
	const struct zeek_end *end = &look->flow->zeek.ends[look->turn->side];
	const struct zeek_end *peer = &look->flow->zeek.ends[other_side(look->turn->side)];

	return end->start + (uint32_t)end->last == look->seq && end->span_count == 0 &&
	       peer->span_count == 0 && zeek_has_noted(end, look->length > 0) &&
	       !seq_before(look->ack, peer->start + (uint32_t)peer->acked);
}

static void count(struct tracker *tracker, struct flow *flow, const struct segment *segment,
                  enum side side)
{
	struct tracker_totals *totals = &tracker->totals;
	struct sending *sent = &flow->sent[side];

	totals->segments++;
	totals->payload += segment->payload;
	totals->sent[side]++;
	sent->packets++;
	sent->payload += segment->payload;
	sent->window = segment->window;
	flow->last = segment->time;
	flow->last_frame = segment->frame;
	flow->touched = tracker->now;
	if (segment->captured < segment->payload) {
		flow->cut[side]++;
		totals->marks[MARK_CUT]++;
	}
}

static void take_numbers(struct look *look)
{
	struct sequence *fwd = look->fwd;
	struct sending *sent = &look->flow->sent[look->turn->side];
	int64_t time = look->segment->time;

	if (look->ack != fwd->acked)
		fwd->duplicate_acks = 0;
	if (look->length > 0) {
		fwd->next = fwd->contiguous = look->end;
		fwd->next_time = time;
		sent->next = look->end;
		sent->last_new = time;
	}
	fwd->window = look->segment->window;
	fwd->acked = look->ack;
	fwd->ack_time = time;
	if (seq_after(look->ack, sent->acked)) {
		sent->acked = look->ack;
		look->flow->sent[other_side(look->turn->side)].back_off = 0;
	}
}

bool steady_take(struct tracker *tracker, struct flow *flow, const struct segment *segment,
                 enum side side)
{
	enum side peer = other_side(side);
	struct turn turn = { .segment = segment, .side = side };
	struct look look = {
		.tracker = tracker,
		.flow = flow,
		.turn = &turn,
		.segment = segment,
		.fwd = &flow->sequence[side],
		.rev = &flow->sequence[peer],
		.seq = segment->seq,
		.ack = segment->ack,
		.length = segment->payload,
		.end = segment->seq + segment->payload,
		.has_ack = true,
	};

	if (!is_unobserved(tracker, segment) || !is_plain(flow, segment, peer) || !is_next(&look) ||
	    !fits_window(&look) || !is_next_to_zeek(&look) || !look_at_usual_options(&look) ||
	    (!tracker->options.keep_duplicates && duplicates_has(tracker, flow, &turn)))
		return false;
	count(tracker, flow, segment, side);
	take_numbers(&look);
	ranges_take(&look);
	zeek_take_next(&flow->zeek, segment, side);
	return true;
}
