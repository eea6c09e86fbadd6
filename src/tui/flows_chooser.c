/* flows_chooser.c: a list over the list: what to sort by, which columns to show. */

#include "tui/flows_parts.h"

enum { CHOOSER_COLUMNS_MOST = 64, HEAD_ROOM = 14, MARK_ROOM = 4 };

/* Of numbers the largest is looked for first. The same column once more turns the order around. */
void flows_sort_by(struct tui *tui, size_t number)
{
	struct view_flows *flows = &tui->flows;
	size_t count;
	const struct flows_column *column = &flows_columns(&count)[number];

	if (number == flows->sort)
		flows->is_backwards = !flows->is_backwards;
	else
		flows->is_backwards = column->right && column->order != order_id;
	flows->sort = number;
	flows->list.is_stale = true;
}

void flows_choose(struct tui *tui, enum flows_chooser chooser)
{
	tui->flows.chooser = chooser;
	tui->flows.chosen = chooser == CHOOSER_SORT ? tui->flows.sort : 0;
}

static void toggle(struct tui *tui)
{
	struct view_flows *flows = &tui->flows;
	uint32_t shown = flows->shown ^ UINT32_C(1) << flows->chosen;

	if (shown != 0)
		flows->shown = shown;
	else
		tui_say(tui, "one column must stay");
}

/* The box in the middle of the view, and the first row of the table that it has room for. */
static struct area place(const struct tui *tui, struct area area, size_t *first)
{
	size_t count;
	struct area box = area;
	size_t room;

	flows_columns(&count);
	box.columns = area.columns < CHOOSER_COLUMNS_MOST ? area.columns : CHOOSER_COLUMNS_MOST;
	box.rows = area.rows < (int)count + 2 ? area.rows : (int)count + 2;
	box.row += (area.rows - box.rows) / 2;
	box.column += (area.columns - box.columns) / 2;
	room = box.rows > 3 ? (size_t)box.rows - 2 : 1;
	*first = tui->flows.chosen < room ? 0 : tui->flows.chosen - room + 1;
	return box;
}

/* What has no room is told of in the frame. */
static void draw_rest(struct canvas *canvas, struct area box, size_t first, size_t count)
{
	size_t below = count - first - (size_t)(box.rows - 2);
	char words[48];
	struct text text = text_over(words, sizeof(words));

	if (first > 0)
		text_format(&text, " %zu more above", first);
	if (below > 0)
		text_format(&text, "%s %zu more below", first > 0 ? "," : "", below);
	if (words[0] == '\0' || (int)text.length + 4 > box.columns)
		return;
	text_add_char(&text, ' ');
	canvas_put(canvas, box.row + box.rows - 1, box.column + 2, box.columns - 4,
	           look_of(PAINT_PLAIN), words);
}

static void draw_row(const struct tui *tui, struct canvas *canvas, struct area line, size_t number)
{
	size_t count;
	const struct flows_column *column = &flows_columns(&count)[number];
	const struct view_flows *flows = &tui->flows;
	const char *mark = "";

	if (flows->chooser == CHOOSER_COLUMNS)
		mark = flows->shown >> number & 1 ? "[x]" : "[ ]";
	else if (number == flows->sort)
		mark = flows->is_backwards ? " ▼" : " ▲";
	canvas_put(canvas, line.row, line.column, line.columns, look_of(PAINT_KEY), mark);
	canvas_put(canvas, line.row, line.column + MARK_ROOM, line.columns - MARK_ROOM,
	           look_of(PAINT_STRONG), column->head);
	canvas_put(canvas, line.row, line.column + MARK_ROOM + HEAD_ROOM,
	           line.columns - MARK_ROOM - HEAD_ROOM, look_of(PAINT_PLAIN),
	           flows_column_meaning(column));
	if (number == flows->chosen)
		canvas_mark(canvas, line, LOOK_REVERSE);
}

void flows_chooser_draw(const struct tui *tui, struct canvas *canvas, struct area area)
{
	size_t first, count;
	struct area box = place(tui, area, &first);

	flows_columns(&count);
	canvas_fill(canvas, box, ' ', look_of(PAINT_PLAIN));
	canvas_box(canvas, box, look_of(PAINT_PLAIN),
	           tui->flows.chooser == CHOOSER_SORT ? "sort by" : "columns");
	for (int i = 0; i < box.rows - 2 && first + (size_t)i < count; i++) {
		struct area line = { box.row + 1 + i, box.column + 2, 1, box.columns - 4 };

		draw_row(tui, canvas, line, first + (size_t)i);
	}
	if (box.rows > 2)
		draw_rest(canvas, box, first, count);
}

static void move(struct tui *tui, long by)
{
	size_t count;
	long to = (long)tui->flows.chosen + by;

	flows_columns(&count);
	tui->flows.chosen = to < 0 ? 0 : to >= (long)count ? count - 1 : (size_t)to;
}

static void take(struct tui *tui)
{
	if (tui->flows.chooser == CHOOSER_COLUMNS) {
		toggle(tui);
		return;
	}
	flows_sort_by(tui, tui->flows.chosen);
	tui->flows.chooser = CHOOSER_NONE;
}

/* A click chooses; one beside the box closes it. */
static void click(struct tui *tui, const struct key *key)
{
	size_t first, count;
	struct area box = place(tui, tui->body, &first);
	int row = key->row - box.row - 1;

	flows_columns(&count);
	if (key->row < box.row || key->row >= box.row + box.rows || key->column < box.column ||
	    key->column >= box.column + box.columns) {
		tui->flows.chooser = CHOOSER_NONE;
	} else if (row >= 0 && row < box.rows - 2 && first + (size_t)row < count) {
		tui->flows.chosen = first + (size_t)row;
		take(tui);
	}
}

bool flows_chooser_act(struct tui *tui, enum action action, const struct key *key)
{
	enum { PAGE = 8, FAR = 1000 };

	if (key->code == KEY_CODE_CLICK || key->code == KEY_CODE_DOUBLE_CLICK) {
		click(tui, key);
		return true;
	}
	switch (action) {
	case ACTION_UP:
		move(tui, -1);
		return true;
	case ACTION_DOWN:
		move(tui, 1);
		return true;
	case ACTION_PAGE_UP:
		move(tui, -PAGE);
		return true;
	case ACTION_PAGE_DOWN:
		move(tui, PAGE);
		return true;
	case ACTION_FIRST:
		move(tui, -FAR);
		return true;
	case ACTION_LAST:
		move(tui, FAR);
		return true;
	case ACTION_OPEN:
		if (tui->flows.chooser == CHOOSER_SORT)
			take(tui);
		tui->flows.chooser = CHOOSER_NONE;
		return true;
	case ACTION_MARK:
		take(tui);
		return true;
	case ACTION_BACK:
		tui->flows.chooser = CHOOSER_NONE;
		return true;
	default:
		return false;
	}
}
