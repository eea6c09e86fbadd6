/* rows.h: the list of findings: finding.c makes its table of it, other rooms hold the functions. */
#ifndef DIAGNOSE_ROWS_H
#define DIAGNOSE_ROWS_H

#include "diagnose/finding.h"

/* code, severity, summary. Among equals the first one is told first. */
/* clang-format off */
#define FINDINGS(X)                                                                                \
	X(refused,             FAILURE, "nobody listens there, or a firewall rejects")             \
	X(unreachable,         FAILURE, "a router or host says that there is no way")              \
	X(stale_peer,          FAILURE, "the peer still held an old connection on this port")      \
	X(no_answer,           FAILURE, "no SYN was ever answered")                                \
	X(syn_ack_disowned,    FAILURE, "the client reset what the server had accepted")           \
	X(half_open,           FAILURE, "the last ACK of the handshake never came")                \
	X(udp_refused,         FAILURE, "an ICMP error answered the datagram")                     \
	X(reset_by_client,     WARNING, "the client aborted the open connection")                  \
	X(reset_by_server,     WARNING, "the server aborted the open connection")                  \
	X(reset_while_closing, WARNING, "a reset cut the closing short")                           \
	X(half_close_hang,     WARNING, "one end said goodbye, the other did not for a minute")    \
	X(fin_unanswered,      WARNING, "a FIN was repeated and never acknowledged")               \
	X(accept_ignored,      WARNING, "the server ignored the last ACK of the handshake")        \
	X(two_answers,         WARNING, "two hosts, or a SYN proxy, answered")                     \
	X(retried_handshake,   WARNING, "the handshake needed more than one try")                  \
	X(reset_ignored,       WARNING, "traffic went on after a reset")                           \
	X(syn_in_established,  WARNING, "a SYN came inside the open connection")                   \
	X(odd_flags,           WARNING, "flags that no honest TCP combines")                       \
	X(icmp_error,          WARNING, "an ICMP error quotes the open connection")                \
	X(evicted,             WARNING, "ended by the tracker for want of room")                   \
	X(reset_rejected,      NOTE,    "a reset lay outside of what its receiver accepts")        \
	X(half_closed,         NOTE,    "one end said goodbye, the other may still send")          \
	X(simultaneous_open,   NOTE,    "the SYNs crossed")                                        \
	X(simultaneous_close,  NOTE,    "the FINs crossed")                                        \
	X(self_connected,      NOTE,    "one socket is connected to itself")                       \
	X(fast_open,           NOTE,    "data came with the SYN")                                  \
	X(reused_port,         NOTE,    "the same ports had a connection before")                  \
	X(one_direction,       NOTE,    "only one end was captured")                               \
	X(midstream,           NOTE,    "it began before the capture did")                         \
	X(cut_header,          NOTE,    "some of its TCP headers were cut or wrong")               \
	X(udp_unreplied,       NOTE,    "no datagram came back")
/* clang-format on */

#define X(code, severity, summary)                                                                 \
	bool holds_##code(const struct flow *flow);                                                \
	void explain_##code(struct text *text, const struct flow *flow, struct evidence *evidence);
FINDINGS(X)
#undef X

#endif
