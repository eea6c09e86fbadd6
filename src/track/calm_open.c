/* calm_open.c: how a calm connection begins, and where it is kept. */

#include "track/calm.h"

#include <stddef.h>
#include <string.h>

#include "packet/option.h"

/* ---- Room ---- */

size_t calms_size(uint32_t count)
{
	return ((size_t)count + 1) * sizeof(struct calm);
}

/* It lies where its number says, so that it is fetched together with its slot. */
static struct calm *calm_new(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];

	slot->place = number;
	slot->is_packed = slot->is_calm = slot->was_calm = slot->is_whole = true;
	memset(&tracker->calms[number], 0, sizeof(struct calm));
	return &tracker->calms[number];
}

static struct round_trips *round_trips_seen(const struct tracker *tracker, const struct calm *calm)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		if (calm->ends[side].said.span_count == SPANS_POOLED)
			return pool_at(&tracker->round_trips, calm->spans[side][0]);
	}
	return NULL;
}

int64_t calm_touched(const struct tracker *tracker, uint32_t number)
{
	const struct calm *calm = &tracker->calms[number];

	return calm->start + moment_time(calm->last);
}

void calm_forget(struct tracker *tracker, uint32_t number)
{
	struct calm *calm = &tracker->calms[number];
	struct round_trips *trips = round_trips_seen(tracker, calm);

	listeners_leave(tracker, calm->listener);
	timed_release(tracker, &calm->streams[CLIENT].timed);
	timed_release(tracker, &calm->streams[SERVER].timed);
	if (trips)
		pool_give_back(&tracker->round_trips, trips);
	calm->phase = CALM_NONE;
}

/* What many round trips need is in the pool, under a number that either end holds. */
void calm_time(struct tracker *tracker, struct calm *calm, enum side side, int64_t span)
{
	struct calm_end *end = &calm->ends[side];
	struct round_trips *both;

	if (spans_hold(calm->spans[side], (int)end->said.span_count, span)) {
		end->said.span_count++;
		return;
	}
	both = round_trips_seen(tracker, calm);
	if (!both) {
		both = pool_at(&tracker->round_trips, pool_take(&tracker->round_trips));
		memset(both, 0, 2 * sizeof(*both));
	}
	if (end->said.span_count != SPANS_POOLED) {
		spans_pour(&both[side], calm->spans[side], (int)end->said.span_count);
		end->said.span_count = SPANS_POOLED;
		calm->spans[side][0] = pool_number(&tracker->round_trips, both);
	}
	round_trips_add(&both[side], span);
}

/* What was a calm flow's is room for the same flow, once it is packed. */
uint8_t *calm_place(const struct tracker *tracker, uint32_t number, size_t *size)
{
	const size_t start = offsetof(struct calm, address);

	*size = sizeof(struct calm) - start;
	return (uint8_t *)&tracker->calms[number] + start;
}

/* What waits for its acknowledgment lies within the last 2^24 numbers. */
uint32_t calm_timed_right(const struct calm *calm, enum side side)
{
	uint32_t next = calm->ends[side].next;

	return next - ((next - (uint32_t)calm->streams[side].timed_right) & TIMED_RIGHT_MASK);
}

/* The segment that needs no range gets one. */
void calm_untime(struct tracker *tracker, struct calm *calm, enum side side)
{
	struct calm_stream *stream = &calm->streams[side];

	if (!stream->is_timed)
		return;
	stream->is_timed = false;
	timed_add_first(tracker, &stream->timed, calm->ends[other_side(side)].acked,
	                calm_timed_right(calm, side), calm->start + (int64_t)stream->timed_time);
}

/* ---- Waking ---- */

/* What it has in pools is only lent. */
static void copy(const struct tracker *tracker, uint32_t number, struct flow *flow)
{
	const struct calm *calm = &tracker->calms[number];
	struct round_trips *trips = round_trips_seen(tracker, calm);

	calm_write(calm, &tracker->molds[calm->phase], flow);
	flow->number = number;
	if (!trips)
		return;
	flow->round_trips = (char *)trips - (char *)flow;
	for (int side = CLIENT; side <= SERVER; side++) {
		if (calm->ends[side].said.span_count == SPANS_POOLED)
			flow->sequence[side].spans[0] = 0;
	}
}

/* What was marked although nothing was odd. */
static bool is_marked(const struct calm *calm)
{
	return calm->incarnation > 0 || (calm->ends[CLIENT].heard.is & IS_OFFLOADED) != 0 ||
	       (calm->ends[SERVER].heard.is & IS_OFFLOADED) != 0;
}

