/* bookmarks.h: a few moments of a replay to go back to, spread over what was played. */
#ifndef APP_BOOKMARKS_H
#define APP_BOOKMARKS_H

#include <stddef.h>
#include <stdint.h>

#include "app/pulse.h"
#include "base/error.h"
#include "track/checkpoint.h"
#include "track/tracker.h"

enum { BOOKMARKS_MOST = 24 };

/* Everything after so many segments, when the last of them had just been played. */
struct bookmark {
	uint64_t position;
	struct checkpoint *checkpoint;
	struct pulse_meter pulse;
};

struct bookmarks {
	struct bookmark list[BOOKMARKS_MOST + 1]; /* by ascending positions; the first is the beginning */
	size_t count;
	struct bookmark near; /* a little before where somebody steps back; no checkpoint: none */
	uint64_t interval;    /* segments between two */
	uint64_t too_large;   /* from this position on a single one would take too much memory */
	size_t bytes, bytes_most;
};

/* The tracker has not been fed yet. */
int bookmarks_start(struct bookmarks *bookmarks, const struct tracker *tracker, size_t bytes_most,
                    struct error *err);
void bookmarks_end(struct bookmarks *bookmarks);

/* All but the beginning. */
void bookmarks_forget(struct bookmarks *bookmarks);

/* Adds one if the one before is far enough behind; where memory is short it does not. */
void bookmarks_offer(struct bookmarks *bookmarks, const struct tracker *tracker,
                     const struct pulse_meter *pulse, uint64_t position);

/* One more, for steps back from a position soon after this one. */
void bookmarks_place_near(struct bookmarks *bookmarks, const struct tracker *tracker,
                          const struct pulse_meter *pulse, uint64_t position);

/* The last one at or before the position; there always is one. */
const struct bookmark *bookmarks_before(const struct bookmarks *bookmarks, uint64_t position);

#endif
