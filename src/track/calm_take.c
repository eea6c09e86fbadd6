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

/* One segment of a calm connection. */
struct breath {
	struct tracker *tracker;
	struct calm *calm;
	const struct segment *segment;
	enum side from, to;
	struct calm_end *sender, *receiver;
	uint32_t gain; /* what it acknowledges beyond what its sender had acknowledged */
	bool has_fin;
	uint8_t phase; /* that it leads to */
	uint64_t now;  /* since the start */
};

/* After the SYNs: timestamps as everybody sends them, where both ends agreed on them; else none. */
static bool has_agreed_options(const struct calm *calm, const struct segment *segment)
{
	return calm->has & HAS_STAMPS ? has_usual_options(segment) : segment->options_length == 0;
}

static bool is_cut(const struct segment *segment)
{
	return segment->captured < segment->payload;
}

/* One segment on the wire, all of it captured or none of it whole, and not to the edge of the window. */
static bool has_usual_payload(const struct breath *b)
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
	return b->has_fin || unacked != (uint32_t)receiver->heard.window << shift;
}

/* Cut payload counts as delivered once it is acknowledged. */
static bool is_pending(const struct calm *calm, enum side side)
{
	const struct calm_end *end = &calm->ends[side], *peer = &calm->ends[other_side(side)];
	bool has_fin = (end->heard.is & HAS_FIN) != 0;

	return (end->heard.is & IS_CUT) != 0 && end->next - peer->acked > has_fin;
}

/*
 * Zeek closes an end only when all that it sent was delivered, and looks at what the other one has
 * sent, too; which is simple as long as that is nothing.
 */
static bool is_usual_for_zeek(const struct breath *b)
{
	if (b->has_fin && b->segment->ack != b->receiver->next)
		return false;
	return !(b->receiver->heard.is & HAS_FIN) || !is_pending(b->calm, b->to) ||
	       b->sender->next == b->receiver->acked;
}

/* Nothing but an acknowledgment, of something. */
static bool is_usual_ack(const struct breath *b)
{
	return b->segment->payload > 0 || b->has_fin || b->gain > 0;
}

static uint8_t phase_after(const struct breath *b)
{
	const struct right *right = &rights[b->calm->phase][b->from];

	if (b->segment->payload > 0 && !right->may_talk)
		return NOT;
	if (b->has_fin)
		return right->fin;
	return b->segment->ack == b->receiver->next ? right->then_all : right->then;
}

static bool is_expected(struct breath *b)
{
	const struct segment *segment = b->segment;
	const struct calm_end *sender = b->sender;
	uint64_t frames = segment->frame - b->calm->first_frame;
	unsigned flags = segment->flags & (TCP_SYN | TCP_ACK | TCP_FIN | TCP_RST);

	b->has_fin = flags & TCP_FIN;
	b->gain = segment->ack - sender->acked;
	b->now = calm_since(b->calm, segment);
	if ((flags & ~(unsigned)TCP_FIN) != TCP_ACK || segment->seq != sender->next ||
	    segment->ack == 0 || b->gain > b->receiver->next - sender->acked)
		return false;
	b->phase = phase_after(b);
	return b->phase != NOT && b->now > 0 && b->now >> MOMENT_TIME == 0 &&
	       frames >> MOMENT_FRAME == 0 && frames > 0 && calm_has_room(b->calm) &&
	       has_agreed_options(b->calm, segment) && is_usual_ack(b) &&
	       (segment->payload == 0 || has_usual_payload(b)) && is_usual_for_zeek(b) &&
	       calm_is_summed_as(segment, sender->heard.is) && b->calm->gaps[b->to] < GAPS_MOST;
}

/* ---- What it does ---- */

uint64_t calm_moment(const struct calm *calm, const struct segment *segment)
{
	return (segment->frame - calm->first_frame) << MOMENT_TIME | calm_since(calm, segment);
}

static uint64_t letter_code(enum side side, enum calm_letter letter)
{
	return (uint64_t)letter + (uint64_t)side * CALM_LETTERS + 1;
}

