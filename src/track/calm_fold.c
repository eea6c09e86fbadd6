/* calm_fold.c: a calm connection that is over is written in few bytes: see calm_fold.h. */

#include "track/calm_fold.h"

#include <string.h>

#include "base/time.h"

struct writer {
	uint8_t *to;
	bool is_fine;
	uint64_t times; /* all that are to be small, or-ed */
};

static inline void put(struct writer *writer, const void *bytes, size_t size)
{
	memcpy(writer->to, bytes, size);
	writer->to += size;
}

static_assert(TIME_MICROSECOND == 1000, "which is 125 times 8");

/*
 * A multiple of 125 is divided by it as the product with its inverse modulo 2^64, one of 8 by
 * turning it. Of what is no multiple of 1000 both make more than 2^54, which is no small time.
 */
static inline uint64_t in_microseconds(struct writer *writer, uint64_t span)
{
	uint64_t product = span * UINT64_C(0x1cac083126e978d5);
	uint64_t quotient = product >> 3 | product << 61;

	writer->times |= quotient;
	return quotient;
}

/* ---- How much was said ---- */

static bool is_few(const struct many *many)
{
	uint32_t sent = 0, counts = 0;

	for (int side = CLIENT; side <= SERVER; side++) {
		sent |= many->sent[side] | many->in_flight_most[side];
		counts |= many->packets[side] | many->data_packets[side] | many->gaps[side];
	}
	return sent <= UINT16_MAX && counts <= UINT8_MAX;
}

static unsigned fold_counts(struct writer *writer, const struct calm *calm)
{
	struct many many;
	struct few few;

	for (int side = CLIENT; side <= SERVER; side++) {
		many.sent[side] = calm->ends[side].next - calm->iss[side];
		many.in_flight_most[side] = (uint32_t)calm->streams[side].in_flight_most;
		many.packets[side] = calm->ends[side].packets;
		many.data_packets[side] = calm->ends[side].data_packets;
		many.gaps[side] = calm->ends[side].gaps;
	}
	if (!is_few(&many)) {
		put(writer, &many, sizeof(many));
		return IS_LONG;
	}
	for (int side = CLIENT; side <= SERVER; side++) {
		few.sent[side] = (uint16_t)many.sent[side];
		few.in_flight_most[side] = (uint16_t)many.in_flight_most[side];
		few.packets[side] = (uint8_t)many.packets[side];
		few.data_packets[side] = (uint8_t)many.data_packets[side];
		few.gaps[side] = (uint8_t)many.gaps[side];
	}
	put(writer, &few, sizeof(few));
	return 0;
}

/* ---- When ---- */

static inline void put_moment(struct writer *writer, uint64_t before, uint64_t moment)
{
	uint64_t frames = (moment_frame(moment) - moment_frame(before)) & FRAMES_MASK;
	uint64_t small = in_microseconds(writer, until(before, moment)) | frames << SMALL_BITS;
	uint64_t either = writer->is_fine ? moment : small;

	memcpy(writer->to, &either, sizeof(either));
	writer->to += writer->is_fine ? (int)sizeof(either) : SMALL_MOMENT;
}

static unsigned fold_moments(struct writer *to, const struct calm *calm)
{
	const uint64_t *at = calm->milestones;
	bool is_brief = said_goodbye(calm) && at[CALM_FIN_X_ACKED] == at[CALM_FIN_Y];
	struct writer writer = *to;

	put_moment(&writer, 0, at[CALM_SYN_ACK]);
	put_moment(&writer, at[CALM_SYN_ACK], at[CALM_OPENED]);
	if (said_goodbye(calm)) {
		put_moment(&writer, at[CALM_OPENED], at[CALM_FIN_X]);
		if (!is_brief)
			put_moment(&writer, at[CALM_FIN_X], at[CALM_FIN_X_ACKED]);
		put_moment(&writer, is_brief ? at[CALM_FIN_X] : at[CALM_FIN_X_ACKED], at[CALM_FIN_Y]);
		put_moment(&writer, at[CALM_FIN_Y], calm_last(calm));
	} else {
		put_moment(&writer, at[CALM_OPENED], calm_last(calm));
	}
	*to = writer;
	return is_brief ? IS_BRIEF : 0;
}

/* ---- How it ended ---- */

