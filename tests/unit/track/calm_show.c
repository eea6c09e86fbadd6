/* calm_show.c: a flow without that which only says where things are, for comparing two trackers. */

#include "unit/track/calm_show.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "track/calm.h"

/* ---- Showing ---- */

void show_flow(struct shown *shown, const struct flow *flow)
{
	const char *base = (const char *)flow;
	struct flow *copy = &shown->flow;

	memset(&shown->aside, 0, sizeof(shown->aside));
	memset(shown->trips, 0, sizeof(shown->trips));
	memcpy(copy, flow, sizeof(*copy));
	if (flow->aside != 0)
		memcpy(&shown->aside, base + flow->aside, sizeof(shown->aside));
	if (flow->round_trips != 0)
		memcpy(shown->trips, base + flow->round_trips, sizeof(shown->trips));
	copy->aside = flow->aside != 0;
	copy->round_trips = flow->round_trips != 0;
	for (int side = CLIENT; side <= SERVER; side++) {
		struct sequence *sequence = &copy->sequence[side];

		sequence->timed.first = sequence->timed.first != NONE;
		sequence->timed.last = sequence->timed.last != NONE;
		sequence->holes = sequence->holes != NONE;
		shown->timed_count[side] = shown->hole_count[side] = 0;
	}
}

static int copy_pieces(const struct tracker *tracker, uint32_t first, struct piece *pieces)
{
	const struct piece *ranges = (const void *)tracker->ranges;
	int count = 0;

	cr_assert_eq(ranges_size(1) - ranges_size(0), sizeof(struct piece));
	for (uint32_t index = first; index != NONE; index = ranges[index].next) {
		cr_assert_lt(count, PIECES_MOST);
		memset(&pieces[count], 0, sizeof(*pieces));
		pieces[count].left = ranges[index].left;
		pieces[count].right = ranges[index].right;
		pieces[count].was_repeated = ranges[index].was_repeated;
		pieces[count++].time = ranges[index].time;
	}
	return count;
}

static void show_pieces(struct shown *shown, const struct tracker *tracker, enum side side,
                        const struct sequence *sequence)
{
	shown->timed_count[side] = copy_pieces(tracker, sequence->timed.first, shown->timed[side]);
	shown->hole_count[side] = copy_pieces(tracker, sequence->holes, shown->holes[side]);
}

/* What happened to it since, while it only lay in its queue: as timers_resume has it. */
static void catch_up(const struct tracker *tracker, const struct slot *slot, struct flow *flow)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		flow->sequence[side].timed = (struct timed){ .first = NONE };
		if (slot->timeout != TIMEOUT_KEPT || flow->ends[side].state != ST_TIME_WAIT ||
		    time_between(flow->time_wait[side], slot->queued) < tracker->options.time_wait)
			continue;
		endpoint_show(&flow->ends[side], PROOF_TIMED_OUT, PROVEN);
		flow->moved = slot->queued;
	}
	flow->stage = slot->timeout == TIMEOUT_KEPT ? STAGE_KEPT : STAGE_ENDED;
}

static const struct flow *see_calm(struct tracker *tracker, uint32_t number)
{
	const struct slot *slot = &tracker->slots[number];
	const struct calm *calm = calm_look(tracker, number);
	struct flow *flow = calm_show_end(tracker, number);

	for (int side = CLIENT; side <= SERVER; side++)
		flow->sequence[side].timed = calm->streams[side].timed;
	if (slot->is_ended)
		catch_up(tracker, slot, flow);
	return flow;
}

