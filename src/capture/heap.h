/* heap.h: the files that are being read at once, the one with the next frame first. */
#ifndef CAPTURE_HEAP_H
#define CAPTURE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/file.h"
#include "packet/frame.h"

/* One that has a frame to give. */
struct reader {
	struct file file;
	struct frame head; /* its next frame */
	int64_t key;       /* the head's time, or the latest before it where times run backwards */
	uint32_t rank;     /* its place among the pieces; decides where keys are equal */
};

struct heap {
	struct reader **list;
	size_t count;
	size_t room;
};

/* False when memory is short. */
bool heap_add(struct heap *heap, struct reader *reader);
void heap_remove(struct heap *heap, size_t index);

/* The key of this reader has grown. */
void heap_sink(struct heap *heap, size_t index);

/* Another reader may have a frame of the first one's time. */
bool heap_is_tied(const struct heap *heap);

/*
 * Among the others, one whose head is the first one's head once more (the
 * earliest, if several); 0 if there is none.
 */
size_t heap_find_twin(const struct heap *heap);

#endif
