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

#include <string.h>

#include "packet/seq.h"
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
enum { MOMENT_TIME = 40, MOMENT_FRAME = 24, MOMENT_FRAME_MASK = (1 << MOMENT_FRAME) - 1 };
enum { FRAME_BITS = 40 };
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
enum {
	HAS_STAMPS = 1,
	HAS_SCALES = 2,
	HAS_STAMP_OF_SYN = 4,
	IS_SEED = 8, /* there is no more of it than the first line: see calm_seed.c */
};

/* What a SYN or SYN-ACK says of its end. */
struct calm_syn {
	uint32_t seq;
	uint32_t stamp;
	uint16_t mss; /* 0: it did not say */
	uint16_t window;
	int8_t window_scale; /* as in struct sending */
	uint8_t ttl;
	uint8_t options; /* bytes */
	bool has_stamp : 1;
	bool is_offloaded : 1;
};

/* What every segment touches. Numbers as on the wire, times in nanoseconds since the start. */
struct calm_end {
	uint32_t next;  /* one past the highest number sent */
	uint32_t acked; /* acknowledgment field of its latest segment, the highest too; the
	                            peer's initial number where it has acknowledged nothing */
	uint64_t packets : 24;
	uint64_t data_packets : 24;
	uint64_t gaps : 16; /* acknowledgments of payload that was not captured */
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

/*
 * Five cache lines: the connection, its ends, their streams; then round trips, and what only the
 * handshake and the goodbye look at. Most segments touch the first three. The client is the first of two.
 */
struct calm {
	_Alignas(64) uint8_t phase; /* enum calm_phase */
	uint8_t family;
	uint8_t seen; /* as in struct flow */
	uint8_t has;
	uint16_t port[2];
	uint32_t near[2]; /* of the addresses: see calm_near */
	int64_t start;
	uint64_t first_frame : 40;
	uint64_t last_frame : 24; /* counted from the first one */
	union {
		struct {
			uint64_t history; /* Zeek's letters, four bits each, the first one highest */
			uint32_t iss[2];
			uint16_t mss[2];
			int8_t window_scale[2];
			uint16_t listener; /* as in struct flow */
		};
		struct calm_syn syn; /* a seed's */
	};
	uint32_t id, stream;

	struct calm_end ends[2];
	struct calm_stream streams[2];

