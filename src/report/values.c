/* values.c: what the columns write for a flow; nothing where nothing is known. */

#include "packet/tunnel.h"
#include "report/values.h"

#include "base/time.h"
#include "diagnose/finding.h"
#include "report/json.h"
#include "report/units.h"

enum { FINDINGS_MOST = 32, SENTENCE_MAX = 480 };

static bool is_tcp(const struct flow *flow)
{
	return flow->key.protocol == PROTOCOL_TCP;
}

/* All have the same arguments; what a short one does with them is worth a line, not six. */
#define VALUE(name)                                                                                \
	void value_##name(struct text *text, const struct page *page, const struct flow *flow)
#define UNUSED (void)page

static void add_address(struct text *text, const struct flow *flow, enum side side)
{
	address_add(text, (enum family)flow->key.family, &flow->key.address[side]);
}

static void add_end(struct text *text, const struct flow *flow, enum side side)
{
	address_add_port(text, (enum family)flow->key.family, &flow->key.address[side],
	                 flow->key.port[side]);
}

static void add_seconds(struct text *text, int64_t span)
{
	if (span != TIME_NONE)
		time_add_seconds(text, span, 9);
}

static void add_span(struct text *text, const struct page *page, int64_t span)
{
	if (span != TIME_NONE)
		time_add_span(text, span, page->ascii);
}

static void add_state(struct text *text, const struct flow *flow, enum side side)
{
	if (is_tcp(flow))
		text_add(text, state_name(flow_state(flow, side)));
}

static void add_state_mark(struct text *text, const struct flow *flow, enum side side)
{
	enum tcp_state state;

	if (!is_tcp(flow))
		return;
	state = flow_state(flow, side);
	if (state != ST_UNKNOWN)
		text_add(text, state_name(state));
	if (state == ST_UNKNOWN || flow_state_is_doubtful(flow, side))
		text_add_char(text, '?');
}

static void add_path(struct text *text, const struct flow *flow, enum side side)
{
	enum tcp_state path[PATH_MAX_STATES];
	int count;

	if (!is_tcp(flow))
		return;
	count = endpoint_path(flow_end(flow, side), path);
	text_add_char(text, '[');
	for (int i = 0; i < count; i++) {
		text_add(text, i > 0 ? ",\"" : "\"");
		text_add(text, state_name(path[i]));
		text_add_char(text, '"');
	}
	text_add_char(text, ']');
}

static void add_presumed(struct text *text, const struct flow *flow, enum side side)
{
	if (is_tcp(flow))
		text_add(text, flow_state_is_presumed(flow, side) ? "true" : "false");
}

/* {"client":1,"server":0} */
static void add_pair(struct text *text, uint64_t client, uint64_t server)
{
	text_add(text, "{\"client\":");
	text_add_unsigned(text, client);
	text_add(text, ",\"server\":");
	text_add_unsigned(text, server);
	text_add_char(text, '}');
}

/* clang-format off */
VALUE(id)             { UNUSED; text_add_unsigned(text, flow->id); }
VALUE(proto)          { UNUSED; text_add(text, is_tcp(flow) ? "tcp" : "udp"); }
VALUE(client)         { UNUSED; add_address(text, flow, CLIENT); }
VALUE(server)         { UNUSED; add_address(text, flow, SERVER); }
VALUE(client_port)    { UNUSED; text_add_unsigned(text, flow->key.port[CLIENT]); }
VALUE(server_port)    { UNUSED; text_add_unsigned(text, flow->key.port[SERVER]); }
VALUE(client_end)     { UNUSED; add_end(text, flow, CLIENT); }
VALUE(server_end)     { UNUSED; add_end(text, flow, SERVER); }
VALUE(start)          { UNUSED; add_seconds(text, flow->start); }
VALUE(start_date)     { UNUSED; time_add_date(text, flow->start, 3); }
VALUE(duration)       { UNUSED; add_seconds(text, time_between(flow->start, flow->last)); }
VALUE(duration_span)  { add_span(text, page, time_between(flow->start, flow->last)); }
VALUE(client_state)   { UNUSED; add_state(text, flow, CLIENT); }
VALUE(server_state)   { UNUSED; add_state(text, flow, SERVER); }
VALUE(client_state_mark) { UNUSED; add_state_mark(text, flow, CLIENT); }
VALUE(server_state_mark) { UNUSED; add_state_mark(text, flow, SERVER); }
VALUE(client_path)    { UNUSED; add_path(text, flow, CLIENT); }
VALUE(server_path)    { UNUSED; add_path(text, flow, SERVER); }
VALUE(client_state_presumed) { UNUSED; add_presumed(text, flow, CLIENT); }
VALUE(server_state_presumed) { UNUSED; add_presumed(text, flow, SERVER); }
VALUE(open)           { column_open_progress(text, flow, page->ascii); }
VALUE(close)          { column_close_progress(text, flow, page->ascii); }
VALUE(outcome)        { UNUSED; text_add(text, flow_outcome(flow)); }

