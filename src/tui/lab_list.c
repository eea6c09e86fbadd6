/* lab_list.c: what the lab has: scenarios and services, a head before each. */

#include "tui/inside.h"
#include "tui/lab_parts.h"
#include "tui/shorten.h"
#include "tui/wrap.h"

enum { HEADS = 2, NAME_COLUMN = 3, TAG_LEAST = 5, TAG_MOST = 64 };

size_t lab_count(const struct tui *tui)
{
	return tui->options.lab->count(tui->options.lab->context);
}

struct lab_row lab_row_at(const struct tui *tui, size_t number)
{
	struct lab_row row;

	tui->options.lab->row(tui->options.lab->context, number, &row);
	return row;
}

/* ---- Lines: rows, and the heads before them ---------------------------------------------------- */

static size_t first_service(const struct tui *tui)
{
	size_t count = lab_count(tui), number = 0;

	while (number < count && !lab_row_at(tui, number).is_service)
		number++;
	return number;
}

static int line_of(size_t number, size_t services)
{
	return (int)number + (number < services ? 1 : HEADS);
}

/* False: a head stands there, or nothing. */
static bool number_of(const struct tui *tui, int line, size_t services, size_t *number)
{
	int heads = line > (int)services ? HEADS : 1;

	if (line < 1 || line == (int)services + 1 || line - heads >= (int)lab_count(tui))
		return false;
	*number = (size_t)(line - heads);
	return true;
}

/* ---- Drawing ----------------------------------------------------------------------------------- */

static const char *mark_of(const struct lab_row *row, bool ran)
{
	if (row->is_failed)
		return "✗";
	if (row->is_running)
		return "●";
	return ran ? "✓" : " ";
}

static void draw_row(const struct tui *tui, struct canvas *canvas, struct area line, size_t number)
{
	struct lab_row row = lab_row_at(tui, number);
	const char *tag = row.obstacle != NULL ? row.obstacle : row.place;
	struct look look = look_of(row.obstacle != NULL ? PAINT_DIM : PAINT_PLAIN);
	char storage[TAG_MOST];
	struct text text = text_over(storage, sizeof(storage));
	struct lab_script script;
	int room;

	tui->options.lab->script(tui->options.lab->context, &script);
	if (row.is_running)
		look.marks = LOOK_BOLD;
	canvas_put(canvas, line.row, line.column + 1, 1,
	           look_of(row.is_failed ? PAINT_TROUBLE : PAINT_STRONG),
	           mark_of(&row, script.row == number));
	room = line.columns - NAME_COLUMN - 1;
	room -= canvas_put(canvas, line.row, line.column + NAME_COLUMN, room, look, row.name) + 2;
	if (room >= TAG_LEAST) {
		short_words(&text, tag, (size_t)room);
		canvas_put_right(canvas, line.row, line.column + line.columns - 1 - room, room,
		                 look_of(PAINT_DIM), storage);
	}
	if (number == tui->lab.selected) {
		canvas_put(canvas, line.row, line.column, 1, look_of(PAINT_STRONG), "▸");
		canvas_mark(canvas, line, LOOK_REVERSE);
	}
}

/* The selected row stays in sight, its head too where it is the first one. */
static void scroll(struct tui *tui, struct area area, size_t services)
{
	struct view_lab *view = &tui->lab;
	int lines = (int)lab_count(tui) + HEADS;
	int line = line_of(view->selected, services);
	int first = view->selected == 0 ? 0 : line;

	if (view->top > first)
		view->top = first;
	if (view->top < line - area.rows + 1)
		view->top = line - area.rows + 1;
	if (view->top > lines - area.rows)
		view->top = lines - area.rows;
	if (view->top < 0)
		view->top = 0;
}

void lab_list_draw(struct tui *tui, struct canvas *canvas, struct area area)
{
	size_t services = first_service(tui);

	scroll(tui, area, services);
	for (int i = 0; i < area.rows; i++) {
		struct area line = { area.row + i, area.column, 1, area.columns };
		int number_of_line = tui->lab.top + i;
		size_t number;

		if (number_of(tui, number_of_line, services, &number))
			draw_row(tui, canvas, line, number);
		else if (number_of_line == 0 || number_of_line == (int)services + 1)
			canvas_put(canvas, line.row, line.column + 1, line.columns - 1,
			           look_of(PAINT_HEAD),
			           number_of_line == 0 ? "SCENARIOS" : "SERVICES");
	}
}

void lab_details_draw(const struct tui *tui, struct canvas *canvas, struct area area)
{
	struct area line = { area.row, area.column, 1, area.columns };
	struct lab_row row;
	int used;

	if (area.rows <= 1 || tui->lab.selected >= lab_count(tui))
		return;
	row = lab_row_at(tui, tui->lab.selected);
	canvas_fill(canvas, line, 0x2500, look_of(PAINT_DIM)); /* ─ */
	area = (struct area){ area.row + 1, area.column + 1, area.rows - 1, area.columns - 2 };
	used = wrap_put(canvas, area, look_of(PAINT_PLAIN), row.summary);
	area.row += used;
	area.rows -= used;
	if (row.obstacle != NULL && area.rows > 0)
		wrap_put(canvas, area, look_of(PAINT_TROUBLE), row.obstacle);
}

bool lab_list_at(const struct tui *tui, struct area list, int row, int column, size_t *number)
{
	return row >= list.row && row < list.row + list.rows && column >= list.column &&
	       column < list.column + list.columns &&
	       number_of(tui, tui->lab.top + row - list.row, first_service(tui), number);
}
