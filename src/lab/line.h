/* line.h: one line of a story, understood but not yet played. */
#ifndef LAB_LINE_H
#define LAB_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "lab/reader.h"

/* The first two are the two ends, in the order of every pair here. */
enum actor { ACTOR_CLIENT, ACTOR_SERVER, ACTOR_ROUTER, ACTOR_COUNT };

enum number {
	NUMBER_SEQ,
	NUMBER_ACK,
	NUMBER_WINDOW,
	NUMBER_TTL,
	NUMBER_MSS,
	NUMBER_SCALE,
	NUMBER_MTU,
	NUMBER_COUNT
};

/* Bits of line.marks. */
enum mark {
	MARK_LOST = 1 << 0,
	MARK_UNSEEN = 1 << 1,
	MARK_CROSSING = 1 << 2,
	MARK_AGAIN = 1 << 3,
	MARK_STRAY = 1 << 4,
	MARK_SACK = 1 << 5,
	MARK_TIMESTAMPS = 1 << 6,
	MARK_FAST_OPEN = 1 << 7,
	MARK_PAYLOAD = 1 << 8,
};

enum { COOKIE_MAX = 16 };

/* What an ICMP error calls itself, by family. */
struct unreachable {
	const char *name;
	uint8_t type, code;   /* RFC 792 and RFC 1812 */
	uint8_t type6, code6; /* RFC 4443 */
};

struct line {
	enum actor actor;
	unsigned marks;
	unsigned given; /* bit per enum number */
	uint32_t numbers[NUMBER_COUNT];
	uint32_t payload;
	const char *text;                /* lent; NULL: bytes of our own choice */
	const struct unreachable *error; /* not NULL: an ICMP error, no segment */
	uint8_t cookie_length;
	uint8_t cookie[COOKIE_MAX];
	uint16_t flags;
};

static inline bool line_gives(const struct line *line, enum number number)
{
	return line->given & 1u << number;
}

static inline bool line_has(const struct line *line, unsigned marks)
{
	return line->marks & marks;
}

/* ACTOR_COUNT when the word names nobody. */
enum actor actor_named(const struct word *word);

/* Reads the words after the actor; -1 and err when one makes no sense. */
int line_read(struct reader *reader, enum actor actor, struct line *line);

#endif
