/* checkpoint.h: a tracker as it was at some moment, to go back to. */
#ifndef TRACK_CHECKPOINT_H
#define TRACK_CHECKPOINT_H

#include <stddef.h>

#include "base/error.h"
#include "track/tracker.h"

struct checkpoint;

/* Only what was touched is copied. NULL and err when memory is short. */
struct checkpoint *tracker_checkpoint(const struct tracker *tracker, struct error *err);

/*
 * Everything is as it was, but for the listener, which stays that of now; flows live where they
 * lived. The tracker is the same one, or another that was made with the same options.
 */
void tracker_restore(struct tracker *tracker, const struct checkpoint *checkpoint);

/* In bytes of memory. */
size_t checkpoint_size(const struct checkpoint *checkpoint);
void checkpoint_free(struct checkpoint *checkpoint);

#endif
