/* overview.c: what a capture is, and what became of its connections, worst first. */

#include "report/overview.h"

#include <stdlib.h>

#include "diagnose/finding.h"
#include "report/facts.h"
#include "report/outcomes.h"
#include "report/table.h"
#include "report/tones.h"
#include "report/units.h"

/* clang-format off */
static const struct table_column table[] = {
	{ "id",             0, 0,  NULL },
	{ "client_end",     0, 12, NULL },
	{ "server_end",     0, 12, NULL },
	{ "open",           2, 0,  tone_opening },
	{ "close",          2, 0,  tone_closing },
	{ "outcome",        0, 0,  tone_outcome },
	{ "client_state",   3, 0,  tone_client_state },
	{ "server_state",   3, 0,  tone_server_state },
	{ "client_payload", 4, 0,  NULL },
	{ "server_payload", 4, 0,  NULL },
	{ "irtt",           6, 0,  NULL },
	{ "age",            5, 0,  NULL },
	{ "finding",        7, 0,  NULL },
};
/* clang-format on */

struct ranked {
	uint32_t number; /* of the flow, see tracker_at */
	enum severity severity;
	uint64_t packets;
	uint64_t id;
};

struct ranking {
	const struct tracker *tracker;
	struct ranked *rows;
	size_t count;
};

/* Worst first, then the busiest; the number decides the rest, so the order is always the same. */
static int compare(const void *left, const void *right)
{
	const struct ranked *a = left;
	const struct ranked *b = right;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->packets != b->packets)
		return a->packets > b->packets ? -1 : 1;
	return (a->id > b->id) - (a->id < b->id);
}

static size_t count_wanted(const struct page *page)
{
	const struct flow *flow = NULL;
	size_t count = 0;

	while ((flow = tracker_next(page->tracker, flow)) != NULL)
		count += page_wants(page, flow);
	return count;
}

static void fill_ranking(const struct page *page, struct ranking *ranking,
                         struct outcomes *outcomes)
{
	const struct flow *flow = NULL;

	while ((flow = tracker_next(page->tracker, flow)) != NULL) {
		struct ranked row = {
			.number = flow->number,
			.packets = flow->sent[CLIENT].packets + flow->sent[SERVER].packets,
			.id = flow->id,
		};

		if (!page_wants(page, flow))
			continue;
		row.severity = flow_severity(flow);
		outcomes_count(outcomes, flow, row.severity);
		if (ranking->rows != NULL)
			ranking->rows[ranking->count++] = row;
	}
	if (ranking->rows != NULL)
		qsort(ranking->rows, ranking->count, sizeof(ranking->rows[0]), compare);
}

/* The context is a ranking that was cut to the rows to show. */
static const struct flow *next_ranked(const void *context, const struct flow *before, size_t row)
{
	const struct ranking *ranking = context;

	(void)before;
	return row < ranking->count ? tracker_at(ranking->tracker, ranking->rows[row].number) : NULL;
}

static void write_worst(const struct page *page, struct ranking *ranking, int top)
{
	struct table_rows rows = { next_ranked, ranking };
	size_t total = ranking->count;
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	if (total > (size_t)top)
		ranking->count = (size_t)top;
	if (ranking->count > 0) {
		output_add_char(page->output, '\n');
		table_write(page, table, sizeof(table) / sizeof(table[0]), &rows);
	}
	if (total > ranking->count) {
		text_add(&text, "and ");
		add_grouped(&text, total - ranking->count);
		text_add(&text, " more\n");
		output_add_text(page->output, &text);
	}
}

/* Only their number is left of connections that ended long ago. */
static void write_forgotten(const struct page *page)
{
	char storage[96];
	struct text text = text_over(storage, sizeof(storage));
	uint64_t retired = tracker_totals(page->tracker)->retired;

	if (retired == 0)
		return;
	text_add(&text, "not counted here: ");
	add_counted(&text, retired, "connection");
	text_add(&text, " that ended earlier (see --keep)\n");
	output_add_text(page->output, &text);
}

void overview_write(const struct page *page, int top)
{
	size_t wanted = count_wanted(page);
	struct ranking ranking = { page->tracker, malloc((wanted + 1) * sizeof(struct ranked)), 0 };
	struct outcomes outcomes = { .count = 0 };

	facts_write(page);
	fill_ranking(page, &ranking, &outcomes);
	outcomes_write(page, &outcomes);
	write_forgotten(page);
	write_worst(page, &ranking, top > 0 ? top : 0);
	free(ranking.rows);
}
