/* watch_test.c: what the views are told of a capture: rungs, and what is saved. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/session_inside.h"
#include "app/watch_inside.h"

struct show {
	struct watch *watch;
	struct settings settings;
	char path[64];
};

static void show_begin(struct show *show, const char *name)
{
	char program[] = "watch", option[] = "-r";
	char *argv[] = { program, option, show->path, NULL };
	struct error err;
	enum status status;

	snprintf(show->path, sizeof show->path, "captures/%s.pcap", name);
	cr_assert_eq(settings_read(&show->settings, command_find("watch"), 3, argv, &err), 0);
	show->watch = watch_open(&show->settings, &status);
	cr_assert_not_null(show->watch);
	show->watch->replay.player.is_paused = true;
	player_seek(&show->watch->replay.player, INT64_MAX);
	cr_assert(replay_settle(show->watch));
}

static void show_end(struct show *show)
{
	cr_assert_eq(watch_end(show->watch), STATUS_DONE);
	settings_free(&show->settings);
}

static const struct flow *flow_number(const struct show *show, int number)
{
	const struct flow *flow = NULL;

	while (number-- > 0)
		flow = tracker_next(show->watch->session->tracker, flow);
	return flow;
}

static const struct rung *rungs_of(const struct show *show, const struct flow *flow, size_t *count)
{
	bool is_whole;
	const struct rung *rungs = show->watch->wire.rungs(show->watch, flow, count, &is_whole);

	cr_assert(is_whole);
	return rungs;
}

static bool wants_all(const void *choice, uint64_t id)
{
	(void)choice;
	return id > 0;
}

static void compare(const struct rung *rung, const struct rung *expected, const char *name)
{
	const struct step *one = &rung->step, *other = &expected->step;

	cr_assert_eq(one->segment.frame, other->segment.frame, "%s", name);
	cr_assert_eq(one->side, other->side);
	cr_assert_eq(one->marks, other->marks, "%s, frame %d", name, (int)one->segment.frame);
	cr_assert_eq(one->oddity, other->oddity);
	cr_assert_eq(one->is_first_data, other->is_first_data);
	for (int side = CLIENT; side <= SERVER; side++) {
		cr_assert_eq(one->before[side], other->before[side]);
		cr_assert_eq(one->after[side], other->after[side]);
	}
}

/* What every segment of every flow did, as one who listened to all of them has it. */
static void check_rungs(const char *name)
{
	struct collection heard = { .wants = wants_all };
	const struct flow *flow = NULL;
	struct tracker *tracker;
	struct show show;
	struct error err;
	size_t number = 0;

	show_begin(&show, name);
	tracker = tracker_new(&show.watch->session->limits, &err);
	tracker_listen(tracker, collection_kinds(), collection_take, &heard);
	for (uint64_t i = 0; i < store_count(show.watch->store); i++)
		tracker_feed(tracker, store_segment(show.watch->store, i), 1);
	for (; (flow = tracker_next(show.watch->session->tracker, flow)); number++) {
		const struct rungs *expected = &heard.flows[number];
		size_t count;
		const struct rung *rung = rungs_of(&show, flow, &count);

		cr_assert_eq(expected->id, flow->id);
		cr_assert_eq(count, expected->count, "%s, flow %d", name, (int)flow->id);
		for (size_t i = 0; i < count; i++)
			compare(&rung[i], &expected->rung[i], name);
	}
	cr_assert_eq(number, heard.count);
	collection_free(&heard);
	tracker_free(tracker);
	show_end(&show);
}

Test(watch, gives_every_segment_of_a_flow_as_a_rung)
{
	static const char *const names[] = {
		"mixed",        "port-reuse",  "lossy",   "many-clients", "syn-in-established",
		"self-connect", "unreachable", "udp-chat"
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		check_rungs(names[i]);
}

/* Whether the position moves by one segment, leaps, or goes back. */
Test(watch, gives_as_many_rungs_as_were_played)
{
	static const int moves[] = { 0, 1, 1, 1, 5, -2, 3, -7, 1, 9, -1, -1, 100, -30, 4 };
	struct show show;
	int at;

	show_begin(&show, "mixed");
	at = (int)store_count(show.watch->store) / 2;
	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		const struct flow *flow;
		uint64_t last;
		size_t count;

		at += moves[i];
		if (at > (int)store_count(show.watch->store))
			at = (int)store_count(show.watch->store);
		player_seek_segment(&show.watch->replay.player, (uint64_t)at);
		replay_settle(show.watch);
		flow = flow_number(&show, 1);
		last = store_segment(show.watch->store, (uint64_t)at - 1)->frame;
		for (const struct rung *rung = rungs_of(&show, flow, &count); count > 0; count--) {
			const struct segment *segment = &rung[count - 1].step.segment;

			cr_assert_leq(segment->frame, last);
			if (segment->frame == flow->last_frame)
				break;
		}
		cr_assert_gt(count, 0, "its last frame has no rung");
	}
	show_end(&show);
}

static char *folder_make(void)
{
	static char folder[] = "/tmp/watch-test-XXXXXX";

	cr_assert_not_null(mkdtemp(folder));
	return folder;
}

static void frame_count(void *context, const struct frame *frame)
{
	uint64_t *frames = context;

	*frames += frame->captured > 0;
}

