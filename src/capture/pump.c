/* pump.c: moves bytes from wherever they are through a parser to a visitor. */

#include "capture/pump.h"

#include <stdlib.h>
#include <string.h>

static void name_prefix(const char *name, struct error *err)
{
	struct error bare = *err;

	error_set(err, "%s: %s", name, bare.what);
	if (bare.remedy[0])
		error_remedy(err, "%s", bare.remedy);
}

int pump_open(struct pump *pump, const char *name, pump_fill *fill, void *origin, struct error *err)
{
	*pump = (struct pump){ .fill = fill, .origin = origin };
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
	parser_free(pump->parser);
	free(pump->name);
}

static void pump_fail(struct pump *pump)
{
	name_prefix(pump->shown, &pump->failure);
	pump->state = PUMP_FAILED;
}

/* Fetches more bytes for a hungry parser; false when there are none for now, or for good. */
static bool bytes_fetch(struct pump *pump)
{
	size_t size;
	void *space = parser_space(pump->parser, &size, &pump->failure);
	ptrdiff_t count =
		space ? pump->fill(pump->origin, space, size, &pump->failure) : FILL_FAILED;

	if (count > 0) {
		parser_filled(pump->parser, (size_t)count);
		pump->bytes_read += (uint64_t)count;
		return true;
	}
	if (count == FILL_QUIET)
		pump->quiet = true;
	if (count == FILL_FAILED)
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

/* True when *frame is one; otherwise the pump is quiet, failed or over. */
static bool frame_fetch(struct pump *pump, struct frame *frame)
{
	while (pump->state == PUMP_RUNS) {
		enum parser_outcome outcome = parser_next(pump->parser, frame, &pump->failure);

		if (outcome == PARSER_FRAME)
			return true;
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
	return false;
}

int pump_prime(struct pump *pump, struct error *err)
{
	pump->quiet = false;
	pump->holds = frame_fetch(pump, &pump->held);
	if (pump->state != PUMP_FAILED || parser_container(pump->parser))
		return 0;
	*err = pump->failure;
	return -1;
}

int pump_visit(struct pump *pump, int most, frame_visitor *visit, void *context, struct error *err)
{
	struct frame frame;
	int visited = 0;

	pump->quiet = false;
	if (pump->holds) {
		pump->holds = false;
		pump->frames++;
		visit(context, &pump->held);
		visited++;
	}
	while (visited < most && frame_fetch(pump, &frame)) {
		pump->frames++;
		visit(context, &frame);
		visited++;
	}
	if (visited)
		return visited;
	if (pump->state == PUMP_RUNS)
		return SOURCE_QUIET;
	if (pump->state == PUMP_OVER)
		return SOURCE_END;
	pump->state = PUMP_OVER;
	*err = pump->failure;
	return SOURCE_FAILED;
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
	};
}