	uint32_t spans[2][SPANS_HELD]; /* SPANS_POOLED: the first is their number in the pool */
	uint32_t incarnation;          /* as in struct flow */
	uint8_t ttl[2];
	uint8_t syn_options[2];        /* bytes */
	uint64_t milestones[CALM_MILESTONES]; /* moments */
	struct address address[2];            /* IPv6 only */
};

static_assert(sizeof(struct calm) == 320, "five cache lines");

/* All of an IPv4 address; of an IPv6 address those bits that differ most from one host to another. */
static inline uint32_t calm_near(const struct address *address, uint8_t family)
{
	uint32_t near;

	memcpy(&near, address->bytes + (family == FAMILY_IPV6 ? 12 : 0), sizeof(near));
	return near;
}

/* A place with this bit is a seed's, in a pool of their own. */
#define SEED_PLACE (UINT32_C(1) << 31)

static inline struct calm *calm_at(const struct tracker *tracker, uint32_t place)
{
	if (place & SEED_PLACE)
		return pool_at(&tracker->seeds, place ^ SEED_PLACE);
	return (struct calm *)(void *)tracker->calms.records + place;
}

static inline struct calm *calm_of(const struct tracker *tracker, uint32_t number)
{
	return calm_at(tracker, tracker->slots[number].place);
}

/* Phases in which nothing more is to be expected. */
enum {
	CALM_OVER = 1 << CALM_CLIENT_LAST | 1 << CALM_SERVER_LAST | 1 << CALM_CLIENT_RESETS |
	            1 << CALM_SERVER_RESETS | 1 << CALM_REFUSED
};

/* One whose turn it is, as it was found. */
struct found {
	struct calm *calm;
	uint32_t number;
};
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

/* What waits for its acknowledgment lies within the last 2^24 numbers before the sender's next one. */
static inline uint32_t calm_timed_right(const struct calm_stream *stream, uint32_t next)
{
	return next - ((next - (uint32_t)stream->timed_right) & TIMED_RIGHT_MASK);
}

/* As start_stamp in ranges.c; what is not waited for means nothing. */
static inline void calm_stamp_start(struct calm_stream *stream, uint32_t stamp, uint64_t time)
{
	if (stream->is_stamped)
		return;
	stream->is_stamped = true;
	stream->stamp = stamp;
	stream->stamp_time = time & MOMENT_TIME_MASK;
}

/* As finish_stamp there; returns how long that took, 0 if nothing was waited for. */
static inline uint64_t calm_stamp_finish(struct calm_stream *stream, uint32_t echo, uint64_t now)
{
	if (!stream->is_stamped || seq_before(echo, stream->stamp))
		return 0;
	stream->is_stamped = false;
	return echo == stream->stamp ? now - stream->stamp_time : 0;
}

/* Of its latest segment. */
static inline uint64_t calm_last(const struct calm *calm)
{
	uint64_t client = calm->ends[CLIENT].heard.time, server = calm->ends[SERVER].heard.time;

	return (uint64_t)calm->last_frame << MOMENT_TIME | (client > server ? client : server);
}

static inline uint64_t calm_moment(const struct calm *calm, const struct segment *segment)
{
	return (segment->frame - calm->first_frame) << MOMENT_TIME | calm_since(calm, segment);
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
bool calm_reset(struct tracker *tracker, struct found found, const struct segment *segment,
                enum side side);
bool calm_refuse(struct tracker *tracker, struct found found, const struct segment *segment);

/* calm_flow.c: the whole flow that a calm one stands for, but for its number and what is in pools. */
void calm_write(const struct calm *calm, const struct flow *mold, struct flow *flow);

/* calm_seed.c: what only asked. */
struct calm *calm_sow(struct tracker *tracker, uint32_t number);
struct calm *calm_grow(struct tracker *tracker, uint32_t number);
struct calm *calm_grown(const struct tracker *tracker, const struct calm *seed);
void calm_begin(struct calm *calm, enum side side, const struct calm_syn *syn, uint64_t time);
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
struct calm *calm_unfolded(const struct tracker *tracker, uint32_t number);
void fold_give_back(struct tracker *tracker, uint32_t place);

/* calm_open.c: the first segment, and room. */
struct calm *calm_new(struct tracker *tracker, uint32_t number);
struct calm *calm_look(const struct tracker *tracker, uint32_t number);
bool calm_may_open(const struct tracker *tracker, const struct segment *segment,
                   struct calm_syn *syn);
bool calm_may_reopen(const struct tracker *tracker, const struct segment *segment,
                     struct calm_syn *syn);
void calm_open(struct tracker *tracker, const struct segment *segment, uint64_t hash,
               uint32_t incarnation, const struct calm_syn *syn);
void calm_enter(struct tracker *tracker, struct found found, enum calm_phase phase);
bool calm_answer(struct tracker *tracker, struct found found, const struct segment *segment);
void calm_time_pooled(struct tracker *tracker, struct calm *calm, enum side side, int64_t span);
void calm_untime(struct tracker *tracker, struct calm *calm, enum side side);

static inline void calm_time(struct tracker *tracker, struct calm *calm, enum side side,
                             int64_t span)
{
	struct calm_end *end = &calm->ends[side];

	if (spans_hold(calm->spans[side], (int)end->said.span_count, span))
		end->said.span_count++;
	else
		calm_time_pooled(tracker, calm, side, span);
}

/* calm_take.c: false: it is not as it should be, and has changed nothing. */
bool calm_take(struct tracker *tracker, struct found found, const struct segment *segment,
               enum side side);
void calm_letter_once(struct calm *calm, enum side side, enum calm_letter letter);

#endif
