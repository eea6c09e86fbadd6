/* calm_take.c: the next segment of a connection that does what connections do. */

#include "track/calm.h"

#include "base/time.h"
#include "packet/seq.h"
#include "track/look.h"
#include "track/zeek_parts.h"

/* Beyond this Zeek's rules look at what was not acknowledged (zeek_stream.c). */
enum { UNACKED_AT_FIRST = 16384, UNACKED_MOST = 1 << 20 };

/* Of one end: its numbers tell how much that was, as long as they have not come round. */
enum { SENT_MOST = 1 << 30 };

/* More gaps than are to be expected. */
enum { GAPS_MOST = UINT16_MAX };

/* ---- What may come next ---- */

enum { NOT = CALM_PHASES };

/* What an end may do in a phase, and to which it leads; NOT: it is not to be expected. */
struct right {
	bool may_talk; /* with payload; else only acknowledge */
	uint8_t then;
	uint8_t then_all; /* where it acknowledges all that the other end has sent */
	uint8_t fin;      /* which must acknowledge all */
};

/* clang-format off */
static const struct right rights[CALM_PHASES][2] = {
	[CALM_ASKED]         = { { false, NOT, NOT, NOT },
	                         { false, NOT, NOT, NOT } },
	[CALM_ANSWERED]      = { { true,  NOT, CALM_OPEN, NOT },
	                         { false, NOT, NOT, NOT } },
	[CALM_OPEN]          = { { true,  CALM_OPEN, CALM_OPEN, NOT },
	                         { true,  CALM_TALK, CALM_TALK, CALM_SERVER_ENDS } },
	[CALM_TALK]          = { { true,  CALM_TALK, CALM_TALK, CALM_CLIENT_ENDS },
	                         { true,  CALM_TALK, CALM_TALK, CALM_SERVER_ENDS } },
	[CALM_CLIENT_ENDS]   = { { false, CALM_CLIENT_ENDS, CALM_CLIENT_ENDS, NOT },
	                         { true,  CALM_CLIENT_ENDS, CALM_CLIENT_ENDED, CALM_SERVER_LEAVES } },
	[CALM_CLIENT_ENDED]  = { { false, CALM_CLIENT_ENDED, CALM_CLIENT_ENDED, NOT },
	                         { true,  CALM_CLIENT_ENDED, CALM_CLIENT_ENDED, CALM_SERVER_LEAVES } },
	[CALM_SERVER_LEAVES] = { { false, NOT, CALM_CLIENT_LAST, NOT },
	                         { false, NOT, NOT, NOT } },
	[CALM_CLIENT_LAST]   = { { false, NOT, NOT, NOT },
	                         { false, NOT, NOT, NOT } },
	[CALM_SERVER_ENDS]   = { { true,  CALM_SERVER_ENDS, CALM_SERVER_ENDED, CALM_CLIENT_LEAVES },
	                         { false, CALM_SERVER_ENDS, CALM_SERVER_ENDS, NOT } },
	[CALM_SERVER_ENDED]  = { { true,  CALM_SERVER_ENDED, CALM_SERVER_ENDED, CALM_CLIENT_LEAVES },
	                         { false, CALM_SERVER_ENDED, CALM_SERVER_ENDED, NOT } },
	[CALM_CLIENT_LEAVES] = { { false, NOT, NOT, NOT },
	                         { false, NOT, CALM_SERVER_LAST, NOT } },
	[CALM_SERVER_LAST]   = { { false, NOT, NOT, NOT },
	                         { false, NOT, NOT, NOT } },
	[CALM_CLIENT_RESETS] = { { false, NOT, NOT, NOT },
	                         { false, NOT, NOT, NOT } },
	[CALM_SERVER_RESETS] = { { false, NOT, NOT, NOT },
	                         { false, NOT, NOT, NOT } },
	[CALM_REFUSED]       = { { false, NOT, NOT, NOT },
	                         { false, NOT, NOT, NOT } },
};

