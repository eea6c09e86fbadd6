/* player_test.c: a moment of a replay is the same, from wherever it was reached. */
#include "app/player.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/session_inside.h"
#include "app/watch_inside.h"
#include "tui/canvas.h"

enum { ROWS = 24, COLUMNS = 100, SCREEN = 1 << 16, MOMENTS = 40 };

/* What the lab wrote, and, where it is there, what others captured. */
static const char *const folders[] = { "captures", "../shared/corpus" };

/* Keys pressed in a new view before it is looked at: flows, states, a ladder, its plots. */
static const char *const scripts[] = { "", "S", "{Enter}", "{Enter}{Tab}", "G{Enter}" };

enum { SCRIPTS = sizeof scripts / sizeof scripts[0] };

/* A place in a replay: after so many segments, and an instant before the next one. */
struct moment {
	uint64_t played;
	int64_t time;
	char *screens[SCRIPTS];
	uint64_t flows; /* a digest of all that the tracker knows */
};

static struct watch *replay_of(const char *path, struct settings *settings)
{
	char program[] = "watch", option[] = "-r";
	char *copy = strdup(path);
	char *argv[] = { program, option, copy, NULL };
	struct error err;
	enum status status;
	struct watch *watch;

	cr_assert_eq(settings_read(settings, command_find("watch"), 3, argv, &err), 0);
	watch = watch_open(settings, &status);
	cr_assert_not_null(watch, "%s", path);
	replay_settle(watch);
	watch->replay.player.is_paused = true;
	return watch;
}

static void replay_end(struct watch *watch, struct settings *settings)
{
	char *path = (char *)(uintptr_t)settings->files[0];

	watch_end(watch);
	settings_free(settings);
	free(path);
}

static char *screen_of(struct watch *watch, const char *script)
{
	const struct tui_options options = { .wire = &watch->wire };
	char *storage = malloc(SCREEN);
	struct text text = text_over(storage, SCREEN);
	struct error err;
	struct canvas *canvas = canvas_new(ROWS, COLUMNS, false, &err);
	struct tui *tui = tui_new(&options, &err);
	struct key key;

	cr_assert(canvas && tui && storage);
	tui_draw(tui, canvas);
	while (*script && key_read(&script, &key))
		tui_key(tui, &key);
	tui_draw(tui, canvas);
	canvas_text(canvas, &text, true);
	tui_free(tui);
	canvas_free(canvas);
	return storage;
}

static uint64_t digest_of(const struct watch *watch)
{
	const struct tracker *tracker = watch->session->tracker;
	const struct pulse *pulse = &watch->replay.player.pulse.pulse;
	static const struct hash_key key;
	const struct flow *flow = NULL;
	uint64_t digest = hash_bytes(&key, tracker_totals(tracker), sizeof(struct tracker_totals));

	digest ^= hash_bytes(&key, pulse, sizeof *pulse);
	while ((flow = tracker_next(tracker, flow)))
		digest = digest * 31 + hash_bytes(&key, flow, sizeof *flow);
	return digest;
}

static void go(struct watch *watch, const struct moment *moment)
{
	struct player *player = &watch->replay.player;

	player_seek_segment(player, moment->played);
	player->goal_time = moment->time;
	cr_assert(player_run(player, UINT64_MAX));
	cr_assert_eq(player->position, moment->played);
	cr_assert_eq(player->time, moment->time);
}

/* Evenly over the capture; some at the instant of a segment, some between two of them. */
static size_t moments_choose(const struct watch *watch, struct moment moments[MOMENTS])
{
	uint64_t count = store_count(watch->store);
	size_t chosen = 0;

	for (uint64_t i = 0; i < MOMENTS && i <= count; i++) {
		uint64_t played = count <= MOMENTS ? i : count * i / (MOMENTS - 1);
		int64_t time = store_due(watch->store, played > 0 ? played - 1 : 0);
		int64_t gap = played < count ? store_due(watch->store, played) - time : 0;

		moments[chosen++] = (struct moment){
			.played = played,
			.time = i % 2 ? time : time + gap / 2,
		};
	}
	return chosen;
}

static void see(struct watch *watch, struct moment *moment)
{
	moment->flows = digest_of(watch);
	for (size_t i = 0; i < SCRIPTS; i++)
		moment->screens[i] = screen_of(watch, scripts[i]);
}

static void compare(struct watch *watch, const struct moment *moment, const char *how)
{
	const char *name = watch->settings.files[0];

	cr_assert_eq(digest_of(watch), moment->flows, "%s: %s to segment %d: other flows", name,
	             how, (int)moment->played);
	for (size_t i = 0; i < SCRIPTS; i++) {
		char *screen = screen_of(watch, scripts[i]);

		cr_assert_str_eq(screen, moment->screens[i], "%s: %s to segment %d, keys '%s'",
		                 name, how, (int)moment->played, scripts[i]);
		free(screen);
	}
}

/* Little room for bookmarks, so that small captures have some, and they are thinned. */
static void check(const char *path)
{
	struct moment moments[MOMENTS];
	struct settings settings;
	struct watch *watch = replay_of(path, &settings);
	size_t count = store_count(watch->store) > 0 ? moments_choose(watch, moments) : 0;

	watch->replay.player.bookmarks.interval = 1;
	for (size_t i = 0; i < count; i++) {
		go(watch, &moments[i]);
		see(watch, &moments[i]);
	}
	for (size_t i = count; i-- > 0;) {
		go(watch, &moments[i]);
		compare(watch, &moments[i], "backwards");
	}
	for (size_t i = 0; i < count; i++) {
		const struct moment *moment = &moments[i * 17 % count];

		go(watch, moment);
		compare(watch, moment, "across");
	}
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < SCRIPTS; j++)
			free(moments[i].screens[j]);
	replay_end(watch, &settings);
}

