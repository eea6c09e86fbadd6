/* sequence.c: what a segment is, measured by those before it: sent again, out of order, a probe... */

/*
 * The rules are those of Wireshark 4.0 (packet-tcp.c, tcp_analyze_sequence_number),
 * in its order, so that the counts are the same; only that to Wireshark the number 0
 * means "unknown", here it is a number like any other. What is ours, holes and round
 * trips, is in ranges.c.
 */

#include "track/inside.h"

#include "base/time.h"
#include "packet/seq.h"
#include "track/look.h"

static const uint32_t ALL_ONES = UINT32_MAX;
static const uint64_t FAST = 20 * TIME_MILLISECOND;
static const uint64_t NEAR = 3 * TIME_MILLISECOND; /* out of order, where no round trip is known */

static void mark(struct look *look, enum mark mark)
{
	look->turn->marks |= mark_bit(mark);
}

static bool is_marked(const struct look *look, enum mark mark)
{
	return look->turn->marks & mark_bit(mark);
}

static void set_base(struct sequence *sequence, uint32_t base, uint32_t first)
{
	sequence->base = base;
	sequence->covered = sequence->delivered = base + first;
	sequence->has_base = true;
}

/* Of two SYN-ACKs with different numbers each one reuses the ports of the other. */
static void renumber(struct look *look)
{
	struct aside *aside = aside_of(look->tracker, look->flow);
	enum side side = look->turn->side;

	mark(look, MARK_REUSED_PORTS);
	if (!aside->has_other_syn_ack[side] && look->fwd->has_syn_ack) {
		aside->has_other_syn_ack[side] = true;
		aside->other_syn_ack[side] = look->fwd->base;
		aside->marks[MARK_REUSED_PORTS][side]++;
		look->tracker->totals.marks[MARK_REUSED_PORTS]++;
	} else if (aside->other_syn_ack[side] == look->segment->seq &&
	           aside->has_other_syn_ack[side]) {
		aside->marks[MARK_REUSED_PORTS][side]--;
		look->tracker->totals.marks[MARK_REUSED_PORTS]--;
	}
	ranges_release(look->tracker, look->fwd);
	set_base(look->fwd, look->segment->seq, 0);
}

/* False for a SYN that belongs to no sequence of this connection. */
static bool take_base(struct look *look)
{
	struct sequence *fwd = look->fwd;
	const struct segment *segment = look->segment;
	bool has_syn = segment_has(segment, TCP_SYN);
	bool has_ack = segment_has(segment, TCP_ACK);

	if (has_syn && fwd->has_base && fwd->base != segment->seq) {
		if (!has_ack)
			return false;
		renumber(look);
	} else if (has_syn && !has_ack && fwd->has_base) {
		fwd->next = fwd->contiguous;
	}
	if (!fwd->has_base)
		set_base(fwd, has_syn ? segment->seq : segment->seq - 1, has_syn ? 0 : 1);
	if (has_ack && !look->rev->has_base)
		set_base(look->rev, segment->ack - 1, 1);
	fwd->has_syn_ack |= has_syn && has_ack;
	return true;
}

static void measure(struct look *look)
{
	const struct segment *segment = look->segment;

	look->has_ack = segment_has(segment, TCP_ACK);
	look->has_control = segment_has_any(segment, TCP_SYN | TCP_FIN | TCP_RST);
	look->seq = segment->seq;
	look->ack = segment->ack;
	look->length = segment->payload;
	look->end = look->seq + segment->payload + segment_has_any(segment, TCP_SYN | TCP_FIN);
	look->has_same_ack = look->has_ack ? look->fwd->has_acked && look->ack == look->fwd->acked
	                                   : !look->fwd->has_acked;
	look->is_same = segment->payload == 0 && !look->has_control && look->has_same_ack &&
	                look->fwd->has_next && look->seq == look->fwd->next;
}

static bool is_probe(const struct look *look)
{
	return look->length == 1 && look->rev->window == 0 && look->fwd->has_next &&
	       look->seq == look->fwd->next;
}

static bool is_keep_alive(const struct look *look)
{
	return look->length <= 1 && look->fwd->has_next && look->seq == look->fwd->next - 1 &&
	       !look->has_control;
}

static bool fills_window(const struct look *look)
{
	const struct sequence *rev = look->rev;
	int shift = rev->is_first_ack || rev->window_scale < 0 ? 0 : rev->window_scale;

	return look->length > 0 && rev->window_scale != WINDOW_SCALE_UNKNOWN && rev->has_acked &&
	       look->seq + look->length == rev->acked + (rev->window << shift) &&
	       !look->has_control;
}

/* An empty segment that repeats the numbers of the one before. */
static void judge_repeated_ack(struct look *look)
{
	struct sequence *fwd = look->fwd;
	uint32_t window = look->segment->window;

	if (window != fwd->window) {
		if (window != 0)
			mark(look, MARK_WINDOW_UPDATE);
	} else if (window == 0) {
		if (look->rev->sent_probe)
			mark(look, MARK_ZERO_WINDOW_PROBE_ACK);
	} else if (look->rev->sent_keep_alive) {
		mark(look, MARK_KEEP_ALIVE_ACK);
	} else if (!fwd->has_new_mptcp) {
		fwd->duplicate_acks = fwd->duplicate_acks == ALL_ONES ? 1 : fwd->duplicate_acks + 1;
		mark(look, MARK_DUPLICATE_ACK);
	}
}

