/* scrubber.h: where in a capture connections begin, end, fail and are reset. */
#ifndef APP_SCRUBBER_H
#define APP_SCRUBBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/store.h"
#include "base/error.h"
#include "packet/segment.h"
#include "track/tracker.h"
#include "tui/port.h"

struct scrubber;

/*
 * Has a tracker of its own, so that it may be ahead of the one that is played. Segments are those
 * of the store, which is lent.
 */
struct scrubber *scrubber_new(const struct tracker_options *limits, const struct store *store,
                              struct error *err);
void scrubber_free(struct scrubber *scrubber);

/* All that was added to the store since the last time. -1 and err when memory is short. */
int scrubber_read(struct scrubber *scrubber, struct error *err);

/* There will be no more: what is unanswered now has failed. */
void scrubber_finish(struct scrubber *scrubber);

/* The first such segment in [from, store_count); false: there is none. */
bool scrubber_landmark(const struct scrubber *scrubber, enum landmark landmark, uint64_t from,
                       uint64_t *number);

/* Of the span from the first to the latest segment, in `count` equal parts. */
void scrubber_clusters(const struct scrubber *scrubber, struct cluster *clusters, size_t count);

#endif
