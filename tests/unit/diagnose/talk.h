/* talk.h: short conversations for tests, told to a tracker. */
#ifndef TESTS_DIAGNOSE_TALK_H
#define TESTS_DIAGNOSE_TALK_H

#include <criterion/criterion.h>
#include <string.h>

#include "base/time.h"
#include "track/tracker.h"

#define US TIME_MICROSECOND
#define MS TIME_MILLISECOND
#define TALK_START (INT64_C(1700000000) * TIME_SECOND)

/* Both initial sequence numbers lie just below 2^32, so that every number wraps. */
#define TALK_ISS UINT32_C(0xfffffffe)

struct talk {
	struct tracker *tracker;
	int64_t now;
	uint64_t frame;
	uint8_t family;
	uint8_t kind;
	uint16_t port[2];
	struct address address[2];
};

static inline struct talk talk_new(void)
{
	struct tracker_options options = tracker_defaults();
	struct error err;
	struct talk talk = { .now = TALK_START, .family = FAMILY_IPV4, .kind = SEGMENT_TCP };

	options.max_flows = 64;
	options.keep = 32;
	talk.tracker = tracker_new(&options, &err);
	cr_assert_not_null(talk.tracker, "%s", err.what);
	talk.port[CLIENT] = 50000;
	talk.port[SERVER] = 80;
	address_parse("192.0.2.10", &talk.address[CLIENT]);
	address_parse("198.51.100.80", &talk.address[SERVER]);
	return talk;
}

/* Sequence numbers count from each end's SYN: the SYN is 0, the first byte is 1. */
static inline void say(struct talk *talk, enum side side, int64_t after, unsigned flags,
                       uint32_t seq, uint32_t ack, uint32_t payload)
{
	struct segment segment = { .kind = talk->kind, .family = talk->family, .ttl = 64 };
	enum side peer = side == CLIENT ? SERVER : CLIENT;

	talk->now += after;
	segment.time = talk->now;
	segment.frame = ++talk->frame;
	segment.source = talk->address[side];
	segment.destination = talk->address[peer];
	segment.source_port = talk->port[side];
	segment.destination_port = talk->port[peer];
	segment.seq = TALK_ISS + seq;
	segment.ack = flags & TCP_ACK ? TALK_ISS + ack : 0;
	segment.flags = (uint16_t)flags;
	segment.payload = payload;
	segment.captured = payload;
	segment.window = 65000;
	tracker_feed(talk->tracker, &segment, 1);
}

/* An ICMP error of a router that quotes what the client sent. */
static inline void complain(struct talk *talk, int64_t after, uint8_t type, uint8_t code)
{
	struct segment segment = { .family = talk->family, .ttl = 64 };

	segment.kind = talk->kind == SEGMENT_UDP ? SEGMENT_UDP_QUOTE : SEGMENT_TCP_QUOTE;
	talk->now += after;
	segment.time = talk->now;
	segment.frame = ++talk->frame;
	segment.source = talk->address[CLIENT];
	segment.destination = talk->address[SERVER];
	segment.source_port = talk->port[CLIENT];
	segment.destination_port = talk->port[SERVER];
	segment.seq = TALK_ISS;
	segment.flags = TCP_SYN;
	segment.icmp.type = type;
	segment.icmp.code = code;
	segment.icmp.quoted = talk->kind == SEGMENT_UDP ? 8 : 20;
	address_parse("203.0.113.1", &segment.icmp.reporter);
	tracker_feed(talk->tracker, &segment, 1);
}

/* SYN, SYN-ACK after 20 us, ACK 10 us later. */
static inline void shake_hands(struct talk *talk)
{
	say(talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	say(talk, SERVER, 20 * US, TCP_SYN | TCP_ACK, 0, 1, 0);
	say(talk, CLIENT, 10 * US, TCP_ACK, 1, 1, 0);
}

/* The client closes after `sent` bytes, in four segments 1 ms apart. */
static inline void part(struct talk *talk, uint32_t sent, uint32_t received)
{
	say(talk, CLIENT, MS, TCP_FIN | TCP_ACK, 1 + sent, 1 + received, 0);
	say(talk, SERVER, MS, TCP_ACK, 1 + received, 2 + sent, 0);
	say(talk, SERVER, MS, TCP_FIN | TCP_ACK, 1 + received, 2 + sent, 0);
	say(talk, CLIENT, MS, TCP_ACK, 2 + sent, 2 + received, 0);
}

static inline const struct flow *talk_flow(const struct talk *talk, uint64_t id)
{
	const struct flow *flow = NULL;

	do
		flow = tracker_next(talk->tracker, flow);
	while (flow != NULL && flow->id != id);
	cr_assert_not_null(flow);
	return flow;
}

#endif
