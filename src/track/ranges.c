/* ranges.c: which bytes were captured, which are missing, and which wait for their acknowledgment. */

/*
 * Ranges come from a pool and go back as soon as they are acknowledged. A
 * connection that needs more than its share is told so (is_incomplete): gaps
 * beyond that are not looked for, and round trips beyond that are not timed.
 */

#include "track/look.h"

#include <assert.h>

#include "base/time.h"
#include "packet/seq.h"

enum { HOLES_MOST = 64 };

/* What fits into struct timed. */
enum { TIMED_FIRST_MASK = (1 << 24) - 1 };

static_assert((int)RANGES_MOST < (int)TIMED_FIRST_MASK, "a range's number fits");

/* An acknowledgment of something that was never seen may be this far ahead, not further. */
static const uint32_t CREDIBLE_JUMP = UINT32_C(1) << 30;

/* A hole [left, right), or a segment that ended at `right`. */
struct range {
	uint32_t left, right;
	uint32_t next;
	bool was_repeated; /* so its acknowledgment times nothing (Karn's rule, RFC 6298 section 3) */
	int64_t time;
};

size_t ranges_size(uint32_t count)
{
	return ((size_t)count + 1) * sizeof(struct range);
}

/* What an acknowledgment of either side looks at first. */
void ranges_prefetch(const struct tracker *tracker, const struct timed *client,
                     const struct timed *server)
{
	__builtin_prefetch(&tracker->ranges[client->first]);
	__builtin_prefetch(&tracker->ranges[server->first]);
}

static uint32_t range_take(struct tracker *tracker)
{
	uint32_t index = tracker->free_range;

	if (index != NONE)
		tracker->free_range = tracker->ranges[index].next;
	else if (tracker->touched_ranges < tracker->range_count)
		index = ++tracker->touched_ranges;
	return index;
}

static uint32_t range_give_back(struct tracker *tracker, uint32_t index)
{
	uint32_t next = tracker->ranges[index].next;

	tracker->ranges[index].next = tracker->free_range;
	tracker->free_range = index;
	return next;
}

static void timed_drop_first(struct tracker *tracker, struct timed *timed)
{
	timed->first = range_give_back(tracker, timed->first) & TIMED_FIRST_MASK;
	timed->count--;
	if (timed->first == NONE)
		timed->last = NONE;
}

void timed_release(struct tracker *tracker, struct timed *timed)
{
	while (timed->first != NONE)
		timed_drop_first(tracker, timed);
}

void ranges_release(struct tracker *tracker, struct sequence *sequence)
{
	timed_release(tracker, &sequence->timed);
	while (sequence->holes != NONE)
		sequence->holes = range_give_back(tracker, sequence->holes);
	sequence->hole_count = 0;
}

/* Holes. */

static void hole_add(struct tracker *tracker, struct sequence *sequence, uint32_t left,
                     uint32_t right)
{
	uint32_t index = sequence->hole_count < HOLES_MOST ? range_take(tracker) : NONE;

	if (index == NONE) {
		sequence->is_incomplete = true;
		return;
	}
	tracker->ranges[index] =
		(struct range){ .left = left, .right = right, .next = sequence->holes };
	sequence->holes = index;
	sequence->hole_count++;
}

static uint32_t later(uint32_t a, uint32_t b)
{
	return seq_after(a, b) ? a : b;
}

static uint32_t sooner(uint32_t a, uint32_t b)
{
	return seq_before(a, b) ? a : b;
}