/* The first of those that wait may be in the calm flow itself. */
static void show_first_piece(struct shown *shown, const struct calm *calm, enum side side)
{
	const struct calm_stream *stream = &calm->streams[side];
	struct sequence *sequence = &shown->flow.sequence[side];
	struct piece *pieces = shown->timed[side];

	if (!stream->is_timed)
		return;
	memmove(&pieces[1], pieces, (size_t)shown->timed_count[side]++ * sizeof(*pieces));
	memset(pieces, 0, sizeof(*pieces));
	pieces->left = calm->ends[side == CLIENT ? SERVER : CLIENT].acked;
	pieces->right = calm_timed_right(stream, calm->ends[side].next);
	pieces->time = calm->start + (int64_t)stream->timed_time;
	sequence->timed.first = 1;
	sequence->timed.last = 1;
	sequence->timed.count++;
}

void show_slot(struct shown *shown, struct tracker *tracker, uint32_t number)
{
	const struct slot *slot = &tracker->slots[number];
	const struct flow *flow;

	cr_assert(!slot->is_packed || slot->is_calm, "there was room for all");
	flow = slot->is_calm ? see_calm(tracker, number) : &tracker->flows[slot->place];
	show_flow(shown, flow);
	show_pieces(shown, tracker, CLIENT, &flow->sequence[CLIENT]);
	show_pieces(shown, tracker, SERVER, &flow->sequence[SERVER]);
	if (!slot->is_calm || slot->is_ended)
		return;
	show_first_piece(shown, calm_look(tracker, number), CLIENT);
	show_first_piece(shown, calm_look(tracker, number), SERVER);
}

uint32_t standing_first(const struct tracker *tracker, int which)
{
	return line_first(&tracker->lines[which]);
}

uint32_t standing_next(const struct tracker *tracker, int which, uint32_t number)
{
	return line_next(tracker, &tracker->lines[which], number);
}

/* ---- Where two differ ---- */

struct field {
	size_t at;
	const char *name;
};

#define FIELD(field)     { offsetof(struct flow, field), #field }
#define BOTH(field, end) FIELD(field[0].end), FIELD(field[1].end)

/* clang-format off */
static const struct field fields[] = {
	FIELD(key), FIELD(number), FIELD(stage), FIELD(oddities), FIELD(seen), FIELD(first_close),
	FIELD(self_connected), FIELD(saw_reply), FIELD(id), FIELD(last), FIELD(touched),
	FIELD(first_frame), FIELD(last_frame), FIELD(ends), FIELD(irtt), FIELD(suspect),
	FIELD(incarnation), FIELD(late), FIELD(cut), FIELD(mss), FIELD(ttl), FIELD(has_syn),
	FIELD(simultaneous_open), FIELD(opened),
	BOTH(sent, packets), BOTH(sent, payload), BOTH(sent, last_new), BOTH(sent, iss),
	BOTH(sent, next), BOTH(sent, acked), BOTH(sent, fin), BOTH(sent, back_off),
	BOTH(sent, window), BOTH(sent, window_scale), BOTH(sent, rival), BOTH(sent, syns),
	BOTH(sent, fins), BOTH(sent, resets), BOTH(sent, repeats), BOTH(sent, syn_payload),
	BOTH(sequence, next_time), BOTH(sequence, ack_time), BOTH(sequence, next),
	BOTH(sequence, contiguous), BOTH(sequence, acked), BOTH(sequence, window),
	BOTH(sequence, duplicate_acks), BOTH(sequence, covered), BOTH(sequence, delivered),
	BOTH(sequence, base), BOTH(sequence, timed), BOTH(sequence, hole_count),
	BOTH(sequence, window_scale), BOTH(sequence, span_count), BOTH(sequence, mptcp),
	BOTH(sequence, stamp), BOTH(sequence, stamp_time), BOTH(sequence, data_packets),
	BOTH(sequence, pure_acks), BOTH(sequence, largest), BOTH(sequence, window_most),
	BOTH(sequence, in_flight_most), BOTH(sequence, initial_window), BOTH(sequence, holes),
	BOTH(sequence, spans), 
	FIELD(fin), FIELD(fin_acked), FIELD(stream), FIELD(start), FIELD(syn), FIELD(syn_ack),
	FIELD(syn_last), FIELD(syn_ack_last), FIELD(syn_rtt), FIELD(ack_rtt), FIELD(moved),
	FIELD(time_wait), FIELD(trail), FIELD(listener), FIELD(reset), FIELD(reset_last),
	FIELD(reset_seq), FIELD(reset_got), FIELD(icmp), FIELD(odd), FIELD(icmp_reporter),
	FIELD(icmp_errors), FIELD(quotes), FIELD(reset_side), FIELD(has_reset_got),
	FIELD(fast_open_payload), FIELD(aside), FIELD(round_trips),
	BOTH(zeek.ends, last), BOTH(zeek.ends, acked), BOTH(zeek.ends, delivered),
	BOTH(zeek.ends, packets), BOTH(zeek.ends, ip_bytes), BOTH(zeek.ends, start),
	BOTH(zeek.ends, held), BOTH(zeek.ends, marks), BOTH(zeek.ends, span_count),
	BOTH(zeek.ends, state), BOTH(zeek.ends, previous), BOTH(zeek.ends, letters),
	BOTH(zeek.ends, has_fin), FIELD(zeek.last), FIELD(zeek.missed), FIELD(zeek.history_length),
	FIELD(zeek.originator), FIELD(zeek.is_begun), FIELD(zeek.defers_close), FIELD(zeek.history),
	FIELD(zeek.rare),
};
/* clang-format on */

