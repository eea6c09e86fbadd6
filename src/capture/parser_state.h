/* parser_state.h: what the parser and the formats it knows share. */
#ifndef CAPTURE_PARSER_STATE_H
#define CAPTURE_PARSER_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "capture/parser.h"
#include "capture/pcap.h"
#include "capture/pcapng.h"
#include "packet/frame.h"

struct remarks;

typedef enum parser_outcome parser_step(struct parser *parser, struct frame *frame,
                                        struct error *err);

/* A run of frames in one go, as of parser_many: whatever is not plain is left to the step. */
typedef size_t parser_run(struct parser *parser, struct frame *frames, size_t most);

/* A container: how it begins and who goes on from there. */
struct format {
	const char *name;
	bool (*begins)(const uint8_t magic[4]);
	parser_step *next;
};

extern const struct format format_pcap;
extern const struct format format_pcapng;

/* buffer[start..end) has arrived and is not used up; buffer[0] is byte `offset` of the stream. */
struct parser {
	parser_step *next;
	parser_run *many; /* NULL: one at a time */
	uint8_t *buffer;
	size_t start;
	size_t end;
	size_t capacity;
	uint64_t offset;
	uint64_t frames;
	uint32_t snaplen;
	uint16_t link_type;
	bool ended;
	uint32_t origin;
	struct remarks *remarks; /* lent; NULL: nobody wants them */
	const char *container;
	struct pcap_reader pcap;
	struct pcapng_reader pcapng;
};

static inline uint32_t load32(const uint8_t *bytes, bool swapped)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return swapped ? __builtin_bswap32(value) : value;
}

static inline uint64_t load64(const uint8_t *bytes, bool swapped)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return swapped ? __builtin_bswap64(value) : value;
}

static inline uint16_t load16(const uint8_t *bytes, bool swapped)
{
	uint16_t value;

	memcpy(&value, bytes, sizeof(value));
	return swapped ? __builtin_bswap16(value) : value;
}

/* The next `count` bytes, or NULL when fewer are here. */
static inline const uint8_t *parser_look(const struct parser *parser, size_t count)
{
	return parser->end - parser->start >= count ? parser->buffer + parser->start : NULL;
}

static inline uint64_t parser_position(const struct parser *parser)
{
	return parser->offset + parser->start;
}

/* Link types that some platforms wrote into savefiles under numbers of their own. */
uint16_t parser_registered_link_type(uint16_t link_type);

/* HUNGRY while more may come and at a clean end; DAMAGED if `thing`, begun at byte `at`, is cut. */
enum parser_outcome parser_starved(struct parser *parser, const char *thing, uint64_t at,
                                   struct error *err);

/* DAMAGED: err becomes "damaged at byte AT: ...", and nothing more will come. */
enum parser_outcome parser_damaged(struct parser *parser, struct error *err, uint64_t at,
                                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* DAMAGED, where err is already filled in. */
enum parser_outcome parser_stopped(struct parser *parser);

#endif
