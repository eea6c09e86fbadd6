/* shown.c: what people read in a column, where that is not what machines read. */

#include "base/time.h"
#include "diagnose/finding.h"
#include "report/units.h"
#include "report/values.h"

static bool is_tcp(const struct flow *flow)
{
	return flow->key.protocol == PROTOCOL_TCP;
}

/* All have the same arguments; what a short one does with them is worth a line, not six. */
#define SHOW(name)                                                                                 \
	void show_##name(struct text *text, const struct page *page, const struct flow *flow)
#define UNUSED (void)page

static void add_end(struct text *text, const struct flow *flow, enum side side)
{
	address_add_port(text, (enum family)flow->key.family, &flow->key.address[side],
	                 flow->key.port[side]);
}

static void add_span(struct text *text, const struct page *page, int64_t span)
{
	if (span != TIME_NONE)
		time_add_span(text, span, page->ascii);
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

/* clang-format off */
SHOW(client_end)        { UNUSED; add_end(text, flow, CLIENT); }
SHOW(server_end)        { UNUSED; add_end(text, flow, SERVER); }
SHOW(start_date)        { UNUSED; time_add_date(text, flow->start, 3); }
SHOW(duration_span)     { add_span(text, page, time_between(flow->start, flow->last)); }
SHOW(client_state_mark) { UNUSED; add_state_mark(text, flow, CLIENT); }
SHOW(server_state_mark) { UNUSED; add_state_mark(text, flow, SERVER); }
SHOW(open)              { column_open_progress(text, flow, page->ascii); }
SHOW(close)             { column_close_progress(text, flow, page->ascii); }
SHOW(client_size)       { UNUSED; add_size(text, flow->sent[CLIENT].payload); }
SHOW(server_size)       { UNUSED; add_size(text, flow->sent[SERVER].payload); }
SHOW(irtt_span)         { if (is_tcp(flow)) add_span(text, page, flow_irtt(flow)); }
SHOW(syn_rtt_span)      { if (is_tcp(flow)) add_span(text, page, flow_syn_rtt(flow)); }
SHOW(ack_rtt_span)      { if (is_tcp(flow)) add_span(text, page, flow_ack_rtt(flow)); }
/* clang-format on */

/* What has ended had an age; what has not is as old as the capture lets it be. */
SHOW(age)
{
	bool over = is_tcp(flow) ? flow_is_over(flow) : flow_udp_state(flow) == UDP_REFUSED;
	bool ended = over || flow->stage == STAGE_KEPT;
	int64_t until = ended ? flow->last : tracker_now(page->tracker);

	add_span(text, page, time_between(flow->start, until));
}

SHOW(finding)
{
	const struct finding *worst;

	UNUSED;
	if (findings_of(flow, &worst, 1) > 0)
		text_add(text, worst->summary);
}
