/* text.c: a line per connection for people; widths are fixed, for lines go out as they come. */

#include "report/column.h"
#include "report/formats.h"

struct text_column {
	const char *key;
	const char *lead;
	size_t width;
};

/* clang-format off */
static const struct text_column line[] = {
	{ "start",          "",     23 },
	{ "proto",          "  ",    3 },
	{ "client_end",     "  ",   21 },
	{ "server_end",     " -> ", 21 },
	{ "open",           "  ",    5 },
	{ "close",          "  ",    6 },
	{ "client_state",   "  ",   12 },
	{ "server_state",   "  ",   12 },
	{ "outcome",        "  ",   11 },
	{ "irtt",           "  ",    7 },
	{ "client_payload", "  ",    7 },
	{ "server_payload", "  ",    7 },
};
/* clang-format on */

enum { LINE_COLUMNS = sizeof(line) / sizeof(line[0]) };

/* The last one is a number, and numbers stand right: no line ends in blanks. */
static void write_cell(const struct page *page, size_t i, const char *cell)
{
	bool right = i > 0 && column_find(line[i].key)->right;
	size_t used = text_columns(cell);
	size_t pad = used < line[i].width ? line[i].width - used : 0;

	output_add(page->output, line[i].lead);
	output_spaces(page->output, right ? pad : 0);
	output_add(page->output, cell);
	output_spaces(page->output, right ? 0 : pad);
}

void text_head(const struct page *page)
{
	for (size_t i = 0; i < LINE_COLUMNS; i++)
		write_cell(page, i, column_find(line[i].key)->title);
	output_add_char(page->output, '\n');
}

void text_record(const struct page *page, const struct flow *flow)
{
	for (size_t i = 0; i < LINE_COLUMNS; i++) {
		char storage[256];
		struct text text = text_over(storage, sizeof(storage));

		column_show(&text, page, flow, column_find(line[i].key));
		write_cell(page, i, text.start);
	}
	output_add_char(page->output, '\n');
}