/* Takes [left, right) out of the holes; returns how much of it was missing. */
static uint32_t holes_fill(struct look *look, struct sequence *sequence, uint32_t left,
                           uint32_t right)
{
	struct range *ranges = look->tracker->ranges;
	uint32_t *link = &sequence->holes;
	uint32_t filled = 0;

	while (*link != NONE) {
		struct range *hole = &ranges[*link];
		uint32_t from = later(left, hole->left), to = sooner(right, hole->right);
		uint32_t rest = hole->right;

		if (!seq_before(from, to)) {
			link = &hole->next;
			continue;
		}
		filled += to - from;
		if (from == hole->left && to == hole->right) {
			*link = range_give_back(look->tracker, *link);
			sequence->hole_count--;
			continue;
		}
		if (from == hole->left) {
			hole->left = to;
		} else {
			hole->right = from;
			if (to != rest)
				hole_add(look->tracker, sequence, to, rest);
		}
		link = &hole->next;
	}
	return filled;
}

/* Segments under way. */

void timed_add(struct tracker *tracker, struct timed *timed, uint32_t left, uint32_t right,
               int64_t time)
{
	uint32_t index = timed->count < TIMED_MOST ? range_take(tracker) : NONE;

	if (index == NONE)
		return;
	tracker->ranges[index] = (struct range){ .left = left, .right = right, .time = time };
	if (timed->first == NONE)
		timed->first = index & TIMED_FIRST_MASK;
	else
		tracker->ranges[timed->last].next = index;
	timed->last = index;
	timed->count++;
}

static void timed_spoil(struct look *look, uint32_t end)
{
	struct range *ranges = look->tracker->ranges;

	for (uint32_t index = look->fwd->timed.first; index != NONE; index = ranges[index].next) {
		if (seq_before(look->seq, ranges[index].right) &&
		    seq_after(end, ranges[index].left))
			ranges[index].was_repeated = true;
	}
}

static void sample(struct look *look, int64_t sent)
{
	int64_t span = time_between(sent, look->segment->time);

	if (span > 0)
		round_trip_add(look, other_side(look->turn->side), span);
}

void timed_add_first(struct tracker *tracker, struct timed *timed, uint32_t left, uint32_t right,
                     int64_t time)
{
	uint32_t index = range_take(tracker);

	if (index == NONE)
		return;
	tracker->ranges[index] = (struct range){
		.left = left, .right = right, .next = timed->first, .time = time
	};
	if (timed->first == NONE)
		timed->last = index;
	timed->first = index & TIMED_FIRST_MASK;
	timed->count++;
}

/* What ends exactly at the acknowledgment was acknowledged by itself: returns when it was sent, or TIME_NONE. */
int64_t timed_finish(struct tracker *tracker, struct timed *timed, uint32_t ack)
{
	int64_t sent = TIME_NONE;

	while (timed->first != NONE) {
		const struct range *range = &tracker->ranges[timed->first];

		if (seq_after(range->right, ack))
			break;
		if (range->right == ack && !range->was_repeated)
			sent = range->time;
		timed_drop_first(tracker, timed);
	}
	return sent;
}

/* An echoed timestamp times what was sent again, too (RFC 7323 section 4). */
static void finish_stamp(struct look *look, bool is_wanted)
{
	struct sequence *rev = look->rev;

	if (!look->has_stamps || rev->stamp_time == TIME_NONE || seq_before(look->echo, rev->stamp))
		return;
	if (is_wanted && look->echo == rev->stamp)
		sample(look, rev->stamp_time);
	rev->stamp_time = TIME_NONE;
	rev->stamp = 0;
}

static void start_stamp(struct look *look)
{
	if (!look->has_stamps || look->fwd->stamp_time != TIME_NONE)
		return;
	look->fwd->stamp = look->stamp;
	look->fwd->stamp_time = look->segment->time;
}

/* The whole. */

static void count_repeated(struct look *look)
{
	struct aside *aside;
	uint32_t space = segment_space(look->segment);
	uint32_t repeated = space - look->fresh;

	if (repeated == 0)
		return;
	aside = aside_of(look->tracker, look->flow);
	aside->repeated_packets[look->turn->side]++;
	aside->repeated[look->turn->side] += repeated < look->length ? repeated : look->length;
}

/*
 * A handshake has its own spans; a probe of a closed window waits for the reader; and where the
 * peer was never heard nothing would come back.
 */
