/* scene.c: a world for views: a tracker fed from a script behind a wire port. */

#include "unit/tui/scene.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/canvas.h"

static void *grown(void *old, size_t size, size_t count, size_t *room)
{
	if (count < *room)
		return old;
	*room = *room == 0 ? 256 : *room * 2;
	old = realloc(old, *room * size);
	cr_assert(old, "out of memory");
	return old;
}

/* ---- what happened when ---- */

static void note(struct scene_play *scene, int64_t time, enum scene_mark mark)
{
	scene->notes =
		grown(scene->notes, sizeof(*scene->notes), scene->note_count, &scene->note_room);
	scene->notes[scene->note_count++] = (struct scene_note){ .time = time, .mark = mark };
}

static void take_note(void *context, const struct event *event)
{
	struct scene_play *scene = context;

	if (event->kind == EVENT_FLOW_OPENED)
		note(scene, event->time, SCENE_OPEN);
	if (event->kind == EVENT_RESET)
		note(scene, event->time, SCENE_RESET);
	if (event->kind != EVENT_SEGMENT)
		return;
	note(scene, event->time, SCENE_PACKET);
	if (event->segment->flags & TCP_FIN)
		note(scene, event->time, SCENE_CLOSE);
}

static void begin_tracker(struct scene_play *scene)
{
	struct error err;

	tracker_free(scene->play.tracker);
	scene->play.tracker = tracker_new(&scene->options, &err);
	cr_assert(scene->play.tracker, "%s", err.what);
	tracker_listen(scene->play.tracker, UINT32_MAX, take_note, scene);
	scene->page.tracker = scene->play.tracker;
	scene->note_count = 0;
	scene->fed = 0;
}

static void fill_pulse(struct scene_play *scene)
{
	struct pulse *pulse = &scene->pulse;
	int64_t second = scene->scene.now / TIME_SECOND;

	*pulse = (struct pulse){ 0 };
	for (size_t i = 0; i < scene->note_count; i++) {
		int64_t age = second - scene->notes[i].time / TIME_SECOND;

		if (age < 0 || age >= PULSE_SECONDS)
			continue;
		pulse->opens[PULSE_SECONDS - 1 - age] += scene->notes[i].mark == SCENE_OPEN;
		pulse->resets[PULSE_SECONDS - 1 - age] += scene->notes[i].mark == SCENE_RESET;
		pulse->packets[PULSE_SECONDS - 1 - age] += scene->notes[i].mark == SCENE_PACKET;
	}
}

/* ---- the wire port ---- */

static void call(struct scene_play *scene, const char *name, const char *argument)
{
	size_t used = strlen(scene->calls);

	snprintf(scene->calls + used, sizeof(scene->calls) - used, "%s %s; ", name, argument);
}

static void look(void *context, struct scene *shown)
{
	struct scene_play *scene = context;

	scene->scene.now = tracker_now(scene->play.tracker);
	scene->input.frames = scene->fed;
	fill_pulse(scene);
	*shown = scene->scene;
}

struct gathering {
	struct scene_play *scene;
	uint64_t id;
	size_t count, room;
};

static void gather(void *context, const struct event *event)
{
	struct gathering *all = context;
	bool counts = event->kind == EVENT_SEGMENT || event->kind == EVENT_ICMP_ERROR;

	if (!counts || event->flow->id != all->id)
		return;
	all->scene->rungs = grown(all->scene->rungs, sizeof(struct rung), all->count, &all->room);
	all->scene->rungs[all->count++] = (struct rung){ .step = step_of(event) };
}

/* A second tracker hears the same again. */
static const struct rung *rungs(void *context, const struct flow *flow, size_t *count,
                                bool *is_whole)
{
	struct scene_play *scene = context;
	struct gathering all = { .scene = scene, .id = flow->id };
	struct error err;
	struct tracker *tracker = tracker_new(&scene->options, &err);

	cr_assert(tracker, "%s", err.what);
	free(scene->rungs);
	scene->rungs = NULL;
	tracker_listen(tracker, UINT32_MAX, gather, &all);
	tracker_feed(tracker, scene->heard, scene->fed);
	tracker_free(tracker);
	*count = all.count;
	*is_whole = true;
	return scene->rungs;
}

static int refuse(struct scene_play *scene, struct error *err)
{
	if (!scene->refusal)
		return 0;
	error_set(err, "%s", scene->refusal);
	return -1;
}

