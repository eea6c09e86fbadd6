/* watch_live.c: an interface that is watched as it happens, with the lab beside it. */
#include "app/clock.h"
#include "app/privileges.h"
#include "app/session_inside.h"
#include "app/watch_inside.h"
#include "capture/source.h"

enum {
	SEGMENTS_KEPT = 262144,    /* the latest, for ladders */
	FRAME_BYTES_KEPT = 32 << 20, /* and of the latest frames, for saving */
	TRAILS = 4096,             /* for ladders of connections that are older than that */
};

/* ---- Frames ---- */

static void batch_feed(struct watch *watch)
{
	struct session *session = watch->session;

	pulse_count_segments(&watch->live.pulse, session->batch, session->count);
	tracker_feed(session->tracker, session->batch, session->count);
	session->count = 0;
}

static void frame_take(void *context, const struct frame *frame)
{
	struct watch *watch = context;
	struct session *session = watch->session;
	struct segment *segment = &session->batch[session->count];
	struct error ignored; /* a ring that was filled once has its room */

	if (!session_take(session, frame, segment))
		return;
	frame_ring_add(watch->live.frames, frame);
	store_add(watch->store, segment, &ignored);
	if (watch->live.lab)
		watch_lab_hear(watch->live.lab, segment);
	session->count++;
}

/* ---- Time ---- */

static int64_t second_of(int64_t instant)
{
	return instant / TIME_SECOND;
}

/* Nothing that is still to come is older than a second. */
static void quiet(struct watch *watch)
{
	struct session *session = watch->session;

	record_flush(&session->record);
	tracker_advance(session->tracker, clock_now() - TIME_SECOND);
}

static void end(struct watch *watch)
{
	watch->session->was_damaged = true;
	watch->live.end = clock_now();
	watch->is_changed = true;
}

static void second_tick(struct watch *watch)
{
	int64_t now = clock_now();

	if (second_of(now) == watch->live.second)
		return;
	watch->live.second = second_of(now);
	pulse_advance(&watch->live.pulse, now);
	watch->is_changed = true;
}

static bool visit(struct watch *watch)
{
	struct session *session = watch->session;
	int outcome = source_visit(session->source, TRACKER_BATCH, frame_take, watch,
	                           &session->damage);

	watch->is_changed |= session->count > 0;
	batch_feed(watch);
	if (outcome == SOURCE_QUIET)
		quiet(watch);
	else if (outcome < 0)
		end(watch);
	return outcome > 0;
}

static bool live_work(struct watch *watch, int64_t now)
{
	struct listening *live = &watch->live;
	bool is_more = live->end == TIME_NONE;

	while (is_more && clock_steady() < now + WATCH_SLICE)
		is_more = visit(watch);
	if (live->lab)
		watch->is_changed |= watch_lab_step(live->lab, clock_steady());
	if (live->end == TIME_NONE)
		second_tick(watch);
	return is_more;
}

static int live_descriptor(const struct watch *watch)
{
	return watch->live.end == TIME_NONE ? source_descriptor(watch->session->source) : -1;
}

static int64_t live_due(const struct watch *watch, int64_t now)
{
	if (watch->live.end != TIME_NONE)
		return TIME_NONE;
	return now + TIME_SECOND - clock_now() % TIME_SECOND;
}

/* ---- What the views see, and ask for ---- */

static void look(void *context, struct scene *scene)
{
	struct watch *watch = context;
	struct session *session = watch->session;
	const struct listening *live = &watch->live;
	const struct record *record = &session->record;

	watch_look(watch, scene);
	scene->now = live->end != TIME_NONE ? live->end : clock_now();
	scene->pulse = &live->pulse.pulse;
	scene->is_recording = record->dump && !record->is_full && !record->has_failed;
	scene->ended = live->end != TIME_NONE ? session->damage.what : NULL;
}

static int set_filter(void *context, const char *expression, struct error *err)
{
	return watch_refilter(context, expression, err);
}

static void hear(void *context, const struct event *event)
{
	struct watch *watch = context;

	pulse_hear(&watch->live.pulse, event);
}

/* ---- Opening ---- */

static int live_open(struct watch *watch, struct error *err)
{
	struct listening *live = &watch->live;
	struct session *session = watch->session;

	*live = (struct listening){ .pulse = pulse_start(), .end = TIME_NONE };
	watch->wire.look = look;
	watch->wire.set_filter = set_filter;
	watch->store = store_new(SEGMENTS_KEPT, err);
	live->frames = frame_ring_new(FRAME_BYTES_KEPT, err);
	if (!watch->store || !live->frames)
		return -1;
	live->lab = watch_lab_new(&watch->settings, session->tracker, err);
	if (!live->lab)
		return -1;
	tracker_listen(session->tracker, pulse_kinds(), hear, watch);
	return 0;
}

static void live_close(struct watch *watch)
{
	watch_lab_free(watch->live.lab);
	frame_ring_free(watch->live.frames);
}

const struct watch_kind watch_live = {
	.plan = { .trails = TRAILS, .unpacked = true, .keeps = PRIVILEGE_RUNS_LAB },
	.open = live_open,
	.close = live_close,
	.work = live_work,
	.descriptor = live_descriptor,
	.due = live_due,
};
