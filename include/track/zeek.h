/* zeek.h: a connection as Zeek's conn.log has it. */
#ifndef TRACK_ZEEK_H
#define TRACK_ZEEK_H

#include <stdbool.h>
#include <stdint.h>

struct flow;

/*
 * Zeek judges a connection by rules of its own, simpler than RFC 9293's: an end
 * is CLOSED once it sent a FIN and RESET once it sent a reset, acceptable or
 * not; bad checksums count for nothing. This follows them beside our own states,
 * so that conn_state, history and byte counts mean what Zeek's readers expect,
 * for the connection as *we* delimit it. Zeek begins a new record where we
 * do not (a SYN with another number, a retry after a refusal, silence of 5 s):
 * a SYN that would have begun one counts for nothing here.
 *
 * Source: Zeek's TCPSessionAdapter.cc, TCP_Endpoint.cc, TCP_Reassembler.cc and
 * scripts/base/protocols/conn/main.zeek.
 */
enum zeek_state {
	ZEEK_INACTIVE,     /* nothing heard */
	ZEEK_SYN_SENT,
	ZEEK_SYN_ACK_SENT, /* a SYN-ACK of the originator's */
	ZEEK_PARTIAL,      /* talks, but its SYN was not seen */
	ZEEK_ESTABLISHED,
	ZEEK_CLOSED,       /* sent a FIN */
	ZEEK_RESET,        /* sent a reset */
};

enum {
	ZEEK_HISTORY_MAX = 47, /* letters; a longer history ends in '+' */
	ZEEK_SPANS = 4,        /* pieces past a hole; when there are more, the nearest two become one */
};

/* Letters that come at the first, the 10th, the 100th... time. */
enum zeek_mark { ZEEK_GAP, ZEEK_CHECKSUM, ZEEK_RETRANSMISSION, ZEEK_ZERO_WINDOW, ZEEK_MARKS };

/* Letters that come again when their sequence number is another one. */
enum zeek_control { ZEEK_FIN, ZEEK_SYN, ZEEK_RST, ZEEK_CONTROLS };

/* Received past a hole: low halves of positions, `from` included, `to` not. */
struct zeek_span {
	uint32_t from, to;
};

/*
 * Sequence numbers are relative to `start`, which is the SYN's, or one less
 * than the first that was seen; so they do not wrap. A position counts bytes of
 * the stream: one less than the sequence number.
 */
struct zeek_end {
	int64_t last;       /* one past the highest it sent; UDP: bytes */
	int64_t acked;      /* the highest that the peer acknowledged */
	int64_t delivered;  /* position up to which nothing is awaited: received, or given up as a gap */
	uint64_t packets;   /* with a whole header and a good checksum */
	uint64_t ip_bytes;  /* their IP lengths, IP options and extension headers left out */
	uint32_t start;
	uint32_t held;      /* bytes before `delivered` that the peer has not acknowledged */
	uint32_t marks[ZEEK_MARKS];
	uint8_t span_count;
	uint8_t state;      /* enum zeek_state */
	uint8_t previous;   /* the state before */
	uint8_t letters;    /* those that come once and were written */
	bool has_fin;
	bool is_closed : 1; /* and all it sent was delivered */
	bool is_drained : 1; /* so it was when it was first looked at after its end */
	bool gave_up : 1;   /* too much waited for: its stream is not looked at any more */
	uint8_t side;       /* enum side */
};

/* Of the same ends, what most segments leave alone. */
struct zeek_rare {
	int64_t fin;        /* one past its latest FIN */
	uint32_t controls[ZEEK_CONTROLS]; /* sequence numbers of the latest */
	struct zeek_span spans[ZEEK_SPANS];
};

/* What every segment touches comes first. */
struct zeek {
	struct zeek_end ends[2]; /* by enum side: the client's first, whoever the originator is */
	int64_t last;            /* time of the last packet, frozen once both ends are closed */
	uint64_t missed;         /* bytes in gaps */
	uint8_t history_length;
	uint8_t originator;      /* enum side */
	bool is_begun;
	bool defers_close;       /* an end closed while data was missing */
	char history[ZEEK_HISTORY_MAX + 1];
	struct zeek_rare rare[2];
};

/*
 * "SF", "S0"...: upper-case letters of the history are the originator's. That
 * is our client, unless Zeek takes it for the responder: where no SYN was seen,
 * a segment from a well-known port flips the roles ("^d"), and a SYN-ACK that
 * nothing follows is its sender's ("H").
 */
const char *zeek_conn_state(const struct flow *flow);
const char *zeek_history(const struct flow *flow);

/* orig_bytes or resp_bytes, of the end with this enum side. */
uint64_t zeek_bytes(const struct flow *flow, unsigned side);

/* First to last packet; 0 or less where Zeek logs neither a duration nor bytes. */
int64_t zeek_duration(const struct flow *flow);

#endif
