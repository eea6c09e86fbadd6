/* flow_walk.c: walking down the lines of a ladder: rows, cursor, what stands where. */

/*
 * Where the ladder stands is a function of the cursor alone (its line in the
 * middle, or the newest line at the bottom), so that a moment looks the same
 * however it was reached.
 */

#include "tui/flow_walk.h"

#include "base/time.h"

enum {
	TIME_COLUMNS = 9, /* "0.000 129" */
	TIME_FINE = 15,   /* "12:00:04.123456" */
	TIME_COARSE = 12,
	ARROW_LEAST = 14,
	ARROW_MOST = 64,
	WIDE_ENOUGH = 72,
};

/* ---- layout ---- */

static int time_columns(const struct sight *sight, int columns)
{
	char storage[32];
	struct text text = text_over(storage, sizeof storage);
	int64_t last = sight->start;

	if (sight->view->times == TIMES_ABSOLUTE)
		return columns < WIDE_ENOUGH ? TIME_COARSE : TIME_FINE;
	if (sight->count > 0)
		last = sight->rungs[sight->count - 1].step.segment.time;
	ladder_add_time(&text, time_between(sight->start, last));
	return (int)text.length > TIME_COLUMNS ? (int)text.length : TIME_COLUMNS;
}

/* Where room is short the states go first, then the time: arrows are what a ladder is. */
struct layout layout_of(const struct sight *sight, struct area area)
{
	struct layout layout = { .area = area, .time = area.column + 1 };
	bool has_states = sight->flow->key.protocol == PROTOCOL_TCP;
	int at;

	layout.time_columns = time_columns(sight, area.columns);
	layout.state_columns = has_states ? STATE_COLUMNS : 0;
	if (area.columns < layout.time_columns + 2 * layout.state_columns + ARROW_LEAST + 6)
		layout.state_columns = 0;
	if (area.columns < layout.time_columns + ARROW_LEAST + 6)
		layout.time_columns = 0;
	at = layout.time + (layout.time_columns > 0 ? layout.time_columns + 1 : 0);
	layout.states = at;
	layout.left = at + (layout.state_columns > 0 ? layout.state_columns + 1 : 0);
	layout.arrow = layout.left + 1;
	at = area.column + area.columns - layout.arrow - 1;
	layout.arrow_columns = at - (layout.state_columns > 0 ? layout.state_columns + 1 : 0);
	if (layout.arrow_columns > ARROW_MOST)
		layout.arrow_columns = ARROW_MOST;
	if (layout.arrow_columns < 1)
		layout.arrow_columns = 1;
	layout.right = layout.arrow + layout.arrow_columns;
	layout.area.row++;
	layout.area.rows--;
	return layout;
}

/* ---- walking ---- */

bool line_is_selectable(const struct ladder_line *line)
{
	return line->count > 0;
}

/* The first rung that the line is made of. */
size_t line_rung(const struct sight *sight, const struct ladder_line *line)
{
	size_t rung = line->first;

	while (line->kind == LADDER_ARROW && rung + 1 < line->first + line->count &&
	       sight->rungs[rung].step.side != line->side)
		rung++;
	return rung;
}

static bool has_cursor(const struct pass *pass, const struct ladder_line *line)
{
	size_t cursor = pass->cursor;

	if (cursor >= pass->sight->count || cursor < line->first ||
	    cursor >= line->first + line->count)
		return false;
	return line->kind != LADDER_ARROW || pass->sight->rungs[cursor].step.side == line->side;
}

static int wrapped_rows(const char *words, int columns)
{
	char storage[LADDER_WORDS_MOST];
	struct text text = text_over(storage, sizeof storage);
	int rows = 0;

	while (text_take_line(&text, &words, (size_t)columns))
		rows++;
	return rows;
}

int line_columns(const struct layout *layout, const struct ladder_line *line)
{
	if (line->kind == LADDER_REMARK)
		return layout->right - layout->states + 1 + layout->state_columns;
	return layout->arrow_columns > 3 ? layout->arrow_columns - 1 : 1;
}

