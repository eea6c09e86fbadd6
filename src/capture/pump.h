/* pump.h: moves bytes from wherever they are through a parser to a visitor. */
#ifndef CAPTURE_PUMP_H
#define CAPTURE_PUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/fill.h"
#include "capture/parser.h"
#include "capture/source.h"
#include "capture/source_ops.h"
#include "capture/unpack.h"
#include "packet/frame.h"

/* Compressions around one another; more than two are somebody's joke. */
#define PUMP_LAYERS 4

enum pump_state {
	PUMP_RUNS,
	PUMP_FAILED, /* and nobody has been told yet */
	PUMP_OVER,
};

/* Why pump_prime found no capture. */
enum pump_lack {
	LACKS_NOTHING,
	LACKS_BYTES, /* it is empty, or what is packed in it is */
	LACKS_MAGIC, /* it is something else */
	LACKS_SENSE, /* it is damaged too early to say */
};

struct pump {
	struct parser *parser;
	pump_fill *fill;
	void *origin;
	char *name;          /* as the user gave it; the pump's own */
	const char *shown;   /* as errors give it */
	uint64_t frames;     /* given out */
	uint64_t bytes_read; /* as stored, whatever is packed in them */
	uint64_t backwards;  /* frames whose time is before that of one before them */
	int64_t newest;
	enum pump_state state;
	enum pump_lack lack;
	bool quiet;   /* the last visit ended because nothing was ready */
	bool settled; /* whether it is compressed has been found out */
	size_t head;  /* bytes in the parser's space until then */
	size_t depth;
	struct unpack *layers[PUMP_LAYERS]; /* the outermost first */
	struct error failure;
	size_t given; /* of those that are ready */
	size_t count;
	struct frame ready[FRAMES_MOST]; /* read, lent by the parser */
};

int pump_open(struct pump *pump, const char *name, pump_fill *fill, void *origin,
              struct error *err);
void pump_close(struct pump *pump);

/*
 * Reads as far as the first frame. -1 and err ("NAME: WHY") where this is no
 * capture at all; damage further on is left to the visit that meets it.
 */
int pump_prime(struct pump *pump, struct error *err);

/* Fetches one frame, which is lent until the next call: 1, or an outcome as of source_visit. */
int pump_next(struct pump *pump, struct frame *frame, struct error *err);

/* Those that it could give now without reading on, lent until then; pump_give takes the first of them. */
const struct frame *pump_ready(const struct pump *pump, size_t *count);
const struct frame *pump_give(struct pump *pump, size_t count);

int pump_visit(struct pump *pump, int most, frames_visitor *visit, void *context,
               struct error *err);

/* All but bytes_total. */
struct source_facts pump_facts(const struct pump *pump);

#endif