/* Which milestones a phase is reached by; a FIN acknowledges the other one, if nothing did before. */
static const uint8_t reached[CALM_PHASES] = {
	[CALM_OPEN] = 1 << CALM_OPENED,
	[CALM_CLIENT_ENDS] = 1 << CALM_FIN_X,
	[CALM_CLIENT_ENDED] = 1 << CALM_FIN_X_ACKED,
	[CALM_SERVER_LEAVES] = 1 << CALM_FIN_X_ACKED | 1 << CALM_FIN_Y,
	[CALM_SERVER_ENDS] = 1 << CALM_FIN_X,
	[CALM_SERVER_ENDED] = 1 << CALM_FIN_X_ACKED,
	[CALM_CLIENT_LEAVES] = 1 << CALM_FIN_X_ACKED | 1 << CALM_FIN_Y,
};
/* clang-format on */

/*
 * What a segment is. All that follows is compiled once for each, so that nothing is asked twice: which
 * of them comes next is as good as random, and a question costs most when its answer is.
 */
enum what { ACKNOWLEDGES, TALKS, LEAVES };

#define FOR_EACH_KIND static inline __attribute__((always_inline))

/* One segment of a calm connection. */
struct breath {
	struct tracker *tracker;
	struct calm *calm;
	const struct segment *segment;
	enum side from, to;
	struct calm_end *sender, *receiver;
	uint32_t gain;  /* what it acknowledges beyond what its sender had acknowledged */
	bool acks_all;  /* that the other end has sent */
	bool has_stamps;
	uint8_t phase;  /* that it leads to */
	uint64_t now;   /* since the start */
	uint64_t frames;
};

FOR_EACH_KIND bool has_payload(const struct breath *b, enum what what)
{
	return what == TALKS || (what == LEAVES && b->segment->payload > 0);
}

/* After the SYNs: timestamps as everybody sends them, where both ends agreed on them; else none. */
FOR_EACH_KIND bool has_agreed_options(const struct breath *b)
{
	return b->has_stamps ? has_usual_options(b->segment) : b->segment->options_length == 0;
}

FOR_EACH_KIND bool is_cut(const struct segment *segment)
{
	return segment->captured < segment->payload;
}

/* One segment on the wire, all of it captured or none of it whole, and not to the edge of the window. */
FOR_EACH_KIND bool has_usual_payload(const struct breath *b, enum what what)
{
	const struct segment *segment = b->segment;
	const struct calm_end *sender = b->sender, *receiver = b->receiver;
	uint16_t mss = b->calm->mss[b->to];
	uint32_t sent = sender->next - b->calm->iss[b->from] + segment->payload;
	uint32_t unacked = sender->next - receiver->acked + segment->payload;
	int shift = receiver->packets > 1 && b->calm->has & HAS_SCALES
	                    ? b->calm->window_scale[b->to]
	                    : 0;

	if (marks_exceeds(mss, segment->payload) || unacked > UNACKED_MOST || sent > SENT_MOST ||
	    (sender->data_packets > 0 && is_cut(segment) != ((sender->heard.is & IS_CUT) != 0)))
		return false;
	if (sent > UNACKED_AT_FIRST && !(sender->heard.is & IS_ACKNOWLEDGED))
		return false;
	return what == LEAVES || unacked != (uint32_t)receiver->heard.window << shift;
}

/* Cut payload counts as delivered once it is acknowledged. */
FOR_EACH_KIND bool is_pending(const struct calm_end *end, const struct calm_end *peer)
{
	bool has_fin = (end->heard.is & HAS_FIN) != 0;

	return (end->heard.is & IS_CUT) != 0 && end->next - peer->acked > has_fin;
}

/*
 * Zeek closes an end only when all that it sent was delivered, and looks at what the other one has
 * sent, too; which is simple as long as that is nothing.
 */
FOR_EACH_KIND bool is_usual_for_zeek(const struct breath *b, enum what what)
{
	if (what == LEAVES && !b->acks_all)
		return false;
	return !(b->receiver->heard.is & HAS_FIN) || !is_pending(b->receiver, b->sender) ||
	       b->sender->next == b->receiver->acked;
}

