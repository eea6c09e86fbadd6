/* pump.h: moves bytes from wherever they are through a parser to a visitor. */
#ifndef CAPTURE_PUMP_H
#define CAPTURE_PUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/parser.h"
#include "capture/source.h"
#include "packet/frame.h"

/* What a pump_fill may return besides a count of bytes. */
enum fill_outcome {
	FILL_END = 0,     /* there will never be more */
	FILL_QUIET = -1,  /* nothing is ready now */
	FILL_FAILED = -2, /* err says why, without a name */
};

/* Writes up to `size` bytes to `space`. */
typedef ptrdiff_t pump_fill(void *origin, void *space, size_t size, struct error *err);

enum pump_state {
	PUMP_RUNS,
	PUMP_FAILED, /* and nobody has been told yet */
	PUMP_OVER,
};

struct pump {
	struct parser *parser;
	pump_fill *fill;
	void *origin;
	char *name;        /* as the user gave it; the pump's own */
	const char *shown; /* as errors give it */
	uint64_t frames;
	uint64_t bytes_read;
	enum pump_state state;
	bool quiet; /* the last visit ended because nothing was ready */
	bool holds; /* `held` was read ahead, so that the facts are known before the first visit */
	struct frame held;
	struct error failure;
};

int pump_open(struct pump *pump, const char *name, pump_fill *fill, void *origin,
              struct error *err);
void pump_close(struct pump *pump);

/*
 * Reads as far as the first frame. -1 and err ("NAME: WHY") where this is no
 * capture at all; damage further on is left to the visit that meets it.
 */
int pump_prime(struct pump *pump, struct error *err);

int pump_visit(struct pump *pump, int most, frame_visitor *visit, void *context, struct error *err);

/* All but bytes_total. */
struct source_facts pump_facts(const struct pump *pump);

#endif
