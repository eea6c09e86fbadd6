/* calm_fold.h: a calm connection that is over, in few bytes. */
#ifndef TRACK_CALM_FOLD_H
#define TRACK_CALM_FOLD_H

/*
 * In front lies what all have, as small as it usually is. Behind that comes the rest in the order
 * of calm_fold.c, small or large, or only where it does not follow from something else: bits say
 * which. How a connection ended leaves little to be said: who took leave has heard everything, and
 * said nothing since.
 */

#include "track/calm.h"

#include <stddef.h>

/* Bits of folded.is. */
enum {
	IS_IPV6 = 1,
	IS_FINE = 2,            /* its times are no microseconds, or far apart */
	IS_LONG = 4,            /* it said much */
	IS_RARE = 8,            /* struct rare */
	IS_STAMPED = 16,        /* a timestamp waits for its echo */
	HAS_OTHER_MSS = 32,     /* than USUAL_MSS */
	HAS_OTHER_WINDOW = 64,  /* the widest was not the last */
	HAS_OTHER_STREAM = 128, /* than follows from its id */
	IS_NEAR = 256,          /* its round trips are short */
	IS_BRIEF = 512,         /* the second FIN acknowledges the first one */
	HAS_OTHER_FLIGHT = 1024, /* an initial window of more than a segment */
};

enum { USUAL_MSS = 1460, LETTERS_BITS = 32, SCALE_UNUSED = 15, POOLED = 7 };
enum { PHASE_MASK = 15, SEEN_MASK = 63, HAS_MASK = 7, SCALE_MASK = 15, SPANS_MASK = 7 };

/* Where times are in microseconds so much is enough; a moment is a frame, too. */
enum { SMALL_BITS = 24, SMALL_BYTES = 3, SMALL_MOMENT = 6, NEAR_BYTES = 2 };
enum { SMALL_MASK = (1 << SMALL_BITS) - 1, FRAMES_MASK = (1 << MOMENT_FRAME) - 1 };

struct folded {
	uint8_t size;           /* of all of it, in FOLD_UNITs */
	uint8_t upper_letters;
	uint16_t is;
	uint32_t phase : 4, seen : 6, has : 3;
	uint32_t client_scale : 4, server_scale : 4;
	uint32_t client_spans : 3, server_spans : 3;   /* how many... */
	uint32_t client_begins : 1, server_begins : 1; /* ...that of the handshake first */
	uint32_t start;
	uint32_t id;
	uint32_t first_frame;
	uint32_t letters;
	uint32_t iss[2];
	uint16_t port[2];
	uint16_t window[2];     /* heard.window... */
	uint8_t traits[2];      /* ...and heard.is */
	uint8_t ttl[2];
	uint8_t syn_options[2];
	uint16_t largest[2];
};

/* Without what only makes it even. */
enum { FRONT_BYTES = 50 };
static_assert(offsetof(struct folded, largest[2]) == FRONT_BYTES, "without gaps");

/* How much it said: since the initial numbers. */
struct few {
	uint16_t sent[2], in_flight_most[2];
	uint8_t packets[2], data_packets[2], gaps[2];
};

struct many {
	uint32_t sent[2], in_flight_most[2], packets[2], data_packets[2], gaps[2];
};

struct rare {
	uint64_t history, first_frame;
	uint32_t incarnation;
};

/* What a reset leaves open. */
struct cut_off {
	uint32_t acked[2];
	uint64_t heard[2], said[2];
};

struct stamps {
	uint32_t stamp[2];
	uint64_t time[2]; /* and one: 0: none waits */
};

static inline uint64_t until(uint64_t earlier, uint64_t later)
{
	return (later - earlier) & MOMENT_TIME_MASK;
}

static inline bool said_goodbye(const struct calm *calm)
{
	return calm->phase == CALM_CLIENT_LAST || calm->phase == CALM_SERVER_LAST;
}

/* Who began to take leave. */
static inline enum side closer_of(const struct calm *calm)
{
	return calm->phase == CALM_CLIENT_LAST ? CLIENT : SERVER;
}

/* That of the SYN, or of the SYN-ACK: with timestamps it is the first one. */
static inline uint32_t span_of_handshake(const struct calm *calm, enum side side)
{
	const uint64_t *at = calm->milestones;

	return (uint32_t)(side == CLIENT ? until(0, at[CALM_SYN_ACK])
	                                 : until(at[CALM_SYN_ACK], at[CALM_OPENED]));
}

#endif
