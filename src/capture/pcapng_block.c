/* pcapng_block.c: what the blocks of a pcapng section say. */

/*
 * Each section has its own byte order and counts its interfaces from 0; each
 * interface has its own link type, snaplen and units of time, which is where
 * libpcap gives up and this reader goes on.
 */

#include "capture/pcapng_block.h"

#include <stdlib.h>

#include "capture/grouped.h"
#include "capture/parser_state.h"
#include "capture/pcapng_option.h"
#include "capture/pcapng_remarks.h"

#define INTERFACES_MOST 65536u

enum option_code {
	OPTION_TIME_RESOLUTION = 9,
	OPTION_TIME_OFFSET = 14,
};

#define PACKET_TYPE 6u
#define PACKET_LEAST 20u

#define MICROSECONDS 6 /* the time resolution of an interface that names none */

static enum parser_outcome short_block(struct parser *parser, const struct block *block,
                                       uint32_t captured, uint32_t room, struct error *err)
{
	return parser_damaged(parser, err, block->at,
	                      "a packet claims %s bytes in a block that has room for %s",
	                      grouped(captured).text, grouped(room).text);
}

static const struct pcapng_interface *interface_find(struct parser *parser,
                                                     const struct block *block, uint32_t number,
                                                     struct error *err)
{
	const struct pcapng_reader *section = &parser->pcapng;

	if (number < section->count)
		return &section->interfaces[number];
	parser_damaged(parser, err, block->at,
	               "a packet of interface %u, but only %u %s been described", number,
	               section->count, section->count == 1 ? "has" : "have");
	return NULL;
}

static inline uint32_t padded(uint32_t size)
{
	return (size + 3u) & ~3u;
}

/* The body of a packet's block, whose interface is known and whose bytes are there. */
static inline struct frame packet_frame(const struct pcapng_reader *section, const uint8_t *body,
                                        uint32_t number, uint64_t frame)
{
	const struct pcapng_interface *interface = &section->interfaces[number];
	bool swapped = section->swapped;

	return (struct frame){
		.bytes = body + PACKET_LEAST,
		.number = frame,
		.time = tick_instant(&interface->tick, (uint64_t)load32(body + 4, swapped) << 32 |
		                                               load32(body + 8, swapped)),
		.captured = load32(body + 12, swapped),
		.length = load32(body + 16, swapped),
		.interface = section->earlier + number,
		.link_type = interface->link_type,
	};
}

static enum parser_outcome packet_fill(struct parser *parser, const struct block *block,
                                       uint32_t number, struct frame *frame, struct error *err)
{
	const uint8_t *body = block->body;
	bool swapped = parser->pcapng.swapped;
	uint32_t captured = load32(body + 12, swapped);

	if (!interface_find(parser, block, number, err))
		return PARSER_DAMAGED;
	if (captured > block->size - PACKET_LEAST)
		return short_block(parser, block, captured, block->size - PACKET_LEAST, err);
	*frame = packet_frame(&parser->pcapng, body, number, ++parser->frames);
	comments_take(parser, block, PACKET_LEAST + padded(captured), COMMENT_FRAME, frame->number);
	return PARSER_FRAME;
}

static bool has_comment(const struct parser *parser, const uint8_t *body, uint32_t size,
                        uint32_t at)
{
	struct block block = { .body = body, .size = size };

	return comments_are_there(parser, &block, at);
}

/* A whole block here that holds a packet, of an interface that is known, and no comment: its length, else 0. */
static inline uint32_t plain_packet(const struct parser *parser, const uint8_t *head, size_t here)
{
	bool swapped = parser->pcapng.swapped;
	uint32_t total, room, captured;
	const uint8_t *body;

	if (here < BLOCK_AROUND + PACKET_LEAST || load32(head, swapped) != PACKET_TYPE)
		return 0;
	body = head + BLOCK_HEAD;
	total = load32(head + 4, swapped);
	captured = load32(body + 12, swapped);
	if (total > here || total > BLOCK_MOST || total % 4 != 0 ||
	    total < BLOCK_AROUND + PACKET_LEAST || memcmp(head + 4, head + total - 4, 4) != 0)
		return 0;
	room = total - BLOCK_AROUND - PACKET_LEAST;
	if (captured > room || load32(body, swapped) >= parser->pcapng.count)
		return 0;
	if (room > padded(captured) &&
	    has_comment(parser, body, room + PACKET_LEAST, PACKET_LEAST + padded(captured)))
		return 0;
	return total;
}

/* The blocks of packets up to the first other one. */
static size_t packets_take(struct parser *parser, struct frame *frames, size_t most)
{
	const struct pcapng_reader *section = &parser->pcapng;
	const uint8_t *head = parser->buffer + parser->start;
	const uint8_t *end = parser->buffer + parser->end;
	uint64_t number = parser->frames;
	bool swapped = section->swapped;
	size_t count = 0;

	if (section->skipping)
		return 0;
	while (count < most) {
		uint32_t total = plain_packet(parser, head, (size_t)(end - head));
		const uint8_t *body;

		if (!total)
			break;
		body = head + BLOCK_HEAD;
		frames[count++] = packet_frame(section, body, load32(body, swapped), ++number);
		head += total;
	}
	parser->start = (size_t)(head - parser->buffer);
	parser->frames = number;
	return count;
}

static enum parser_outcome enhanced_packet_take(struct parser *parser, const struct block *block,
                                                struct frame *frame, struct error *err)
{
	uint32_t number = load32(block->body, parser->pcapng.swapped);

	return packet_fill(parser, block, number, frame, err);
}

