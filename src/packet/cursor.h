/* cursor.h: the bytes of a frame that no header has eaten yet. */
#ifndef PACKET_CURSOR_H
#define PACKET_CURSOR_H

#include <stddef.h>
#include <stdint.h>

/*
 * Always captured <= length: `captured` bytes can be read at `head`, `length`
 * were there when the frame was on the wire.
 */
struct cursor {
	const uint8_t *head;
	uint32_t captured;
	uint32_t length;
};

/* Eats `count` bytes and returns them; NULL, and nothing eaten, when fewer were captured. */
static inline const uint8_t *cursor_pull(struct cursor *cursor, uint32_t count)
{
	const uint8_t *bytes = cursor->head;

	if (cursor->captured < count)
		return NULL;
	cursor->head += count;
	cursor->captured -= count;
	cursor->length -= count;
	return bytes;
}

/*
 * A header says how long the rest is: what was captured beyond that is padding
 * or a trailer. A quote's header may also say more than the quote has room for.
 */
static inline void cursor_limit(struct cursor *cursor, uint32_t length)
{
	cursor->length = length;
	if (cursor->captured > length)
		cursor->captured = length;
}

/* The same, where a length that is too long is no news. */
static inline void cursor_shorten(struct cursor *cursor, uint32_t length)
{
	if (length < cursor->length)
		cursor_limit(cursor, length);
}

/* What is left after `count` bytes, without eating them; nothing, where there are fewer. */
static inline struct cursor cursor_after(struct cursor cursor, uint32_t count)
{
	if (cursor_pull(&cursor, count))
		return cursor;
	return (struct cursor){ .head = cursor.head };
}

static inline uint16_t read_u16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t read_u32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static inline uint16_t read_u16_little(const uint8_t *bytes)
{
	return (uint16_t)(bytes[1] << 8 | bytes[0]);
}

static inline uint32_t read_u32_little(const uint8_t *bytes)
{
	return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 |
	       bytes[0];
}

#endif
