/* pump.c: moves bytes from wherever they are through a parser to a visitor. */

#include "capture/pump.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "capture/grouped.h"

static void name_prefix(const char *name, struct error *err)
{
	struct error bare = *err;

	error_set(err, "%s: %s", name, bare.what);
	if (bare.remedy[0])
		error_remedy(err, "%s", bare.remedy);
}

int pump_open(struct pump *pump, const char *name, pump_fill *fill, void *origin, struct error *err)
{
	*pump = (struct pump){ .fill = fill, .origin = origin, .newest = TIME_NONE };
	pump->parser = parser_new(err);
	if (!pump->parser)
		return -1;
	pump->name = strdup(name);
	if (!pump->name) {
		parser_free(pump->parser);
		error_set(err, "%s: out of memory", name);
		return -1;
	}
	pump->shown = strcmp(name, "-") == 0 ? "standard input" : pump->name;
	return 0;
}

void pump_close(struct pump *pump)
{
	for (size_t i = 0; i < pump->depth; i++)
		unpack_free(pump->layers[i]);
	parser_free(pump->parser);
	free(pump->name);
}

static void pump_fail(struct pump *pump)
{
	name_prefix(pump->shown, &pump->failure);
	pump->state = PUMP_FAILED;
}

/* Bytes as they are stored; a pump_fill. */
static ptrdiff_t stored_fill(void *origin, void *space, size_t size, struct error *err)
{
	struct pump *pump = origin;
	ptrdiff_t count = pump->fill(pump->origin, space, size, err);

	if (count > 0)
		pump->bytes_read += (uint64_t)count;
	return count;
}

/* Bytes as the innermost layer gives them. */
static ptrdiff_t innermost_fill(struct pump *pump, void *space, size_t size)
{
	if (!pump->depth)
		return stored_fill(pump, space, size, &pump->failure);
	return unpack_fill(pump->layers[pump->depth - 1], space, size, &pump->failure);
}

/* What has been read turns out to be packed: another layer takes it over. */
static ptrdiff_t layer_add(struct pump *pump, const struct codec *codec, const uint8_t *head)
{
	pump_fill *fill = pump->depth ? unpack_fill : stored_fill;
	void *origin = pump->depth ? (void *)pump->layers[pump->depth - 1] : pump;
	struct unpack *layer;

	if (pump->depth == PUMP_LAYERS) {
		error_set(&pump->failure, "is compressed more than %d times over", PUMP_LAYERS);
		return FILL_FAILED;
	}
	layer = unpack_new(codec, fill, origin, head, pump->head);
	if (!layer) {
		error_set(&pump->failure, "out of memory for unpacking");
		return FILL_FAILED;
	}
	pump->layers[pump->depth++] = layer;
	pump->head = 0;
	return 0;
}

/*
 * Reads the beginning again and again, until no layer of compression is left
 * around it. It stays in the parser's space, which is the same until told that
 * it was filled: so what is not compressed is never copied.
 */
static ptrdiff_t head_fetch(struct pump *pump, uint8_t *space, size_t size)
{
	const struct codec *codec;
	ptrdiff_t count;

	if (size > UNPACK_INPUT)
		size = UNPACK_INPUT;
	do {
		uint8_t head[CODEC_BYTES] = { 0 };

		count = innermost_fill(pump, space + pump->head, size - pump->head);
		if (count == FILL_QUIET || count == FILL_FAILED)
			return count;
		pump->head += (size_t)count;
		if (pump->head < CODEC_BYTES && count > 0)
			continue;
		memcpy(head, space, pump->head < CODEC_BYTES ? pump->head : CODEC_BYTES);
		codec = codec_find(head);
		if (codec && layer_add(pump, codec, space) < 0)
			return FILL_FAILED;
		pump->settled = !codec;
	} while (!pump->settled);
	return (ptrdiff_t)pump->head;
}