/* The same, but for an interface of 16 bits and a count of drops beside it. */
static enum parser_outcome obsolete_packet_take(struct parser *parser, const struct block *block,
                                                struct frame *frame, struct error *err)
{
	uint32_t number = load16(block->body, parser->pcapng.swapped);

	return packet_fill(parser, block, number, frame, err);
}

/* Has neither time nor captured length: the latter follows from snaplen and the block's own. */
static enum parser_outcome simple_packet_take(struct parser *parser, const struct block *block,
                                              struct frame *frame, struct error *err)
{
	const struct pcapng_interface *interface = interface_find(parser, block, 0, err);
	uint32_t length = load32(block->body, parser->pcapng.swapped);
	uint32_t captured = length;

	if (!interface)
		return PARSER_DAMAGED;
	if (interface->snaplen && captured > interface->snaplen)
		captured = interface->snaplen;
	if (captured > block->size - 4)
		return short_block(parser, block, captured, block->size - 4, err);
	*frame = (struct frame){
		.bytes = block->body + 4,
		.number = ++parser->frames,
		.captured = captured,
		.length = length,
		.interface = parser->pcapng.earlier,
		.link_type = interface->link_type,
	};
	return PARSER_FRAME;
}

static enum parser_outcome section_take(struct parser *parser, const struct block *block,
                                        struct frame *frame, struct error *err)
{
	struct pcapng_reader *section = &parser->pcapng;
	bool swapped = load32(block->body, false) != BYTE_ORDER_MAGIC;
	uint16_t major = load16(block->body + 4, swapped);
	uint16_t minor = load16(block->body + 6, swapped);

	(void)frame;
	/* 1.2 was written by mistake and means 1.0. */
	if (major != 1 || (minor != 0 && minor != 2))
		return parser_damaged(parser, err, block->at,
		                      "a pcapng section of version %u.%u; 1.0 can be read", major,
		                      minor);
	parser->many = packets_take;
	section->swapped = swapped;
	section->earlier += section->count;
	section->count = 0;
	comments_take(parser, block, 16, COMMENT_CAPTURE, 0);
	return PARSER_HUNGRY;
}

/* What the options say about time. False where they run past the block's end. */
static bool options_read(const struct block *block, bool swapped, uint8_t *resolution,
                         int64_t *offset)
{
	struct options options = { block->body + 8, block->size - 8, swapped };
	struct option option;
	int outcome;

	while ((outcome = option_next(&options, &option)) == 1) {
		if (option.code == OPTION_TIME_RESOLUTION && option.size == 1)
			*resolution = option.value[0];
		if (option.code == OPTION_TIME_OFFSET && option.size == 8)
			*offset = (int64_t)load64(option.value, swapped);
	}
	return outcome == 0;
}

/* A new, empty row behind the section's interfaces. */
static struct pcapng_interface *interface_add(struct parser *parser, const struct block *block,
                                              struct error *err)
{
	struct pcapng_reader *section = &parser->pcapng;

	if (section->count == INTERFACES_MOST) {
		parser_damaged(parser, err, block->at, "more than %s interfaces in a section",
		               grouped(INTERFACES_MOST).text);
		return NULL;
	}
	if (section->count == section->room) {
		uint32_t room = section->room ? 2 * section->room : 8;
		struct pcapng_interface *more = realloc(section->interfaces, room * sizeof(*more));

		if (!more) {
			error_set(err, "out of memory for %u interfaces", room);
			parser_stopped(parser);
			return NULL;
		}
		section->interfaces = more;
		section->room = room;
	}
	return &section->interfaces[section->count++];
}

static enum parser_outcome interface_take(struct parser *parser, const struct block *block,
                                          struct frame *frame, struct error *err)
{
	struct pcapng_reader *section = &parser->pcapng;
	bool swapped = section->swapped;
	uint8_t resolution = MICROSECONDS;
	int64_t offset = 0;
	struct pcapng_interface *interface;
	struct tick tick;

	(void)frame;
	if (!options_read(block, swapped, &resolution, &offset))
		return parser_damaged(parser, err, block->at,
		                      "an option of an interface runs past its block");
	if (!tick_init(&tick, resolution, offset))
		return parser_damaged(parser, err, block->at,
		                      "an interface counts time in units of %s^-%u seconds",
		                      resolution & 0x80 ? "2" : "10", resolution & 0x7fu);
	interface = interface_add(parser, block, err);
	if (!interface)
		return PARSER_DAMAGED;
	*interface = (struct pcapng_interface){
		.tick = tick,
		.snaplen = load32(block->body + 4, swapped),
		.link_type = parser_registered_link_type(load16(block->body, swapped)),
	};
	if (!section->described) {
		section->described = true;
		parser->link_type = interface->link_type;
		parser->snaplen = interface->snaplen;
	}
	comments_take(parser, block, 8, COMMENT_INTERFACE, section->earlier + section->count - 1);
	return PARSER_HUNGRY;
}

/* clang-format off */
static const struct block_kind kinds[] = {
	/* type         least         name                  take                  spare */
	{ PACKET_TYPE,  PACKET_LEAST, "a packet",           enhanced_packet_take, false },
	{ 3,            4,            "a simple packet",    simple_packet_take,   false },
	{ 2,            PACKET_LEAST, "a packet",           obsolete_packet_take, false },
	{ 1,            8,            "an interface",       interface_take,       false },
	{ SECTION_TYPE, 16,           "a section's header", section_take,         false },
	{ 4,            0,            "a block of names",   names_take,           true  },
};
/* clang-format on */

const struct block_kind *block_kind_find(uint32_t type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

void pcapng_reader_free(struct pcapng_reader *reader)
{
	free(reader->interfaces);
}