int line_rows(const struct layout *layout, const struct ladder_line *line)
{
	if (line->kind == LADDER_ORIGIN || line->kind == LADDER_ARROW)
		return 1;
	return wrapped_rows(line->words, line_columns(layout, line));
}

static void pass_line(void *context, const struct ladder_line *line)
{
	struct pass *pass = context;

	pass->take(pass, line);
	if (line_is_selectable(line)) {
		pass->before = line->time;
		pass->lines++;
	}
}

void pass_walk(struct pass *pass, line_taker *take)
{
	const struct sight *sight = pass->sight;

	pass->take = take;
	pass->before = TIME_NONE;
	pass->lines = pass->rows = 0;
	ladder_lines(&sight->page, sight->flow, sight->rungs, sight->count, &sight->options,
	             pass_line, pass);
}

struct pass pass_over(const struct sight *sight, const struct layout *layout)
{
	struct pass pass = { .sight = sight, .layout = layout, .cursor = sight->count };

	if (sight->view->cursor != 0)
		pass.cursor = sight_rung(sight, sight->view->cursor);
	return pass;
}

/* Rows and lines, and where the cursor is among them; without one it is the last line. */
static void take_measure(struct pass *pass, const struct ladder_line *line)
{
	bool is_newest = pass->cursor >= pass->sight->count && line_is_selectable(line);

	if (is_newest || has_cursor(pass, line)) {
		pass->cursor_line = pass->lines;
		pass->cursor_row = pass->rows;
		pass->selection.first = line->first;
		pass->selection.count = line->count;
		pass->selection.side = line->side;
		pass->selection.rung = line_rung(pass->sight, line);
		pass->is_found = true;
	}
	if (pass->layout)
		pass->rows += line_rows(pass->layout, line);
}

void pass_measure(struct pass *pass)
{
	int rows;

	pass_walk(pass, take_measure);
	if (!pass->layout)
		return;
	rows = pass->layout->area.rows;
	pass->top = pass->rows - rows;
	if (pass->cursor < pass->sight->count && pass->cursor_row - rows / 2 < pass->top)
		pass->top = pass->cursor_row - rows / 2;
	if (pass->top < 0)
		pass->top = 0;
}

/* ---- finding lines ---- */

static void take_number(struct pass *pass, const struct ladder_line *line)
{
	if (!line_is_selectable(line) || pass->lines != pass->wanted)
		return;
	pass->selection.rung = line_rung(pass->sight, line);
	pass->is_found = true;
}

static void take_row(struct pass *pass, const struct ladder_line *line)
{
	int rows = line_rows(pass->layout, line);

	if (line_is_selectable(line) && pass->wanted >= pass->rows &&
	    pass->wanted < pass->rows + rows) {
		pass->selection.rung = line_rung(pass->sight, line);
		pass->is_found = true;
	}
	pass->rows += rows;
}

static uint64_t frame_found(const struct pass *pass)
{
	return pass->is_found ? pass->sight->rungs[pass->selection.rung].step.segment.frame : 0;
}

uint64_t pass_frame(struct pass *pass, int wanted)
{
	pass->wanted = wanted;
	pass->is_found = false;
	pass_walk(pass, take_number);
	return frame_found(pass);
}

uint64_t flow_ladder_move(const struct sight *sight, int by)
{
	struct pass pass = pass_over(sight, NULL);
	int64_t wanted;

	pass_measure(&pass);
	wanted = (int64_t)pass.cursor_line + by;
	if (!pass.is_found || wanted >= pass.lines - 1)
		return 0;
	return pass_frame(&pass, wanted < 0 ? 0 : (int)wanted);
}

uint64_t flow_ladder_at(const struct sight *sight, struct area area, int row)
{
	struct layout layout = layout_of(sight, area);
	struct pass pass = pass_over(sight, &layout);

	if (row < 1 || row >= area.rows)
		return 0;
	pass_measure(&pass);
	pass.wanted = pass.top + row - 1;
	pass.is_found = false;
	pass_walk(&pass, take_row);
	return frame_found(&pass);
}

bool flow_ladder_selection(const struct sight *sight, struct selection *selection)
{
	struct pass pass = pass_over(sight, NULL);

	pass_measure(&pass);
	*selection = pass.selection;
	return pass.is_found;
}
