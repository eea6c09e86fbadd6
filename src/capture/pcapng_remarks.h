/* pcapng_remarks.h: what a block says beside the frames. */
#ifndef CAPTURE_PCAPNG_REMARKS_H
#define CAPTURE_PCAPNG_REMARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/parser.h"
#include "capture/pcapng_block.h"
#include "capture/source.h"
#include "packet/frame.h"

/* Keeps the comments among the options that begin `at` in the body, if anybody wants them. */
void comments_take(struct parser *parser, const struct block *block, uint32_t at,
                   enum comment_about about, uint64_t number);

/* Whether comments_take would find one. */
bool comments_are_there(const struct parser *parser, const struct block *block, uint32_t at);

/* A block_take of a block of names. */
enum parser_outcome names_take(struct parser *parser, const struct block *block,
                               struct frame *frame, struct error *err);

#endif
