/* tracker.c: segments in, flows and events out. */

#include "track/tracker.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "base/time.h"
#include "track/inside.h"

struct tracker_options tracker_defaults(void)
{
	return (struct tracker_options){
		.max_flows = 1000000,
		.keep = 100000,
		.linger = 5 * TIME_SECOND,
		.time_wait = 60 * TIME_SECOND,
		.udp_idle = 60 * TIME_SECOND,
	};
}

static uint32_t bucket_count(uint32_t flows)
{
	uint32_t count = 1024;

	while (count < flows && count < UINT32_C(1) << 30)
		count *= 2;
	return count;
}

/* Room for what a connection of moderate speed has under way, times many. */
static uint32_t range_count(uint32_t flows)
{
	return flows < RANGES_MOST / 64 ? 64 * flows : RANGES_MOST;
}

enum { LARGE_PAGE = 2 << 20 };

/* Where there are too few, flows stay unpacked. */
static uint32_t chunk_count(uint32_t flows)
{
	return flows < UINT32_MAX / CHUNKS_EACH ? flows * CHUNKS_EACH : UINT32_MAX - 1;
}

/*
 * Flows are met in no order, so with small pages nearly each one would cost a walk through the page
 * tables. The beginning keeps them: a capture of a few connections touches no more than it needs.
 */
static void want_large_pages(uint8_t *array, size_t size)
{
	size_t before = (LARGE_PAGE - (uintptr_t)array % LARGE_PAGE) % LARGE_PAGE;

	if (before < LARGE_PAGE / 2)
		before += LARGE_PAGE;
	if (before < size)
		madvise(array + before, size - before, MADV_HUGEPAGE);
}

static void lay_out_lines(struct tracker *tracker, uint8_t *at)
{
	for (size_t i = 0; i < LINES; i++)
		tracker->lines[i].numbers = (void *)(at + i * line_size(tracker->options.max_flows));
}

/*
 * Where each array begins in the arena, 64-byte aligned; without an arena it only measures. Only the
 * lines, which come last, are walked from end to end: small pages do.
 */
size_t tracker_lay_out(struct tracker *tracker, uint8_t *arena)
{
	size_t flows = (size_t)tracker->options.max_flows + 1;
	size_t sizes[] = {
		sizeof(*tracker),
		flows * sizeof(struct flow),
		((size_t)tracker->bucket_mask + 1) * sizeof(struct bucket),
		(LISTENERS + 1) * sizeof(struct listener),
		LISTENER_SLOTS * sizeof(uint32_t),
		SUSPECTS * sizeof(struct suspect),
		trails_size(tracker->options.trails),
		RECENTS * sizeof(struct recents),
		ranges_size(tracker->range_count),
		flows * tracker->asides.size,
		flows * tracker->round_trips.size,
		flows * sizeof(struct slot),
		flows,
		chunks_size(tracker->chunk_count),
		flows * tracker->calms.size,
		flows * tracker->seeds.size,
		folds_size(tracker->fold_count),
		calm_molds_size(),
		calm_notes_size(),
		LINES * line_size(tracker->options.max_flows),
	};
	size_t places[sizeof(sizes) / sizeof(sizes[0])];
	size_t at = 0;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		places[i] = at;
		at += (sizes[i] + 63) / 64 * 64;
	}
	if (!arena)
		return at;
	for (size_t i = 0; i + 1 < sizeof(sizes) / sizeof(sizes[0]); i++)
		want_large_pages(arena + places[i], sizes[i]);
	tracker->flows = (void *)(arena + places[1]);
	tracker->buckets = (void *)(arena + places[2]);
	tracker->listeners = (void *)(arena + places[3]);
	tracker->listener_slots = (void *)(arena + places[4]);
	tracker->suspects = (void *)(arena + places[5]);
	tracker->trails = (void *)(arena + places[6]);
	tracker->recents = (void *)(arena + places[7]);
	tracker->ranges = (void *)(arena + places[8]);
	tracker->asides.records = arena + places[9];
	tracker->round_trips.records = arena + places[10];
	tracker->slots = (void *)(arena + places[11]);
	tracker->spared = arena + places[12];
	tracker->chunks = (void *)(arena + places[13]);
	tracker->calms.records = arena + places[14];
	tracker->seeds.records = arena + places[15];
	tracker->folds = arena + places[16];
	tracker->molds = (void *)(arena + places[17]);
	tracker->calm_notes = (void *)(arena + places[18]);
	lay_out_lines(tracker, arena + places[19]);
	return at;
}

