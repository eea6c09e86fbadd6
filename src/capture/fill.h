/* fill.h: where bytes come from. */
#ifndef CAPTURE_FILL_H
#define CAPTURE_FILL_H

#include <stddef.h>

#include "base/error.h"

/* What a pump_fill may return besides a count of bytes. */
enum fill_outcome {
	FILL_END = 0,     /* there will never be more */
	FILL_QUIET = -1,  /* nothing is ready now */
	FILL_FAILED = -2, /* err says why, without a name */
};

/* Writes up to `size` bytes to `space`. */
typedef ptrdiff_t pump_fill(void *origin, void *space, size_t size, struct error *err);

#endif
