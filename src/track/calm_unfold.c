/* calm_unfold.c: a calm connection as it was before it was folded: see calm_fold.h. */

#include "track/calm_fold.h"

#include <string.h>

#include "base/time.h"

struct reader {
	const uint8_t *from;
	bool is_fine;
};

static inline void take(struct reader *reader, void *bytes, size_t size)
{
	memcpy(bytes, reader->from, size);
	reader->from += size;
}

/* ---- How much was said ---- */

static struct many take_counts(struct reader *reader, bool is_long)
{
	struct many many;
	struct few few;

	if (is_long) {
		take(reader, &many, sizeof(many));
		return many;
	}
	take(reader, &few, sizeof(few));
	for (int side = CLIENT; side <= SERVER; side++) {
		many.sent[side] = few.sent[side];
		many.in_flight_most[side] = few.in_flight_most[side];
		many.packets[side] = few.packets[side];
		many.data_packets[side] = few.data_packets[side];
		many.gaps[side] = few.gaps[side];
	}
	return many;
}

static void unfold_counts(struct reader *reader, struct calm *calm, bool is_long)
{
	struct many many = take_counts(reader, is_long);

	for (int side = CLIENT; side <= SERVER; side++) {
		calm->ends[side].next = calm->iss[side] + many.sent[side];
		calm->streams[side].in_flight_most = many.in_flight_most[side] & IN_FLIGHT_MASK;
		calm->ends[side].packets = many.packets[side] & MOMENT_FRAME_MASK;
		calm->ends[side].data_packets = many.data_packets[side] & MOMENT_FRAME_MASK;
		calm->ends[side].gaps = (uint16_t)many.gaps[side];
	}
}

/* ---- When ---- */

static inline uint64_t take_moment(struct reader *reader, uint64_t before)
{
	uint64_t moment, frame;

	memcpy(&moment, reader->from, sizeof(moment));
	reader->from += reader->is_fine ? (int)sizeof(moment) : SMALL_MOMENT;
	if (reader->is_fine)
		return moment;
	frame = moment_frame(before) + (moment >> SMALL_BITS & FRAMES_MASK);
	return frame << MOMENT_TIME |
	       ((before + (moment & SMALL_MASK) * TIME_MICROSECOND) & MOMENT_TIME_MASK);
}

/* Returns the last one. */
static uint64_t unfold_moments(struct reader *from, struct calm *calm, bool is_brief)
{
	uint64_t *at = calm->milestones, before, last;
	struct reader reader = *from;

	at[CALM_SYN_ACK] = take_moment(&reader, 0);
	before = at[CALM_OPENED] = take_moment(&reader, at[CALM_SYN_ACK]);
	if (said_goodbye(calm)) {
		at[CALM_FIN_X] = take_moment(&reader, before);
		at[CALM_FIN_X_ACKED] = take_moment(&reader, at[CALM_FIN_X]);
		before = at[CALM_FIN_Y] = is_brief ? at[CALM_FIN_X_ACKED]
		                                   : take_moment(&reader, at[CALM_FIN_X_ACKED]);
	}
	last = take_moment(&reader, before);
	calm->last_frame = moment_frame(last) & MOMENT_FRAME_MASK;
	*from = reader;
	return last;
}

/* ---- How it ended ---- */

static void unfold_goodbye(struct calm *calm, uint64_t last)
{
	enum side x = closer_of(calm), y = other_side(x);
	struct calm_end *ends = calm->ends;

	ends[x].acked = ends[y].next;
	ends[y].acked = ends[x].next;
	ends[x].heard.time = last & MOMENT_TIME_MASK;
	ends[x].said.time = calm->milestones[CALM_FIN_X] & MOMENT_TIME_MASK;
	ends[y].heard.time = ends[y].said.time = calm->milestones[CALM_FIN_Y] & MOMENT_TIME_MASK;
}

static void unfold_reset(struct reader *reader, struct calm *calm)
{
	struct cut_off cut_off;

	take(reader, &cut_off, sizeof(cut_off));
	for (int side = CLIENT; side <= SERVER; side++) {
		calm->ends[side].acked = cut_off.acked[side];
		calm->ends[side].heard.time = cut_off.heard[side] & MOMENT_TIME_MASK;
		calm->ends[side].said.time = cut_off.said[side] & MOMENT_TIME_MASK;
	}
}

/* ---- Round trips ---- */

static void unfold_spans(struct reader *reader, struct calm *calm, enum side side, unsigned count,
                         bool begins, bool is_near)
{
	uint32_t *spans = calm->spans[side];

	calm->ends[side].said.span_count = count == POOLED ? SPANS_POOLED : count & POOLED;
	if (count == POOLED || reader->is_fine) {
		take(reader, spans, count == POOLED ? sizeof(*spans) : count * sizeof(*spans));
		return;
	}
	if (begins)
		spans[0] = span_of_handshake(calm, side);
	for (unsigned i = begins; i < count; i++) {
		take(reader, &spans[i], is_near ? NEAR_BYTES : SMALL_BYTES);
		spans[i] *= (uint32_t)TIME_MICROSECOND;
	}
}

/* ---- What is seldom as it is not expected ---- */