static bool can_be_timed(const struct look *look)
{
	return !segment_has(look->segment, TCP_SYN) &&
	       !(look->turn->marks & mark_bit(MARK_ZERO_WINDOW_PROBE)) &&
	       look->flow->sent[other_side(look->turn->side)].packets > 0;
}

static void take_data(struct look *look)
{
	struct sequence *fwd = look->fwd;
	uint32_t end = look->seq + segment_space(look->segment);
	uint32_t known = fwd->covered;

	if (seq_after(look->seq, known))
		hole_add(look->tracker, fwd, known, look->seq);
	if (seq_before(look->seq, known)) {
		timed_spoil(look, end);
		if (fwd->holes != NONE)
			look->fresh = holes_fill(look, fwd, look->seq, end);
	}
	if (seq_after(end, known)) {
		look->fresh += end - later(look->seq, known);
		fwd->covered = end;
		if (can_be_timed(look))
			timed_add(look->tracker, &fwd->timed, look->seq, end, look->segment->time);
		start_stamp(look);
	}
	count_repeated(look);
	if (look->length > 0 && seq_after(end, fwd->delivered) && end - fwd->delivered > fwd->in_flight_most)
		fwd->in_flight_most = end - fwd->delivered;
	if (!fwd->has_initial_window)
		fwd->initial_window += look->fresh < look->length ? look->fresh : look->length;
}

/* Whoever has only sent a SYN has nothing else to be acknowledged. */
static bool is_credible(const struct look *look)
{
	return !seq_after(look->ack, look->rev->covered) ||
	       (!look->rev->is_first_ack && look->ack - look->rev->covered < CREDIBLE_JUMP);
}

static void take_ack(struct look *look)
{
	struct sequence *rev = look->rev;
	uint32_t before = rev->delivered;
	uint32_t missed = 0;
	int64_t sent;

	if (!seq_after(look->ack, rev->delivered) || !is_credible(look))
		return;
	rev->delivered = look->ack;
	rev->has_initial_window |= look->ack - rev->base > 1;
	if (rev->holes != NONE)
		missed = holes_fill(look, rev, before, look->ack);
	if (seq_after(look->ack, rev->covered)) {
		missed += look->ack - rev->covered;
		rev->covered = look->ack;
	}
	if (missed > 0)
		aside_of(look->tracker, look->flow)->missed[other_side(look->turn->side)] += missed;
	sent = timed_finish(look->tracker, &rev->timed, look->ack);
	if (sent != TIME_NONE)
		sample(look, sent);
	finish_stamp(look, sent == TIME_NONE);
}

/* The window on a SYN is never scaled; where later ones are it is forgotten (RFC 7323 section 2.2). */
static void count_window(struct look *look)
{
	struct sequence *fwd = look->fwd;
	int8_t scale = look->flow->sent[look->turn->side].window_scale;
	bool has_syn = segment_has(look->segment, TCP_SYN);
	bool is_scaled = look->flow->sent[other_side(look->turn->side)].window_scale >= 0 &&
	                 scale >= 0 && !has_syn;
	uint32_t window = look->segment->window;

	if (segment_has(look->segment, TCP_RST))
		return;
	if (is_scaled && fwd->window_is_of_syn)
		fwd->window_most = 0;
	fwd->window_is_of_syn = has_syn;
	if (is_scaled)
		window <<= scale;
	if (window > fwd->window_most)
		fwd->window_most = window;
}

static void count_kinds(struct look *look)
{
	struct sequence *fwd = look->fwd;

	count_window(look);
	fwd->pure_acks += look->length == 0 && look->has_ack && !look->has_control;
	fwd->data_packets += look->length > 0;
	if (look->length > fwd->largest)
		fwd->largest = look->length;
}

void ranges_take(struct look *look)
{
	count_kinds(look);
	if (segment_has(look->segment, TCP_RST))
		return;
	if (segment_space(look->segment) > 0)
		take_data(look);
	if (look->has_ack && !look->flow->self_connected)
		take_ack(look);
}