/* What unfold_goodbye makes of it. */
static bool ended_as_usual(const struct calm *calm)
{
	enum side x = closer_of(calm), y = other_side(x);
	const struct calm_end *ends = calm->ends;
	uint64_t y_time = (uint64_t)moment_time(calm->milestones[CALM_FIN_Y]);

	return ends[x].acked == ends[y].next && ends[y].acked == ends[x].next &&
	       ends[x].heard.time == (uint64_t)moment_time(calm_last(calm)) &&
	       ends[x].said.time == (uint64_t)moment_time(calm->milestones[CALM_FIN_X]) &&
	       ends[y].heard.time == y_time && ends[y].said.time == y_time;
}

static void fold_reset(struct writer *writer, const struct calm *calm)
{
	struct cut_off cut_off;

	for (int side = CLIENT; side <= SERVER; side++) {
		cut_off.acked[side] = calm->ends[side].acked;
		cut_off.heard[side] = calm->ends[side].heard.time;
		cut_off.said[side] = calm->ends[side].said.time;
	}
	put(writer, &cut_off, sizeof(cut_off));
}

/* ---- Round trips ---- */

static unsigned span_count(const struct calm *calm, enum side side)
{
	unsigned count = (unsigned)calm->ends[side].said.span_count;

	return count == SPANS_POOLED ? POOLED : count;
}

static bool begins_with_it(const struct calm *calm, enum side side)
{
	unsigned count = span_count(calm, side);

	return count > 0 && count != POOLED &&
	       calm->spans[side][0] == span_of_handshake(calm, side);
}

/* As many as there can be, of which those that there are stay: so the loops always end alike. */
static void fold_small_spans(struct writer *to, const uint32_t *spans, size_t bytes, unsigned count)
{
	for (unsigned i = 0; i < SPANS_HELD; i++)
		memcpy(to->to + bytes * i, &spans[i], sizeof(spans[i]));
	to->to += bytes * count;
}

static unsigned fold_spans(struct writer *writer, const struct calm *calm, const bool begins[2])
{
	uint32_t small[2][SPANS_HELD + 1] = { 0 };
	uint32_t all = 0;

	for (int side = CLIENT; side <= SERVER; side++) {
		bool is_small = !writer->is_fine && span_count(calm, (enum side)side) != POOLED;

		for (unsigned i = 0; is_small && i < SPANS_HELD; i++) {
			small[side][i] = (uint32_t)in_microseconds(writer, calm->spans[side][i]);
			all |= small[side][i];
		}
	}
	for (int side = CLIENT; side <= SERVER; side++) {
		unsigned count = span_count(calm, (enum side)side);
		const uint32_t *spans = calm->spans[side];

		if (count == POOLED || writer->is_fine)
			put(writer, spans, sizeof(*spans) * (count == POOLED ? 1 : count));
		else
			fold_small_spans(writer, small[side] + begins[side],
			                 all > UINT16_MAX ? SMALL_BYTES : NEAR_BYTES,
			                 count - begins[side]);
	}
	return all > UINT16_MAX ? 0 : IS_NEAR;
}

/* ---- What is seldom as it is not expected ---- */

static bool is_stamped(const struct calm *calm)
{
	return calm->streams[CLIENT].is_stamped || calm->streams[SERVER].is_stamped;
}

static bool is_rare(const struct calm *calm)
{
	return calm->history >> (LETTERS_BITS + 8) != 0 || calm->first_frame > UINT32_MAX ||
	       calm->incarnation > 0;
}

static unsigned fold_oddments(struct writer *writer, const struct calm *calm)
{
	const uint16_t window_most[] = { calm->streams[CLIENT].window_most,
		                         calm->streams[SERVER].window_most };
	const uint16_t flight[] = { calm->streams[CLIENT].initial_window,
		                    calm->streams[SERVER].initial_window };
	unsigned is = 0;

	if (flight[CLIENT] != calm->ends[CLIENT].said.largest ||
	    flight[SERVER] != calm->ends[SERVER].said.largest) {
		put(writer, flight, sizeof(flight));
		is |= HAS_OTHER_FLIGHT;
	}
	if (calm->mss[CLIENT] != USUAL_MSS || calm->mss[SERVER] != USUAL_MSS) {
		put(writer, calm->mss, sizeof(calm->mss));
		is |= HAS_OTHER_MSS;
	}
	if (window_most[CLIENT] != calm->ends[CLIENT].heard.window ||
	    window_most[SERVER] != calm->ends[SERVER].heard.window) {
		put(writer, window_most, sizeof(window_most));
		is |= HAS_OTHER_WINDOW;
	}
	if (calm->stream != calm->id - 1) {
		put(writer, &calm->stream, sizeof(calm->stream));
		is |= HAS_OTHER_STREAM;
	}
	if (is_rare(calm)) {
		struct rare rare = { calm->history, calm->first_frame,
			             calm->incarnation };

		put(writer, &rare, sizeof(rare));
		is |= IS_RARE;
	}
	return is;
}

