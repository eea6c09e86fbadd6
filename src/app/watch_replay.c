/* watch_replay.c: a capture that is loaded little by little, and played meanwhile. */

/*
 * The files are read once, into a store of decoded segments. From there the player feeds them to
 * the tracker that the views show, as often and in whichever direction as it is asked to.
 */

#include <string.h>

#include "app/clock.h"
#include "app/session_inside.h"
#include "app/watch_inside.h"
#include "capture/source.h"

enum {
	PIECE = 65536, /* segments that are played between two looks at the clock */
	AT_ONCE = 4 * PIECE, /* that a key waits for */
};

#define SLOWEST 0.1
#define FASTEST 1000.0

/* ---- Loading ---- */

struct loading {
	struct watch *watch;
	struct error err;
	bool is_full;
};

static void frame_take(void *context, const struct frame *frame)
{
	struct loading *loading = context;
	struct segment segment;

	if (!loading->is_full && session_take(loading->watch->session, frame, &segment))
		loading->is_full = store_add(loading->watch->store, &segment, &loading->err) < 0;
}

static void loaded(struct watch *watch)
{
	decoder_finish(&watch->session->decoder);
	scrubber_finish(watch->replay.scrubber);
	watch->replay.is_loaded = watch->replay.player.is_loaded = true;
}

static void damage_note(struct watch *watch, const struct error *err)
{
	watch->session->was_damaged = true;
	watch->session->damage = *err;
}

static void load(struct watch *watch)
{
	struct session *session = watch->session;
	struct loading loading = { .watch = watch };
	struct error err;
	int outcome = source_visit(session->source, TRACKER_BATCH, frame_take, &loading, &err);

	if (outcome == SOURCE_FAILED)
		damage_note(watch, &err);
	if (loading.is_full || scrubber_read(watch->replay.scrubber, &loading.err) < 0) {
		damage_note(watch, &loading.err);
		outcome = SOURCE_FAILED;
	}
	if (outcome < 0)
		loaded(watch);
	watch->is_changed = true;
}

static int per_mille_loaded(const struct watch *watch)
{
	struct source_facts facts = source_facts(watch->session->source);

	if (watch->replay.is_loaded)
		return 1000;
	if (facts.bytes_total == 0 || facts.bytes_read >= facts.bytes_total)
		return 999;
	return (int)((double)facts.bytes_read / (double)facts.bytes_total * 999);
}

/* ---- Playing ---- */

static bool play(struct watch *watch, uint64_t most)
{
	struct player *player = &watch->replay.player;

	watch->is_changed |= player->has_goal;
	return player_run(player, most);
}

static bool is_playing(const struct watch *watch)
{
	const struct player *player = &watch->replay.player;

	return !player->is_paused && !player_is_at_end(player);
}

/* Time that passed while nothing was played is not made up for. */
static void time_pass(struct watch *watch, int64_t now)
{
	struct replaying *replay = &watch->replay;

	if (replay->passed != TIME_NONE && is_playing(watch))
		player_pass(&replay->player, now - replay->passed);
	replay->passed = now;
}

static bool replay_work(struct watch *watch, int64_t now)
{
	struct replaying *replay = &watch->replay;
	bool is_there = false;

	while (!replay->is_loaded && clock_steady() < now + WATCH_SLICE)
		load(watch);
	now = clock_steady();
	time_pass(watch, now);
	while (!is_there && clock_steady() < now + WATCH_SLICE)
		is_there = play(watch, PIECE);
	return !replay->is_loaded || !is_there;
}

bool replay_settle(struct watch *watch)
{
	while (!watch->replay.is_loaded)
		load(watch);
	while (!play(watch, UINT64_MAX))
		;
	return source_facts(watch->session->source).frames > 0 || !watch->session->was_damaged;
}

static int replay_descriptor(const struct watch *watch)
{
	(void)watch;
	return -1;
}

static int64_t replay_due(const struct watch *watch, int64_t now)
{
	return is_playing(watch) ? now + WATCH_REDRAW : TIME_NONE;
}

/* ---- What the views see, and ask for ---- */

