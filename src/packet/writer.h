/* writer.h: headers under construction. They are bounded, so there is always room. */
#ifndef PACKET_WRITER_H
#define PACKET_WRITER_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "packet/encode.h"

struct writer {
	uint8_t bytes[ENCODE_HEADERS_MAX];
	size_t used;
};

/* Lent until the next call: `count` zero bytes to fill in. */
static inline uint8_t *writer_add(struct writer *writer, size_t count)
{
	uint8_t *start = writer->bytes + writer->used;

	assert(count <= sizeof(writer->bytes) - writer->used);
	memset(start, 0, count);
	writer->used += count;
	return start;
}

static inline void write_u16(uint8_t *bytes, uint16_t number)
{
	bytes[0] = (uint8_t)(number >> 8);
	bytes[1] = (uint8_t)number;
}

static inline void write_u32(uint8_t *bytes, uint32_t number)
{
	write_u16(bytes, (uint16_t)(number >> 16));
	write_u16(bytes + 2, (uint16_t)number);
}

/* encode_link.c: returns -1 when the link type has no encoder or cannot carry the family. */
int encode_link(struct writer *writer, uint16_t link_type, const struct segment *segment);

#endif