static void unfold_oddments(struct reader *reader, struct calm *calm, const struct folded *folded)
{
	uint16_t window_most[] = { folded->window[CLIENT], folded->window[SERVER] };
	uint16_t flight[] = { folded->largest[CLIENT], folded->largest[SERVER] };
	uint64_t letters = (uint64_t)folded->upper_letters << LETTERS_BITS | folded->letters;
	struct rare rare = { letters, folded->first_frame, 0 };

	calm->mss[CLIENT] = calm->mss[SERVER] = USUAL_MSS;
	calm->stream = calm->id - 1;
	if (folded->is & HAS_OTHER_FLIGHT)
		take(reader, flight, sizeof(flight));
	if (folded->is & HAS_OTHER_MSS)
		take(reader, calm->mss, sizeof(calm->mss));
	if (folded->is & HAS_OTHER_WINDOW)
		take(reader, window_most, sizeof(window_most));
	if (folded->is & HAS_OTHER_STREAM)
		take(reader, &calm->stream, sizeof(calm->stream));
	if (folded->is & IS_RARE)
		take(reader, &rare, sizeof(rare));
	for (int side = CLIENT; side <= SERVER; side++) {
		calm->streams[side].window_most = window_most[side];
		calm->streams[side].initial_window = flight[side];
	}
	calm->history = rare.history;
	calm->first_frame = rare.first_frame & FRAME_MASK;
	calm->incarnation = rare.incarnation;
}

static void unfold_stamps(struct reader *reader, struct calm *calm)
{
	struct stamps stamps;

	take(reader, &stamps, sizeof(stamps));
	for (int side = CLIENT; side <= SERVER; side++) {
		struct calm_stream *stream = &calm->streams[side];

		if (stamps.time[side] == 0)
			continue;
		stream->is_stamped = true;
		stream->stamp = stamps.stamp[side];
		stream->stamp_time = (stamps.time[side] - 1) & MOMENT_TIME_MASK;
	}
}

/* ---- All of it ---- */

static int8_t scale_unfold(unsigned scale)
{
	return scale == SCALE_UNUSED ? WINDOW_SCALE_UNUSED : (int8_t)scale;
}

static void unfold_front(const struct folded *folded, struct calm *calm)
{
	calm->phase = folded->phase;
	calm->family = folded->is & IS_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4;
	calm->seen = folded->seen;
	calm->has = folded->has;
	calm->window_scale[CLIENT] = scale_unfold(folded->client_scale);
	calm->window_scale[SERVER] = scale_unfold(folded->server_scale);
	calm->id = folded->id;
	for (int side = CLIENT; side <= SERVER; side++) {
		struct calm_end *end = &calm->ends[side];

		calm->iss[side] = folded->iss[side];
		calm->port[side] = folded->port[side];
		end->heard.window = folded->window[side];
		end->heard.is = folded->traits[side];
		calm->ttl[side] = folded->ttl[side];
		calm->syn_options[side] = folded->syn_options[side];
		end->said.largest = folded->largest[side];
	}
}

static uint64_t unfold_start(struct reader *reader, const struct folded *folded)
{
	uint64_t span = folded->start * (uint64_t)TIME_MICROSECOND;

	if (reader->is_fine)
		take(reader, &span, sizeof(span));
	return span;
}

static void unfold_addresses(struct reader *reader, struct calm *calm)
{
	if (calm->family != FAMILY_IPV6) {
		take(reader, calm->near, sizeof(calm->near));
		return;
	}
	take(reader, calm->address, sizeof(calm->address));
	for (int side = CLIENT; side <= SERVER; side++)
		calm->near[side] = calm_near(&calm->address[side], calm->family);
}

void calm_unfold(struct calm *calm, int64_t near, const uint8_t *bytes)
{
	struct folded folded;
	struct reader reader = { .from = bytes + FRONT_BYTES };
	uint64_t last;

	memcpy(&folded, bytes, FRONT_BYTES);
	memset(calm, 0, sizeof(*calm));
	reader.is_fine = (folded.is & IS_FINE) != 0;
	unfold_front(&folded, calm);
	calm->start = (int64_t)((uint64_t)near + unfold_start(&reader, &folded));
	unfold_addresses(&reader, calm);
	unfold_counts(&reader, calm, folded.is & IS_LONG);
	unfold_oddments(&reader, calm, &folded);
	last = unfold_moments(&reader, calm, folded.is & IS_BRIEF);
	if (said_goodbye(calm))
		unfold_goodbye(calm, last);
	else
		unfold_reset(&reader, calm);
	unfold_spans(&reader, calm, CLIENT, folded.client_spans, folded.client_begins,
	             folded.is & IS_NEAR);
	unfold_spans(&reader, calm, SERVER, folded.server_spans, folded.server_begins,
	             folded.is & IS_NEAR);
	if (folded.is & IS_STAMPED)
		unfold_stamps(&reader, calm);
}

/* ---- Without unfolding ---- */

unsigned folded_size(const uint8_t *bytes)
{
	return bytes[offsetof(struct folded, size)];
}

bool folded_is_pooled(const uint8_t *bytes)
{
	struct folded folded;

	memcpy(&folded, bytes, FRONT_BYTES);
	return folded.client_spans == POOLED || folded.server_spans == POOLED;
}
