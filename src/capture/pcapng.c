/* pcapng.c: pcapng savefiles: from block to block. */

/*
 * draft-ietf-opsawg-pcapng. Every block is type, total length, body, total
 * length again; a section's header tells the byte order of all that follows it.
 */

#include "capture/parser_state.h"

#include "capture/grouped.h"
#include "capture/pcapng_block.h"

static enum parser_outcome tail_differs(struct parser *parser, uint64_t at, struct error *err)
{
	return parser_damaged(parser, err, at,
	                      "a block's length at its end is not that at its head");
}

/* Walks over what is here of a block nobody needs, however long. FRAME once it is behind us. */
static enum parser_outcome block_skip(struct parser *parser, struct error *err)
{
	struct pcapng_reader *section = &parser->pcapng;
	size_t here = parser->end - parser->start;
	const uint8_t *tail;

	if (here > section->skip)
		here = section->skip;
	parser->start += here;
	section->skip -= (uint32_t)here;
	tail = parser_look(parser, 4);
	if (section->skip || !tail)
		return parser_starved(parser, "a block", section->at, err);
	if (memcmp(tail, section->length, 4) != 0)
		return tail_differs(parser, section->at, err);
	parser->start += 4;
	section->skipping = false;
	return PARSER_FRAME;
}

/* The byte order in which a block's own length is to be read. */
static enum parser_outcome block_order(struct parser *parser, const uint8_t *head, bool *swapped,
                                       struct error *err)
{
	*swapped = parser->pcapng.swapped;
	if (load32(head, false) != SECTION_TYPE)
		return PARSER_FRAME;
	head = parser_look(parser, BLOCK_AROUND);
	if (!head)
		return parser_starved(parser, "a block", parser_position(parser), err);
	*swapped = load32(head + BLOCK_HEAD, false) != BYTE_ORDER_MAGIC;
	if (load32(head + BLOCK_HEAD, *swapped) != BYTE_ORDER_MAGIC)
		return parser_damaged(parser, err, parser_position(parser),
		                      "a section whose byte order is not told");
	return PARSER_FRAME;
}

/* FRAME: a block begins here, of `kind` (NULL: nobody needs it) and `total` bytes. */
static enum parser_outcome block_begin(struct parser *parser, const struct block_kind **kind,
                                       uint32_t *total, struct error *err)
{
	const uint8_t *head = parser_look(parser, BLOCK_HEAD);
	uint64_t at = parser_position(parser);
	enum parser_outcome outcome;
	bool swapped;

	if (!head)
		return parser_starved(parser, "a block", at, err);
	outcome = block_order(parser, head, &swapped, err);
	if (outcome != PARSER_FRAME)
		return outcome;
	*kind = block_kind_find(load32(head, swapped));
	*total = load32(head + 4, swapped);
	if (*kind && (*kind)->spare && (!parser->remarks || *total > BLOCK_MOST))
		*kind = NULL;
	if (*total % 4 != 0)
		return parser_damaged(parser, err, at,
		                      "a block claims %s bytes, which is not a multiple of 4",
		                      grouped(*total).text);
	if (*total < BLOCK_AROUND + (*kind ? (*kind)->least : 0))
		return parser_damaged(parser, err, at, "%s claims only %s bytes",
		                      *kind ? (*kind)->name : "a block", grouped(*total).text);
	if (*kind && *total > BLOCK_MOST)
		return parser_damaged(parser, err, at, "%s claims %s bytes", (*kind)->name,
		                      grouped(*total).text);
	return PARSER_FRAME;
}

static enum parser_outcome block_enter(struct parser *parser, const struct block_kind *kind,
                                       uint32_t total, struct frame *frame, struct error *err)
{
	const uint8_t *head = parser->buffer + parser->start;
	struct block block = { .size = total - BLOCK_AROUND, .at = parser_position(parser) };
	enum parser_outcome outcome;

	if (memcmp(head + 4, head + total - 4, 4) != 0)
		return tail_differs(parser, block.at, err);
	block.body = head + BLOCK_HEAD;
	outcome = kind->take(parser, &block, frame, err);
	if (outcome != PARSER_DAMAGED)
		parser->start += total;
	return outcome;
}

static void skip_begin(struct parser *parser, uint32_t total)
{
	struct pcapng_reader *section = &parser->pcapng;

	section->at = parser_position(parser);
	memcpy(section->length, parser->buffer + parser->start + 4, 4);
	section->skip = total - BLOCK_AROUND;
	section->skipping = true;
	parser->start += BLOCK_HEAD;
}

static enum parser_outcome block_next(struct parser *parser, struct frame *frame, struct error *err)
{
	const struct block_kind *kind = NULL;
	enum parser_outcome outcome;
	uint32_t total = 0;

	for (;;) {
		if (parser->pcapng.skipping) {
			outcome = block_skip(parser, err);
			if (outcome != PARSER_FRAME)
				return outcome;
		}
		outcome = block_begin(parser, &kind, &total, err);
		if (outcome != PARSER_FRAME)
			return outcome;
		if (!kind) {
			skip_begin(parser, total);
			continue;
		}
		if (!parser_look(parser, total))
			return parser_starved(parser, kind->name, parser_position(parser), err);
		outcome = block_enter(parser, kind, total, frame, err);
		if (outcome != PARSER_HUNGRY)
			return outcome;
	}
}

static bool pcapng_begins(const uint8_t magic[4])
{
	return load32(magic, false) == SECTION_TYPE;
}

const struct format format_pcapng = { "pcapng", pcapng_begins, block_next };
