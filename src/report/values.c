/* values.c: what the columns say of a flow to machines; nothing where nothing is known. */

#include "report/values.h"

#include <assert.h>

#include "base/time.h"
#include "diagnose/finding.h"
#include "packet/tunnel.h"
#include "report/community.h"
#include "report/formats.h"
#include "report/json.h"
#include "report/put.h"

enum { FINDINGS_MOST = 32, SENTENCE_MAX = 480 };

/* All have the same arguments; what a short one does with them is worth a line, not six. */
#define VALUE(name) char *value_##name(char *at, struct record *record)

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

static char *put_end(char *at, const struct flow *flow, enum side side)
{
	return put_address(at, (enum family)flow->key.family, &flow->key.address[side]);
}

static char *put_span(char *at, int64_t span)
{
	return span != TIME_NONE ? put_nanoseconds(at, span) : at;
}

static char *put_path(char *at, struct record *record, enum side side)
{
	return record->is_tcp ? way_put_path(at, &record_way(record)->paths[side]) : at;
}

static char *put_presumed(char *at, struct record *record, enum side side)
{
	if (!record->is_tcp)
		return at;
	return put(at, record_way(record)->is_presumed[side] ? "true" : "false");
}

/* Zeek counts no bytes of what lasted no time. */
static char *put_zeek_bytes(char *at, const struct flow *flow, enum side side)
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
VALUE(history)      { return put_word(at, zeek_history(record->flow)); }
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

VALUE(tunnel)
{
	const struct decoder *decoder = record->page->decoder;
	uint32_t tunnel = record->flow->key.tunnel;
	struct text text;

	if (tunnel == 0 || decoder == NULL || decoder->tunnels == NULL)
		return at;
	text = text_over(at, COLUMN_STRING_MAX);
	tunnel_add(&text, decoder->tunnels, tunnel);
	assert(!text.cut);
	return at + text.length;
}

static void add_finding(struct text *text, const struct flow *flow, const struct finding *finding)
{
	struct evidence evidence = { .count = 0 };
	char storage[SENTENCE_MAX];
	struct text sentence = text_over(storage, sizeof(storage));

	finding->explain(&sentence, flow, &evidence);
	text_add(text, "{\"code\":\"");
	text_add(text, finding->code);
	text_add(text, "\",\"text\":");
	json_add_string(text, storage);
	text_add(text, ",\"evidence\":[");
	for (int i = 0; i < evidence.count; i++) {
		if (i > 0)
			text_add_char(text, ',');
		text_add_unsigned(text, evidence.frames[i]);
	}
	text_add(text, "]}");
}

/* Most have none; to those that have, room matters more than haste. */
VALUE(findings)
{
	const struct finding *found[FINDINGS_MOST];
	size_t count = findings_of(record->flow, found, FINDINGS_MOST);
	struct text text;

	if (count == 0)
		return put(at, "[]");
	text = text_over(at, COLUMN_VALUE_MAX);
	for (size_t i = 0; i < count; i++) {
		text_add_char(&text, i > 0 ? ',' : '[');
		add_finding(&text, record->flow, found[i]);
	}
	text_add_char(&text, ']');
	assert(!text.cut);
	return at + text.length;
}
