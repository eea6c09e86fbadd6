/* values.h: what the columns write for a flow. */
#ifndef REPORT_VALUES_H
#define REPORT_VALUES_H

#include "report/column.h"

/* Every one is a struct column's value or show. */
/* clang-format off */
#define VALUES(X)                                                                                  \
	X(id) X(proto) X(stream)                                                                \
	X(client) X(client_port) X(client_end)                                                     \
	X(server) X(server_port) X(server_end)                                                     \
	X(start) X(start_date) X(duration) X(duration_span) X(age)                                 \
	X(client_state) X(server_state) X(client_state_mark) X(server_state_mark)                  \
	X(client_path) X(server_path)                                                              \
	X(client_state_presumed) X(server_state_presumed)                                          \
	X(opening) X(closing) X(open) X(close)                                   \
	X(outcome) X(finding) X(findings) X(completeness) X(tunnel)                                          \
	X(client_packets) X(server_packets)                                                        \
	X(client_payload) X(server_payload) X(client_size) X(server_size)                          \
	X(irtt) X(syn_rtt) X(ack_rtt) X(irtt_span) X(syn_rtt_span) X(ack_rtt_span)                 \
	X(syn_count) X(synack_count) X(resets)                                                     \
	X(first_frame) X(last_frame)                                                               \
	X(nothing)
/* clang-format on */

#define X(name)                                                                                    \
	void value_##name(struct text *text, const struct page *page, const struct flow *flow);
VALUES(X)
#undef X

#endif
