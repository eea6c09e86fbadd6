/* values_inline.h: what the columns write for a flow, for who writes all of them in one go. */
#ifndef REPORT_VALUES_INLINE_H
#define REPORT_VALUES_INLINE_H

/*
 * Most are so short that calling them costs as much as they do. values.c makes a function of each
 * for the table of columns.
 */

#include "base/time.h"
#include "diagnose/finding.h"
#include "report/community.h"
#include "report/put.h"
#include "report/values.h"

/* All have the same arguments; what a short one does with them is worth a line, not six. */
#define VALUE(name) static inline char *say_##name(char *at, struct record *record)

/* What only TCP has is null for UDP. */
#define NUMBER(name, number)                                                                       \
	VALUE(name)                                                                                \
	{                                                                                          \
		return put_unsigned(at, record->flow->number);                                     \
	}
#define TCP_NUMBER(name, number)                                                                   \
	VALUE(name)                                                                                \
	{                                                                                          \
		return record->is_tcp ? put_unsigned(at, record->flow->number) : at;               \
	}
#define WAY_WORD(name, word)                                                                       \
	VALUE(name)                                                                                \
	{                                                                                          \
		return record->is_tcp ? way_put_word(at, &record_way(record)->word) : at;          \
	}
#define TCP_SPAN(name, span)                                                                       \
	VALUE(name)                                                                                \
	{                                                                                          \
		return record->is_tcp ? put_span(at, span) : at;                                   \
	}

static inline char *put_end(char *at, const struct flow *flow, enum side side)
{
	return put_address(at, (enum family)flow->key.family, &flow->key.address[side]);
}

static inline char *put_span(char *at, int64_t span)
{
	return span != TIME_NONE ? put_nanoseconds(at, span) : at;
}

static inline char *put_path(char *at, struct record *record, enum side side)
{
	return record->is_tcp ? way_put_path(at, &record_way(record)->paths[side]) : at;
}

static inline char *put_presumed(char *at, struct record *record, enum side side)
{
	if (!record->is_tcp)
		return at;
	return put(at, record_way(record)->is_presumed[side] ? "true" : "false");
}

/* Zeek counts no bytes of what lasted no time. */
static inline char *put_zeek_bytes(char *at, const struct flow *flow, enum side side)
{
	return zeek_duration(flow) > 0 ? put_unsigned(at, zeek_bytes(flow, side)) : at;
}

/* clang-format off */
VALUE(proto)        { return put(at, record->is_tcp ? "tcp" : "udp"); }
VALUE(client)       { return put_end(at, record->flow, CLIENT); }
VALUE(server)       { return put_end(at, record->flow, SERVER); }
VALUE(start)        { return put_span(at, record->flow->start); }
VALUE(duration)     { return put_span(at, time_between(record->flow->start, record->flow->last)); }
VALUE(client_path)  { return put_path(at, record, CLIENT); }
VALUE(server_path)  { return put_path(at, record, SERVER); }
VALUE(client_state_presumed) { return put_presumed(at, record, CLIENT); }
VALUE(server_state_presumed) { return put_presumed(at, record, SERVER); }
VALUE(conn_state)   { return put_word(at, zeek_conn_state(record->flow)); }
VALUE(client_bytes) { return put_zeek_bytes(at, record->flow, CLIENT); }
VALUE(server_bytes) { return put_zeek_bytes(at, record->flow, SERVER); }
VALUE(community_id) { return community_put(at, record_digest(record)); }

NUMBER(id,              id)
NUMBER(client_port,     key.port[CLIENT])
NUMBER(server_port,     key.port[SERVER])
NUMBER(client_packets,  sent[CLIENT].packets)
NUMBER(server_packets,  sent[SERVER].packets)
NUMBER(client_payload,  sent[CLIENT].payload)
NUMBER(server_payload,  sent[SERVER].payload)
NUMBER(first_frame,     first_frame)
NUMBER(last_frame,      last_frame)
TCP_NUMBER(stream,       stream)
TCP_NUMBER(syn_count,    sent[CLIENT].syns)
TCP_NUMBER(synack_count, sent[SERVER].syns)
WAY_WORD(client_state,   states[CLIENT])
WAY_WORD(server_state,   states[SERVER])
WAY_WORD(opening,        opening)
WAY_WORD(closing,        closing)
TCP_SPAN(irtt,           flow_irtt(record->flow))
TCP_SPAN(syn_rtt,        flow_syn_rtt(record->flow))
TCP_SPAN(ack_rtt,        flow_ack_rtt(record->flow))
/* clang-format on */

/* Most are shorter than all that is copied. */
VALUE(history)
{
	const struct zeek *zeek = &record->flow->zeek;

	memcpy(at, zeek->history, sizeof(zeek->history));
	return at + zeek->history_length;
}

VALUE(completeness)
{
	return record->is_tcp ? put_unsigned(at, flow_completeness(record->flow)) : at;
}

VALUE(outcome)
{
	if (!record->is_tcp)
		return put_word(at, flow_outcome(record->flow));
	return way_put_word(at, &record_way(record)->outcome);
}

VALUE(resets)
{
	const struct sending *sent = record->flow->sent;

	return record->is_tcp ? put_ends(at, sent[CLIENT].resets, sent[SERVER].resets) : at;
}

/* Not so short: functions of their own. */
VALUE(findings)
{
	return value_findings(at, record);
}

VALUE(tunnel)
{
	return record->flow->key.tunnel != 0 ? value_tunnel(at, record) : at;
}

#undef WAY_WORD
#undef TCP_SPAN
#undef TCP_NUMBER
#undef NUMBER
#undef VALUE

#endif