static void letter_write(struct calm *calm, enum side side, enum calm_letter letter)
{
	calm->history = calm->history << LETTER_BITS | letter_code(side, letter);
}

void calm_letter_once(struct calm *calm, enum side side, enum calm_letter letter)
{
	const uint64_t ones = UINT64_C(0x1111111111111111);
	uint64_t others = calm->history ^ ones * letter_code(side, letter);

	/* Which has four bits that are all 0 where the letter is: one less than 0 has the highest. */
	if (((others - ones) & ~others & ones << (LETTER_BITS - 1)) == 0)
		letter_write(calm, side, letter);
}

static void write_letter(const struct breath *b)
{
	enum calm_letter letter = CALM_A;

	if (b->has_fin)
		letter = CALM_F;
	else if (b->segment->payload > 0)
		letter = CALM_D;
	calm_letter_once(b->calm, b->from, letter);
}

/* What was acknowledged of payload that was never captured. */
static void give_up_cut(const struct breath *b)
{
	struct calm *calm = b->calm;
	bool acks_syn = b->calm->phase == CALM_ANSWERED;
	bool acks_fin = b->receiver->heard.is & HAS_FIN && b->segment->ack == b->receiver->next;

	if (!(b->receiver->heard.is & IS_CUT) || b->gain == (uint32_t)(acks_syn + acks_fin))
		return;
	if (zeek_marks_at(++calm->gaps[b->to]))
		letter_write(calm, b->to, CALM_G);
}

/* As start_stamp and finish_stamp in ranges.c. */
void calm_stamp_start(struct calm_stream *stream, uint32_t stamp, uint64_t time)
{
	if (stream->is_stamped)
		return;
	stream->is_stamped = true;
	stream->stamp = stamp;
	stream->stamp_time = time & MOMENT_TIME_MASK;
}

void calm_stamp_finish(struct tracker *tracker, struct calm *calm, enum side side, uint32_t echo,
                       uint64_t now, bool is_wanted)
{
	struct calm_stream *stream = &calm->streams[side];
	uint64_t span = now - stream->stamp_time;

	if (!stream->is_stamped || seq_before(echo, stream->stamp))
		return;
	if (is_wanted && echo == stream->stamp && span > 0)
		calm_time(tracker, calm, side, (int64_t)span);
	stream->is_stamped = false;
	stream->stamp = 0;
	stream->stamp_time = 0;
}

/*
 * As timed_add; the first segment under way needs no range, if nothing that was not timed lies
 * before it.
 */
static void start_timed(const struct breath *b, struct calm_stream *stream, uint32_t end)
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
static int64_t finish_timed(const struct breath *b, struct calm_stream *stream)
{
	uint32_t right = calm_timed_right(b->calm, b->to);
	uint32_t ack = b->segment->ack;
	int64_t sent;

	if (!stream->is_timed)
		return timed_finish(b->tracker, &stream->timed, ack);
	if (seq_after(right, ack)) {
		calm_untime(b->tracker, b->calm, b->to);
		return TIME_NONE;
	}
	stream->is_timed = false;
	sent = timed_finish(b->tracker, &stream->timed, ack);
	return right == ack ? b->calm->start + (int64_t)stream->timed_time : sent;
}

