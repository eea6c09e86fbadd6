/* parser.h: the push parser of savefiles: bytes in, frames out. */
#ifndef CAPTURE_PARSER_H
#define CAPTURE_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "packet/frame.h"

/* Knows nothing of files: it can be fed from a pipe, a decompressor, a growing file, a byte at a time. */
struct parser;

enum parser_outcome {
	PARSER_FRAME = 1,    /* *frame is lent until the next call of any parser function */
	PARSER_HUNGRY = 0,   /* give it more bytes, or say that there are none */
	PARSER_DAMAGED = -1, /* err says where (byte offset) and what; nothing more will come */
};

struct parser *parser_new(struct error *err);
void parser_free(struct parser *parser);

/* Where the next bytes go, and how many fit (at least one); NULL and err when memory is short. */
void *parser_space(struct parser *parser, size_t *size, struct error *err);

/* `count` bytes were written to that place. */
void parser_filled(struct parser *parser, size_t count);

/* There will be no more bytes: a record that is only half there is now damage. */
void parser_end(struct parser *parser);

enum parser_outcome parser_next(struct parser *parser, struct frame *frame, struct error *err);

/*
 * As many plain frames as are wholly here, `most` at most, all of them lent likewise. Where it gives
 * none, parser_next knows what comes: another kind of frame, damage, or nothing yet.
 */
size_t parser_many(struct parser *parser, struct frame *frames, size_t most);

/* "pcap", "pcapng", or NULL while it is not yet known. */
const char *parser_container(const struct parser *parser);
uint16_t parser_link_type(const struct parser *parser);
uint32_t parser_snaplen(const struct parser *parser);

#endif
