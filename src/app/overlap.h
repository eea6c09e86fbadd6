/* overlap.h: recognises frames that two of the files repeat. */
#ifndef APP_OVERLAP_H
#define APP_OVERLAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "packet/frame.h"
#include "packet/segment.h"

/* What tells a frame from any other; zeroed it is like none. */
struct overlap {
	bool is_watched; /* there are several files */
	struct hash_key key;
	int64_t time;
	uint64_t digest;
	uint32_t length;
	uint32_t file;
};

/*
 * How many frames come before the first that is the frame before it once more, out of another file:
 * several files come merged, so copies are neighbours. Go on behind that one.
 */
size_t overlap_find(struct overlap *overlap, const struct frame *frames, size_t count);

/* Whether this one is such a copy. */
bool overlap_has(struct overlap *overlap, const struct frame *frame);

/* The segment of such a frame: counted as a copy, and nothing else. False when it is not even that. */
bool overlap_mark(struct segment *segment);

#endif
