/* player.c: plays a store of segments to a tracker, forwards and backwards. */
#include "app/player.h"

#include "base/time.h"

/* Steps back that the nearest bookmark shall serve. */
enum { NEAR = 1024 };

static void hear(void *context, const struct event *event)
{
	struct player *player = context;

	pulse_hear(&player->pulse, event);
}

static int64_t lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t span_of_shortest(const struct tracker_options *limits)
{
	return lesser(lesser(limits->linger, limits->time_wait), limits->udp_idle);
}

int player_start(struct player *player, struct tracker *tracker,
                 const struct tracker_options *limits, const struct store *store,
                 struct error *err)
{
	*player = (struct player){
		.tracker = tracker,
		.store = store,
		.pulse = pulse_start(),
		.span = span_of_shortest(limits),
		.time = TIME_NONE,
		.speed = 1,
	};
	tracker_listen(tracker, pulse_kinds(), hear, player);
	return bookmarks_start(&player->bookmarks, tracker, PLAYER_BOOKMARK_BYTES, err);
}

void player_end(struct player *player)
{
	bookmarks_end(&player->bookmarks);
}

/* ---- The tracker and its timers ---- */

static int64_t later_by(int64_t instant, int64_t span)
{
	return instant > INT64_MAX - span ? INT64_MAX : instant + span;
}

/* When the next timer goes off; one that should have already does at the next instant. */
static int64_t next_timer(const struct player *player)
{
	int64_t due = tracker_due(player->tracker);
	int64_t now = tracker_now(player->tracker);

	if (due == TIME_NONE)
		return INT64_MAX;
	return due > now ? due : later_by(now, 1);
}

static void clock_set(struct player *player, int64_t time)
{
	int64_t due;

	while (tracker_now(player->tracker) < time && (due = next_timer(player)) <= time)
		tracker_advance(player->tracker, due);
	tracker_advance(player->tracker, time);
	pulse_advance(&player->pulse, tracker_now(player->tracker));
}

/* Those among which no timer can go off, so that they can be fed at once. */
static uint64_t undisturbed(const struct player *player, const struct segment *segments,
                            uint64_t most)
{
	int64_t now = tracker_now(player->tracker);
	int64_t limit = lesser(next_timer(player), later_by(now, player->span));
	uint64_t count = 1;

	while (count < most && count < TRACKER_BATCH && segments[count].time <= limit)
		count++;
	return count;
}

static uint64_t batch_feed(struct player *player, uint64_t end)
{
	uint64_t run, count;
	const struct segment *segments = store_run(player->store, player->position, &run);

	if (run > end - player->position)
		run = end - player->position;
	clock_set(player, segments[0].time);
	count = undisturbed(player, segments, run);
	pulse_count_segments(&player->pulse, segments, count);
	tracker_feed(player->tracker, segments, count);
	player->position += count;
	bookmarks_offer(&player->bookmarks, player->tracker, &player->pulse, player->position);
	if (player->near != 0 && player->position >= player->near) {
		bookmarks_place_near(&player->bookmarks, player->tracker, &player->pulse,
		                     player->position);
		player->near = 0;
	}
	return count;
}

static void go_to_bookmark(struct player *player, uint64_t position)
{
	const struct bookmark *bookmark = bookmarks_before(&player->bookmarks, position);

	tracker_restore(player->tracker, bookmark->checkpoint);
	player->near = 0;
	player->pulse = bookmark->pulse;
	player->position = bookmark->position;
}

/* Back, or far ahead, from the nearest bookmark; otherwise from where it is. */
static void approach(struct player *player, uint64_t position, int64_t time)
{
	const struct bookmarks *bookmarks = &player->bookmarks;
	uint64_t nearest = bookmarks_before(bookmarks, position)->position;

	if (position >= player->position && time >= tracker_now(player->tracker) &&
	    nearest <= player->position + bookmarks->interval)
		return;
	go_to_bookmark(player, position);
	player->near = position > nearest + 4 * NEAR ? position - NEAR : 0;
}

/* ---- Where to go ---- */

static int64_t first_time(const struct player *player)
{
	return store_segment(player->store, 0)->time;
}

static int64_t last_time(const struct player *player)
{
	return store_due(player->store, store_count(player->store) - 1);
}

/* The instant at which the last of so many has just been played. */
static int64_t instant_after(const struct player *player, uint64_t played)
{
	return played > 0 ? store_due(player->store, played - 1) : first_time(player);
}

void player_seek(struct player *player, int64_t time)
{
	player->has_goal = player->is_by_time = true;
	player->goal_time = time;
}

void player_seek_segment(struct player *player, uint64_t played)
{
	if (store_count(player->store) == 0)
		return;
	if (played > store_count(player->store))
		played = store_count(player->store);
	player->has_goal = true;
	player->is_by_time = false;
	player->goal = played;
	player->goal_time = instant_after(player, played);
}

void player_step(struct player *player, int64_t segments)
{
	uint64_t from = player->position;

	if (player->has_goal && !player->is_by_time)
		from = player->goal;
	if (segments < 0 && from < (uint64_t)-segments)
		player_seek_segment(player, 0);
	else
		player_seek_segment(player, from + (uint64_t)segments);
}

void player_pass(struct player *player, int64_t span)
{
	if (player->is_paused || player->has_goal || store_count(player->store) == 0)
		return;
	if (player->time == TIME_NONE)
		player->time = first_time(player);
	if (player->speed == 0)
		player_seek(player, last_time(player));
	else if ((double)span * player->speed < (double)INT64_MAX / 4)
		player_seek(player, later_by(player->time,
		                             (int64_t)((double)span * player->speed)));
}

void player_reload(struct player *player)
{
	int64_t time = player->has_goal ? player->goal_time : player->time;

	bookmarks_forget(&player->bookmarks);
	go_to_bookmark(player, 0);
	player->is_loaded = false;
	player->time = TIME_NONE;
	player->has_goal = false;
	if (time != TIME_NONE)
		player_seek(player, time);
}

/* Makes a time that was asked for one that there is. */
static void goal_settle(struct player *player)
{
	int64_t last = last_time(player);

	if (!player->is_by_time)
		return;
	if (player->goal_time < first_time(player))
		player->goal_time = first_time(player);
	if (player->goal_time > last && player->is_loaded)
		player->goal_time = last;
	player->goal = store_until(player->store, player->goal_time);
}

bool player_run(struct player *player, uint64_t most)
{
	uint64_t fed = 0;

	if (store_count(player->store) == 0 || !player->has_goal)
		return true;
	goal_settle(player);
	approach(player, player->goal, player->goal_time);
	while (player->position < player->goal && fed < most)
		fed += batch_feed(player, player->goal);
	if (player->position < player->goal) {
		player->time = instant_after(player, player->position);
		return false;
	}
	/* Past what is loaded nobody knows yet whether segments come. */
	player->time = lesser(player->goal_time, last_time(player));
	clock_set(player, player->time);
	player->has_goal = player->goal_time > player->time;
	return true;
}

bool player_is_at_end(const struct player *player)
{
	return player->is_loaded && !player->has_goal &&
	       player->position == store_count(player->store);
}
