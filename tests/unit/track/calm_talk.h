/* calm_talk.h: conversations as most are, made segment by segment, and what may come instead. */
#ifndef TESTS_UNIT_TRACK_CALM_TALK_H
#define TESTS_UNIT_TRACK_CALM_TALK_H

#include "unit/track/calm_pair.h"

/* Both ends, as they are: what comes next is that. */
struct talk {
	struct dress dress;
	uint8_t family;
	uint16_t port;
	uint16_t ip_id;
	uint32_t iss[2];
	uint32_t next[2];
	uint32_t acked[2];      /* what each has acknowledged */
	uint32_t window[2];     /* as in the header */
	uint16_t chunk;         /* payload at most */
	bool is_cut[2];         /* payload is not captured */
	bool has_syn[2], is_open, has_talked, has_fin[2];
	bool is_over;
	int left;               /* segments until somebody ends it */
	enum side closer;
	struct segment latest[2];
};

/* xorshift64: below `limit`. */
uint32_t draw(uint64_t *random, uint32_t limit);

void talk_begin(struct talk *talk, uint64_t *random, uint16_t port);

/* Of no options, in large windows. */
void talk_begin_plainly(struct talk *talk, uint16_t port);

/* The next segment, of what would be next; its time and frame are still to come. */
struct segment talk_next(struct talk *talk, uint64_t *random);

/* Of `side`, with its next number, acknowledging all; payload as it is captured. */
struct segment talk_say(const struct talk *talk, enum side side, unsigned flags, uint32_t payload);
void talk_dress(struct talk *talk, struct segment *segment, enum side side);

/* It was sent. */
void talk_note(struct talk *talk, const struct segment *segment, enum side side);

/*
 * What is said, a letter for each segment: 's'yn, 'a'ck, 'd'ata of 10 bytes, 'f'in, 'r'eset or refusal 'x';
 * upper case is the server's. Each is fed to the pair 10 ms after the one before.
 */
void talk_hear(struct talk *talk, struct pair *pair, const char *letters);

/* Such letters as lead to each phase. */
extern const char *const ways[CALM_PHASES];

/* What may be wrong with a segment, or strange. */
typedef void surprise(struct talk *talk, struct segment *segment, enum side side);

struct surprise_row {
	const char *name;
	surprise *make;
};

extern const struct surprise_row surprises[];
extern const int surprise_count;

#endif