Test(watch, saves_the_packets_of_a_flow_to_a_capture)
{
	char *folder = folder_make();
	char path[128], said[256] = "";
	struct text text = text_over(said, sizeof said);
	struct show show;
	struct source *source;
	struct error err = { .what = "" };
	const struct flow *flow;
	uint64_t frames = 0;

	snprintf(path, sizeof path, "%s/one.pcap", folder);
	show_begin(&show, "mixed");
	flow = flow_number(&show, 5);
	cr_assert_eq(show.watch->wire.save_packets(show.watch, flow, path, &text, &err), 0, "%s",
	             err.what);
	cr_assert(strstr(said, "packets saved"), "%s", said);
	source = source_open_file(path, &err);
	while (source_visit(source, 64, frame_count, &frames, &err) > 0)
		;
	source_close(source);
	cr_assert_eq(frames, flow->sent[CLIENT].packets + flow->sent[SERVER].packets);
	cr_assert_eq(show.watch->wire.save_packets(show.watch, flow, path, &text, &err), -1);
	cr_assert(strstr(err.what, "exists"));
	unlink(path);
	rmdir(folder);
	show_end(&show);
}

Test(watch, saves_the_ladder_of_a_flow_as_text)
{
	char *folder = folder_make();
	char path[128], said[256] = "", words[8192] = "";
	struct text text = text_over(said, sizeof said);
	struct error err = { .what = "" };
	struct show show;
	FILE *stream;

	snprintf(path, sizeof path, "%s/one.txt", folder);
	show_begin(&show, "half-close");
	cr_assert_eq(
		show.watch->wire.save_ladder(show.watch, flow_number(&show, 1), path, &text, &err),
		0);
	stream = fopen(path, "r");
	cr_assert_gt(fread(words, 1, sizeof words - 1, stream), 500);
	fclose(stream);
	cr_assert(strstr(words, "FIN_WAIT_2"));
	cr_assert_eq(show.watch->wire.save_ladder(show.watch, flow_number(&show, 1),
	                                          "/nonexistent/x.txt", &text, &err),
	             -1);
	cr_assert(strstr(err.what, "/nonexistent/x.txt"));
	unlink(path);
	rmdir(folder);
	show_end(&show);
}

/* ---- An interface's ring ---- */

struct ring {
	struct show show;
	struct session session; /* the show's, but for the tracker */
	struct watch watch;
	struct segment last;
};

static void ring_hear(struct ring *ring, const struct segment *segment)
{
	struct error err;

	cr_assert_eq(store_add(ring->watch.store, segment, &err), 0);
	tracker_feed(ring->session.tracker, segment, 1);
	ring->last = *segment;
}

static void ring_begin(struct ring *ring, const char *name)
{
	struct tracker_options options;
	struct error err;

	show_begin(&ring->show, name);
	ring->session = *ring->show.watch->session;
	options = ring->session.limits;
	options.trails = 16;
	ring->session.tracker = tracker_new(&options, &err);
	ring->watch = (struct watch){
		.kind = &watch_live,
		.session = &ring->session,
		.store = store_new(1, &err),
	};
	watch_port_start(&ring->watch);
	for (uint64_t i = 0; i < store_count(ring->show.watch->store); i++)
		ring_hear(ring, store_segment(ring->show.watch->store, i));
}

/* Datagrams of others push out what the ring holds. */
static void ring_flood(struct ring *ring)
{
	struct segment segment = { .kind = SEGMENT_UDP, .family = FAMILY_IPV4, .source_port = 9 };

	segment.frame = ring->last.frame;
	segment.time = ring->last.time;
	for (uint64_t end = store_count(ring->watch.store); store_first(ring->watch.store) < end;) {
		segment.frame++;
		ring_hear(ring, &segment);
	}
}

static void ring_end(struct ring *ring)
{
	tape_clear(&ring->watch.tape);
	store_free(ring->watch.store);
	tracker_free(ring->session.tracker);
	show_end(&ring->show);
}

static const struct rung *ring_rungs(struct ring *ring, const struct flow *flow, size_t *count,
                                     bool *is_whole)
{
	return ring->watch.wire.rungs(&ring->watch, flow, count, is_whole);
}

Test(watch, falls_back_to_the_trail_of_a_flow_that_the_ring_forgot)
{
	struct ring ring;
	const struct flow *flow;
	const struct rung *rungs;
	size_t count, all;
	bool is_whole;

	ring_begin(&ring, "half-close");
	flow = tracker_next(ring.session.tracker, NULL);
	rungs = ring_rungs(&ring, flow, &all, &is_whole);
	cr_assert(is_whole);
	cr_assert_eq(all, store_count(ring.show.watch->store));
	ring_flood(&ring);
	flow = tracker_next(ring.session.tracker, NULL);
	rungs = ring_rungs(&ring, flow, &count, &is_whole);
	cr_assert_not(is_whole);
	cr_assert_gt(count, 2);
	cr_assert_leq(count, all);
	cr_assert_eq(rungs[0].step.segment.frame, flow->first_frame);
	cr_assert_eq(rungs[0].step.segment.flags, TCP_SYN);
	for (size_t i = 1; i < count; i++)
		cr_assert_gt(rungs[i].step.segment.frame, rungs[i - 1].step.segment.frame);
	ring_end(&ring);
}

/* What a flow lost of its beginning cannot be told from what it never had. */
Test(watch, gives_no_half_of_a_flow_for_a_whole)
{
	struct ring ring;
	const struct flow *flow;
	struct segment late;
	size_t count;
	bool is_whole;

	ring_begin(&ring, "half-close");
	late = ring.last;
	ring_flood(&ring);
	late.frame = ring.last.frame + 1;
	ring_hear(&ring, &late);
	flow = tracker_next(ring.session.tracker, NULL);
	cr_assert_eq(flow->last_frame, late.frame);
	ring_rungs(&ring, flow, &count, &is_whole);
	cr_assert_not(is_whole);
	ring_end(&ring);
}
