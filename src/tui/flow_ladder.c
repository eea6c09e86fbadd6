/* flow_ladder.c: the ladder on a canvas, with the state bars of both ends running down it. */
#include "tui/flow_walk.h"

#include <string.h>

#include "base/time.h"
#include "packet/address.h"

void flow_add_time(struct text *text, const struct sight *sight, int64_t time, int64_t before)
{
	char storage[48];
	struct text date = text_over(storage, sizeof storage);

	switch (sight->view->times) {
	case TIMES_DELTA:
		ladder_add_time(text, before == TIME_NONE ? 0 : time_between(before, time));
		return;
	case TIMES_ABSOLUTE:
		time_add_date(&date, time, 6);
		text_add(text, strchr(storage, ' ') ? strchr(storage, ' ') + 1 : storage);
		return;
	default:
		ladder_add_time(text, time_between(sight->start, time));
	}
}

static void time_draw(const struct pass *pass, const struct ladder_line *line, int row)
{
	const struct layout *layout = pass->layout;
	char storage[48];
	struct text text = text_over(storage, sizeof storage);

	if (line->time == TIME_NONE || layout->time_columns == 0)
		return;
	flow_add_time(&text, pass->sight, line->time, pass->before);
	if (pass->sight->view->times == TIMES_ABSOLUTE)
		canvas_put(pass->canvas, row, layout->time, layout->time_columns,
		           look_of(PAINT_PLAIN), storage);
	else
		canvas_put_right(pass->canvas, row, layout->time, layout->time_columns,
		                 look_of(PAINT_PLAIN), storage);
}

static bool end_exists(const struct ladder_end *end)
{
	return end->state != ST_UNKNOWN && end->state != ST_CLOSED;
}

/* Solid when proven, dotted while presumed, thin where there is no socket. */
static void bar_draw(const struct pass *pass, const struct ladder_end *end, int row, int column)
{
	uint32_t glyph = !end_exists(end) ? 0x2502 : end->is_presumed ? 0x2506 : 0x2503;

	canvas_glyph(pass->canvas, row, column, glyph,
	             look_of(end_exists(end) ? state_paint(end->state) : PAINT_DIM));
}

static void state_draw(const struct pass *pass, const struct ladder_line *line, enum side side,
                       int row)
{
	const struct layout *layout = pass->layout;
	const struct ladder_end *end = &line->ends[side];
	char storage[32];
	struct text text = text_over(storage, sizeof storage);
	struct look look = look_of(end->is_presumed ? PAINT_DIM : state_paint(end->state));

	if (!end->is_new || layout->state_columns == 0)
		return;
	text_add(&text, state_name(end->state));
	if (end->is_doubtful)
		text_add_char(&text, '?');
	if (side == CLIENT)
		canvas_put_right(pass->canvas, row, layout->states, layout->state_columns, look,
		                 storage);
	else
		canvas_put(pass->canvas, row, layout->right + 2, layout->state_columns, look,
		           storage);
}

static void ends_draw(const struct pass *pass, const struct ladder_line *line, int row)
{
	if (pass->sight->flow->key.protocol == PROTOCOL_TCP) {
		bar_draw(pass, &line->ends[CLIENT], row, pass->layout->left);
		bar_draw(pass, &line->ends[SERVER], row, pass->layout->right);
	} else {
		canvas_glyph(pass->canvas, row, pass->layout->left, 0x2502, look_of(PAINT_DIM));
		canvas_glyph(pass->canvas, row, pass->layout->right, 0x2502, look_of(PAINT_DIM));
	}
}

static void arrow_draw(const struct pass *pass, const struct ladder_line *line, int row)
{
	const struct layout *layout = pass->layout;
	int columns = layout->arrow_columns;
	int lead = columns < 24 ? 1 : 2;
	int room = columns - 2 * lead - 3;
	struct area shaft = { row, layout->arrow, 1, columns };
	bool goes_right = line->side == CLIENT;
	char words[LADDER_WORDS_MOST];
	struct text text = text_over(words, sizeof words);
	struct ladder_label label;
	struct look look;

	ladder_label_of(&label, line);
	look = look_of(tone_paint(label.tone));
	canvas_fill(pass->canvas, shaft, line->is_heavy ? 0x2550 : 0x2500, look);
	canvas_glyph(pass->canvas, row, goes_right ? layout->right - 1 : layout->arrow,
	             goes_right ? 0x25b6 : 0x25c0, look);
	if (room < 1)
		return;
	text_add_char(&text, ' ');
	ladder_label_add(&text, &label, (size_t)room, canvas_is_ascii(pass->canvas));
	text_add_char(&text, ' ');
	canvas_put(pass->canvas, row, layout->arrow + lead + (goes_right ? 0 : 1), room + 2, look,
	           words);
}