static int set_filter(void *context, const char *expression, struct error *err)
{
	struct scene_play *scene = context;

	call(scene, "filter", expression);
	return refuse(scene, err);
}

static int save_packets(void *context, const struct flow *flow, const char *path, struct text *said,
                        struct error *err)
{
	struct scene_play *scene = context;
	char words[256];

	snprintf(words, sizeof(words), "%llu %s", (unsigned long long)flow->id, path);
	call(scene, "packets", words);
	text_format(said, "4 packets are in %s", path);
	return refuse(scene, err);
}

static int save_ladder(void *context, const struct flow *flow, const char *path, struct text *said,
                       struct error *err)
{
	struct scene_play *scene = context;
	char words[256];

	snprintf(words, sizeof(words), "%llu %s", (unsigned long long)flow->id, path);
	call(scene, "ladder", words);
	text_format(said, "the ladder is in %s", path);
	return refuse(scene, err);
}

static void set_paused(void *context, bool is_paused)
{
	struct scene_play *scene = context;

	scene->replay.is_paused = is_paused;
	call(scene, "pause", is_paused ? "1" : "0");
}

static void set_speed(void *context, double speed)
{
	struct scene_play *scene = context;
	char words[32];

	scene->replay.speed = speed;
	snprintf(words, sizeof(words), "%g", speed);
	call(scene, "speed", words);
}

static void step(void *context, int segments)
{
	struct scene_play *scene = context;
	char words[32];
	int64_t target = (int64_t)scene->fed + segments;

	snprintf(words, sizeof(words), "%d", segments);
	call(scene, "step", words);
	scene->replay.is_paused = true;
	if (target > 0 && target <= (int64_t)scene->heard_count)
		scene_seek(scene, scene->heard[target - 1].time);
}

static void seek(void *context, int64_t time)
{
	struct scene_play *scene = context;
	char words[32];

	snprintf(words, sizeof(words), "%.3f",
	         (double)time_between(scene->replay.first, time) / (double)TIME_SECOND);
	call(scene, "seek", words);
	scene_seek(scene, time);
}

static bool seek_landmark(void *context, enum landmark landmark)
{
	call(context, "landmark", landmark == LANDMARK_RESET ? "reset" : "failure");
	return false;
}

static void clusters(void *context, struct cluster *parts, size_t count)
{
	struct scene_play *scene = context;
	int64_t span = time_between(scene->replay.first, scene->replay.last) + 1;

	memset(parts, 0, count * sizeof(*parts));
	for (size_t i = 0; i < scene->note_count; i++) {
		const struct scene_note *mark = &scene->notes[i];
		int64_t past = time_between(scene->replay.first, mark->time);
		double part = (double)past / (double)span * (double)count;

		if (past < 0 || past >= span)
			continue;
		parts[(size_t)part].opens += mark->mark == SCENE_OPEN;
		parts[(size_t)part].closes += mark->mark == SCENE_CLOSE;
		parts[(size_t)part].resets += mark->mark == SCENE_RESET;
	}
}

/* ---- life ---- */

struct scene_play *scene_begin_for(uint32_t flows)
{
	struct scene_play *scene = calloc(1, sizeof(*scene));

	cr_assert(scene, "out of memory");
	play_begin(&scene->play);
	scene->options = play_options();
	scene->options.max_flows = flows;
	scene->options.keep = flows;
	scene->options.unpacked = true;
	scene->input = (struct input){ .name = "lo", .container = "live", .is_live = true };
	scene->page = (struct page){ .input = &scene->input, .decoder = &scene->decoder };
	scene->scene = (struct scene){
		.page = &scene->page,
		.source = "lo",
		.filter = "tcp",
		.pulse = &scene->pulse,
	};
	scene->wire = (struct wire_port){
		.context = scene,
		.look = look,
		.rungs = rungs,
		.set_filter = set_filter,
		.save_packets = save_packets,
		.save_ladder = save_ladder,
	};
	begin_tracker(scene);
	return scene;
}

struct scene_play *scene_begin(void)
{
	return scene_begin_for(play_options().max_flows);
}

void scene_end(struct scene_play *scene)
{
	tui_free(scene->tui);
	tracker_free(scene->play.tracker);
	free(scene->heard);
	free(scene->notes);
	free(scene->rungs);
	free(scene);
}

/* ---- segments ---- */