static const char *field_at(size_t at)
{
	const struct field *found = &fields[0];

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].at <= at && fields[i].at >= found->at)
			found = &fields[i];
	}
	return found->name;
}

static size_t first_difference(const void *one, const void *other, size_t size)
{
	const uint8_t *a = one, *b = other;
	size_t at = 0;

	while (at < size && a[at] == b[at])
		at++;
	return at;
}

/* The word that begins where a field does tells most. */
static const char *explain(const struct flow *one, const struct flow *other)
{
	static char text[256];
	size_t at = first_difference(one, other, sizeof(*one));
	size_t word = at / 8 * 8;
	unsigned long long a, b;

	memcpy(&a, (const char *)one + word, sizeof(a));
	memcpy(&b, (const char *)other + word, sizeof(b));
	snprintf(text, sizeof(text), "%s (byte %zu, in %llx, not %llx)", field_at(at), at, a, b);
	return text;
}

static bool has_same_pieces(const struct shown *one, const struct shown *other)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		size_t timed = (size_t)one->timed_count[side] * sizeof(struct piece);
		size_t holes = (size_t)one->hole_count[side] * sizeof(struct piece);

		if (one->timed_count[side] != other->timed_count[side] ||
		    one->hole_count[side] != other->hole_count[side] ||
		    memcmp(one->timed[side], other->timed[side], timed) != 0 ||
		    memcmp(one->holes[side], other->holes[side], holes) != 0)
			return false;
	}
	return true;
}

const char *shown_difference(const struct shown *one, const struct shown *other)
{
	if (memcmp(&one->flow, &other->flow, sizeof(one->flow)) != 0)
		return explain(&one->flow, &other->flow);
	if (memcmp(&one->aside, &other->aside, sizeof(one->aside)) != 0)
		return "what few flows need";
	if (memcmp(one->trips, other->trips, sizeof(one->trips)) != 0)
		return "round trips";
	return has_same_pieces(one, other) ? NULL : "what is under way";
}

const char *totals_difference(const struct tracker_totals *one, const struct tracker_totals *other)
{
	static char text[128];
	size_t at = first_difference(one, other, sizeof(*one)) / 8;

	if (at * 8 == sizeof(*one))
		return NULL;
	snprintf(text, sizeof(text), "the word at %zu is %llu, not %llu", at * 8,
	         ((const unsigned long long *)(const void *)one)[at],
	         ((const unsigned long long *)(const void *)other)[at]);
	return text;
}