/* Cursor and marks stand in a column of their own. */
static void gutter_draw(const struct pass *pass, const struct ladder_line *line, int row)
{
	const struct view_flow *view = pass->sight->view;
	struct area whole = { row, pass->layout->area.column, 1, pass->layout->area.columns };
	bool is_cursor =
		pass->is_found && line_is_selectable(line) && pass->lines == pass->cursor_line;

	for (size_t i = line->first; i < line->first + line->count; i++) {
		const struct step *step = &pass->sight->rungs[i].step;
		bool is_marked = step->segment.frame == view->marks[0] ||
		                 step->segment.frame == view->marks[1];

		if (is_marked && (line->kind != LADDER_ARROW || step->side == line->side))
			canvas_glyph(pass->canvas, row, whole.column, '*', look_of(PAINT_KEY));
	}
	if (!is_cursor)
		return;
	if (canvas_cell(pass->canvas, row, whole.column).glyph == 0)
		canvas_glyph(pass->canvas, row, whole.column, 0x25b8, look_of(PAINT_PLAIN));
	canvas_mark(pass->canvas, whole, LOOK_REVERSE);
}

/* Row `number` of the line's words. */
static void words_draw(const struct pass *pass, const struct ladder_line *line, int number, int row)
{
	const struct layout *layout = pass->layout;
	int columns = line_columns(layout, line);
	const char *words = line->words;
	char storage[LADDER_WORDS_MOST];
	struct text text = text_over(storage, sizeof storage);

	for (int i = 0; i <= number; i++)
		text_take_line(&text, &words, (size_t)columns);
	canvas_put(pass->canvas, row,
	           line->kind == LADDER_REMARK ? layout->states : layout->arrow + 1, columns,
	           look_of(tone_paint(line->tone)), storage);
}

static void row_draw(const struct pass *pass, const struct ladder_line *line, int number, int row)
{
	if (line->kind != LADDER_REMARK)
		ends_draw(pass, line, row);
	if (line->kind == LADDER_ARROW)
		arrow_draw(pass, line, row);
	else if (line->kind != LADDER_ORIGIN)
		words_draw(pass, line, number, row);
	if (number > 0)
		return;
	time_draw(pass, line, row);
	state_draw(pass, line, CLIENT, row);
	state_draw(pass, line, SERVER, row);
	gutter_draw(pass, line, row);
}

static void take_drawing(struct pass *pass, const struct ladder_line *line)
{
	const struct area *area = &pass->layout->area;
	int rows = line_rows(pass->layout, line);

	for (int number = 0; number < rows; number++, pass->rows++) {
		int row = pass->rows - pass->top;

		if (row >= 0 && row < area->rows)
			row_draw(pass, line, number, area->row + row);
	}
}

static void heads_draw(const struct sight *sight, const struct layout *layout,
                       struct canvas *canvas, int row)
{
	static const char *const times[] = { "time", "delta", "time, UTC" };
	const struct flow_key *key = &sight->flow->key;
	char names[2][80];
	int from = layout->states;
	int room = layout->right + 1 + layout->state_columns - from;

	for (int side = CLIENT; side <= SERVER; side++) {
		struct text text = text_over(names[side], sizeof names[side]);

		address_add_port(&text, (enum family)key->family, &key->address[side],
		                 key->port[side]);
	}
	if ((int)(strlen(names[CLIENT]) + strlen(names[SERVER])) + 2 > room) {
		strcpy(names[CLIENT], "client");
		strcpy(names[SERVER], "server");
	}
	if (layout->time_columns > 0)
		canvas_put(canvas, row, layout->time, layout->time_columns + 1, look_of(PAINT_HEAD),
		           times[sight->view->times]);
	canvas_put(canvas, row, from, room, look_of(PAINT_HEAD), names[CLIENT]);
	canvas_put_right(canvas, row, from, room, look_of(PAINT_HEAD), names[SERVER]);
}

void flow_ladder_draw(const struct sight *sight, struct canvas *canvas, struct area area)
{
	struct layout layout = layout_of(sight, area);
	struct pass pass = pass_over(sight, &layout);

	if (area.rows <= 0)
		return;
	heads_draw(sight, &layout, canvas, area.row);
	pass_measure(&pass);
	pass.canvas = canvas;
	pass_walk(&pass, take_drawing);
}