FOR_EACH_KIND uint8_t phase_after(const struct breath *b, enum what what)
{
	struct right right = rights[b->calm->phase][b->from];

	if (has_payload(b, what) && !right.may_talk)
		return NOT;
	if (what == LEAVES)
		return right.fin;
	return b->acks_all ? right.then_all : right.then;
}

/* From 1 to what fits in so many bits. */
FOR_EACH_KIND bool is_some(uint64_t number, int bits)
{
	return number - 1 < (UINT64_C(1) << bits) - 1;
}

FOR_EACH_KIND bool is_expected(struct breath *b, enum what what)
{
	const struct segment *segment = b->segment;
	const struct calm *calm = b->calm;
	const struct calm_end *sender = b->sender, *receiver = b->receiver;

	b->gain = segment->ack - sender->acked;
	if (segment->seq != sender->next || segment->ack == 0 ||
	    b->gain > receiver->next - sender->acked || (what == ACKNOWLEDGES && b->gain == 0))
		return false;
	b->acks_all = segment->ack == receiver->next;
	b->phase = phase_after(b, what);
	b->now = calm_since(calm, segment);
	b->frames = segment->frame - calm->first_frame;
	b->has_stamps = calm->has & HAS_STAMPS;
	return b->phase != NOT && is_some(b->now, MOMENT_TIME) &&
	       is_some(b->frames, MOMENT_FRAME) && calm_has_room(calm) && has_agreed_options(b) &&
	       (!has_payload(b, what) || has_usual_payload(b, what)) &&
	       is_usual_for_zeek(b, what) && calm_is_summed_as(segment, sender->heard.is) &&
	       receiver->gaps < GAPS_MOST;
}

/* ---- What it does ---- */

FOR_EACH_KIND uint64_t letter_code(enum side side, enum calm_letter letter)
{
	return (uint64_t)letter + (uint64_t)side * CALM_LETTERS + 1;
}

FOR_EACH_KIND uint64_t with_letter(uint64_t history, uint64_t code)
{
	return history << LETTER_BITS | code;
}

FOR_EACH_KIND uint64_t with_letter_once(uint64_t history, uint64_t code)
{
	const uint64_t ones = UINT64_C(0x1111111111111111);
	uint64_t others = history ^ ones * code;

	/* Which has four bits that are all 0 where the letter is: one less than 0 has the highest. */
	return ((others - ones) & ~others & ones << (LETTER_BITS - 1)) == 0
	               ? with_letter(history, code)
	               : history;
}

void calm_letter_once(struct calm *calm, enum side side, enum calm_letter letter)
{
	calm->history = with_letter_once(calm->history, letter_code(side, letter));
}

FOR_EACH_KIND enum calm_letter letter_of(enum what what)
{
	if (what == LEAVES)
		return CALM_F;
	return what == TALKS ? CALM_D : CALM_A;
}

/* What was acknowledged of payload that was never captured. */
FOR_EACH_KIND void give_up_cut(const struct breath *b)
{
	struct calm *calm = b->calm;
	struct calm_end *receiver = b->receiver;
	bool acks_syn = calm->phase == CALM_ANSWERED;
	bool acks_fin = receiver->heard.is & HAS_FIN && b->acks_all;

	if (!(receiver->heard.is & IS_CUT) || b->gain == (uint32_t)(acks_syn + acks_fin))
		return;
	receiver->gaps = (receiver->gaps + 1) & UINT16_MAX;
	if (zeek_marks_at(receiver->gaps))
		calm->history = with_letter(calm->history, letter_code(b->to, CALM_G));
}

/*
 * As timed_add; the first segment under way needs no range, if nothing that was not timed lies
 * before it.
 */
