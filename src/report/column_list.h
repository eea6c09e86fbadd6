/* column_list.h: the columns of a record, in its order. The table and the writers are made of it. */
#ifndef REPORT_COLUMN_LIST_H
#define REPORT_COLUMN_LIST_H

#include "report/column.h"

/*
 * S a string, N a number: key, title and show in tables ("same" where people read what machines
 * do), meaning. R raw JSON, M marks: key, meaning. The list is a contract: keys stay, more may
 * follow.
 */
/* clang-format off */
#define COLUMNS(S, N, R, M)                                                                                     \
	N(id,             "#",            same,              "number, in the order of opening")                 \
	S(proto,          "Prt",          same,              "tcp or udp")                                      \
	S(client,         "Client",       same,              "address of the client")                           \
	N(client_port,    "Port",         same,              "port of the client")                              \
	S(server,         "Server",       same,              "address of the server")                           \
	N(server_port,    "Port",         same,              "port of the server")                              \
	N(start,          "Start",        start_date,        "first frame, seconds since 1970")                 \
	N(duration,       "Duration",     duration_span,     "first to last frame, seconds")                    \
	S(client_state,   "Client state", client_state_mark, "the client's TCP state (RFC 9293)")               \
	S(server_state,   "Server state", server_state_mark, "the server's TCP state (RFC 9293)")               \
	R(client_path,                    "states that the client went through")                                \
	R(server_path,                    "states that the server went through")                                \
	S(opening,        "Opening",      same,              "how it began")                                    \
	S(closing,        "Closing",      same,              "how it ended, or did not")                        \
	S(conn_state,     "Zeek",         same,              "conn_state of Zeek's conn.log")                   \
	S(history,        "History",      same,              "history of Zeek's conn.log")                      \
	N(completeness,   "Compl",        same,              "Wireshark's tcp.completeness")                    \
	N(client_packets, "Sent",         same,              "packets from the client")                         \
	N(server_packets, "Rcvd",         same,              "packets from the server")                         \
	N(client_bytes,   "Sent",         same,              "the client's sequence span, Zeek's orig_bytes")   \
	N(server_bytes,   "Rcvd",         same,              "the server's sequence span, Zeek's resp_bytes")   \
	N(client_payload, "Sent",         client_size,       "payload bytes, repeats included")                 \
	N(server_payload, "Rcvd",         server_size,       "payload bytes, repeats included")                 \
	N(stream,         "Stream",       same,              "Wireshark's tcp.stream")                          \
	N(irtt,           "iRTT",         irtt_span,         "last SYN to first ACK, seconds")                  \
	N(syn_rtt,        "SYN RTT",      syn_rtt_span,      "SYN to SYN-ACK, seconds")                         \
	N(ack_rtt,        "ACK RTT",      ack_rtt_span,      "SYN-ACK to ACK, seconds")                         \
	N(syn_count,      "SYNs",         same,              "SYNs from the client")                            \
	N(synack_count,   "SYN-ACKs",     same,              "SYN-ACKs from the server")                        \
	M(retransmissions,                         "retransmissions of each end")                               \
	M(fast_retransmissions,                    "fast retransmissions of each end")                          \
	M(spurious_retransmissions,                "retransmissions of what was acknowledged")                  \
	M(out_of_order,                            "segments out of order of each end")                         \
	M(duplicate_acks,                          "duplicate ACKs of each end")                                \
	M(lost_segments,                           "gaps in what was captured of each end")                     \
	M(zero_windows,                            "windows closed by each end")                                \
	M(window_full,                             "times that each end filled the peer's window")              \
	M(keep_alives,                             "keep-alives of each end")                                   \
	R(resets,                                 "resets of each end")                                         \
	M(duplicates,                              "packets of each end that were captured twice")              \
	R(findings,                               "what went wrong, and the frames that show it")               \
	S(community_id,   "Community",    same,              "Community ID v1")                                 \
	R(client_state_presumed,  "whether the client's state is not proven by what it sent")                   \
	R(server_state_presumed,  "whether the server's state is not proven by what it sent")                   \
	S(outcome,        "Outcome",      same,              "what became of it, in a word or two")             \
	N(first_frame,    "First",        same,              "its first frame")                                 \
	N(last_frame,     "Last",         same,              "its last frame")                                  \
	S(tunnel,         "Tunnel",       same,              "the tunnels it was found in, outermost first")    \
	M(acked_unseen,           "acknowledgments of what was not captured")                                   \
	M(zero_window_probes,     "one byte sent against a closed window")                                      \
	M(zero_window_probe_acks, "answers to those while it stays closed")                                     \
	M(keep_alive_acks,        "answers to keep-alives")                                                     \
	M(window_updates,         "segments that say nothing new but the window")                               \
	M(reused_ports,           "SYNs with another number on known addresses and ports")                      \
	M(tfo_syns,               "SYNs with a Fast Open cookie")                                               \
	M(tfo_acks,               "SYN-ACKs of more than the SYN")                                              \
	M(tfo_ignored,            "SYN-ACKs that leave out the data on the SYN")                                \
	M(dsacks,                 "reports of what arrived twice (RFC 2883)")                                   \
	R(unique_bytes,           "payload bytes, each counted once")                                           \
	M(repeated_packets,       "segments that repeat what was captured, SYNs and FINs too")                  \
	M(repeated_bytes,         "and the payload bytes that they repeat")                                     \
	M(missed_bytes,           "bytes acknowledged though never captured")                                   \
	R(data_packets,           "segments with payload")                                                      \
	R(pure_acks,              "segments that only acknowledge")                                             \
	R(mss,                    "largest segment it asks for, null if unknown")                               \
	R(max_segment,            "largest payload of one segment")                                             \
	R(window_scale,           "shift that it announced, null if unknown or unused")                         \
	R(max_window,             "widest window it advertised, scaled")                                        \
	R(initial_window,         "payload bytes before the first was acknowledged")                            \
	R(max_in_flight,          "most bytes that were under way at once")                                     \
	R(rtt_samples,            "acknowledgments of its data that were timed")                                \
	R(rtt_min,                "shortest round trip of its data, as seen from the capture, seconds")         \
	R(rtt_median,             "half of them were no longer than this")                                      \
	R(rtt_p99,                "99 of 100 were no longer than this")                                         \
	M(bad_checksums,          "segments with a wrong checksum")                                             \
	M(offloaded_checksums,    "segments captured before their checksum was computed")                       \
	M(super_segments,         "segments that were several on the wire")                                     \
	R(cut_segments,           "segments whose payload was cut by the snapshot length")                      \
	M(backwards,              "segments older than the one captured before")                                \
	R(one_sided,              "whether only one end was captured")                                          \
	R(analysis_complete,      "false: more was missing at once than could be remembered")

/* Only for tables that people read: key, title, whether it is a number, meaning. */
#define DRAWN_COLUMNS(D)                                                                  \
	D(client_end, "Client",  false, "address and port of the client")                 \
	D(server_end, "Server",  false, "address and port of the server")                 \
	D(open,       "Open",    false, "the handshake, an arrow per segment")            \
	D(close,      "Close",   false, "the goodbye, an arrow per segment")              \
	D(finding,    "Finding", false, "the worst that was found, in few words")         \
	D(age,        "Age",     true,  "from its first frame to its end or now")
/* clang-format on */

enum column_place {
#define RECORD(key, ...) COLUMN_##key,
	COLUMNS(RECORD, RECORD, RECORD, RECORD) DRAWN_COLUMNS(RECORD)
#undef RECORD
};

/* For who asks often: without looking for its key. */
const struct column *column_at(enum column_place place);

#endif
