/* pcapng_block.h: the kinds of block that matter here. */
#ifndef CAPTURE_PCAPNG_BLOCK_H
#define CAPTURE_PCAPNG_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/parser.h"
#include "packet/frame.h"

#define SECTION_TYPE 0x0a0d0d0au /* reads the same in both byte orders */
#define BYTE_ORDER_MAGIC 0x1a2b3c4du

#define BLOCK_HEAD 8u
#define BLOCK_AROUND 12u /* the head, and the length repeated at the end */
#define BLOCK_MOST (16u << 20)

struct block {
	const uint8_t *body;
	uint32_t size;
	uint64_t at; /* where the block, not its body, begins in the file */
};

/* FRAME: *frame is filled in; HUNGRY: the block held none; DAMAGED. */
typedef enum parser_outcome block_take(struct parser *parser, const struct block *block,
                                       struct frame *frame, struct error *err);

struct block_kind {
	uint32_t type;
	uint32_t least; /* bytes of its body */
	const char *name;
	block_take *take;
	bool spare; /* skipped where nobody wants remarks, or where it is too large */
};

/* NULL for a type that nobody needs. */
const struct block_kind *block_kind_find(uint32_t type);

#endif
