/* calm_open.c: how a calm connection begins, and where it is kept. */

#include "track/calm.h"

#include <string.h>

#include "packet/option.h"

/* ---- Room ---- */

size_t calm_size(void)
{
	return sizeof(struct calm);
}

struct calm *calm_new(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	struct calm *calm;

	slot->place = pool_take(&tracker->calms);
	slot->is_packed = slot->is_calm = slot->is_whole = true;
	table_note_calm(tracker, number);
	calm = calm_of(tracker, number);
	memset(calm, 0, sizeof(*calm));
	return calm;
}

static struct round_trips *round_trips_seen(const struct tracker *tracker, const struct calm *calm)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		if (calm->ends[side].said.span_count == SPANS_POOLED)
			return pool_at(&tracker->round_trips, calm->spans[side][0]);
	}
	return NULL;
}

static bool is_seed(const struct slot *slot)
{
	return !slot->is_folded && slot->place & SEED_PLACE;
}

/* As it would be if it were whole; what is folded or a seed is lent until the next one is. */
struct calm *calm_look(const struct tracker *tracker, uint32_t number)
{
	const struct slot *slot = &tracker->slots[number];

	if (slot->is_folded)
		return calm_unfolded(tracker, number);
	return is_seed(slot) ? calm_grown(tracker, calm_of(tracker, number))
	                     : calm_of(tracker, number);
}

int64_t calm_touched(const struct tracker *tracker, uint32_t number)
{
	const struct calm *calm;

	if (is_seed(&tracker->slots[number]))
		return calm_of(tracker, number)->start;
	calm = calm_look(tracker, number);
	return calm->start + moment_time(calm_last(calm));
}

/* What holds nothing need not be looked at. */
static bool holds_nothing(const struct tracker *tracker, const struct slot *slot)
{
	return is_seed(slot) ||
	       (slot->is_folded && !folded_is_pooled(fold_at(tracker, slot->place)));
}

static void release(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];

	if (slot->is_folded)
		fold_give_back(tracker, slot->place);
	else
		pool_give_back(is_seed(slot) ? &tracker->seeds : &tracker->calms,
		               calm_of(tracker, number));
	slot->is_folded = false;
}

void calm_forget(struct tracker *tracker, uint32_t number)
{
	struct calm *calm;
	struct round_trips *trips;

	if (holds_nothing(tracker, &tracker->slots[number])) {
		release(tracker, number);
		return;
	}
	calm = calm_look(tracker, number);
	trips = round_trips_seen(tracker, calm);
	listeners_leave(tracker, calm->listener);
	timed_release(tracker, &calm->streams[CLIENT].timed);
	timed_release(tracker, &calm->streams[SERVER].timed);
	if (trips)
		pool_give_back(&tracker->round_trips, trips);
	release(tracker, number);
}

