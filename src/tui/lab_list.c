/* lab_list.c: what the lab has: scenarios and services, a head above each. */

/*
 * There are many scenarios and few services: where not all have room, each group scrolls by itself,
 * so that both are seen; where there is little room, only the group of the selected row is.
 */

#include "tui/inside.h"
#include "tui/lab_parts.h"
#include "tui/shorten.h"
#include "tui/wrap.h"

enum { NAME_COLUMN = 3, TAG_LEAST = 5, TAG_MOST = 64, ROWS_FOR_BOTH = 10 };

enum group_kind { SCENARIOS, SERVICES, GROUPS };

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

/* ---- Groups ------------------------------------------------------------------------------------ */

struct group {
	size_t first, count; /* rows of the port's list */
	struct area area;    /* its head is the first line; no rows: out of sight */
};

static size_t first_service(const struct tui *tui)
{
	size_t count = lab_count(tui), number = 0;

	while (number < count && !lab_row_at(tui, number).is_service)
		number++;
	return number;
}

static enum group_kind group_of(const struct group groups[GROUPS], size_t number)
{
	return number < groups[SERVICES].first ? SCENARIOS : SERVICES;
}

static int at_most(int number, int most)
{
	return number < most ? number : most;
}

/* Rows of the area that are the services'. */
static int rows_of_services(const struct tui *tui, const struct group groups[GROUPS], int rows)
{
	int services = (int)groups[SERVICES].count + 1,
	    scenarios = (int)groups[SCENARIOS].count + 1;

	if (rows < ROWS_FOR_BOTH && rows < services + scenarios)
		return group_of(groups, tui->lab.selected) == SERVICES ? rows : 0;
	if (rows - scenarios >= services)
		return rows - scenarios;
	return at_most(services, rows / 2);
}

static void groups_find(const struct tui *tui, struct area area, struct group groups[GROUPS])
{
	size_t services = first_service(tui);
	int rows;

	groups[SCENARIOS] = (struct group){ 0, services, area };
	groups[SERVICES] = (struct group){ services, lab_count(tui) - services, area };
	rows = rows_of_services(tui, groups, area.rows);
	groups[SCENARIOS].area.rows -= rows;
	groups[SERVICES].area.row += area.rows - rows;
	groups[SERVICES].area.rows = rows;
}

void lab_change_group(struct tui *tui)
{
	size_t services = first_service(tui), before = tui->lab.selected;
	bool to_services = before < services;
	size_t to = tui->lab.other;

	if (services == lab_count(tui))
		return;
	if ((to < services) == to_services)
		to = to_services ? services : 0;
	tui->lab.selected = to;
	tui->lab.other = before;
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
	const char *tag = row.obstacle != NULL ? row.brief : row.place;
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

static size_t height_of(const struct group *group)
{
	return group->area.rows > 1 ? (size_t)group->area.rows - 1 : 0;
}

/* The selected row stays in sight; nothing is left empty that could be filled. */
static size_t top_of(const struct group *group, size_t top, size_t selected)
{
	size_t height = height_of(group);
	size_t at = selected - group->first;

	if (selected >= group->first && at < group->count) {
		if (top > at)
			top = at;
		if (top + height <= at)
			top = at + 1 - height;
	}
	if (top + height > group->count)
		top = group->count > height ? group->count - height : 0;
	return top;
}

static void draw_group(const struct tui *tui, struct canvas *canvas, const struct group *group,
                       const char *head, size_t top)
{
	struct area line = group->area;

	if (line.rows <= 0)
		return;
	line.rows = 1;
	canvas_put(canvas, line.row, line.column + 1, line.columns - 1, look_of(PAINT_HEAD), head);
	for (size_t i = 0; i < height_of(group) && top + i < group->count; i++) {
		line.row++;
		draw_row(tui, canvas, line, group->first + top + i);
	}
}

void lab_list_draw(struct tui *tui, struct canvas *canvas, struct area area)
{
	static const char *const heads[] = { [SCENARIOS] = "SCENARIOS", [SERVICES] = "SERVICES" };
	struct group groups[GROUPS];

	groups_find(tui, area, groups);
	for (int i = 0; i < GROUPS; i++) {
		size_t *top = &tui->lab.tops[i];

		*top = top_of(&groups[i], *top, tui->lab.selected);
		draw_group(tui, canvas, &groups[i], heads[i], *top);
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
	struct group groups[GROUPS];

	if (column < list.column || column >= list.column + list.columns)
		return false;
	groups_find(tui, list, groups);
	for (int i = 0; i < GROUPS; i++) {
		int line = row - groups[i].area.row - 1;
		size_t at = tui->lab.tops[i] + (size_t)(line > 0 ? line : 0);

		if (line < 0 || line + 1 >= groups[i].area.rows || at >= groups[i].count)
			continue;
		*number = groups[i].first + at;
		return true;
	}
	return false;
}
