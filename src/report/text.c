/* text.c: a line per connection for people; widths are fixed, for lines go out as they come. */

#include "report/column_list.h"
#include "report/formats.h"

struct text_column {
	enum column_place place;
	const char *lead;
	size_t width;
};

/* clang-format off */
static const struct text_column line[] = {
	{ COLUMN_start,          "",     23 },
	{ COLUMN_proto,          "  ",    3 },
	{ COLUMN_client_end,     "  ",   21 },
	{ COLUMN_server_end,     " -> ", 21 },
	{ COLUMN_open,           "  ",    5 },
	{ COLUMN_close,          "  ",    6 },
	{ COLUMN_client_state,   "  ",   12 },
	{ COLUMN_server_state,   "  ",   12 },
	{ COLUMN_outcome,        "  ",   11 },
	{ COLUMN_irtt,           "  ",    7 },
	{ COLUMN_client_payload, "  ",    7 },
	{ COLUMN_server_payload, "  ",    7 },
};
/* clang-format on */

enum { LINE_COLUMNS = sizeof(line) / sizeof(line[0]) };

/* The last one is a number, and numbers stand right: no line ends in blanks. */
static void write_cell(const struct page *page, size_t i, const char *cell)
{
	bool right = i > 0 && column_at(line[i].place)->right;
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
		write_cell(page, i, column_at(line[i].place)->title);
	output_add_char(page->output, '\n');
}

void text_record(const struct page *page, const struct flow *flow)
{
	for (size_t i = 0; i < LINE_COLUMNS; i++) {
		char storage[256];
		struct text text = text_over(storage, sizeof(storage));

		column_show(&text, page, flow, column_at(line[i].place));
		write_cell(page, i, text.start);
	}
	output_add_char(page->output, '\n');
}
