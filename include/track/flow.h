/* flow.h: one connection (or UDP conversation): its two ends and what happened to it. */
#ifndef TRACK_FLOW_H
#define TRACK_FLOW_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/address.h"
#include "track/endpoint.h"
#include "track/sequence.h"
#include "track/zeek.h"

enum protocol { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

/* Which end: the client sent the first SYN (or, where none was seen, was heard first). */
enum side { CLIENT = 0, SERVER = 1 };

/* Both ends, the client's first. */
struct flow_key {
	struct address address[2];
	uint16_t port[2];
	uint8_t family;   /* enum family */
	uint8_t protocol; /* enum protocol */
	uint16_t vlan;    /* 0 unless VLANs keep connections apart */
	uint32_t tunnel;  /* 0 outside of any */
};

/* When something happened first, and in which frame; frame 0: it did not. */
struct milestone {
	int64_t time;
	uint64_t frame;
};

/* Window scaling that was not seen to be agreed on, or was seen not to be (RFC 7323 section 2.2). */
enum { WINDOW_SCALE_UNKNOWN = -1, WINDOW_SCALE_UNUSED = -2 };

/* A SYN-ACK that was followed by one with another number: the peer's ACK decides between them. */
struct rival {
	uint32_t iss;
	uint16_t mss;
	int8_t window_scale;
	bool is_open;
};

/* What one end has sent, in its own sequence space. */
struct sending {
	uint64_t packets;
	uint64_t payload;      /* sum of payload lengths: repeated bytes count again */
	int64_t last_new;      /* when it last sent something that takes sequence space */
	uint32_t iss;          /* initial sequence number; first seq - 1 where the SYN was not seen */
	uint32_t next;         /* one past the highest sequence number sent */
	uint32_t acked;        /* the highest acknowledgment it sent */
	uint32_t fin;          /* one past its FIN; counts only with has_fin */
	uint16_t window;       /* last one it advertised, as in the header */
	int8_t window_scale;   /* shift, or one of the two below */
	bool has_iss : 1;      /* `iss` and `next` mean something */
	bool has_syn : 1;      /* its SYN or SYN-ACK itself was seen */
	bool has_acked : 1;
	bool has_fin : 1;
	bool fin_acked_peers : 1; /* its first FIN acknowledged the peer's FIN */
	uint32_t back_off;     /* repeats in a row since the peer last acknowledged something new */
	struct rival rival;    /* its SYN-ACK before the latest, while nobody has acknowledged either */
	uint32_t fins;
	uint32_t resets;
	uint32_t syns;         /* SYNs and SYN-ACKs, repeats included */
	uint32_t repeats;      /* segments that took sequence space but brought nothing new */
	uint16_t syn_payload;  /* bytes of data that rode on its SYN */
};

enum opening {
	OPENING_MIDSTREAM,
	OPENING_UNANSWERED,
	OPENING_UNREACHABLE,
	OPENING_REFUSED,
	OPENING_HALF_OPEN,
	OPENING_HANDSHAKE,
	OPENING_SIMULTANEOUS,
	OPENING_COUNT
};

enum closing {
	CLOSING_OPEN,
	CLOSING_HALF_CLOSED,
	CLOSING_CLIENT_FIRST,
	CLOSING_SERVER_FIRST,
	CLOSING_SIMULTANEOUS,
	CLOSING_RESET_BY_CLIENT,
	CLOSING_RESET_BY_SERVER,
	CLOSING_COUNT
};

/* How far a flow is through its life in the tracker. */
enum flow_stage {
	STAGE_FREE,
	STAGE_LIVE,   /* counts in every table */
	STAGE_ENDED,  /* its record is out; late segments still count here until TIME_WAIT is over */
	STAGE_KEPT,   /* only remembered, for tables */
};

/* Bits of flow.oddities: noticed at least once. */
enum oddity {
	ODD_RESET_UNACCEPTABLE = 1 << 0,  /* RFC 9293 section 3.10.7.4: not in the window */
	ODD_RESET_IGNORED = 1 << 1,       /* traffic went on after an acceptable reset */
	ODD_SYN_IN_ESTABLISHED = 1 << 2,  /* RFC 5961 section 4: a challenge ACK is to be expected */
	ODD_SYN_ACK_WRONG_ACK = 1 << 3,
	ODD_SYN_ACK_NEW_ISN = 1 << 4,     /* two hosts, or a SYN proxy, answered */
	ODD_ACK_OF_NOTHING = 1 << 5,      /* an ACK answered the SYN with an unrelated number */
	ODD_FLAGS = 1 << 6,               /* SYN+FIN, no flags at all... */
	ODD_SYN_ACK_REPEATED_LATE = 1 << 7, /* after the handshake's last ACK went by */
	ODD_REUSED_PORT = 1 << 8,         /* the same addresses and ports had a connection before */
	ODD_EVICTED = 1 << 9,             /* ended by the tracker for want of room */
	ODD_CUT_HEADER = 1 << 10,         /* some of its TCP headers were cut or lied */
	ODD_FAST_OPEN = 1 << 11,          /* data on the SYN that was accepted (RFC 7413) */
};

/* Bits of Wireshark's tcp.completeness. */
enum seen {
	SEEN_SYN = 1,
	SEEN_SYN_ACK = 2,
	SEEN_ACK = 4,
	SEEN_DATA = 8,
	SEEN_FIN = 16,
	SEEN_RST = 32,
};

/*
 * In the order of use: what finds a flow, what every segment touches, what a turn of its life
 * touches, and what few flows need. The first two of these take twelve lines of the cache, which are
 * fetched for each segment. Of two that share 64 bits the one that is more often zero comes last: so
 * they take fewest bytes when they are packed.
 */
struct flow {
	/* What it is known by. */
	struct flow_key key;
	uint32_t number;            /* of its place in the tracker, see tracker_at */
	uint8_t stage;              /* enum flow_stage */
	uint8_t seen;               /* enum seen: bits of Wireshark's tcp.completeness */
	uint8_t first_close;        /* enum closing as decided by the first accepted FIN or RST */
	bool saw_reply;             /* the server's side was heard */
	uint16_t oddities;          /* enum oddity */
	bool self_connected;        /* one socket plays both ends */
	bool fast_open_payload;     /* data came with a Fast Open cookie */
	uint64_t id;                /* from 1, in the order of opening */

