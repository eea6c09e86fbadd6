/* scrubber.c: where in a capture connections begin, end, fail and are reset. */

/*
 * Times are counted in bins that become twice as wide whenever the capture outgrows them: so a
 * line of any width is drawn from them without looking at segments again.
 */

#include "app/scrubber.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"

enum { BINS = 8192, NARROWEST = 1000 /* nanoseconds */, FLOWS_MOST = 200000 };

enum note {
	NOTE_OPEN = 1 << 0,
	NOTE_CLOSE = 1 << 1,
	NOTE_RESET = 1 << 2,
	NOTE_FAILURE = 1 << 3,
};

struct scrubber {
	const struct store *store;
	struct tracker *tracker;
	uint8_t *notes; /* one for each segment */
	uint64_t count, room;
	int64_t first, last;
	int64_t width; /* of a bin */
	struct cluster bins[BINS];
};

/* ---- Times ---- */

static void widen(struct scrubber *scrubber)
{
	for (size_t i = 0; i < BINS; i++) {
		struct cluster sum = { 0 };

		for (size_t j = 2 * i; j < 2 * i + 2 && j < BINS; j++) {
			sum.opens += scrubber->bins[j].opens;
			sum.closes += scrubber->bins[j].closes;
			sum.resets += scrubber->bins[j].resets;
		}
		scrubber->bins[i] = sum;
	}
	scrubber->width *= 2;
}

static struct cluster *bin_of(struct scrubber *scrubber, int64_t time)
{
	int64_t span = time_between(scrubber->first, time);

	if (span < 0)
		span = 0;
	while (span / scrubber->width >= BINS)
		widen(scrubber);
	return &scrubber->bins[span / scrubber->width];
}

void scrubber_clusters(const struct scrubber *scrubber, struct cluster *clusters, size_t count)
{
	int64_t span = time_between(scrubber->first, scrubber->last);
	double bins = (double)span / (double)scrubber->width + 1;

	memset(clusters, 0, count * sizeof *clusters);
	for (size_t i = 0; i < BINS && (double)i < bins && count > 0; i++) {
		size_t place = (size_t)((double)i / bins * (double)count);
		struct cluster *cluster = &clusters[place < count ? place : count - 1];

		cluster->opens += scrubber->bins[i].opens;
		cluster->closes += scrubber->bins[i].closes;
		cluster->resets += scrubber->bins[i].resets;
	}
}

/* ---- Segments ---- */

static void note(struct scrubber *scrubber, uint64_t frame, enum note note)
{
	uint64_t number = store_find_frame(scrubber->store, frame);
	struct cluster *bin;

	if (number >= scrubber->count || scrubber->notes[number] & note)
		return;
	scrubber->notes[number] |= (uint8_t)note;
	bin = bin_of(scrubber, store_segment(scrubber->store, number)->time);
	bin->opens += note == NOTE_OPEN;
	bin->closes += note == NOTE_CLOSE;
	bin->resets += note == NOTE_RESET;
}

static bool begins_to_close(const struct event *event)
{
	const struct flow *flow = event->flow;
	uint64_t frame = event->segment ? event->segment->frame : 0;

	return frame != 0 && ((flow->fin[CLIENT].frame == frame && flow->fin[SERVER].frame == 0) ||
	                      (flow->fin[SERVER].frame == frame && flow->fin[CLIENT].frame == 0));
}

/* Where it became clear that a handshake would not be completed; 0: it was, or there was none. */
static uint64_t frame_of_failure(const struct flow *flow)
{
	if (flow->key.protocol != PROTOCOL_TCP)
		return 0;
	switch (flow_opening(flow)) {
	case OPENING_REFUSED:
		return flow->reset.frame;
	case OPENING_UNREACHABLE:
		return flow->icmp.frame;
	case OPENING_UNANSWERED:
	case OPENING_HALF_OPEN:
		return flow->last_frame;
	default:
		return 0;
	}
}

