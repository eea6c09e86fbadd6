/* frame_ring.h: the latest frames of an interface, with their bytes. */
#ifndef APP_FRAME_RING_H
#define APP_FRAME_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "packet/frame.h"

struct frame_ring;

/* Room for so many bytes of frames. NULL and err when memory is short. */
struct frame_ring *frame_ring_new(size_t bytes, struct error *err);
void frame_ring_free(struct frame_ring *ring);

/* By ascending numbers. */
void frame_ring_add(struct frame_ring *ring, const struct frame *frame);

/* The frame with this number, its bytes lent until the next one is added; false: it is gone. */
bool frame_ring_find(const struct frame_ring *ring, uint64_t number, struct frame *frame);

#endif