	/* What every segment touches. */
	int64_t last;         /* time of the last segment */
	int64_t touched;      /* when the tracker's clock last saw it; unlike `last`, never runs back */
	uint64_t first_frame;
	uint64_t last_frame;
	struct endpoint ends[2];
	int64_t irtt;               /* see flow_irtt and the others; TIME_NONE if unknown */
	struct milestone opened;    /* the ACK that completed the handshake */
	ptrdiff_t aside;            /* bytes from here to what only few flows need; 0: nothing yet */
	uint32_t suspect;           /* a SYN that may yet prove to open a new incarnation */
	uint32_t listener;          /* the port that it is half-open on; 0 if none */
	uint32_t cut[2];            /* segments of which not all payload was captured */
	uint16_t mss[2];            /* from the SYNs, 0 if none */
	uint8_t ttl[2];             /* of each end's first segment */
	bool has_syn;               /* a bare SYN opened it */
	bool simultaneous_open;
	struct sending sent[2];
	struct sequence sequence[2];
	struct zeek zeek;           /* the same by Zeek's rules; only its beginning, up to `history` */

	/* What only a turn of its life touches. */
	struct milestone fin[2];    /* first FIN of each end */
	struct milestone fin_acked[2];
	uint64_t stream;      /* Wireshark's tcp.stream */
	int64_t start;
	struct milestone syn;       /* first SYN */
	struct milestone syn_ack;   /* first SYN-ACK */
	int64_t syn_last;           /* when the latest SYN was sent, TIME_NONE if none */
	int64_t syn_ack_last;
	int64_t syn_rtt, ack_rtt;
	int64_t moved;              /* when an end last changed its state; TIME_NONE: none did */
	int64_t time_wait[2];       /* when each end entered TIME_WAIT, on the tracker's clock */
	ptrdiff_t round_trips;      /* as `aside`, for struct round_trips, one for each direction */
	uint32_t trail;
	uint32_t incarnation;       /* from 0, of the same addresses and ports */
	uint32_t late;              /* segments after its record was written */

