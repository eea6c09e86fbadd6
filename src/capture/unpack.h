/* unpack.h: takes one compression off a stream of bytes. */
#ifndef CAPTURE_UNPACK_H
#define CAPTURE_UNPACK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/codec.h"
#include "capture/fill.h"

/* What is kept of the packed bytes at a time. */
#define UNPACK_INPUT ((size_t)256 << 10)

struct unpack;

/*
 * Packed bytes come from `fill`; the first of them are `begun`, at most
 * UNPACK_INPUT. NULL when memory is short.
 */
struct unpack *unpack_new(const struct codec *codec, pump_fill *fill, void *origin,
                          const uint8_t *begun, size_t count);
void unpack_free(struct unpack *unpack);

const char *unpack_name(const struct unpack *unpack);

/* A pump_fill; its origin is the unpack. All that comes before a damage is given out first. */
ptrdiff_t unpack_fill(void *unpack, void *space, size_t size, struct error *err);

#endif
