/* rows.h: the list of findings: finding.c makes its table of it, other rooms hold the functions. */
#ifndef DIAGNOSE_ROWS_H
#define DIAGNOSE_ROWS_H

#include "diagnose/finding.h"

/*
 * What a flow must have at least for a finding to hold, so that of one in good order few are asked
 * for: see finding.c.
 */
enum occasion {
	OCCASION_UDP = 1 << 0,          /* it is no TCP */
	OCCASION_OPENING = 1 << 1,      /* it opened in any way but a handshake */
	OCCASION_SYN_AGAIN = 1 << 2,    /* of the client's */
	OCCASION_ODD = 1 << 3,          /* an oddity */
	OCCASION_RESET = 1 << 4,        /* that was accepted */
	OCCASION_FIN_ALONE = 1 << 5,    /* of one end: the other's is missing, or came late */
	OCCASION_FIN_AGAIN = 1 << 6,
	OCCASION_FINS_CROSSED = 1 << 7, /* neither acknowledges the other */
	OCCASION_ICMP = 1 << 8,         /* an error that quotes it */
	OCCASION_SILENCE = 1 << 9,      /* of one end */
	OCCASION_SELF = 1 << 10,        /* it is connected to itself */
};

/* code, severity, occasion, summary: the worst first, and among equals what is told first. */
/* clang-format off */
#define FINDINGS(X)                                                                                   \
	X(refused,             FAILURE, OPENING,      "nobody listens there, or a firewall rejects")          \
	X(unreachable,         FAILURE, OPENING,      "a router or host says that there is no way")           \
	X(stale_peer,          FAILURE, ODD,          "the peer still held an old connection on this port")   \
	X(no_answer,           FAILURE, OPENING,      "no SYN was ever answered")                             \
	X(syn_ack_disowned,    FAILURE, OPENING,      "the client reset what the server had accepted")        \
	X(half_open,           FAILURE, OPENING,      "the last ACK of the handshake never came")             \
	X(udp_refused,         FAILURE, UDP,          "an ICMP error answered the datagram")                  \
	X(reset_by_client,     WARNING, RESET,        "the client aborted the open connection")               \
	X(reset_by_server,     WARNING, RESET,        "the server aborted the open connection")               \
	X(reset_while_closing, WARNING, RESET,        "a reset cut the closing short")                        \
	X(half_close_hang,     WARNING, FIN_ALONE,    "one end said goodbye, the other did not for a minute") \
	X(fin_unanswered,      WARNING, FIN_AGAIN,    "a FIN was repeated and never acknowledged")            \
	X(accept_ignored,      WARNING, ODD,          "the server ignored the last ACK of the handshake")     \
	X(two_answers,         WARNING, ODD,          "two hosts, or a SYN proxy, answered")                  \
	X(retried_handshake,   WARNING, SYN_AGAIN,    "the handshake needed more than one try")               \
	X(reset_ignored,       WARNING, ODD,          "traffic went on after a reset")                        \
	X(syn_in_established,  WARNING, ODD,          "a SYN came inside the open connection")                \
	X(odd_flags,           WARNING, ODD,          "flags that no honest TCP combines")                    \
	X(icmp_error,          WARNING, ICMP,         "an ICMP error quotes the open connection")             \
	X(evicted,             WARNING, ODD,          "ended by the tracker for want of room")                \
	X(reset_rejected,      NOTE,    ODD,          "a reset lay outside of what its receiver accepts")     \
	X(half_closed,         NOTE,    FIN_ALONE,    "one end said goodbye, the other may still send")       \
	X(simultaneous_open,   NOTE,    OPENING,      "the SYNs crossed")                                     \
	X(simultaneous_close,  NOTE,    FINS_CROSSED, "the FINs crossed")                                     \
	X(self_connected,      NOTE,    SELF,         "one socket is connected to itself")                    \
	X(fast_open,           NOTE,    ODD,          "data came with the SYN")                               \
	X(reused_port,         NOTE,    ODD,          "the same ports had a connection before")               \
	X(one_direction,       NOTE,    SILENCE,      "only one end was captured")                            \
	X(midstream,           NOTE,    OPENING,      "it began before the capture did")                      \
	X(cut_header,          NOTE,    ODD,          "some of its TCP headers were cut or wrong")            \
	X(udp_unreplied,       NOTE,    UDP,          "no datagram came back")
/* clang-format on */

#define X(code, severity, occasion, summary)                                                       \
	bool holds_##code(const struct flow *flow);                                                \
	void explain_##code(struct text *text, const struct flow *flow, struct evidence *evidence);
FINDINGS(X)
#undef X

#endif