static bool is_capture(const char *name)
{
	return strstr(name, ".pcap") != NULL;
}

static void check_folder(const char *folder)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	char path[512];
	int checked = 0;

	if (!directory)
		cr_skip_test("there is no %s", folder);
	while ((entry = readdir(directory))) {
		if (!is_capture(entry->d_name))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		check(path);
		checked++;
	}
	closedir(directory);
	cr_assert_gt(checked, 40);
}

Test(player, shows_the_labs_stories_alike_forwards_and_backwards)
{
	check_folder(folders[0]);
}

Test(player, shows_captures_that_nobody_here_made_alike_forwards_and_backwards)
{
	check_folder(folders[1]);
}

/* However the clock is cut into pieces. */
Test(player, plays_to_the_same_state_in_small_and_large_pieces)
{
	static const int64_t pieces[] = { 1000, 7 * TIME_MILLISECOND, TIME_SECOND, 100 * TIME_SECOND };
	struct settings settings;
	struct watch *watch = replay_of("captures/time-wait.pcap", &settings);
	struct player *player = &watch->replay.player;
	uint64_t digest;

	player_seek(player, INT64_MAX);
	player_run(player, UINT64_MAX);
	digest = digest_of(watch);
	player->is_paused = false;
	for (size_t i = 0; i < 4; i++) {
		player_seek_segment(player, 0);
		player_run(player, UINT64_MAX);
		cr_assert_neq(digest_of(watch), digest);
		player->speed = i == 0 ? 1000 : 1;
		while (!player_is_at_end(player)) {
			player_pass(player, pieces[i]);
			player_run(player, 1 + i);
		}
		cr_assert_eq(digest_of(watch), digest);
	}
	replay_end(watch, &settings);
}

Test(player, stops_at_the_ends)
{
	struct settings settings;
	struct watch *watch = replay_of("captures/half-close.pcap", &settings);
	struct player *player = &watch->replay.player;
	uint64_t count = store_count(watch->store);

	player_step(player, -5);
	player_run(player, UINT64_MAX);
	cr_assert_eq(player->position, 0);
	cr_assert_null(tracker_next(watch->session->tracker, NULL));
	player_step(player, 3);
	player_step(player, 2);
	player_run(player, UINT64_MAX);
	cr_assert_eq(player->position, 5);
	player_step(player, 1000000);
	player_run(player, UINT64_MAX);
	cr_assert_eq(player->position, count);
	cr_assert(player_is_at_end(player));
	player_seek(player, INT64_MIN + 1);
	player_run(player, UINT64_MAX);
	cr_assert_eq(player->time, store_segment(watch->store, 0)->time);
	player_seek(player, INT64_MAX);
	player_run(player, UINT64_MAX);
	cr_assert_eq(player->position, count);
	cr_assert_eq(player->time, store_due(watch->store, count - 1));
	replay_end(watch, &settings);
}

Test(player, keeps_the_instant_when_the_filter_changes)
{
	struct settings settings;
	struct watch *watch = replay_of("captures/mixed.pcap", &settings);
	struct player *player = &watch->replay.player;
	uint64_t all = store_count(watch->store);
	struct error err;
	int64_t time;

	player_seek_segment(player, all / 2);
	player_run(player, UINT64_MAX);
	time = player->time;
	cr_assert_eq(watch->wire.set_filter(watch, "nonsense and", &err), -1);
	cr_assert_eq(store_count(watch->store), all);
	cr_assert_eq(watch->wire.set_filter(watch, "tcp", &err), 0);
	replay_settle(watch);
	cr_assert_eq(player->time, time);
	cr_assert_lt(store_count(watch->store), all);
	cr_assert_eq(watch->wire.set_filter(watch, "", &err), 0);
	replay_settle(watch);
	cr_assert_eq(player->time, time);
	cr_assert_eq(player->position, all / 2);
	replay_end(watch, &settings);
}

Test(player, finds_resets_and_failed_handshakes)
{
	struct settings settings;
	struct watch *watch = replay_of("captures/refused.pcap", &settings);
	struct player *player = &watch->replay.player;
	struct cluster clusters[10];

	player_seek_segment(player, 0);
	player_run(player, UINT64_MAX);
	cr_assert(watch->wire.seek_landmark(watch, LANDMARK_RESET));
	cr_assert(store_segment(watch->store, player->position - 1)->flags & TCP_RST);
	player_seek_segment(player, 0);
	player_run(player, UINT64_MAX);
	cr_assert(watch->wire.seek_landmark(watch, LANDMARK_FAILED_HANDSHAKE));
	cr_assert(store_segment(watch->store, player->position - 1)->flags & TCP_RST);
	cr_assert_not(watch->wire.seek_landmark(watch, LANDMARK_FAILED_HANDSHAKE));
	watch->wire.clusters(watch, clusters, 10);
	cr_assert_eq(clusters[0].opens, 1);
	cr_assert_eq(clusters[9].resets, 1);
	replay_end(watch, &settings);
}