FOR_EACH_KIND void start_timed(const struct breath *b, struct calm_stream *stream, uint32_t end)
{
	const struct segment *segment = b->segment;

	if (!stream->is_timed && stream->timed.first == NONE && segment->seq == b->receiver->acked) {
		stream->is_timed = true;
		stream->timed_time = b->now & MOMENT_TIME_MASK;
		stream->timed_right = end & TIMED_RIGHT_MASK;
	} else if (stream->timed.count + stream->is_timed < TIMED_MOST) {
		timed_add(b->tracker, &stream->timed, segment->seq, end, segment->time);
	}
}

/* As timed_finish. */
FOR_EACH_KIND int64_t finish_timed(const struct breath *b, struct calm_stream *stream)
{
	uint32_t right = calm_timed_right(stream, b->receiver->next);
	uint32_t ack = b->segment->ack;
	int64_t sent;

	if (!stream->is_timed)
		return stream->timed.first == NONE ? TIME_NONE
		                                   : timed_finish(b->tracker, &stream->timed, ack);
	if (seq_after(right, ack)) {
		calm_untime(b->tracker, b->calm, b->to);
		return TIME_NONE;
	}
	stream->is_timed = false;
	sent = stream->timed.first == NONE ? TIME_NONE
	                                   : timed_finish(b->tracker, &stream->timed, ack);
	return right == ack ? b->calm->start + (int64_t)stream->timed_time : sent;
}

FOR_EACH_KIND void take_ack(const struct breath *b, enum what what)
{
	struct calm_stream *stream = &b->calm->streams[b->to];
	const struct segment *segment = b->segment;
	int64_t sent, span = 0;

	if (what != ACKNOWLEDGES && b->gain == 0)
		return;
	if (!(b->receiver->heard.is & IS_ACKNOWLEDGED) && segment->ack - b->calm->iss[b->to] > 1)
		b->receiver->heard.is |= IS_ACKNOWLEDGED;
	give_up_cut(b);
	sent = finish_timed(b, stream);
	if (b->has_stamps)
		span = (int64_t)calm_stamp_finish(stream, usual_echo(segment), b->now);
	if (sent != TIME_NONE)
		span = segment->time - sent;
	if (span > 0)
		calm_time(b->tracker, b->calm, b->to, span);
	b->sender->acked = segment->ack;
}

FOR_EACH_KIND uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* What takes sequence space. */
FOR_EACH_KIND void take_data(const struct breath *b, enum what what)
{
	const struct segment *segment = b->segment;
	struct calm_stream *stream = &b->calm->streams[b->from];
	struct calm_end *sender = b->sender;
	uint32_t end = segment->seq + segment->payload + (what == LEAVES);
	uint64_t in_flight = end - b->receiver->acked;

	start_timed(b, stream, end);
	if (b->has_stamps)
		calm_stamp_start(stream, usual_stamp(segment), b->now);
	if (has_payload(b, what))
		stream->in_flight_most = larger(in_flight, stream->in_flight_most) & IN_FLIGHT_MASK;
	if (!(sender->heard.is & IS_ACKNOWLEDGED))
		stream->initial_window = (uint16_t)(stream->initial_window + segment->payload);
	sender->said = (struct calm_said){
		.time = b->now & MOMENT_TIME_MASK,
		.largest = larger(sender->said.largest, segment->payload) & UINT16_MAX,
		.span_count = sender->said.span_count,
	};
	sender->next = end;
}

/* The window on a SYN is never scaled; where later ones are it is forgotten (RFC 7323 section 2.2). */
FOR_EACH_KIND void take_window(const struct breath *b)
{
	struct calm_stream *stream = &b->calm->streams[b->from];
	uint16_t window = b->segment->window;

	if (window > stream->window_most || (b->calm->has & HAS_SCALES && b->sender->packets == 1))
		stream->window_most = window;
}

/* What is to be remembered of an end for having sent this. */
FOR_EACH_KIND unsigned traits_of(const struct breath *b, enum what what)
{
	unsigned traits = what != ACKNOWLEDGES && is_cut(b->segment) ? IS_CUT : 0;

	if (what != LEAVES)
		return traits;
	traits |= b->segment->payload > 0 ? HAS_FIN | FIN_HAS_PAYLOAD : HAS_FIN;
	if ((traits | b->sender->heard.is) & IS_CUT &&
	    b->segment->seq + b->segment->payload != b->receiver->acked)
		traits |= ENDED_PENDING;
	return traits;
}

