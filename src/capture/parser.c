/* parser.c: the push parser of savefiles: its buffer, and how it recognises a format. */

/*
 * Frames are lent straight out of the buffer. Only what is left of a record that
 * straddles the end of the buffer is moved, to the front, when there is more to
 * be filled in.
 */

#include "capture/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/foreign.h"
#include "capture/grouped.h"
#include "capture/parser_state.h"
#include "capture/remarks.h"

/* A quarter of a megabyte for each read, and room for what the last one left over. */
#define CAPACITY ((256u + 64u) << 10)

/* clang-format off */
static const struct format *const formats[] = {
	&format_pcap,
	&format_pcapng,
};

struct alias {
	uint16_t written;
	uint16_t registered;
};

/* Numbers of one platform's DLT_ that found their way into files. */
static const struct alias aliases[] = {
	{ 11, 100 }, /* ATM */
	{ 12, 101 }, /* raw IP */
	{ 14, 101 }, /* raw IP, OpenBSD */
};
/* clang-format on */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

uint16_t parser_registered_link_type(uint16_t link_type)
{
	for (size_t i = 0; i < COUNT(aliases); i++)
		if (aliases[i].written == link_type)
			return aliases[i].registered;
	return link_type;
}

static void all_drop(struct parser *parser)
{
	parser->start = parser->end;
}

static enum parser_outcome stopped_next(struct parser *parser, struct frame *frame,
                                        struct error *err)
{
	(void)frame;
	(void)err;
	all_drop(parser);
	return PARSER_HUNGRY;
}

enum parser_outcome parser_stopped(struct parser *parser)
{
	parser->next = stopped_next;
	parser->many = NULL;
	return PARSER_DAMAGED;
}

enum parser_outcome parser_damaged(struct parser *parser, struct error *err, uint64_t at,
                                   const char *format, ...)
{
	char why[200];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	error_set(err, "damaged at byte %llu: %s", (unsigned long long)at, why);
	return parser_stopped(parser);
}

enum parser_outcome parser_starved(struct parser *parser, const char *thing, uint64_t at,
                                   struct error *err)
{
	bool begun = parser->offset + parser->end > at;

	if (!parser->ended || !begun)
		return PARSER_HUNGRY;
	error_set(err, "ends in the middle of %s after %s frame%s (byte %llu)", thing,
	          grouped(parser->frames).text, parser->frames == 1 ? "" : "s",
	          (unsigned long long)at);
	return parser_stopped(parser);
}

/* What a stream that never got as far as a format's magic is. */
static enum parser_outcome stub_next(struct parser *parser, struct error *err)
{
	size_t count = parser->end - parser->start;

	if (!parser->ended)
		return PARSER_HUNGRY;
	if (count)
		foreign_explain(parser->buffer + parser->start, count, err);
	else
		error_set(err, "is empty");
	return parser_stopped(parser);
}

static enum parser_outcome sniff_next(struct parser *parser, struct frame *frame, struct error *err)
{
	const uint8_t *bytes = parser_look(parser, FOREIGN_BYTES);

	if (!bytes)
		return stub_next(parser, err);
	for (size_t i = 0; i < COUNT(formats); i++) {
		if (!formats[i]->begins(bytes))
			continue;
		parser->container = formats[i]->name;
		parser->next = formats[i]->next;
		return parser->next(parser, frame, err);
	}
	foreign_explain(bytes, FOREIGN_BYTES, err);
	return parser_stopped(parser);
}

struct parser *parser_new(struct error *err)
{
	struct parser *parser = calloc(1, sizeof(*parser));

	if (parser)
		parser->buffer = malloc(CAPACITY);
	if (!parser || !parser->buffer) {
		free(parser);
		error_set(err, "out of memory for reading");
		return NULL;
	}
	parser->capacity = CAPACITY;
	parser->next = sniff_next;
	return parser;
}

void parser_free(struct parser *parser)
{
	if (!parser)
		return;
	pcapng_reader_free(&parser->pcapng);
	free(parser->buffer);
	free(parser);
}

void parser_remember(struct parser *parser, struct remarks *remarks, uint32_t origin)
{
	parser->remarks = remarks;
	parser->origin = origin;
}

static void front_move(struct parser *parser)
{
	size_t left = parser->end - parser->start;

	memmove(parser->buffer, parser->buffer + parser->start, left);
	parser->offset += parser->start;
	parser->start = 0;
	parser->end = left;
}

/* Doubling means that what is held never exceeds twice what has really arrived. */
static bool buffer_grow(struct parser *parser)
{
	uint8_t *more = realloc(parser->buffer, 2 * parser->capacity);

	if (!more)
		return false;
	parser->buffer = more;
	parser->capacity *= 2;
	return true;
}

void *parser_space(struct parser *parser, size_t *size, struct error *err)
{
	if (parser->start > 0)
		front_move(parser);
	if (parser->end == parser->capacity && !buffer_grow(parser)) {
		error_set(err, "out of memory for a record of more than %s bytes",
		          grouped(parser->capacity).text);
		return NULL;
	}
	*size = parser->capacity - parser->end;
	return parser->buffer + parser->end;
}

void parser_filled(struct parser *parser, size_t count)
{
	parser->end += count;
}

void parser_end(struct parser *parser)
{
	parser->ended = true;
}

enum parser_outcome parser_next(struct parser *parser, struct frame *frame, struct error *err)
{
	return parser->next(parser, frame, err);
}

size_t parser_many(struct parser *parser, struct frame *frames, size_t most)
{
	return parser->many ? parser->many(parser, frames, most) : 0;
}

const char *parser_container(const struct parser *parser)
{
	return parser->container;
}

uint16_t parser_link_type(const struct parser *parser)
{
	return parser->link_type;
}

uint32_t parser_snaplen(const struct parser *parser)
{
	return parser->snaplen;
}
