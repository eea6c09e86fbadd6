/* sequence.h: what one end's sequence numbers, acknowledgments and windows have shown so far. */
#ifndef TRACK_SEQUENCE_H
#define TRACK_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Where our marks are Wireshark's they mean exactly what its tcp.analysis fields
 * mean (version 4.0), so that both give the same counts. RETRANSMISSION
 * counts the fast and the spurious ones, too.
 */

/* name, short words, meaning. */
#define MARKS(X)                                                                                   \
	X(RETRANSMISSION, "retransmission", "sent before")                                         \
	X(FAST_RETRANSMISSION, "fast retransmission", "sent again at once after duplicate ACKs")   \
	X(SPURIOUS_RETRANSMISSION, "spurious retransmission", "was acknowledged already")          \
	X(OUT_OF_ORDER, "out of order", "overtaken by a later one")                                \
	X(LOST_SEGMENT, "after a gap", "what comes before it was not captured")                    \
	X(ACKED_UNSEEN, "acks unseen data", "acknowledges what was not captured")                  \
	X(DUPLICATE_ACK, "dup ack", "says again what it said before")                              \
	X(WINDOW_UPDATE, "window update", "nothing new but the window")                            \
	X(WINDOW_FULL, "window full", "fills the peer's window to its edge")                       \
	X(ZERO_WINDOW, "zero window", "closes its window")                                         \
	X(ZERO_WINDOW_PROBE, "zero window probe", "one byte against a closed window")              \
	X(ZERO_WINDOW_PROBE_ACK, "probe ack", "the window is still closed")                        \
	X(KEEP_ALIVE, "keep-alive", "asks whether the peer is still there")                        \
	X(KEEP_ALIVE_ACK, "keep-alive ack", "says that it is")                                     \
	X(REUSED_PORTS, "ports reused", "the same addresses and ports had a connection before")    \
	X(TFO_SYN, "tfo", "a SYN with a Fast Open cookie")                                         \
	X(TFO_ACK, "tfo accepted", "a SYN-ACK of more than the SYN")                               \
	X(TFO_IGNORED, "tfo ignored", "a SYN-ACK that leaves out the data on the SYN")             \
	X(DSACK, "d-sack", "says that something arrived twice (RFC 2883)")                         \
	X(DUPLICATE, "captured twice", "the same packet again: left out of every other count")     \
	X(BAD_CHECKSUM, "bad checksum", "damaged, or not captured as it was")                      \
	X(OFFLOADED, "checksum offloaded", "captured before the network card summed it")           \
	X(SUPER_SEGMENT, "super-segment", "more than one segment on the wire")                     \
	X(CUT, "cut", "not all of its payload was captured")                                       \
	X(BACKWARDS, "out of time", "older than the one captured before it")

enum mark {
#define X(name, words, meaning) MARK_##name,
	MARKS(X)
#undef X
	MARK_COUNT
};

/* "retransmission" and its meaning. */
const char *mark_words(enum mark mark);
const char *mark_meaning(enum mark mark);

static inline uint32_t mark_bit(enum mark mark)
{
	return UINT32_C(1) << mark;
}

/*
 * A few round trips are kept as they are (round_trip.c says how); who has more, or longer ones, takes
 * a struct round_trips out of a pool.
 */
enum { SPANS_HELD = 6, SPANS_POOLED = UINT8_MAX };

/* Segments that wait for their acknowledgment, the oldest first. */
struct timed {
	uint32_t first : 24;
	uint32_t count : 8;
	uint32_t last;
};

/* What every segment touches, for each direction; numbers as on the wire. Two cache lines. */
struct sequence {
	int64_t next_time;         /* when `next` was reached */
	int64_t ack_time;          /* of the latest segment */
	uint32_t next;             /* one past the highest number sent, resets included */
	uint32_t contiguous;       /* one past the highest sent without a gap before it */
	uint32_t window;           /* of the latest segment; all ones at first */
	uint32_t acked;            /* and its acknowledgment field */
	uint32_t duplicate_acks;   /* in a row; all ones: one of them was about unseen data */
	uint32_t covered;          /* one past the highest byte that was captured */
	uint32_t delivered;        /* the highest number that the peer has acknowledged */
	uint32_t base;             /* initial sequence number; first seq - 1 where no SYN was seen */
	struct timed timed;
	uint8_t hole_count;
	int8_t window_scale;       /* as Wireshark has it: unlike sending.window_scale, both or none */
	uint8_t span_count;        /* of `spans`; SPANS_POOLED: they are elsewhere */
	bool has_base : 1;
	bool has_next : 1;         /* `next` and `contiguous` mean something */
	bool has_acked : 1;        /* the latest segment had an acknowledgment */
	bool has_syn_ack : 1;      /* `base` is that of a SYN-ACK */
	bool is_first_ack : 1;     /* a SYN was sent, and no ACK after it */
	bool sent_keep_alive : 1;  /* the latest segment was one */
	bool sent_probe : 1;
	bool has_initial_window : 1;
	bool window_is_of_syn : 1; /* `window_most` is */
	bool is_incomplete : 1;    /* more was under way or missing than could be remembered */
	bool has_new_mptcp : 1;    /* `mptcp` has grown since this end last sent */
	uint16_t mptcp;            /* bit per MPTCP subtype seen in the connection */
	int64_t stamp_time;        /* when the timestamp that waits for its echo was sent; TIME_NONE: none does */
	uint32_t stamp;
	uint32_t holes;            /* what was not captured yet, before `covered` */
	uint32_t data_packets;
	uint32_t pure_acks;        /* nothing but an acknowledgment */
	uint32_t largest;          /* payload */
	uint32_t window_most;      /* bytes, scaled; resets left out */
	uint32_t in_flight_most;
	uint32_t initial_window;   /* bytes sent before the first acknowledgment of any */
	uint32_t spans[SPANS_HELD]; /* round trips of what this end sent */
};

/* Round trips, in nanoseconds: of data and of its acknowledgment, as seen from here. */
enum { SPREAD_BUCKETS = 96 };

struct round_trips {
	uint64_t count;
	int64_t least, most;
	uint16_t spread[SPREAD_BUCKETS]; /* how many of each size, four sizes for each doubling */
};

/* How many, and the spans that none, half and 99 of 100 are under; TIME_NONE where there are none. */
struct round_trip_shares {
	uint64_t count;
	int64_t least, median, late;
};

/* The span that `share` of 1000 do not exceed; TIME_NONE where there are none. */
int64_t round_trips_at(const struct round_trips *trips, unsigned share);

#endif
