/* usual.h: the frames that most captures consist of, read in one go. */
#ifndef PACKET_USUAL_H
#define PACKET_USUAL_H

#include <stddef.h>

#include "packet/decode.h"
#include "packet/frame.h"
#include "packet/segment.h"

/*
 * Decodes and counts frame after frame as long as they are quite as most are: returns how many were.
 * The payload that is lent is the last one's.
 */
size_t usual_read(struct decoder *decoder, const struct frame *frames, size_t count,
                  struct segment *segments);

#endif
