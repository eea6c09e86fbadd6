/* tape.h: a capture in memory, to be cut. */
#ifndef TESTS_TAPE_H
#define TESTS_TAPE_H

#include <stddef.h>

#include "packet/frame.h"

struct tape {
	struct frame *frames; /* with bytes of their own */
	size_t count, room;
};

struct tape tape_read(const char *path);
void tape_free(struct tape *tape);

/* Frames from `first` up to, not including, `last`, as a savefile. */
void tape_write(const struct tape *tape, const char *path, size_t first, size_t last);

#endif