	/* What few flows need. */
	uint32_t icmp_errors;
	uint32_t quotes;            /* of those, with a whole TCP header: Wireshark counts them as packets */
	uint8_t reset_side;         /* who sent the first accepted reset; counts if reset.frame */
	uint8_t icmp_type;
	uint8_t icmp_code;
	uint8_t has_reset_got;      /* a bit for each side: its reset_got means something */
	struct milestone reset;     /* first accepted reset */
	int64_t reset_last;         /* the latest accepted reset... */
	uint32_t reset_seq[2];      /* ...and the sequence number of each end's latest... */
	uint32_t reset_got[2];      /* ...before which it can only have heard up to here */
	struct milestone icmp;      /* first ICMP error that quotes it */
	struct milestone odd;       /* the first oddity */
	struct address icmp_reporter;
};

static_assert(sizeof(struct flow) % 64 == 0, "whole lines of the cache");
static_assert(offsetof(struct flow, zeek.history) <= 12 * 64, "the first twelve");

/* A self-connected socket is one end: both sides give the same. */
static inline const struct endpoint *flow_end(const struct flow *flow, enum side side)
{
	return &flow->ends[flow->self_connected ? CLIENT : side];
}

/* UNKNOWN where nothing was shown. */
static inline enum tcp_state flow_state(const struct flow *flow, enum side side)
{
	return (enum tcp_state)flow_end(flow, side)->state;
}

/* A guess that nobody has answered for: a LISTEN not heard of, the states of a connection met midstream. */
bool flow_state_is_doubtful(const struct flow *flow, enum side side);

/* Presumed by what was sent to it, not proven by what it sent. */
bool flow_state_is_presumed(const struct flow *flow, enum side side);

enum opening flow_opening(const struct flow *flow);
enum closing flow_closing(const struct flow *flow);
const char *opening_name(enum opening opening);
const char *closing_name(enum closing closing);

/* Both ends are CLOSED, or in TIME_WAIT: nothing more is expected. */
bool flow_is_over(const struct flow *flow);

/* Whether the end still holds a socket in some state that netstat would list. */
bool flow_end_exists(const struct flow *flow, enum side side);

/* Bytes sent by `side` and not yet acknowledged; 0 where unknown. */
uint32_t flow_unacked(const struct flow *flow, enum side side);

/* Spans, or TIME_NONE: last SYN to first ACK; SYN to SYN-ACK; SYN-ACK to the handshake's ACK. */
static inline int64_t flow_syn_rtt(const struct flow *flow)
{
	return flow->syn_rtt;
}

static inline int64_t flow_ack_rtt(const struct flow *flow)
{
	return flow->ack_rtt;
}

int64_t flow_irtt(const struct flow *flow);

/* How often each end's segments were marked so. */
uint32_t flow_marks(const struct flow *flow, enum side side, enum mark mark);

/*
 * Payload in bytes: captured once or more, captured again (and in how many
 * segments, those that only repeat a SYN or FIN included), acknowledged although it never was captured. Exact unless
 * sequence.is_incomplete.
 */
uint64_t flow_unique_bytes(const struct flow *flow, enum side side);
uint64_t flow_repeated_bytes(const struct flow *flow, enum side side);
uint32_t flow_repeated_packets(const struct flow *flow, enum side side);
uint64_t flow_missed_bytes(const struct flow *flow, enum side side);

/* Of the data that `side` sent, and its acknowledgment; a count of 0 where none was timed. */
struct round_trips flow_round_trips(const struct flow *flow, enum side side);
/* The same in short, for less. */
struct round_trip_shares flow_round_trip_shares(const struct flow *flow, enum side side);

/* Only one end was captured, though the other one must have been there. */
bool flow_is_one_sided(const struct flow *flow);

/* Exactly Wireshark's tcp.completeness: a stream of one packet shows only its SYN. */
unsigned flow_completeness(const struct flow *flow);

/* UDP: "unreplied", "replied" or "refused". */
enum udp_state { UDP_UNREPLIED, UDP_REPLIED, UDP_REFUSED, UDP_STATE_COUNT };
enum udp_state flow_udp_state(const struct flow *flow);
const char *udp_state_name(enum udp_state state);

#endif