static void look(void *context, struct scene *scene)
{
	struct watch *watch = context;
	const struct player *player = &watch->replay.player;
	uint64_t count = store_count(watch->store);

	watch_look(watch, scene);
	watch->replay.shown = (struct replay){
		.first = count > 0 ? store_segment(watch->store, 0)->time : TIME_NONE,
		.last = count > 0 ? store_due(watch->store, count - 1) : TIME_NONE,
		.segment = player->position,
		.segments = count,
		.speed = player->speed,
		.is_paused = player->is_paused,
		.is_at_end = player_is_at_end(player),
		.loaded = per_mille_loaded(watch),
	};
	scene->now = player->time;
	scene->pulse = &player->pulse.pulse;
	scene->replay = &watch->replay.shown;
}

static int set_filter(void *context, const char *expression, struct error *err)
{
	struct watch *watch = context;
	struct replaying *replay = &watch->replay;
	struct scrubber *scrubber = scrubber_new(&watch->session->limits, watch->store, err);

	if (!scrubber || watch_refilter(watch, expression, err) < 0) {
		scrubber_free(scrubber);
		return -1;
	}
	scrubber_free(replay->scrubber);
	replay->scrubber = scrubber;
	replay->is_loaded = false;
	tape_clear(&watch->tape);
	store_clear(watch->store);
	player_reload(&replay->player);
	return 0;
}

static void set_paused(void *context, bool is_paused)
{
	struct watch *watch = context;
	struct player *player = &watch->replay.player;

	/* To go on at the end is to begin again. */
	if (!is_paused && player_is_at_end(player) && store_count(watch->store) > 0)
		player_seek(player, store_segment(watch->store, 0)->time);
	player->is_paused = is_paused;
	play(watch, AT_ONCE);
}

static void set_speed(void *context, double speed)
{
	struct watch *watch = context;

	if (speed > 0 && speed < SLOWEST)
		speed = SLOWEST;
	watch->replay.player.speed = speed < FASTEST ? speed : FASTEST;
}

static void step(void *context, int segments)
{
	struct watch *watch = context;

	watch->replay.player.is_paused = true;
	player_step(&watch->replay.player, segments);
	play(watch, AT_ONCE);
}

static void seek(void *context, int64_t time)
{
	struct watch *watch = context;

	player_seek(&watch->replay.player, time);
	play(watch, AT_ONCE);
}

static bool seek_landmark(void *context, enum landmark landmark)
{
	struct watch *watch = context;
	struct player *player = &watch->replay.player;
	uint64_t number;

	if (!scrubber_landmark(watch->replay.scrubber, landmark, player->position, &number))
		return false;
	player->is_paused = true;
	player_seek_segment(player, number + 1);
	play(watch, AT_ONCE);
	return true;
}

static void clusters(void *context, struct cluster *clusters, size_t count)
{
	struct watch *watch = context;

	scrubber_clusters(watch->replay.scrubber, clusters, count);
}

/* ---- Opening ---- */

static int replay_open(struct watch *watch, struct error *err)
{
	struct replaying *replay = &watch->replay;
	struct session *session = watch->session;

	*replay = (struct replaying){ .passed = TIME_NONE };
	watch->wire.look = look;
	watch->wire.set_filter = set_filter;
	watch->wire.set_paused = set_paused;
	watch->wire.set_speed = set_speed;
	watch->wire.step = step;
	watch->wire.seek = seek;
	watch->wire.seek_landmark = seek_landmark;
	watch->wire.clusters = clusters;
	watch->store = store_new(0, err);
	if (!watch->store)
		return -1;
	replay->scrubber = scrubber_new(&session->limits, watch->store, err);
	if (!replay->scrubber || player_start(&replay->player, session->tracker, &session->limits,
	                                      watch->store, err) < 0)
		return -1;
	replay->has_player = true;
	replay->player.speed = watch->options.speed;
	return 0;
}

static void replay_close(struct watch *watch)
{
	if (watch->replay.has_player)
		player_end(&watch->replay.player);
	scrubber_free(watch->replay.scrubber);
}

const struct watch_kind watch_replay = {
	.plan = { .twice = true, .unpacked = true },
	.open = replay_open,
	.close = replay_close,
	.work = replay_work,
	.descriptor = replay_descriptor,
	.due = replay_due,
};