VALUE(tunnel)
{
	if (flow->key.tunnel != 0 && page->decoder && page->decoder->tunnels)
		tunnel_add(text, page->decoder->tunnels, flow->key.tunnel);
}
VALUE(client_packets) { UNUSED; text_add_unsigned(text, flow->sent[CLIENT].packets); }
VALUE(server_packets) { UNUSED; text_add_unsigned(text, flow->sent[SERVER].packets); }
VALUE(client_payload) { UNUSED; text_add_unsigned(text, flow->sent[CLIENT].payload); }
VALUE(server_payload) { UNUSED; text_add_unsigned(text, flow->sent[SERVER].payload); }
VALUE(client_size)    { UNUSED; add_size(text, flow->sent[CLIENT].payload); }
VALUE(server_size)    { UNUSED; add_size(text, flow->sent[SERVER].payload); }
VALUE(first_frame)    { UNUSED; text_add_unsigned(text, flow->first_frame); }
VALUE(last_frame)     { UNUSED; text_add_unsigned(text, flow->last_frame); }
/* clang-format on */

VALUE(stream)
{
	UNUSED;
	if (is_tcp(flow))
		text_add_unsigned(text, flow->stream);
}

VALUE(opening)
{
	UNUSED;
	if (is_tcp(flow))
		text_add(text, opening_name(flow_opening(flow)));
}

VALUE(closing)
{
	UNUSED;
	if (is_tcp(flow))
		text_add(text, closing_name(flow_closing(flow)));
}

VALUE(completeness)
{
	UNUSED;
	if (is_tcp(flow))
		text_add_unsigned(text, flow_completeness(flow));
}

/* clang-format off */
VALUE(irtt)         { UNUSED; if (is_tcp(flow)) add_seconds(text, flow_irtt(flow)); }
VALUE(syn_rtt)      { UNUSED; if (is_tcp(flow)) add_seconds(text, flow_syn_rtt(flow)); }
VALUE(ack_rtt)      { UNUSED; if (is_tcp(flow)) add_seconds(text, flow_ack_rtt(flow)); }
VALUE(irtt_span)    { if (is_tcp(flow)) add_span(text, page, flow_irtt(flow)); }
VALUE(syn_rtt_span) { if (is_tcp(flow)) add_span(text, page, flow_syn_rtt(flow)); }
VALUE(ack_rtt_span) { if (is_tcp(flow)) add_span(text, page, flow_ack_rtt(flow)); }
/* clang-format on */

VALUE(syn_count)
{
	UNUSED;
	if (is_tcp(flow))
		text_add_unsigned(text, flow->sent[CLIENT].syns);
}

VALUE(synack_count)
{
	UNUSED;
	if (is_tcp(flow))
		text_add_unsigned(text, flow->sent[SERVER].syns);
}

VALUE(resets)
{
	UNUSED;
	if (is_tcp(flow))
		add_pair(text, flow->sent[CLIENT].resets, flow->sent[SERVER].resets);
}

/* What has ended had an age; what has not is as old as the capture lets it be. */
VALUE(age)
{
	bool over = is_tcp(flow) ? flow_is_over(flow) : flow_udp_state(flow) == UDP_REFUSED;
	bool ended = over || flow->stage == STAGE_KEPT;
	int64_t until = ended ? flow->last : tracker_now(page->tracker);

	add_span(text, page, time_between(flow->start, until));
}

VALUE(finding)
{
	const struct finding *worst;

	UNUSED;
	if (findings_of(flow, &worst, 1) > 0)
		text_add(text, worst->summary);
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

VALUE(findings)
{
	const struct finding *found[FINDINGS_MOST];
	size_t count = findings_of(flow, found, FINDINGS_MOST);

	UNUSED;
	text_add_char(text, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			text_add_char(text, ',');
		add_finding(text, flow, found[i]);
	}
	text_add_char(text, ']');
}
