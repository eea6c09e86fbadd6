/* values.h: what the columns write for a flow. */
#ifndef REPORT_VALUES_H
#define REPORT_VALUES_H

#include "report/column.h"
#include "report/record.h"

/* Every one is a struct column's value. */
/* clang-format off */
#define SHORT_VALUES(X)                                                                            \
	X(id) X(proto) X(stream)                                                                   \
	X(client) X(client_port) X(server) X(server_port)                                          \
	X(start) X(duration) X(client_state) X(server_state)                                       \
	X(client_path) X(server_path)                                                              \
	X(client_state_presumed) X(server_state_presumed)                                          \
	X(opening) X(closing) X(outcome) X(completeness)                                          \
	X(client_packets) X(server_packets) X(client_payload) X(server_payload)                    \
	X(irtt) X(syn_rtt) X(ack_rtt) X(syn_count) X(synack_count) X(resets)                       \
	X(conn_state) X(history) X(client_bytes) X(server_bytes) X(community_id)                   \
	X(first_frame) X(last_frame)

#define LONG_VALUES(X) X(findings) X(tunnel)

/* Of the sequence, for each end (values_sequence.h). */
#define SEQUENCE_VALUES(X)                                                                         \
	X(retransmissions) X(fast_retransmissions) X(spurious_retransmissions) X(out_of_order)     \
	X(duplicate_acks) X(lost_segments) X(zero_windows) X(window_full) X(keep_alives)           \
	X(duplicates) X(acked_unseen) X(zero_window_probes) X(zero_window_probe_acks)              \
	X(keep_alive_acks) X(window_updates) X(reused_ports) X(tfo_syns) X(tfo_acks)               \
	X(tfo_ignored) X(dsacks) X(bad_checksums) X(offloaded_checksums) X(super_segments)         \
	X(cut_segments) X(backwards) X(unique_bytes) X(repeated_bytes) X(repeated_packets)         \
	X(missed_bytes) X(data_packets) X(pure_acks) X(max_segment) X(max_window)                  \
	X(initial_window) X(max_in_flight) X(mss) X(window_scale)                                  \
	X(rtt_samples) X(rtt_min) X(rtt_median) X(rtt_p99) X(one_sided) X(analysis_complete)

/* And a struct column's show (shown.c). */
#define SHOWN(X)                                                                                   \
	X(client_end) X(server_end) X(start_date) X(duration_span) X(age)                          \
	X(client_state_mark) X(server_state_mark) X(open) X(close) X(finding)                      \
	X(client_size) X(server_size) X(irtt_span) X(syn_rtt_span) X(ack_rtt_span)
/* clang-format on */

#define X(name) char *value_##name(char *at, struct record *record);
SHORT_VALUES(X)
LONG_VALUES(X)
SEQUENCE_VALUES(X)
#undef X

#define X(name)                                                                                    \
	void show_##name(struct text *text, const struct page *page, const struct flow *flow);
SHOWN(X)
#undef X

#endif
