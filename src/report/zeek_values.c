/* zeek_values.c: the columns that mean what Zeek's do. */

#include "report/community.h"
#include "report/values.h"

#define VALUE(name)                                                                                \
	void value_##name(struct text *text, const struct page *page, const struct flow *flow)

/* Zeek counts no bytes of what lasted no time. */
static void add_bytes(struct text *text, const struct flow *flow, enum side side)
{
	if (zeek_duration(flow) > 0)
		text_add_unsigned(text, zeek_bytes(flow, side));
}

VALUE(conn_state)
{
	(void)page;
	text_add(text, zeek_conn_state(flow));
}

VALUE(history)
{
	(void)page;
	text_add(text, zeek_history(flow));
}

VALUE(client_bytes)
{
	(void)page;
	add_bytes(text, flow, CLIENT);
}

VALUE(server_bytes)
{
	(void)page;
	add_bytes(text, flow, SERVER);
}

VALUE(community_id)
{
	(void)page;
	community_add(text, flow);
}