/* Where nobody asks what each segment did, and flows may lie as they like. */
bool tracker_may_take_calmly(const struct tracker *tracker)
{
	uint32_t asked = event_bit(EVENT_FLOW_OPENED) | event_bit(EVENT_SEGMENT) |
	                 event_bit(EVENT_STATE_CHANGED) | event_bit(EVENT_RESET) |
	                 event_bit(EVENT_FLOW_FORGOTTEN);

	return !tracker->options.unpacked && !tracker->is_finished && tracker->options.trails == 0 &&
	       !(tracker->kinds & asked);
}

/* Reserved, not touched: a page costs memory only once a flow lives there. */
struct tracker *tracker_new(const struct tracker_options *options, struct error *err)
{
	struct tracker start = { .options = *options, .next_id = 1 };
	struct tracker *tracker;
	void *arena;

	if (start.options.max_flows == 0)
		start.options.max_flows = 1;
	start.due = INT64_MAX;
	start.now = start.totals.first = start.totals.last = TIME_NONE;
	start.bucket_mask = bucket_count(start.options.max_flows) - 1;
	table_seed(&start);
	start.chunk_count = chunk_count(start.options.max_flows);
	start.fold_count = folds_count(start.options.max_flows);
	start.range_count = range_count(start.options.max_flows);
	start.asides.size = sizeof(struct aside);
	start.round_trips.size = 2 * sizeof(struct round_trips);
	start.calms.size = calm_size();
	start.seeds.size = SEED_SIZE;
	start.arena_size = tracker_lay_out(&start, NULL);
	arena = mmap(NULL, start.arena_size, PROT_READ | PROT_WRITE,
	             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (arena == MAP_FAILED) {
		error_set(err, "no room for %u connections: %s", options->max_flows,
		          strerror(errno));
		error_remedy(err, "ask for fewer with --max-flows");
		return NULL;
	}
	tracker = arena;
	*tracker = start;
	tracker_lay_out(tracker, arena);
	if (tracker_may_take_calmly(tracker) && !calm_prepare(tracker, err)) {
		tracker_free(tracker);
		return NULL;
	}
	tracker->takes_calmly = tracker_may_take_calmly(tracker);
	return tracker;
}

void tracker_free(struct tracker *tracker)
{
	if (tracker)
		munmap(tracker, tracker->arena_size);
}

void tracker_listen(struct tracker *tracker, uint32_t kinds, event_listener *listener,
                    void *context)
{
	tracker->kinds = kinds;
	tracker->listener = listener;
	tracker->context = context;
	tracker->takes_calmly = tracker_may_take_calmly(tracker);
}

static bool leaves_a_trail(const struct tracker *tracker, enum event_kind kind)
{
	return tracker->options.trails > 0 && (kind == EVENT_SEGMENT || kind == EVENT_ICMP_ERROR);
}

static int64_t time_of(const struct tracker *tracker, const struct turn *turn)
{
	return turn && turn->segment ? turn->segment->time : tracker->now;
}

static struct event event_of(const struct tracker *tracker, struct flow *flow,
                             enum event_kind kind, const struct turn *turn)
{
	struct event event = { .kind = kind, .flow = flow, .time = time_of(tracker, turn) };

