/* flows_line.c: a line of the list of flows, and the heads above them. */

#include "base/time.h"
#include "tui/flows_parts.h"

enum { AT_CURSOR = 0, AT_CHANGE = 1, AT_MARK = 2 };

/* How long something counts as new. */
#define FRESH TIME_SECOND

/* ---- heads ---- */

static void draw_head(const struct tui *tui, struct canvas *canvas, int row, int column,
                      int columns, size_t number)
{
	size_t count;
	const struct flows_column *head = &flows_columns(&count)[number];
	struct look look = look_of(PAINT_HEAD);
	bool is_sorted = number == tui->flows.sort;
	char words[32];
	struct text text = text_over(words, sizeof(words));

	if (is_sorted)
		look.marks = LOOK_UNDERLINE;
	text_add(&text, head->head);
	if (is_sorted && (int)text.length < columns)
		text_add(&text, tui->flows.is_backwards ? "▼" : "▲");
	if (head->right)
		canvas_put_right(canvas, row, column, columns, look, words);
	else
		canvas_put(canvas, row, column, columns, look, words);
}

void flows_draw_heads(const struct tui *tui, struct canvas *canvas, struct area line,
                      const struct flows_layout *layout)
{
	canvas_fill(canvas, line, ' ', look_of(PAINT_HEAD));
	for (int i = 0; i < layout->count; i++)
		draw_head(tui, canvas, line.row, layout->cells[i].column, layout->cells[i].columns,
		          layout->cells[i].number);
}

/* ---- lines ---- */

enum freshness { OLD, NEW, CHANGED, DYING };

static bool is_fresh(const struct tui *tui, int64_t time)
{
	int64_t past = time == TIME_NONE ? -1 : time_between(time, tui->scene.now);

	return past >= 0 && past < FRESH;
}

static enum freshness freshness_of(const struct tui *tui, const struct flow *flow)
{
	if (is_fresh(tui, flow->moved) && flow_is_over(flow))
		return DYING;
	if (is_fresh(tui, flow->start))
		return NEW;
	return is_fresh(tui, flow->moved) ? CHANGED : OLD;
}

static void draw_marks(const struct tui *tui, struct canvas *canvas, struct area line,
                       const struct flow *flow, bool is_chosen)
{
	static const char changes[] = { [OLD] = ' ', [NEW] = '+', [CHANGED] = '*', [DYING] = '-' };
	const struct lab_port *lab = tui->options.lab;
	bool is_marked = flows_is_marked(&tui->flows, flow->id);
	bool is_labs = lab && lab->owns && lab->owns(lab->context, flow);
	int change = changes[freshness_of(tui, flow)];
	const char *mark = is_marked ? is_labs ? "X" : "x" : is_labs ? "L" : "";

	if (is_chosen)
		canvas_put(canvas, line.row, line.column + AT_CURSOR, 1, look_of(PAINT_STRONG),
		           "▸");
	canvas_glyph(canvas, line.row, line.column + AT_CHANGE, (uint32_t)change,
	             look_of(PAINT_STRONG));
	canvas_put(canvas, line.row, line.column + AT_MARK, 1, look_of(PAINT_KEY), mark);
}

/* What is long over steps back; its note does not. */
static void shade(const struct tui *tui, struct canvas *canvas, struct area line,
                  const struct flow *flow, const struct flows_layout *layout)
{
	size_t count;
	const struct flows_column *table = flows_columns(&count);

	if (freshness_of(tui, flow) != OLD) {
		canvas_mark(canvas, line, LOOK_BOLD);
		return;
	}
	if (!flow_is_over(flow) && flow->stage != STAGE_KEPT)
		return;
	for (int i = 0; i < layout->count; i++) {
		struct area cell = { line.row, layout->cells[i].column, 1,
			             layout->cells[i].columns };

		if (table[layout->cells[i].number].order != order_note)
			canvas_paint(canvas, cell, PAINT_DIM);
	}
}

static void draw_flow(const struct tui *tui, struct canvas *canvas, struct area line,
                      const struct flows_layout *layout, const struct flow *flow)
{
	size_t count;
	const struct flows_column *table = flows_columns(&count);

	for (int i = 0; i < layout->count; i++) {
		const struct flows_column *column = &table[layout->cells[i].number];
		struct flows_cell cell = {
			.tui = tui,
			.canvas = canvas,
			.row = line.row,
			.column = layout->cells[i].column,
			.room = layout->cells[i].columns,
			.flow = flow,
		};

		column->put(&cell, column);
	}
	shade(tui, canvas, line, flow, layout);
}

void flows_draw_line(const struct tui *tui, struct canvas *canvas, struct area line,
                     const struct flows_layout *layout, size_t row, bool is_chosen)
{
	const struct flow *flow = flows_flow(tui, row);

	if (flow) {
		draw_flow(tui, canvas, line, layout, flow);
		draw_marks(tui, canvas, line, flow, is_chosen);
	} else {
		canvas_format(canvas, line.row, line.column + AT_MARK + 1, line.columns,
		              look_of(PAINT_DIM), "%llu is not remembered any more",
		              (unsigned long long)tui->flows.list.rows[row].id);
	}
	if (is_chosen)
		canvas_mark(canvas, line, LOOK_REVERSE);
}
