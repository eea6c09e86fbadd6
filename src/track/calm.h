/* calm.h: a connection in few bytes, for as long as it does what connections do. */
#ifndef TRACK_CALM_H
#define TRACK_CALM_H

/*
 * Nearly all connections shake hands, talk in order and take their leave, and a struct flow says
 * of them what follows from little. So a connection begins as a struct calm. A segment that is
 * next in every respect is taken here, by its phase. For whatever else the whole flow is made first
 * (calm_wake), byte for byte what the rules would have made of the segments until then (while there is
 * room for ranges), and the rules go on with it: no rule is here that is not there, and nothing is judged here.
 */

#include "track/inside.h"

/* Handshake, talk, and the goodbye of whoever ends it: X, the first, and Y, the other. */
enum calm_phase {
	CALM_NONE,
	CALM_ASKED,         /* SYN */
	CALM_ANSWERED,      /* SYN-ACK */
	CALM_OPEN,          /* the client's ACK */
	CALM_TALK,          /* the server's first segment after that */
	CALM_CLIENT_ENDS,   /* X's FIN, unanswered: X is the client */
	CALM_CLIENT_ENDED,  /* and acknowledged */
	CALM_SERVER_LEAVES, /* and Y's FIN */
	CALM_CLIENT_LAST,   /* which X has acknowledged: over */
	CALM_SERVER_ENDS,   /* the same where X is the server */
	CALM_SERVER_ENDED,
	CALM_CLIENT_LEAVES,
	CALM_SERVER_LAST,
	CALM_CLIENT_RESETS, /* out of the talk: over, too */
	CALM_SERVER_RESETS,
	CALM_REFUSED, /* a reset answered the SYN */
	CALM_PHASES
};

/* When something was, and in which frame, counted from the first segment; 0: it was not. */
enum { MOMENT_TIME = 40, MOMENT_FRAME = 24 };
enum { FRAME_BITS = 40, INCARNATION_BITS = 24, INCARNATION_MASK = (1 << INCARNATION_BITS) - 1 };
#define FRAME_MASK ((UINT64_C(1) << FRAME_BITS) - 1)
enum { TIMED_RIGHT_BITS = 24, TIMED_RIGHT_MASK = (1 << TIMED_RIGHT_BITS) - 1 };
enum { IN_FLIGHT_MASK = (1 << 22) - 1 };
#define MOMENT_TIME_MASK ((UINT64_C(1) << MOMENT_TIME) - 1)

enum calm_milestone {
	CALM_SYN_ACK,
	CALM_OPENED,
	CALM_FIN_X,
	CALM_FIN_X_ACKED,
	CALM_FIN_Y,
	CALM_MILESTONES
};

/* Bits of calm_end.heard.is. */
enum {
	IS_CUT = 1,          /* no segment's payload was captured whole */
	IS_ACKNOWLEDGED = 2, /* some of its payload, or its FIN */
	HAS_FIN = 4,
	FIN_HAS_PAYLOAD = 8,
	IS_BARE_RESET = 16,  /* without ACK */
	IS_OFFLOADED = 32,   /* its checksums were left to the network card */
	ENDED_PENDING = 64,  /* cut payload was not acknowledged when its FIN came */
};

/* Bits of calm.has. */
enum { HAS_STAMPS = 1, HAS_SCALES = 2, HAS_STAMP_OF_SYN = 4 };

/* What every segment touches. Numbers as on the wire, times in nanoseconds since the start. */
struct calm_end {
	uint32_t next;  /* one past the highest number sent */
	uint32_t acked; /* acknowledgment field of its latest segment, the highest too; the
	                            peer's initial number where it has acknowledged nothing */
	uint32_t packets;
	uint32_t data_packets;
	struct calm_heard {
		uint64_t time : 40;   /* when its latest segment came */
		uint64_t window : 16; /* as in that one's header */
		uint64_t is : 8;
	} heard;
	struct calm_said {
		uint64_t time : 40;      /* when it last sent something that takes sequence space */
		uint64_t largest : 16;   /* payload */
		uint64_t span_count : 8; /* as in struct sequence */
	} said;
};

/* What data and its acknowledgment touch. As in struct sequence. */
struct calm_stream {
	uint32_t stamp;
	uint16_t window_most; /* unscaled */
	uint16_t initial_window;
	uint64_t stamp_time : 40;
	uint64_t in_flight_most : 22;
	uint64_t is_stamped : 1; /* a timestamp waits for its echo */
	uint64_t is_timed : 1;   /* so does, for its acknowledgment, the segment of these two: */
	uint64_t timed_time : 40;
	uint64_t timed_right : 24; /* lower bits; its left is what is acknowledged */
	struct timed timed;       /* those after it */
};

/* A cache line each. The client is the first of two. */
struct calm {
	uint8_t phase; /* enum calm_phase */
	uint8_t family;
	uint8_t seen; /* as in struct flow */
	uint8_t has;
	uint16_t port[2];
	struct address address[2];
	int64_t start;
	uint64_t last;    /* moment */
	uint64_t history; /* Zeek's letters, four bits each, the first one highest */