static void hear_one(struct scene_play *scene, const struct segment *segment)
{
	scene->heard =
		grown(scene->heard, sizeof(*segment), scene->heard_count, &scene->heard_room);
	scene->heard[scene->heard_count++] = *segment;
	tracker_feed(scene->play.tracker, segment, 1);
	scene->fed++;
}

void scene_hear(struct scene_play *scene, const char *script)
{
	struct segment segments[PLAY_SCRIPT_MAX];
	int count = play_read(&scene->play, script, segments, PLAY_SCRIPT_MAX);

	for (int i = 0; i < count; i++)
		hear_one(scene, &segments[i]);
}

void scene_self_connects(struct scene_play *scene)
{
	scene->play.sample.destination = scene->play.sample.source;
	scene->play.sample.destination_port = PLAY_PORT;
	scene->play.isn[SERVER] = scene->play.isn[CLIENT];
}

void scene_flood(struct scene_play *scene, uint32_t clients)
{
	for (uint32_t i = 0; i < clients; i++) {
		struct segment segment = play_segment(&scene->play, "+1 > S 0");

		segment.source = (struct address){ { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8),
			                             (uint8_t)i } };
		hear_one(scene, &segment);
	}
}

void scene_wait(struct scene_play *scene, int64_t milliseconds)
{
	play_wait(&scene->play, milliseconds);
}

/* ---- time ---- */

void scene_replay(struct scene_play *scene)
{
	struct wire_port *wire = &scene->wire;

	scene->replay = (struct replay){
		.first = scene->heard_count > 0 ? scene->heard[0].time : 0,
		.last = tracker_now(scene->play.tracker),
		.segment = scene->fed,
		.segments = scene->heard_count,
		.speed = 1,
		.loaded = 1000,
	};
	scene->input.is_live = false;
	scene->scene.replay = &scene->replay;
	wire->set_paused = set_paused;
	wire->set_speed = set_speed;
	wire->step = step;
	wire->seek = seek;
	wire->seek_landmark = seek_landmark;
	wire->clusters = clusters;
}

void scene_seek(struct scene_play *scene, int64_t time)
{
	begin_tracker(scene);
	while (scene->fed < scene->heard_count && scene->heard[scene->fed].time <= time)
		tracker_feed(scene->play.tracker, &scene->heard[scene->fed++], 1);
	tracker_advance(scene->play.tracker, time);
	scene->play.time = time;
	scene->replay.segment = scene->fed;
	scene->replay.is_at_end = scene->fed == scene->heard_count;
}

/* ---- views ---- */

struct tui *scene_tui(struct scene_play *scene, const char *where)
{
	struct tui_options options = {
		.where = where,
		.wire = &scene->wire,
		.lab = scene->has_lab ? &scene->lab : NULL,
	};
	struct error err;

	tui_free(scene->tui);
	scene->tui = tui_new(&options, &err);
	cr_assert(scene->tui, "%s", err.what);
	return scene->tui;
}

bool scene_keys(struct scene_play *scene, const char *script)
{
	bool stays = true;

	while (stays && *script != '\0') {
		struct key key;

		cr_assert(key_read(&script, &key), "no key: %s", script);
		stays = tui_key(scene->tui, &key);
	}
	return stays;
}

static const char *draw(struct scene_play *scene, int rows, int columns, bool ascii, bool marks)
{
	struct text text = text_over(scene->text, sizeof(scene->text));
	struct error err;
	struct canvas *canvas = canvas_new(rows, columns, ascii, &err);

	cr_assert(canvas, "%s", err.what);
	scene->page.ascii = ascii;
	tui_draw(scene->tui, canvas);
	canvas_text(canvas, &text, marks);
	canvas_free(canvas);
	return scene->text;
}

const char *scene_text(struct scene_play *scene, int rows, int columns, bool ascii)
{
	return draw(scene, rows, columns, ascii, false);
}

const char *scene_text_marked(struct scene_play *scene, int rows, int columns, bool ascii)
{
	return draw(scene, rows, columns, ascii, true);
}

void scene_expect(struct scene_play *scene, int rows, int columns, bool ascii, const char *expected)
{
	const char *text = scene_text(scene, rows, columns, ascii);

	cr_assert(strcmp(text, expected) == 0, "expected:\n%s\nbut the screen is:\n%s", expected,
	          text);
}

bool scene_shows(struct scene_play *scene, int rows, int columns, const char *words)
{
	return strstr(scene_text(scene, rows, columns, false), words) != NULL;
}