FOR_EACH_KIND void count(const struct breath *b, enum what what)
{
	const struct segment *segment = b->segment;
	struct calm_end *sender = b->sender;
	unsigned traits = traits_of(b, what);

	take_window(b);
	sender->packets = (sender->packets + 1) & MOMENT_FRAME_MASK;
	if (has_payload(b, what))
		sender->data_packets = (sender->data_packets + 1) & MOMENT_FRAME_MASK;
	sender->heard = (struct calm_heard){
		.time = b->now & MOMENT_TIME_MASK,
		.window = segment->window,
		.is = (sender->heard.is | traits) & UINT8_MAX,
	};
	b->calm->seen |= has_payload(b, what) ? SEEN_DATA : SEEN_ACK;
	if (what == LEAVES)
		b->calm->seen |= SEEN_FIN;
	b->tracker->totals.sent[b->from]++;
	b->tracker->totals.marks[MARK_CUT] += traits & IS_CUT;
	b->tracker->totals.marks[MARK_OFFLOADED] += segment->checksum == CHECKSUM_OFFLOADED;
}

static void reach(struct tracker *tracker, struct found found, enum calm_phase phase, uint64_t moment)
{
	struct calm *calm = found.calm;

	for (unsigned left = reached[phase]; left != 0; left &= left - 1) {
		int i = __builtin_ctz(left);

		if (calm->milestones[i] == 0)
			calm->milestones[i] = moment;
	}
	if (phase == CALM_OPEN) {
		listeners_accept(tracker, calm->listener);
		calm->listener = NONE;
	}
	calm_enter(tracker, found, phase);
}

FOR_EACH_KIND bool take_as(struct tracker *tracker, struct found found,
                           const struct segment *segment, enum side side, enum what what)
{
	struct calm *calm = found.calm;
	enum side peer = other_side(side);
	struct breath b = {
		.tracker = tracker,
		.calm = calm,
		.segment = segment,
		.from = side,
		.to = peer,
		.sender = &calm->ends[side],
		.receiver = &calm->ends[peer],
	};

	if (!is_expected(&b, what))
		return false;
	calm->history = with_letter_once(calm->history, letter_code(side, letter_of(what)));
	count(&b, what);
	if (what != ACKNOWLEDGES)
		take_data(&b, what);
	take_ack(&b, what);
	calm->last_frame = b.frames & MOMENT_FRAME_MASK;
	if (b.phase != calm->phase)
		reach(tracker, found, (enum calm_phase)b.phase, b.frames << MOMENT_TIME | b.now);
	return true;
}

static bool take(struct tracker *tracker, struct found found, const struct segment *segment,
                 enum side side)
{
	bool is_taken;

	if (segment_has(segment, TCP_FIN))
		is_taken = take_as(tracker, found, segment, side, LEAVES);
	else if (segment->payload > 0)
		is_taken = take_as(tracker, found, segment, side, TALKS);
	else
		is_taken = take_as(tracker, found, segment, side, ACKNOWLEDGES);
	if (is_taken)
		duplicates_has(tracker, found.calm->id, side, segment);
	return is_taken;
}

static bool take_answer(struct tracker *tracker, struct found found, const struct segment *segment)
{
	return segment_has(segment, TCP_RST) ? calm_refuse(tracker, found, segment)
	                                     : calm_answer(tracker, found, segment);
}

bool calm_take(struct tracker *tracker, struct found found, const struct segment *segment,
               enum side side)
{
	if (found.calm->phase == CALM_ASKED)
		return side == SERVER && take_answer(tracker, found, segment);
	if ((segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_ACK)
		return take(tracker, found, segment, side);
	return segment_has(segment, TCP_RST) && calm_reset(tracker, found, segment, side);
}