/* What many round trips need is in the pool, under a number that either end holds. */
void calm_time_pooled(struct tracker *tracker, struct calm *calm, enum side side, int64_t span)
{
	struct calm_end *end = &calm->ends[side];
	struct round_trips *both = round_trips_seen(tracker, calm);

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

/* The segment that needs no range gets one. */
void calm_untime(struct tracker *tracker, struct calm *calm, enum side side)
{
	struct calm_stream *stream = &calm->streams[side];

	if (!stream->is_timed)
		return;
	stream->is_timed = false;
	timed_add_first(tracker, &stream->timed, calm->ends[other_side(side)].acked,
	                calm_timed_right(stream, calm->ends[side].next),
	                calm->start + (int64_t)stream->timed_time);
}

/* ---- Waking ---- */

/* What it has in pools is only lent. */
static void copy(const struct tracker *tracker, uint32_t number, const struct calm *calm,
                 struct flow *flow)
{
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
	struct calm *calm = calm_look(tracker, number);

	calm_untime(tracker, calm, CLIENT);
	calm_untime(tracker, calm, SERVER);
	copy(tracker, number, calm, flow);
	if (is_marked(calm))
		write_marks(calm, aside_of(tracker, flow));
	release(tracker, number);
}

/* Its listener looks at a copy, in the records that are nobody's; what was only lent is not in it. */
struct flow *calm_show_end(struct tracker *tracker, uint32_t number)
{
	const struct calm *calm = calm_look(tracker, number);
	struct flow *flow = &tracker->flows[NONE];

	copy(tracker, number, calm, flow);
	if (is_marked(calm)) {
		struct aside *aside = pool_at(&tracker->asides, NONE);

		memset(aside, 0, sizeof(*aside));
		write_marks(calm, aside);
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
static bool read_syn(const struct segment *segment, struct calm_syn *syn,
                     struct tcp_options *options)
{
	uint8_t scale;

	options_parse(segment, options);
	scale = options->window_scale > WINDOW_SCALE_MAX ? WINDOW_SCALE_MAX : options->window_scale;
	*syn = (struct calm_syn){
		.seq = segment->seq,
		.stamp = options->timestamp,
		.mss = options->has_mss ? options->mss : 0,
		.window = segment->window,
		.window_scale = options->has_window_scale ? (int8_t)scale : WINDOW_SCALE_UNUSED,
		.ttl = segment->ttl,
		.options = segment->options_length,
		.has_stamp = options->has_timestamps,
		.is_offloaded = segment->checksum == CHECKSUM_OFFLOADED,
	};
	return !options->has_mptcp && !options->has_fast_open && options->sack_count == 0;
}

static bool waits_for_ack(const struct calm_stream *stream)
{
	return stream->is_timed || stream->timed.first != NONE;
}

static void note(struct tracker *tracker, struct found found, enum calm_phase phase)
{
	struct slot *slot = &tracker->slots[found.number];
	const struct calm *calm = found.calm;
	const struct calm_note *note = &tracker->calm_notes[phase];

	slot->opening = (unsigned)note->opening & SLOT_WORD;
	slot->closing = (unsigned)note->closing & SLOT_WORD;
	slot->is_established = note->is_established;
	timers_wait(tracker, found.number, (enum timeout)note->timeout, tracker->now);
	slot->ends_plainly = note->timeout == TIMEOUT_LINGER &&
	                     !waits_for_ack(&calm->streams[CLIENT]) &&
	                     !waits_for_ack(&calm->streams[SERVER]);
}

/* Whether the queues and totals need not hear of it, so that its slot need not be touched. */
static bool is_the_same(const struct tracker *tracker, enum calm_phase before, enum calm_phase phase)
{
	const struct calm_note *notes = tracker->calm_notes;

	return memcmp(&notes[before], &notes[phase], sizeof(*notes)) == 0 &&
	       notes[phase].timeout != TIMEOUT_LINGER;
}

void calm_enter(struct tracker *tracker, struct found found, enum calm_phase phase)
{
	enum calm_phase before = (enum calm_phase)found.calm->phase;

	found.calm->phase = (uint8_t)phase;
	if (!is_the_same(tracker, before, phase))
		note(tracker, found, phase);
}

bool calm_may_open(const struct tracker *tracker, const struct segment *segment,
                   struct calm_syn *syn)
{
	struct tcp_options options;

	return is_bare_syn(segment) && !ends_are_one(segment) && read_syn(segment, syn, &options) &&
	       tracker->next_id <= UINT32_MAX && tracker->next_stream <= UINT32_MAX &&
	       segment->frame >> FRAME_BITS == 0;
}

/* Whose it is, and where it began. */
static void head_write(struct calm *calm, const struct segment *segment)
{
	calm->near[CLIENT] = calm_near(&segment->source, segment->family);
	calm->near[SERVER] = calm_near(&segment->destination, segment->family);
	calm->port[CLIENT] = segment->source_port;
	calm->port[SERVER] = segment->destination_port;
	calm->family = segment->family;
	calm->start = segment->time;
	calm->first_frame = segment->frame & FRAME_MASK;
	calm->seen = SEEN_SYN;
}

/* Most need no more than a seed for as long as nobody answers. */
static struct calm *opened(struct tracker *tracker, uint32_t number, const struct segment *segment,
                           uint32_t incarnation, const struct calm_syn *syn)
{
	struct calm *calm;

	if (segment->family == FAMILY_IPV4 && incarnation == 0) {
		calm = calm_sow(tracker, number);
		calm->syn = *syn;
	} else {
		calm = calm_new(tracker, number);
		calm->address[CLIENT] = segment->source;
		calm->address[SERVER] = segment->destination;
		calm->incarnation = incarnation;
		calm_begin(calm, CLIENT, syn, 0);
	}
	head_write(calm, segment);
	return calm;
}

void calm_open(struct tracker *tracker, const struct segment *segment, uint64_t hash,
               uint32_t incarnation, const struct calm_syn *syn)
{
	uint32_t id = (uint32_t)tracker->next_id;
	uint32_t number = table_enter(tracker, hash, false);
	struct calm *calm = opened(tracker, number, segment, incarnation, syn);

	calm->id = id;
	calm->stream = (uint32_t)tracker->next_stream++;
	calm_enter(tracker, (struct found){ calm, number }, CALM_ASKED);
	duplicates_has(tracker, id, CLIENT, segment);
	tracker->totals.sent[CLIENT]++;
	tracker->totals.active_opens++;
	tracker->totals.marks[MARK_REUSED_PORTS] += incarnation > 0;
	tracker->totals.marks[MARK_OFFLOADED] += syn->is_offloaded;
}

/* A SYN-ACK as it should be: the client's next segment will complete the handshake. */
bool calm_answer(struct tracker *tracker, struct found found, const struct segment *segment)
{
	struct calm *calm = found.calm;
	uint64_t span = calm_since(calm, segment);
	uint64_t frames = segment->frame - calm->first_frame;
	uint32_t next = (calm->has & IS_SEED ? calm->syn.seq : calm->iss[CLIENT]) + 1;
	struct tcp_options options;
	struct calm_syn syn;

	if ((segment->flags & (TCP_SYN | TCP_ACK | TCP_FIN | TCP_RST)) != (TCP_SYN | TCP_ACK) ||
	    span >> MOMENT_TIME != 0 || frames >> MOMENT_FRAME != 0 || frames == 0 ||
	    segment->payload != 0 || segment->ack != next || segment->ack == 0 ||
	    !read_syn(segment, &syn, &options))
		return false;
	found.calm = calm = calm_grow(tracker, found.number);
	calm_begin(calm, SERVER, &syn, span);
	calm->ends[SERVER].acked = segment->ack;
	calm->ends[CLIENT].acked = segment->seq;
	calm->seen |= SEEN_SYN_ACK;
	if (syn.has_stamp) {
		uint64_t trip = calm_stamp_finish(&calm->streams[CLIENT], options.timestamp_echo, span);

		if (trip > 0)
			calm_time(tracker, calm, CLIENT, (int64_t)trip);
		if (calm->has & HAS_STAMP_OF_SYN)
			calm->has |= HAS_STAMPS;
	}
	if (calm->window_scale[CLIENT] >= 0 && calm->window_scale[SERVER] >= 0)
		calm->has |= HAS_SCALES;
	calm->listener = (uint16_t)listeners_ask(tracker, &segment->source, segment->source_port,
	                                         calm->family, segment->time);
	calm->milestones[CALM_SYN_ACK] = calm_moment(calm, segment);
	calm->last_frame = frames & MOMENT_FRAME_MASK;
	calm_enter(tracker, found, CALM_ANSWERED);
	duplicates_has(tracker, calm->id, SERVER, segment);
	tracker->totals.sent[SERVER]++;
	tracker->totals.passive_opens++;
	tracker->totals.marks[MARK_OFFLOADED] += syn.is_offloaded;
	return true;
}
