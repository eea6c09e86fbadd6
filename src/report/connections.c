/* connections.c: one row per connection, in the order of opening. */

#include "report/stat.h"

#include "report/subject.h"
#include "report/table.h"
#include "report/tones.h"

/* clang-format off */
static const struct table_column table[] = {
	{ "id",             0, 0,  NULL },
	{ "client_end",     0, 12, NULL },
	{ "server_end",     0, 12, NULL },
	{ "open",           2, 0,  tone_opening },
	{ "close",          3, 0,  tone_closing },
	{ "client_state",   1, 0,  tone_client_state },
	{ "server_state",   1, 0,  tone_server_state },
	{ "irtt",           6, 0,  NULL },
	{ "client_payload", 5, 0,  NULL },
	{ "server_payload", 5, 0,  NULL },
	{ "age",            4, 0,  NULL },
};
/* clang-format on */

struct wanted {
	const struct page *page;
	const struct stat_options *options;
};

static const struct flow *next_wanted(const void *context, const struct flow *before, size_t row)
{
	const struct wanted *wanted = context;
	const struct flow *flow = before;

	(void)row;
	do {
		flow = tracker_next(wanted->page->tracker, flow);
	} while (flow != NULL && !stat_wants(wanted->page, wanted->options, flow));
	return flow;
}

void stat_connections(const struct page *page, const struct stat_options *options)
{
	struct wanted wanted = { page, options };
	struct table_rows rows = { next_wanted, &wanted };

	stat_head(page, "Connections of ");
	table_write(page, table, sizeof(table) / sizeof(table[0]), &rows);
}