static void take_ack(const struct breath *b)
{
	struct calm_stream *stream = &b->calm->streams[b->to];
	const struct segment *segment = b->segment;
	int64_t sent, span;

	if (b->gain == 0)
		return;
	if (!(b->receiver->heard.is & IS_ACKNOWLEDGED) && segment->ack - b->calm->iss[b->to] > 1)
		b->receiver->heard.is |= IS_ACKNOWLEDGED;
	give_up_cut(b);
	sent = finish_timed(b, stream);
	span = sent == TIME_NONE ? 0 : segment->time - sent;
	if (span > 0)
		calm_time(b->tracker, b->calm, b->to, span);
	if (b->calm->has & HAS_STAMPS)
		calm_stamp_finish(b->tracker, b->calm, b->to, usual_echo(segment), b->now,
		                  sent == TIME_NONE);
	b->sender->acked = segment->ack;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* What takes sequence space. */
static void take_data(const struct breath *b)
{
	const struct segment *segment = b->segment;
	struct calm_stream *stream = &b->calm->streams[b->from];
	struct calm_end *sender = b->sender;
	uint32_t end = segment->seq + segment->payload + b->has_fin;

	if (end == segment->seq)
		return;
	start_timed(b, stream, end);
	if (b->calm->has & HAS_STAMPS)
		calm_stamp_start(stream, usual_stamp(segment), b->now);
	if (segment->payload > 0 && end - b->receiver->acked > stream->in_flight_most)
		stream->in_flight_most = (end - b->receiver->acked) & IN_FLIGHT_MASK;
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
static void take_window(const struct breath *b)
{
	struct calm_stream *stream = &b->calm->streams[b->from];
	uint16_t window = b->segment->window;

	if (window > stream->window_most || (b->calm->has & HAS_SCALES && b->sender->packets == 1))
		stream->window_most = window;
}

/* What is to be remembered of an end for having sent this. */
static unsigned traits_of(const struct breath *b)
{
	unsigned traits = is_cut(b->segment) ? IS_CUT : 0;

	if (b->has_fin)
		traits |= b->segment->payload > 0 ? HAS_FIN | FIN_HAS_PAYLOAD : HAS_FIN;
	if (b->has_fin && (traits | b->sender->heard.is) & IS_CUT &&
	    b->segment->seq + b->segment->payload != b->receiver->acked)
		traits |= ENDED_PENDING;
	return traits;
}

static void count(const struct breath *b)
{
	const struct segment *segment = b->segment;
	struct calm_end *sender = b->sender;
	unsigned traits = traits_of(b);

	take_window(b);
	sender->packets++;
	sender->data_packets += segment->payload > 0;
	sender->heard = (struct calm_heard){
		.time = b->now & MOMENT_TIME_MASK,
		.window = segment->window,
		.is = (sender->heard.is | traits) & UINT8_MAX,
	};
	b->calm->seen |= segment->payload > 0 ? SEEN_DATA : SEEN_ACK;
	if (b->has_fin)
		b->calm->seen |= SEEN_FIN;
	b->tracker->totals.sent[b->from]++;
	b->tracker->totals.marks[MARK_CUT] += traits & IS_CUT;
	b->tracker->totals.marks[MARK_OFFLOADED] += segment->checksum == CHECKSUM_OFFLOADED;
}

static void reach(const struct breath *b, uint32_t number)
{
	struct calm *calm = b->calm;

	calm->last = calm_moment(calm, b->segment);
	if (b->phase == calm->phase)
		return;
	for (unsigned left = reached[b->phase]; left != 0; left &= left - 1) {
		int i = __builtin_ctz(left);

		if (calm->milestones[i] == 0)
			calm->milestones[i] = calm->last;
	}
	if (b->phase == CALM_OPEN) {
		listeners_accept(b->tracker, calm->listener);
		calm->listener = NONE;
	}
	calm_enter(b->tracker, number, (enum calm_phase)b->phase);
}

static bool take(struct tracker *tracker, uint32_t number, const struct segment *segment,
                 enum side side)
{
	struct calm *calm = calm_of(tracker, number);
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

	if (!is_expected(&b))
		return false;
	write_letter(&b);
	count(&b);
	take_data(&b);
	take_ack(&b);
	reach(&b, number);
	duplicates_has(tracker, tracker->slots[number].hash, calm->id, side, segment);
	return true;
}

bool calm_take(struct tracker *tracker, uint32_t number, const struct segment *segment,
               enum side side)
{
	bool is_asked = calm_of(tracker, number)->phase == CALM_ASKED;
	bool is_reset = segment_has(segment, TCP_RST);

	if (is_asked && side == SERVER)
		return is_reset ? calm_refuse(tracker, number, segment)
		                : calm_answer(tracker, number, segment);
	return is_reset ? calm_reset(tracker, number, segment, side)
	                : take(tracker, number, segment, side);
}