static void write_marks(const struct calm *calm, struct aside *aside)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		const struct calm_end *end = &calm->ends[side];
		uint32_t cut = end->heard.is & IS_CUT ? end->data_packets : 0;

		if (end->heard.is & IS_OFFLOADED)
			aside->marks[MARK_OFFLOADED][side] = end->packets - cut;
	}
	aside->marks[MARK_REUSED_PORTS][CLIENT] = calm->incarnation > 0;
}

void calm_wake(struct tracker *tracker, uint32_t number, struct flow *flow)
{
	calm_untime(tracker, &tracker->calms[number], CLIENT);
	calm_untime(tracker, &tracker->calms[number], SERVER);
	copy(tracker, number, flow);
	if (is_marked(&tracker->calms[number]))
		write_marks(&tracker->calms[number], aside_of(tracker, flow));
	tracker->calms[number].phase = CALM_NONE;
}

/* Its listener looks at a copy, in the records that are nobody's; what was only lent is not in it. */
struct flow *calm_show_end(struct tracker *tracker, uint32_t number)
{
	struct flow *flow = &tracker->flows[NONE];

	copy(tracker, number, flow);
	if (is_marked(&tracker->calms[number])) {
		struct aside *aside = pool_at(&tracker->asides, NONE);

		memset(aside, 0, sizeof(*aside));
		write_marks(&tracker->calms[number], aside);
		flow->aside = (char *)aside - (char *)flow;
	}
	flow->sequence[CLIENT].timed = flow->sequence[SERVER].timed =
		(struct timed){ .first = NONE };
	return flow;
}

/* ---- The handshake ---- */

static bool is_bare_syn(const struct segment *segment)
{
	unsigned flags = TCP_SYN | TCP_ACK | TCP_FIN | TCP_RST;

	return (segment->flags & flags) == TCP_SYN && segment->payload == 0 && segment->ack == 0 &&
	       segment->frame != 0;
}

static bool ends_are_one(const struct segment *segment)
{
	return segment->source_port == segment->destination_port &&
	       address_equal(&segment->source, &segment->destination);
}

/* As the rules read a SYN; what is refused would mean more than a phase can say. */
static bool read_syn(const struct segment *segment, struct tcp_options *options)
{
	options_parse(segment, options);
	return !options->has_mptcp && !options->has_fast_open && options->sack_count == 0;
}

/* What a SYN or SYN-ACK says of its end. */
static void begin(struct calm *calm, enum side side, const struct segment *segment,
                  const struct tcp_options *options)
{
	struct calm_end *end = &calm->ends[side];
	struct calm_stream *stream = &calm->streams[side];
	uint8_t scale = options->window_scale;

	calm->iss[side] = segment->seq;
	calm->mss[side] = options->has_mss ? options->mss : 0;
	calm->ttl[side] = segment->ttl;
	calm->syn_options[side] = segment->options_length;
	calm->window_scale[side] = WINDOW_SCALE_UNUSED;
	if (options->has_window_scale)
		calm->window_scale[side] =
			(int8_t)(scale > WINDOW_SCALE_MAX ? WINDOW_SCALE_MAX : scale);
	end->next = segment->seq + 1;
	end->packets = 1;
	end->heard.time = end->said.time = calm_since(calm, segment) & MOMENT_TIME_MASK;
	end->heard.window = segment->window;
	if (segment->checksum == CHECKSUM_OFFLOADED)
		end->heard.is = IS_OFFLOADED;
	stream->window_most = segment->window;
	if (options->has_timestamps)
		calm_stamp_start(stream, options->timestamp, end->heard.time);
}

static bool waits_for_ack(const struct calm_stream *stream)
{
	return stream->is_timed || stream->timed.first != NONE;
}

static void note(struct tracker *tracker, uint32_t number, enum calm_phase phase)
{
	struct slot *slot = &tracker->slots[number];
	const struct calm *calm = &tracker->calms[number];
	const struct calm_note *note = &tracker->calm_notes[phase];

	slot->opening = (unsigned)note->opening & SLOT_WORD;
	slot->closing = (unsigned)note->closing & SLOT_WORD;
	slot->is_established = note->is_established;
	timers_wait(tracker, number, (enum timeout)note->timeout, tracker->now);
	slot->since = tracker->now;
	slot->ends_plainly = note->timeout == TIMEOUT_LINGER &&
	                     !waits_for_ack(&calm->streams[CLIENT]) &&
	                     !waits_for_ack(&calm->streams[SERVER]);
}

