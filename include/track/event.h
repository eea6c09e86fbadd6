/* event.h: what the tracker noticed. */
#ifndef TRACK_EVENT_H
#define TRACK_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/segment.h"
#include "track/flow.h"

/* name, words. */
#define EVENTS(X)                                                                                  \
	X(FLOW_OPENED, "a connection appeared")                                                    \
	X(SEGMENT, "a segment was counted on it")                                                  \
	X(STATE_CHANGED, "an end moved")                                                           \
	X(SYN_REPEATED, "a SYN or SYN-ACK was repeated")                                           \
	X(ODDITY, "something odd, see flow.oddities")                                              \
	X(RESET, "an acceptable reset")                                                            \
	X(ICMP_ERROR, "an ICMP error quotes it")                                                   \
	X(LATE_SEGMENT, "a segment after its record")                                              \
	X(FLOW_ENDED, "its life is over, or the input is: time for its record")                    \
	X(FLOW_FORGOTTEN, "the tracker is about to reuse its memory")

enum event_kind {
#define X(name, words) EVENT_##name,
	EVENTS(X)
#undef X
	EVENT_KIND_COUNT
};

/*
 * Everything is lent for the duration of the call. SEGMENT is told after the
 * segment has done all it does, once per segment of a TCP or UDP flow;
 * `before` are the ends' states as they were before it.
 */
struct event {
	enum event_kind kind;
	const struct flow *flow;
	const struct segment *segment; /* NULL when a timer or the end of input caused it */
	int64_t time;
	enum side side;                /* SEGMENT: who sent it; STATE_CHANGED: who moved */
	enum tcp_state before[2];
	uint16_t oddity;               /* ODDITY: which one; SEGMENT: all that it showed */
	bool is_repeat;                /* SEGMENT: it takes sequence space but brought nothing new */
	uint32_t marks;                /* SEGMENT: mark_bit()s */
	uint32_t duplicate_acks;       /* SEGMENT: in a row, where it is marked as one */
};

typedef void event_listener(void *context, const struct event *event);

static inline uint32_t event_bit(enum event_kind kind)
{
	return UINT32_C(1) << kind;
}

#endif