/* Fetches more bytes for a hungry parser; false when there are none for now, or for good. */
static bool bytes_fetch(struct pump *pump)
{
	ptrdiff_t count = FILL_FAILED;
	size_t size;
	void *space = parser_space(pump->parser, &size, &pump->failure);

	if (space)
		count = pump->settled ? innermost_fill(pump, space, size)
		                      : head_fetch(pump, space, size);
	if (count > 0) {
		parser_filled(pump->parser, (size_t)count);
		return true;
	}
	if (count == FILL_QUIET)
		pump->quiet = true;
	if (count != FILL_FAILED)
		return false;
	if (pump->depth)
		error_set(&pump->failure, "%s after %s frame%s", pump->failure.what,
		          grouped(pump->frames).text, pump->frames == 1 ? "" : "s");
	pump->lack = LACKS_SENSE;
	pump_fail(pump);
	return false;
}

/* The input is at its end: says so to the parser, which may find that something is missing. */
static void input_end(struct pump *pump)
{
	struct frame frame;

	parser_end(pump->parser);
	pump->state = PUMP_OVER;
	if (parser_next(pump->parser, &frame, &pump->failure) == PARSER_DAMAGED)
		pump_fail(pump);
}

/* True when some are ready; otherwise the pump is quiet, failed or over. */
static bool frames_fetch(struct pump *pump)
{
	pump->given = 0;
	pump->count = parser_many(pump->parser, pump->ready, FRAMES_MOST);
	while (!pump->count && pump->state == PUMP_RUNS) {
		enum parser_outcome outcome =
			parser_next(pump->parser, pump->ready, &pump->failure);

		if (outcome == PARSER_FRAME) {
			pump->count = 1;
			break;
		}
		if (outcome == PARSER_DAMAGED) {
			pump_fail(pump);
			return false;
		}
		if (bytes_fetch(pump))
			continue;
		if (pump->quiet)
			return false;
		if (pump->state == PUMP_RUNS)
			input_end(pump);
	}
	return pump->count > 0;
}

static inline bool frames_wait(struct pump *pump)
{
	return pump->given < pump->count || frames_fetch(pump);
}

int pump_prime(struct pump *pump, struct error *err)
{
	pump->quiet = false;
	frames_wait(pump);
	if (pump->state != PUMP_FAILED || parser_container(pump->parser))
		return 0;
	if (pump->lack == LACKS_NOTHING)
		pump->lack = pump->head ? LACKS_MAGIC : LACKS_BYTES;
	*err = pump->failure;
	return -1;
}

const struct frame *pump_ready(const struct pump *pump, size_t *count)
{
	*count = pump->count - pump->given;
	return &pump->ready[pump->given];
}

const struct frame *pump_give(struct pump *pump, size_t count)
{
	const struct frame *frames = &pump->ready[pump->given];

	pump->given += count;
	pump->frames += count;
	for (size_t i = 0; i < count; i++) {
		if (frames[i].time < pump->newest)
			pump->backwards++;
		else
			pump->newest = frames[i].time;
	}
	return frames;
}

/* Nothing could be fetched: why that is. */
static int pump_outcome(struct pump *pump, struct error *err)
{
	if (pump->state == PUMP_RUNS)
		return SOURCE_QUIET;
	if (pump->state == PUMP_OVER)
		return SOURCE_END;
	pump->state = PUMP_OVER;
	*err = pump->failure;
	return SOURCE_FAILED;
}

int pump_next(struct pump *pump, struct frame *frame, struct error *err)
{
	pump->quiet = false;
	if (!frames_wait(pump))
		return pump_outcome(pump, err);
	*frame = *pump_give(pump, 1);
	return 1;
}

int pump_visit(struct pump *pump, int most, frames_visitor *visit, void *context, struct error *err)
{
	int visited = 0;

	pump->quiet = false;
	while (visited < most && frames_wait(pump)) {
		size_t wanted = (size_t)(most - visited);
		size_t count = pump->count - pump->given;

		if (count > wanted)
			count = wanted;
		visit(context, pump_give(pump, count), count);
		visited += (int)count;
	}
	return visited ? visited : pump_outcome(pump, err);
}

struct source_facts pump_facts(const struct pump *pump)
{
	return (struct source_facts){
		.name = pump->name,
		.container = parser_container(pump->parser),
		.link_type = parser_link_type(pump->parser),
		.snaplen = parser_snaplen(pump->parser),
		.frames = pump->frames,
		.bytes_read = pump->bytes_read,
		.backwards = pump->backwards,
		.compression = pump->depth ? unpack_name(pump->layers[0]) : NULL,
		.files = 1,
	};
}
