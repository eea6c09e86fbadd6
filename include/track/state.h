/* state.h: the states of RFC 9293 section 3.3.2 and what can move an end between them. */
#ifndef TRACK_STATE_H
#define TRACK_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 9293's name with underscores, netstat's spelling, meaning in few words. */
#define TCP_STATES(X)                                                                              \
	X(UNKNOWN, "UNKNOWN", "not heard of yet")                                                  \
	X(CLOSED, "CLOSE", "no connection at all")                                                 \
	X(LISTEN, "LISTEN", "waiting for a SYN")                                                   \
	X(SYN_SENT, "SYN_SENT", "its SYN waits for an answer")                                     \
	X(SYN_RECEIVED, "SYN_RECV", "its SYN-ACK waits for the last ACK of the handshake")         \
	X(ESTABLISHED, "ESTABLISHED", "open; data may flow")                                       \
	X(FIN_WAIT_1, "FIN_WAIT1", "its FIN waits for an acknowledgment")                          \
	X(FIN_WAIT_2, "FIN_WAIT2", "its FIN was acknowledged; the peer's is awaited")              \
	X(CLOSE_WAIT, "CLOSE_WAIT", "the peer has closed; its own application has not")            \
	X(CLOSING, "CLOSING", "the FINs crossed; its own is not acknowledged yet")                 \
	X(LAST_ACK, "LAST_ACK", "the peer closed first; its own FIN waits for the last ACK")       \
	X(TIME_WAIT, "TIME_WAIT", "closed; keeps the port until late segments are gone")

enum tcp_state {
#define X(name, netstat, meaning) ST_##name,
	TCP_STATES(X)
#undef X
	STATE_COUNT
};

/* What the wire can show about one end. Levels, not edges: once shown, it stays shown. */
#define PROOFS(X)                                                                                  \
	X(PEER_SYN, "a SYN was sent to it")                                                        \
	X(SENT_SYN, "it sent a SYN")                                                               \
	X(SENT_SYN_ACK, "it sent a SYN-ACK")                                                       \
	X(SENT_ACK, "it acknowledged the peer's SYN")                                              \
	X(SYN_ACKED, "its SYN was acknowledged")                                                   \
	X(IS_OPEN, "it talks or is talked to as only an open connection does")                     \
	X(SENT_FIN, "it sent its FIN")                                                             \
	X(GOT_FIN, "it acknowledged the peer's FIN")                                               \
	X(FIN_ACKED, "its FIN was acknowledged")                                                   \
	X(UNREACHABLE, "an ICMP error answered its SYN")                                           \
	X(TIMED_OUT, "its TIME_WAIT is over")

enum proof {
#define X(name, words) PROOF_##name,
	PROOFS(X)
#undef X
	PROOF_COUNT
};

/* UNKNOWN where there is none. */
extern const uint8_t state_arrows[STATE_COUNT][PROOF_COUNT];

/* Where `proof` leads from `state`; `state` itself where there is no arrow. */
static inline enum tcp_state state_next(enum tcp_state state, enum proof proof)
{
	enum tcp_state next = (enum tcp_state)state_arrows[state][proof];

	return next == ST_UNKNOWN ? state : next;
}

const char *state_name(enum tcp_state state);
const char *state_netstat(enum tcp_state state);
const char *state_meaning(enum tcp_state state);
const char *proof_words(enum proof proof);

/* Reads a state's name in any case, with RFC 9293's hyphens, underscores, or netstat's spelling. */
bool state_parse(const char *string, enum tcp_state *state);

#endif