	if (!turn)
		return event;
	event.segment = turn->segment;
	event.side = turn->side;
	event.before[CLIENT] = turn->before[CLIENT];
	event.before[SERVER] = turn->before[SERVER];
	event.oddity = turn->oddities;
	event.is_repeat = turn->is_repeat;
	event.marks = turn->marks;
	event.duplicate_acks = turn->duplicate_acks;
	return event;
}

/* An event is made only when somebody asked for it. */
void tracker_tell(struct tracker *tracker, struct flow *flow, enum event_kind kind,
                  const struct turn *turn)
{
	bool is_heard = tracker->kinds & event_bit(kind);
	bool is_kept = leaves_a_trail(tracker, kind);
	struct event event;

	if (kind == EVENT_STATE_CHANGED)
		flow->moved = time_of(tracker, turn);
	if (!is_heard && !is_kept)
		return;
	event = event_of(tracker, flow, kind, turn);
	if (is_kept)
		trails_record(tracker, flow, &event);
	if (is_heard)
		tracker->listener(tracker->context, &event);
}

void tracker_tell_oddity(struct tracker *tracker, struct flow *flow, struct turn *turn,
                         enum oddity oddity)
{
	flow->oddities |= (uint16_t)oddity;
	turn->oddities |= (uint16_t)oddity;
	if (flow->odd.frame == 0)
		flow->odd = (struct milestone){ .time = turn->segment->time,
			                        .frame = turn->segment->frame };
	tracker_tell(tracker, flow, EVENT_ODDITY, turn);
}

static void note_backwards(struct tracker_totals *totals, int64_t back)
{
	totals->backwards++;
	if (back > totals->backwards_most)
		totals->backwards_most = back;
}

/* The clock never runs back; a segment that does is counted. */
static void note_time(struct tracker *tracker, const struct segment *segment)
{
	struct tracker_totals *totals = &tracker->totals;

	if (totals->first == TIME_NONE)
		totals->first = segment->time;
	if (segment->time < totals->last)
		note_backwards(totals, time_between(segment->time, totals->last));
	else
		totals->last = segment->time;
	if (segment->time >= tracker->due)
		timers_advance(tracker, segment->time);
	else if (segment->time > tracker->now)
		tracker->now = segment->time;
}

static void feed_one(struct tracker *tracker, const struct segment *segment, uint64_t hash)
{
	/* clang-format off */
	static void (*const feeds[])(struct tracker *, const struct segment *, uint64_t) = {
		[SEGMENT_TCP] = connection_feed,
		[SEGMENT_TCP_PART] = connection_part,
		[SEGMENT_TCP_QUOTE] = quote_feed,
		[SEGMENT_UDP] = datagram_feed,
		[SEGMENT_UDP_QUOTE] = quote_feed,
		[SEGMENT_TCP_COPY] = duplicates_feed,
		[SEGMENT_UDP_COPY] = duplicates_feed,
	};
	/* clang-format on */

	note_time(tracker, segment);
	feeds[segment->kind](tracker, segment, hash);
}

static void feed_batch(struct tracker *tracker, struct batch *batch)
{
	for (size_t group = 0; group < batch->count + FETCH_AHEAD; group += FETCH_GROUP) {
		size_t now = group - FETCH_AHEAD, end = batch_end(batch, now);

		fetch_for(tracker, batch, group);
		for (; now < end; now++)
			feed_one(tracker, &batch->segments[now], batch->hashes[now]);
	}
}

void tracker_feed(struct tracker *tracker, const struct segment *segments, size_t count)
{
	struct batch batch;

	for (size_t at = 0; at < count; at += batch.count) {
		batch.segments = segments + at;
		batch.count = count - at < TRACKER_BATCH ? count - at : TRACKER_BATCH;
		feed_batch(tracker, &batch);
	}
}

void tracker_advance(struct tracker *tracker, int64_t now)
{
	timers_advance(tracker, now);
}

void tracker_finish(struct tracker *tracker)
{
	const struct line *order = &tracker->lines[ORDER];
	uint32_t number = line_first(order);

	for (; number != NONE; number = line_next(tracker, order, number))
		timers_finish(tracker, number);
	tracker->is_finished = true;
	tracker->takes_calmly = false;
}

/* Looking at a flow may unpack it, which changes nothing that could be seen. */
const struct flow *tracker_at(const struct tracker *tracker, uint32_t number)
{
	return place_flow((struct tracker *)tracker, number);
}

const struct flow *tracker_next(const struct tracker *tracker, const struct flow *flow)
{
	const struct line *order = &tracker->lines[ORDER];
	uint32_t number = flow ? line_next(tracker, order, flow->number) : line_first(order);

	return number == NONE ? NULL : tracker_at(tracker, number);
}

const struct tracker_totals *tracker_totals(const struct tracker *tracker)
{
	return &tracker->totals;
}

int64_t tracker_now(const struct tracker *tracker)
{
	return tracker->now;
}

int64_t tracker_time_wait_end(const struct tracker *tracker, const struct flow *flow,
                              enum side side)
{
	enum side end = flow->self_connected ? CLIENT : side;

	if (flow->ends[end].state != ST_TIME_WAIT || flow->time_wait[end] == TIME_NONE)
		return TIME_NONE;
	return flow->time_wait[end] + tracker->options.time_wait;
}

const struct listener *tracker_next_listener(const struct tracker *tracker,
                                             const struct listener *listener)
{
	uint32_t number = listener ? (uint32_t)(listener - tracker->listeners) + 1 : 1;

	return number <= tracker->listener_count ? &tracker->listeners[number] : NULL;
}