void calm_enter(struct tracker *tracker, uint32_t number, enum calm_phase phase)
{
	tracker->calms[number].phase = (uint8_t)phase;
	note(tracker, number, phase);
}

bool calm_may_open(const struct tracker *tracker, const struct segment *segment)
{
	struct tcp_options options;

	return is_bare_syn(segment) && !ends_are_one(segment) && read_syn(segment, &options) &&
	       tracker->next_id <= UINT32_MAX && tracker->next_stream <= UINT32_MAX &&
	       segment->frame >> FRAME_BITS == 0;
}

void calm_reopen(struct tracker *tracker, const struct segment *segment, uint64_t hash,
                 uint32_t incarnation)
{
	struct tcp_options options;
	uint32_t id = (uint32_t)tracker->next_id;
	uint32_t number = table_enter(tracker, hash, false);
	struct calm *calm = calm_new(tracker, number);

	options_parse(segment, &options);
	calm->id = id;
	calm->stream = (uint32_t)tracker->next_stream++;
	calm->address[CLIENT] = segment->source;
	calm->address[SERVER] = segment->destination;
	calm->port[CLIENT] = segment->source_port;
	calm->port[SERVER] = segment->destination_port;
	calm->family = segment->family;
	calm->start = segment->time;
	calm->first_frame = segment->frame & FRAME_MASK;
	calm->incarnation = incarnation & INCARNATION_MASK;
	calm->seen = SEEN_SYN;
	calm->has = options.has_timestamps ? HAS_STAMP_OF_SYN : 0;
	begin(calm, CLIENT, segment, &options);
	calm_letter_once(calm, CLIENT, CALM_S);
	calm_enter(tracker, number, CALM_ASKED);
	duplicates_has(tracker, (uint32_t)hash, id, CLIENT, segment);
	tracker->totals.sent[CLIENT]++;
	tracker->totals.active_opens++;
	tracker->totals.marks[MARK_REUSED_PORTS] += incarnation > 0;
	tracker->totals.marks[MARK_OFFLOADED] += segment->checksum == CHECKSUM_OFFLOADED;
}

void calm_open(struct tracker *tracker, const struct segment *segment, uint64_t hash)
{
	calm_reopen(tracker, segment, hash, 0);
}

/* A SYN-ACK as it should be: the client's next segment will complete the handshake. */
bool calm_answer(struct tracker *tracker, uint32_t number, const struct segment *segment)
{
	struct calm *calm = &tracker->calms[number];
	struct tcp_options options;
	uint64_t span = calm_since(calm, segment);
	uint64_t frames = segment->frame - calm->first_frame;

	if ((segment->flags & (TCP_SYN | TCP_ACK | TCP_FIN | TCP_RST)) != (TCP_SYN | TCP_ACK) ||
	    span >> MOMENT_TIME != 0 || frames >> MOMENT_FRAME != 0 || frames == 0 ||
	    segment->payload != 0 || segment->ack != calm->ends[CLIENT].next || segment->ack == 0 ||
	    !read_syn(segment, &options))
		return false;
	begin(calm, SERVER, segment, &options);
	calm->ends[SERVER].acked = segment->ack;
	calm->ends[CLIENT].acked = segment->seq;
	calm_letter_once(calm, SERVER, CALM_S);
	calm->seen |= SEEN_SYN_ACK;
	if (options.has_timestamps) {
		calm_stamp_finish(tracker, calm, CLIENT, options.timestamp_echo, span, true);
		if (calm->has & HAS_STAMP_OF_SYN)
			calm->has |= HAS_STAMPS;
	}
	if (calm->window_scale[CLIENT] >= 0 && calm->window_scale[SERVER] >= 0)
		calm->has |= HAS_SCALES;
	calm->listener = (uint16_t)listeners_ask(tracker, &calm->address[SERVER],
	                                         calm->port[SERVER], calm->family, segment->time);
	calm->last = calm->milestones[CALM_SYN_ACK] = calm_moment(calm, segment);
	calm_enter(tracker, number, CALM_ANSWERED);
	duplicates_has(tracker, tracker->slots[number].hash, calm->id, SERVER, segment);
	tracker->totals.sent[SERVER]++;
	tracker->totals.passive_opens++;
	tracker->totals.marks[MARK_OFFLOADED] += segment->checksum == CHECKSUM_OFFLOADED;
	return true;
}