static void fold_stamps(struct writer *writer, const struct calm *calm)
{
	struct stamps stamps;

	for (int side = CLIENT; side <= SERVER; side++) {
		const struct calm_stream *stream = &calm->streams[side];

		stamps.stamp[side] = stream->stamp;
		stamps.time[side] = stream->is_stamped ? stream->stamp_time + 1 : 0;
	}
	put(writer, &stamps, sizeof(stamps));
}

/* ---- All of it ---- */

static unsigned scale_fold(int8_t scale)
{
	return scale < 0 ? SCALE_UNUSED : (unsigned)scale;
}

static void fold_front(struct folded *folded, const struct calm *calm, const bool begins[2])
{
	*folded = (struct folded){
		.upper_letters = (uint8_t)(calm->history >> LETTERS_BITS),
		.phase = (unsigned)calm->phase & PHASE_MASK,
		.seen = (unsigned)calm->seen & SEEN_MASK,
		.has = (unsigned)calm->has & HAS_MASK,
		.client_scale = scale_fold(calm->window_scale[CLIENT]) & SCALE_MASK,
		.server_scale = scale_fold(calm->window_scale[SERVER]) & SCALE_MASK,
		.client_spans = span_count(calm, CLIENT) & SPANS_MASK,
		.server_spans = span_count(calm, SERVER) & SPANS_MASK,
		.client_begins = begins[CLIENT],
		.server_begins = begins[SERVER],
		.id = calm->id,
		.first_frame = (uint32_t)calm->first_frame,
		.letters = (uint32_t)calm->history,
	};

	for (int side = CLIENT; side <= SERVER; side++) {
		const struct calm_end *end = &calm->ends[side];

		folded->iss[side] = calm->iss[side];
		folded->port[side] = calm->port[side];
		folded->window[side] = (uint16_t)end->heard.window;
		folded->traits[side] = (uint8_t)end->heard.is;
		folded->ttl[side] = calm->ttl[side];
		folded->syn_options[side] = calm->syn_options[side];
		folded->largest[side] = (uint16_t)end->said.largest;
	}
}

/* In microseconds there is room for an hour in front. */
static void fold_start(struct writer *writer, struct folded *folded, uint64_t span)
{
	uint64_t microseconds = in_microseconds(writer, span);

	folded->start = (uint32_t)microseconds;
	writer->times = microseconds >> 32 << SMALL_BITS;
	if (writer->is_fine)
		put(writer, &span, sizeof(span));
}

static unsigned fold_addresses(struct writer *writer, const struct calm *calm)
{
	if (calm->family == FAMILY_IPV6) {
		put(writer, calm->address, sizeof(calm->address));
		return IS_IPV6;
	}
	put(writer, calm->near, sizeof(calm->near));
	return 0;
}

/* 0: it is not to be had in this form. */
static size_t fold_as(const struct calm *calm, int64_t near, uint8_t *bytes, bool is_fine)
{
	const bool begins[] = { begins_with_it(calm, CLIENT), begins_with_it(calm, SERVER) };
	struct folded folded;
	struct writer writer = { .to = bytes + FRONT_BYTES, .is_fine = is_fine };
	unsigned is = is_fine ? IS_FINE : 0;

	fold_front(&folded, calm, begins);
	fold_start(&writer, &folded, (uint64_t)calm->start - (uint64_t)near);
	is |= fold_addresses(&writer, calm);
	is |= fold_counts(&writer, calm);
	is |= fold_oddments(&writer, calm);
	is |= fold_moments(&writer, calm);
	if (!said_goodbye(calm))
		fold_reset(&writer, calm);
	is |= fold_spans(&writer, calm, begins);
	if (is_stamped(calm)) {
		fold_stamps(&writer, calm);
		is |= IS_STAMPED;
	}
	if (!is_fine && writer.times >> SMALL_BITS != 0)
		return 0;
	folded.is = (uint16_t)is;
	folded.size = (uint8_t)((size_t)(writer.to - bytes + FOLD_UNIT - 1) / FOLD_UNIT);
	memcpy(bytes, &folded, FRONT_BYTES);
	return folded.size;
}

size_t calm_fold(const struct calm *calm, int64_t near, uint8_t *bytes)
{
	size_t size;

	if (calm->listener != NONE || (said_goodbye(calm) && !ended_as_usual(calm)))
		return 0;
	size = fold_as(calm, near, bytes, false);
	return size > 0 ? size : fold_as(calm, near, bytes, true);
}
