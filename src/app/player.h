/* player.h: plays a store of segments to a tracker, forwards and backwards. */
#ifndef APP_PLAYER_H
#define APP_PLAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "app/bookmarks.h"
#include "app/pulse.h"
#include "app/store.h"
#include "base/error.h"
#include "track/tracker.h"

/*
 * Where a replay is: so many segments were fed, and it is that instant of the capture's clock. The
 * tracker and the pulse are a function of these two and of nothing else: timers go off at
 * their exact instants, however often and wherever the player stops.
 */
struct player {
	struct tracker *tracker;
	const struct store *store;
	struct bookmarks bookmarks;
	struct pulse_meter pulse;
	int64_t span; /* of the shortest timer */
	uint64_t position;
	int64_t time;   /* TIME_NONE: there is no segment yet */
	bool is_loaded; /* the store will not grow any more */
	bool is_paused;
	double speed; /* 0: as fast as it goes */

	bool has_goal; /* it has not come to where it was sent yet */
	bool is_by_time;
	uint64_t goal;
	int64_t goal_time;
	uint64_t near; /* on the way, where a bookmark for further steps back is due; 0: nowhere */
};

enum { PLAYER_BOOKMARK_BYTES = 256 << 20 };

/*
 * Takes the tracker's listener. Tracker (not fed yet, with these limits) and store are lent until
 * player_end.
 */
int player_start(struct player *player, struct tracker *tracker, const struct tracker_options *limits,
                 const struct store *store, struct error *err);
void player_end(struct player *player);

/* The store was filled anew: back to its beginning; the instant is kept as the next goal. */
void player_reload(struct player *player);

/* The clock ran on by so much, for whoever watches. Nothing happens while there is a goal. */
void player_pass(struct player *player, int64_t span);

/* Where to go; player_run does it. player_step counts from where it is being sent. */
void player_seek(struct player *player, int64_t time);
void player_seek_segment(struct player *player, uint64_t played);
void player_step(struct player *player, int64_t segments);

/*
 * Feeds at most about `most` segments on the way to the goal. True: it is there, or as near as
 * what is loaded allows.
 */
bool player_run(struct player *player, uint64_t most);

bool player_is_at_end(const struct player *player);

#endif