static void hear(void *context, const struct event *event)
{
	struct scrubber *scrubber = context;
	uint64_t frame = event->segment ? event->segment->frame : 0;

	if (event->kind == EVENT_FLOW_OPENED)
		note(scrubber, event->flow->first_frame, NOTE_OPEN);
	else if (event->kind == EVENT_RESET)
		note(scrubber, frame, NOTE_RESET);
	else if (event->kind == EVENT_STATE_CHANGED && begins_to_close(event))
		note(scrubber, frame, NOTE_CLOSE);
	else if (event->kind == EVENT_FLOW_ENDED && frame_of_failure(event->flow) != 0)
		note(scrubber, frame_of_failure(event->flow), NOTE_FAILURE);
}

struct scrubber *scrubber_new(const struct tracker_options *limits, const struct store *store,
                              struct error *err)
{
	struct scrubber *scrubber = calloc(1, sizeof *scrubber);
	struct tracker_options options = *limits;

	if (!scrubber) {
		error_set(err, "out of memory");
		return NULL;
	}
	/* Nobody looks at its flows: what is evicted early has told what there is to tell. */
	options.keep = 0;
	if (options.max_flows > FLOWS_MOST)
		options.max_flows = FLOWS_MOST;
	options.trails = 0;
	scrubber->store = store;
	scrubber->width = NARROWEST;
	scrubber->tracker = tracker_new(&options, err);
	if (!scrubber->tracker) {
		scrubber_free(scrubber);
		return NULL;
	}
	tracker_listen(scrubber->tracker,
	               event_bit(EVENT_FLOW_OPENED) | event_bit(EVENT_RESET) |
	                       event_bit(EVENT_STATE_CHANGED) | event_bit(EVENT_FLOW_ENDED),
	               hear, scrubber);
	return scrubber;
}

void scrubber_free(struct scrubber *scrubber)
{
	if (!scrubber)
		return;
	tracker_free(scrubber->tracker);
	free(scrubber->notes);
	free(scrubber);
}

static int make_room(struct scrubber *scrubber, uint64_t count, struct error *err)
{
	uint64_t room = scrubber->room ? scrubber->room : 4096;
	uint8_t *larger;

	if (count <= scrubber->room)
		return 0;
	while (room < count)
		room *= 2;
	larger = realloc(scrubber->notes, room);
	if (!larger) {
		error_set(err, "out of memory");
		return -1;
	}
	scrubber->notes = larger;
	scrubber->room = room;
	return 0;
}

static void note_times(struct scrubber *scrubber, const struct segment *segments, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		if (segments[i].time > scrubber->last)
			scrubber->last = segments[i].time;
}

int scrubber_read(struct scrubber *scrubber, struct error *err)
{
	uint64_t count = store_count(scrubber->store);

	if (make_room(scrubber, count, err) < 0)
		return -1;
	if (scrubber->count == 0 && count > 0)
		scrubber->first = scrubber->last = store_segment(scrubber->store, 0)->time;
	while (scrubber->count < count) {
		uint64_t run;
		const struct segment *segments =
			store_run(scrubber->store, scrubber->count, &run);

		memset(scrubber->notes + scrubber->count, 0, run);
		scrubber->count += run;
		note_times(scrubber, segments, run);
		tracker_feed(scrubber->tracker, segments, run);
	}
	return 0;
}

void scrubber_finish(struct scrubber *scrubber)
{
	tracker_finish(scrubber->tracker);
}

bool scrubber_landmark(const struct scrubber *scrubber, enum landmark landmark, uint64_t from,
                       uint64_t *number)
{
	uint8_t wanted = landmark == LANDMARK_RESET ? NOTE_RESET : NOTE_FAILURE;

	for (uint64_t i = from; i < scrubber->count; i++) {
		if (scrubber->notes[i] & wanted) {
			*number = i;
			return true;
		}
	}
	return false;
}
