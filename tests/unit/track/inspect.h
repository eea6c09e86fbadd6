/* inspect.h: whether a tracker is whole, and everything it says as text. */
#ifndef TESTS_UNIT_TRACK_INSPECT_H
#define TESTS_UNIT_TRACK_INSPECT_H

#include <stddef.h>

#include "track/tracker.h"

/* Fails the test unless queues, order, buckets, slots and listeners agree with each other. */
void inspect_tracker(const struct tracker *tracker);

/* All that can be asked of every flow, and the totals: for comparing two runs. */
void inspect_dump(const struct tracker *tracker, char *text, size_t size);

#endif