static void judge_window(struct look *look)
{
	if (is_probe(look)) {
		mark(look, MARK_ZERO_WINDOW_PROBE);
		return;
	}
	if (look->segment->window == 0 && !look->has_control)
		mark(look, MARK_ZERO_WINDOW);
	if (look->fwd->has_next && seq_after(look->seq, look->fwd->next) &&
	    !segment_has(look->segment, TCP_RST))
		mark(look, MARK_LOST_SEGMENT);
	if (is_keep_alive(look))
		mark(look, MARK_KEEP_ALIVE);
	if (fills_window(look))
		mark(look, MARK_WINDOW_FULL);
	if (look->is_same)
		judge_repeated_ack(look);
}

static void judge_ack(struct look *look)
{
	struct sequence *rev = look->rev;

	if (!look->has_same_ack)
		look->fwd->duplicate_acks = 0;
	if (!look->has_ack || !rev->has_next || !seq_after(look->ack, rev->contiguous))
		return;
	if (seq_before(rev->contiguous, rev->next)) {
		mark(look, MARK_ACKED_UNSEEN);
		rev->contiguous = rev->next;
		return;
	}
	if (rev->duplicate_acks == 0)
		mark(look, MARK_ACKED_UNSEEN);
	rev->duplicate_acks = ALL_ONES;
}

/* Nothing beyond what was sent; but the byte after a refused probe is sent again with more. */
static bool brings_nothing_new(const struct look *look)
{
	const struct sequence *fwd = look->fwd;

	return fwd->has_next && seq_before(look->seq, fwd->next) &&
	       !(look->length > 1 && look->seq == fwd->next - 1);
}

/* Unsigned: a negative span, of a clock that ran back, is a long one. */
static uint64_t since(const struct look *look, int64_t time)
{
	return (uint64_t)look->segment->time - (uint64_t)time;
}

static bool is_fast(const struct look *look)
{
	return since(look, look->rev->ack_time) < FAST && look->rev->duplicate_acks >= 2 &&
	       look->rev->has_acked && look->rev->acked == look->seq;
}

static bool is_out_of_order(const struct look *look)
{
	int64_t irtt = look->flow->irtt;
	uint64_t limit = irtt == TIME_NONE || irtt == 0 ? NEAR : (uint64_t)irtt;

	return since(look, look->fwd->next_time) < limit && look->fwd->next != look->end;
}

static bool was_acknowledged(const struct look *look)
{
	return look->length > 0 && look->rev->has_acked &&
	       !seq_after(look->seq + look->length, look->rev->acked);
}

static void judge_order(struct look *look)
{
	bool takes_space =
		look->length > 0 || segment_has_any(look->segment, TCP_SYN | TCP_FIN);

	if (!takes_space || is_marked(look, MARK_KEEP_ALIVE))
		return;
	if (was_acknowledged(look)) {
		mark(look, MARK_SPURIOUS_RETRANSMISSION);
		mark(look, MARK_RETRANSMISSION);
	} else if (!brings_nothing_new(look)) {
		return;
	} else if (is_fast(look)) {
		mark(look, MARK_FAST_RETRANSMISSION);
		mark(look, MARK_RETRANSMISSION);
	} else if (is_out_of_order(look)) {
		mark(look, MARK_OUT_OF_ORDER);
	} else {
		mark(look, MARK_RETRANSMISSION);
	}
}

/* The reset that refuses a SYN has the number 0, for want of one (RFC 9293 section 3.10.7.1). */
static bool refuses(const struct look *look)
{
	return segment_has(look->segment, TCP_RST) && !look->fwd->has_next &&
	       look->rev->is_first_ack;
}

/* Nor has a probe taken its number while nobody took the probe. */
static bool takes_numbers(const struct look *look)
{
	return !is_marked(look, MARK_ZERO_WINDOW_PROBE) && !refuses(look);
}

static void advance(struct look *look)
{
	struct sequence *fwd = look->fwd;

	if (!fwd->has_next || seq_after(look->end, fwd->next)) {
		fwd->next = look->end;
		fwd->next_time = look->segment->time;
	}
	if (!fwd->has_next || look->seq == fwd->contiguous)
		fwd->contiguous = fwd->next;
	fwd->has_next = true;
}

static void remember(struct look *look)
{
	struct sequence *fwd = look->fwd;

	if (takes_numbers(look))
		advance(look);
	fwd->window = look->segment->window;
	fwd->acked = look->ack;
	fwd->has_acked = look->has_ack;
	fwd->ack_time = look->segment->time;
	fwd->sent_keep_alive = is_marked(look, MARK_KEEP_ALIVE);
	fwd->sent_probe = is_marked(look, MARK_ZERO_WINDOW_PROBE);
	fwd->has_new_mptcp = false;
}

/* Capture duplicates have been left out before; parts of headers never come here. */
void sequence_take(struct tracker *tracker, struct flow *flow, struct turn *turn)
{
	struct look look = {
		.tracker = tracker,
		.flow = flow,
		.turn = turn,
		.segment = turn->segment,
		.fwd = &flow->sequence[turn->side],
		.rev = &flow->sequence[other_side(turn->side)],
	};

	if (!take_base(&look))
		return;
	measure(&look);
	judge_window(&look);
	judge_ack(&look);
	judge_order(&look);
	remember(&look);
	look_at_options(&look);
	ranges_take(&look);
	turn->fresh = look.fresh;
	turn->duplicate_acks = look.fwd->duplicate_acks;
}
