/* conversation.h: one connection of a story: both ends, and the numbers that they count. */
#ifndef LAB_CONVERSATION_H
#define LAB_CONVERSATION_H

#include <stdbool.h>
#include <stdint.h>

#include "lab/line.h"
#include "packet/address.h"
#include "packet/segment.h"

/* What is chosen before the first segment. Pairs: client, server. */
struct setup {
	struct address address[2];
	uint16_t port[2];
	uint32_t isn[2];
	int64_t round_trip;
	uint16_t vlan;
	uint8_t family;
	uint8_t ttl[2];
	bool loopback;
	bool udp;
};

/* A segment as its sender remembers it, for `again`. */
struct memory {
	bool is_filled;
	uint32_t seq;
	uint32_t payload;
	const char *text;
};

enum memory_kind { MEMORY_SYN, MEMORY_FIN, MEMORY_DATA, MEMORY_OTHER, MEMORY_KINDS };

enum { EARLY_MAX = 8 };

/* From its first byte up to, not including, `end`. */
struct range {
	uint32_t start, end;
};

/* Numbers are relative: this end's own SYN is 0, and so is the peer's. */
struct party {
	uint32_t next;                 /* one past the highest it sent */
	uint32_t got;                  /* it got everything before this, in order... */
	uint32_t got_before;           /* ...and before the peer's last segment arrived */
	struct range early[EARLY_MAX]; /* got out of order; empty where start == end */
	struct memory memory[MEMORY_KINDS];
	uint32_t echo; /* the peer's last timestamp */
	uint16_t ip_id;
	bool has_spoken;
	bool has_timestamps;
	int64_t spoke; /* when it last did */
};

struct conversation {
	struct setup setup;
	uint32_t shift[2]; /* added to setup.isn */
	struct party parties[2];
	struct segment last[2]; /* each end's last segment, for ICMP errors to quote */
	enum actor last_actor;
	bool has_begun;
};

struct setup setup_usual(void);

/* The end that plays `actor`: where a socket talks to itself, it plays both. */
enum actor conversation_player(const struct conversation *talk, enum actor actor);

/* Why the line cannot be said now, or NULL. */
const char *conversation_objects(const struct conversation *talk, const struct line *line);

/* When a line comes that does not say so, `now` being the time of the line before. */
int64_t conversation_due(const struct conversation *talk, const struct line *line, int64_t now);

/*
 * Makes the line's segment and moves the numbers of both ends. `payload` takes
 * segment->payload bytes, at most STORY_PAYLOAD_MAX.
 */
void conversation_say(struct conversation *talk, const struct line *line, int64_t now,
                      struct segment *segment, uint8_t *payload);

#endif
