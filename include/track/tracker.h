/* tracker.h: segments in, flows and events out. */
#ifndef TRACK_TRACKER_H
#define TRACK_TRACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/hash.h"
#include "packet/segment.h"
#include "track/event.h"
#include "track/flow.h"
#include "track/listener.h"
#include "track/trail.h"

enum { TRACKER_BATCH = 64 };

/* Spans in nanoseconds of the frames' clock. tracker_defaults fills in what is usual. */
struct tracker_options {
	uint32_t max_flows;     /* at once, ended ones that are kept included */
	uint32_t keep;          /* ended flows that are remembered for tables */
	uint32_t trails;        /* flows that get a trail; 0 costs nothing */
	int64_t linger;         /* silence after the end before the record is due: 5 s */
	int64_t time_wait;      /* 2 MSL: 60 s, as Linux has it */
	int64_t udp_idle;       /* silence that ends a UDP conversation: 60 s */
	bool keep_duplicates;   /* packets that were captured twice count twice */
	bool unpacked;          /* more memory, but every flow is lent until it is forgotten */
	bool by_vlan;           /* the same addresses in two VLANs are two connections */
	struct hash_key key;    /* secret of the flow table */
};

struct tracker_options tracker_defaults(void);

/* What was counted over all flows, those forgotten included. */
struct tracker_totals {
	uint64_t segments;           /* TCP */
	uint64_t datagrams;          /* UDP */
	uint64_t payload;            /* TCP bytes */
	uint64_t flows[2];           /* TCP, UDP... */
	uint64_t remembered[2];      /* ...and of those, how many are not forgotten */
	uint64_t sent[2];            /* TCP segments by side, as captured */
	uint64_t openings[OPENING_COUNT]; /* of ended TCP flows... */
	uint64_t closings[CLOSING_COUNT];
	uint64_t ended;              /* FLOW_ENDED was told, end of input excluded */
	uint64_t retired;            /* forgotten because --keep was reached: their record was out */
	uint64_t evicted;            /* ended early for want of room: the reader must be warned */
	uint64_t late;               /* segments after a record */
	uint64_t unmatched_icmp;     /* errors that quote no known connection */
	uint64_t lone_parts;         /* segments with cut headers and no flow to count on */
	uint64_t marks[MARK_COUNT];  /* segments of TCP that were marked so */
	uint64_t one_sided;          /* ended TCP flows of which one end was not captured... */
	uint64_t missed;             /* ...and of the others, bytes acknowledged but never captured */
	uint64_t backwards;          /* segments older than one before them */
	int64_t backwards_most;      /* by how much, at most */
	int64_t first, last;         /* times of the first and the latest segment; TIME_NONE if none */

	/* For `stat -s`; RFC 4022 (TCP-MIB) and RFC 4113 (UDP-MIB) where the wire can prove them. */
	uint64_t active_opens;
	uint64_t passive_opens;
	uint64_t failed_attempts;
	uint64_t established_resets;
	uint64_t resets_sent;
	uint64_t retransmitted;      /* segments that brought nothing new */
	uint64_t bad_segments;       /* wrong checksum or impossible header */
	uint64_t syns, syn_acks, fins;
	uint64_t udp_refused;
	uint64_t icmp_errors;
};

struct tracker;

/* All memory is reserved here and touched as needed; nothing is allocated while feeding. */
struct tracker *tracker_new(const struct tracker_options *options, struct error *err);
void tracker_free(struct tracker *tracker);

/* One listener; `kinds` are event_bit()s. Replaces the listener before. */
void tracker_listen(struct tracker *tracker, uint32_t kinds, event_listener *listener,
                    void *context);

/* Any number of segments, in the order of their frames; best in batches of TRACKER_BATCH. */
void tracker_feed(struct tracker *tracker, const struct segment *segments, size_t count);

/* The clock reached `now` although no segment came. */
void tracker_advance(struct tracker *tracker, int64_t now);

/*
 * Before then no timer does anything; TIME_NONE: none waits. Whoever stops at each of these
 * instants gets the same flows, however many other stops there are.
 */
int64_t tracker_due(const struct tracker *tracker);

/* The input is over: tells FLOW_ENDED for every flow that is still live, in the order of opening. */
void tracker_finish(struct tracker *tracker);

/*
 * Every flow that is still remembered, in the order of opening; NULL starts, NULL ends. A flow is
 * lent until TRACKER_LENT others were asked for, or something is fed (see also `unpacked`): whoever
 * wants it later keeps its `number`.
 */
enum { TRACKER_LENT = 250 };
const struct flow *tracker_next(const struct tracker *tracker, const struct flow *flow);

/* The flow with this number, lent likewise. Once it is forgotten another one has the number. */
const struct flow *tracker_at(const struct tracker *tracker, uint32_t number);

const struct tracker_totals *tracker_totals(const struct tracker *tracker);

/* RFC 4022's tcpCurrEstab: remembered connections with an end in ESTABLISHED or CLOSE_WAIT. */
uint64_t tracker_established(const struct tracker *tracker);

/* The latest time that was seen; never runs back. TIME_NONE before the first segment. */
int64_t tracker_now(const struct tracker *tracker);

/* When the end's TIME_WAIT is over; TIME_NONE if it is not in TIME_WAIT. */
int64_t tracker_time_wait_end(const struct tracker *tracker, const struct flow *flow,
                              enum side side);

/* Ports that were seen answering a SYN, in the order in which they did; NULL starts, NULL ends. */
const struct listener *tracker_next_listener(const struct tracker *tracker,
                                             const struct listener *listener);

/* The flow's last notable segments, oldest first; 0 where it has no trail. */
size_t tracker_trail(const struct tracker *tracker, const struct flow *flow,
                     struct step *steps, size_t count);

#endif