	struct calm_end ends[2];
	struct calm_stream streams[2];

	uint32_t spans[2][SPANS_HELD]; /* SPANS_POOLED: the first is their number in the pool */
	uint32_t iss[2];
	uint16_t mss[2];
	int8_t window_scale[2]; /* of the SYNs, as in struct sending */
	uint16_t listener;      /* as in struct flow */

	uint32_t id, stream;
	uint64_t first_frame : 40;
	uint64_t incarnation : 24; /* as in struct flow */
	uint64_t milestones[CALM_MILESTONES];
	uint8_t ttl[2];
	uint16_t gaps[2];       /* acknowledgments of payload that was not captured */
	uint8_t syn_options[2]; /* bytes */
};

static_assert(sizeof(struct calm) == 320, "five cache lines");

struct calm *calm_unfolded(const struct tracker *tracker, uint32_t number);

static inline struct calm *calm_of(const struct tracker *tracker, uint32_t number)
{
	return (struct calm *)(void *)tracker->calms.records + tracker->slots[number].place;
}

/* A folded one is only shown: it is lent until the next one is. */
static inline struct calm *calm_look(const struct tracker *tracker, uint32_t number)
{
	return tracker->slots[number].is_folded ? calm_unfolded(tracker, number)
	                                        : calm_of(tracker, number);
}

static inline int64_t moment_time(uint64_t moment)
{
	return (int64_t)(moment & MOMENT_TIME_MASK);
}

static inline uint64_t moment_frame(uint64_t moment)
{
	return moment >> MOMENT_TIME;
}

/* Zeek's letters: those of the client, then the same of the server. */
enum calm_letter { CALM_S, CALM_A, CALM_D, CALM_F, CALM_G, CALM_R, CALM_LETTERS };
enum { LETTER_BITS = 4, LETTER_MASK = 15, HISTORY_BITS = 64 };

/* Since its start: a large number where that would be before it, or too far away. */
static inline uint64_t calm_since(const struct calm *calm, const struct segment *segment)
{
	return (uint64_t)segment->time - (uint64_t)calm->start;
}

/* Two letters fit in. */
static inline bool calm_has_room(const struct calm *calm)
{
	return calm->history >> (HISTORY_BITS - 2 * LETTER_BITS) == 0;
}

/* As all of its sender; where not all bytes were captured nobody can tell. */
static inline bool calm_is_summed_as(const struct segment *segment, unsigned traits)
{
	bool is_whole = segment->captured >= segment->payload;

	return (segment->checksum == CHECKSUM_OFFLOADED) ==
	       (is_whole && (traits & IS_OFFLOADED) != 0);
}

/* calm_reset.c: false: it is not as it should be. */
bool calm_reset(struct tracker *tracker, uint32_t number, const struct segment *segment,
                enum side side);
bool calm_refuse(struct tracker *tracker, uint32_t number, const struct segment *segment);

/* calm_flow.c: the whole flow that a calm one stands for, but for its number and what is in pools. */
void calm_write(const struct calm *calm, const struct flow *mold, struct flow *flow);

/*
 * calm_fold.c, calm_unfold.c: one that is over, in so many FOLD_UNITs; 0: it will not do. A few
 * bytes beyond may be written, or looked at.
 */
enum { FOLD_MOST = 384 };
size_t calm_fold(const struct calm *calm, int64_t near, uint8_t *bytes);
void calm_unfold(struct calm *calm, int64_t near, const uint8_t *bytes);
unsigned folded_size(const uint8_t *bytes); /* in FOLD_UNITs */
bool folded_is_pooled(const uint8_t *bytes);

/* calm_folds.c: where those are. */
uint8_t *fold_at(const struct tracker *tracker, uint32_t place);
void calm_rest(struct tracker *tracker, uint32_t number);
bool calm_holds_nothing(const struct tracker *tracker, uint32_t number);
void calm_release(struct tracker *tracker, uint32_t number);

/* calm_open.c: the first segment, and room. */
void calm_open(struct tracker *tracker, const struct segment *segment, uint64_t hash);
bool calm_may_open(const struct tracker *tracker, const struct segment *segment);
void calm_enter(struct tracker *tracker, uint32_t number, enum calm_phase phase);
bool calm_answer(struct tracker *tracker, uint32_t number, const struct segment *segment);
void calm_time(struct tracker *tracker, struct calm *calm, enum side side, int64_t span);
uint32_t calm_timed_right(const struct calm *calm, enum side side);
void calm_untime(struct tracker *tracker, struct calm *calm, enum side side);

/* calm_take.c: false: it is not as it should be, and has changed nothing. */
bool calm_take(struct tracker *tracker, uint32_t number, const struct segment *segment,
               enum side side);
void calm_letter_once(struct calm *calm, enum side side, enum calm_letter letter);
uint64_t calm_moment(const struct calm *calm, const struct segment *segment);
void calm_stamp_start(struct calm_stream *stream, uint32_t stamp, uint64_t time);
void calm_stamp_finish(struct tracker *tracker, struct calm *calm, enum side side, uint32_t echo,
                       uint64_t now, bool is_wanted);

#endif
