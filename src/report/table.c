/* table.c: tables of flows. Two passes: measure every cell, then write what fits. */

#include "report/table.h"

#include <assert.h>
#include <stdbool.h>

enum { CELL_MAX = 256, GAP = 2 };

struct layout {
	const struct page *page;
	const struct table_column *table;
	size_t columns;
	const struct column *column[TABLE_COLUMNS_MAX];
	size_t width[TABLE_COLUMNS_MAX];
	bool dropped[TABLE_COLUMNS_MAX];
	size_t blanks; /* owed to the line being written */
};

static void measure_row(struct layout *layout, const struct flow *flow)
{
	for (size_t i = 0; i < layout->columns; i++) {
		char storage[CELL_MAX];
		struct text cell = text_over(storage, sizeof(storage));
		size_t used;

		column_show(&cell, layout->page, flow, layout->column[i]);
		used = text_columns(storage);
		if (used > layout->width[i])
			layout->width[i] = used;
	}
}

static void measure(struct layout *layout, const struct table_rows *rows)
{
	const struct flow *flow = NULL;
	size_t row = 0;

	for (size_t i = 0; i < layout->columns; i++) {
		layout->column[i] = column_find(layout->table[i].key);
		assert(layout->column[i] != NULL);
		layout->width[i] = text_columns(layout->column[i]->title);
	}
	while ((flow = rows->next(rows->context, flow, row++)) != NULL)
		measure_row(layout, flow);
}

static size_t total_width(const struct layout *layout)
{
	size_t total = 0;

	for (size_t i = 0; i < layout->columns; i++)
		total += layout->dropped[i] ? 0 : layout->width[i] + GAP;
	return total > 0 ? total - GAP : 0;
}

/* The widest column that may still lose some; -1 if none. */
static int widest(const struct layout *layout, size_t floor)
{
	int found = -1;

	for (size_t i = 0; i < layout->columns; i++) {
		size_t least = layout->table[i].shrinks_to;

		if (layout->dropped[i] || least == 0)
			continue;
		if (layout->width[i] <= (least > floor ? least : floor))
			continue;
		if (found < 0 || layout->width[i] > layout->width[found])
			found = (int)i;
	}
	return found;
}

static void shrink(struct layout *layout, size_t limit, size_t floor)
{
	while (total_width(layout) > limit) {
		int i = widest(layout, floor);

		if (i < 0)
			return;
		layout->width[i]--;
	}
}

/* Columns of one rank come and go together. */
static void set_rank(struct layout *layout, int rank, bool dropped)
{
	for (size_t i = 0; i < layout->columns; i++) {
		if (layout->table[i].rank == rank)
			layout->dropped[i] = dropped;
	}
}

/* Few narrow columns may fit where wide ones that are wanted more did not. */
static void drop(struct layout *layout, size_t limit)
{
	int rank = TABLE_RANK_MAX;

	for (; rank > 0 && total_width(layout) > limit; rank--)
		set_rank(layout, rank, true);
	for (rank++; rank <= TABLE_RANK_MAX; rank++) {
		set_rank(layout, rank, false);
		if (total_width(layout) > limit)
			set_rank(layout, rank, true);
	}
}

/* Long addresses give way first (an IPv4 one with its port stays), then columns, then the rest. */
static void fit(struct layout *layout)
{
	enum { COMFORTABLE = 21 };
	size_t limit = (size_t)layout->page->width;

	if (layout->page->width <= 0)
		return;
	shrink(layout, limit, COMFORTABLE);
	drop(layout, limit);
	shrink(layout, limit, 1);
}

/* The bytes of the first `columns` columns. */
static size_t bytes_of(const char *string, size_t columns)
{
	size_t bytes = 0;

	while (string[bytes] != '\0') {
		if (((unsigned char)string[bytes] & 0xc0) != 0x80 && columns-- == 0)
			break;
		bytes++;
	}
	return bytes;
}

/* Both ends of an address tell more than its middle. */
static void write_cut(const struct page *page, const char *cell, size_t width)
{
	size_t used = text_columns(cell);
	size_t tail = (width - 1) / 2 + (width - 1) % 2;
	size_t head = width - 1 - tail;

	output_add_bytes(page->output, cell, bytes_of(cell, head));
	output_add(page->output, page->ascii ? "~" : "…");
	output_add(page->output, cell + bytes_of(cell, used - tail));
}

/* Blanks are only written before what follows them: no line ends in blanks. */
static void write_cell(struct layout *layout, size_t i, const char *cell, enum tone tone)
{
	struct output *output = layout->page->output;
	size_t width = layout->width[i];
	size_t used = text_columns(cell);
	size_t pad = used < width ? width - used : 0;

	if (used == 0) {
		layout->blanks += width + GAP;
		return;
	}
	output_spaces(output, layout->blanks + (layout->column[i]->right ? pad : 0));
	if (tone != TONE_PLAIN)
		page_tone(layout->page, tone);
	if (used > width)
		write_cut(layout->page, cell, width);
	else
		output_add(output, cell);
	if (tone != TONE_PLAIN)
		page_tone(layout->page, TONE_PLAIN);
	layout->blanks = GAP + (layout->column[i]->right ? 0 : pad);
}

static void end_line(struct layout *layout)
{
	output_add_char(layout->page->output, '\n');
	layout->blanks = 0;
}

static void write_row(struct layout *layout, const struct flow *flow)
{
	for (size_t i = 0; i < layout->columns; i++) {
		enum tone (*tone)(const struct flow *) = layout->table[i].tone;
		char storage[CELL_MAX];
		struct text cell = text_over(storage, sizeof(storage));

		if (layout->dropped[i])
			continue;
		column_show(&cell, layout->page, flow, layout->column[i]);
		write_cell(layout, i, storage, tone != NULL ? tone(flow) : TONE_PLAIN);
	}
	end_line(layout);
}

void table_write(const struct page *page, const struct table_column *table, size_t columns,
                 const struct table_rows *rows)
{
	const struct flow *flow = NULL;
	size_t row = 0;
	struct layout layout = { .page = page, .table = table, .columns = columns };

	assert(columns <= TABLE_COLUMNS_MAX);
	measure(&layout, rows);
	fit(&layout);
	for (size_t i = 0; i < columns; i++) {
		if (!layout.dropped[i])
			write_cell(&layout, i, layout.column[i]->title, TONE_STRONG);
	}
	end_line(&layout);
	while ((flow = rows->next(rows->context, flow, row++)) != NULL)
		write_row(&layout, flow);
}
