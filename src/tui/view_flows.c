/* view_flows.c: the list of flows, a line each: both ends' states and how they got there. */

#include <string.h>

#include "report/where.h"
#include "tui/flows_parts.h"

enum { WHEEL_ROWS = 3 };

/* ---- life ---- */

static uint32_t usual_columns(void)
{
	uint32_t shown = 0;
	size_t count;
	const struct flows_column *columns = flows_columns(&count);

	for (size_t i = 0; i < count; i++)
		shown |= columns[i].is_usual ? UINT32_C(1) << i : 0;
	return shown;
}

int flows_begin(struct tui *tui, const char *where, struct error *err)
{
	struct view_flows *flows = &tui->flows;
	struct text words = text_over(flows->where_words, sizeof(flows->where_words));

	flows->shown = usual_columns();
	flows->hide_after = -1;
	if (!where || where[strspn(where, " ")] == '\0')
		return 0;
	text_add(&words, where);
	flows->where = where_new(where, err);
	return flows->where ? 0 : -1;
}

static void flows_free(struct tui *tui)
{
	flows_list_free(&tui->flows.list);
	where_free(tui->flows.where);
}

/* ---- drawing ---- */

/* An empty list says why it is empty. */
static const char *why_empty(const struct tui *tui)
{
	const struct scene *scene = &tui->scene;

	if (scene->replay && scene->replay->segments == 0 && scene->replay->loaded >= 1000)
		return scene->filter[0] != '\0' ? "nothing passes the capture filter (B changes it)"
		                                : "there is neither TCP nor UDP in it";
	if (tui->roll.count == 0 && tui->scene.ended)
		return tui->scene.ended;
	if (tui->roll.count == 0)
		return tui->options.lab ? "no connections yet (L: the lab makes some)"
		                        : "no connections yet";
	return tui->flows.where ? "no connection is as the filter wants it (/ changes it)"
	                        : "all connections are closed, and hidden (H)";
}

static void flows_draw(struct tui *tui, struct canvas *canvas, struct area area)
{
	const struct flows_list *list = &tui->flows.list;
	struct flows_layout layout;
	size_t top, at, height = flows_height(area);

	flows_refresh(tui);
	flows_lay_out(tui, area, &layout);
	top = flows_top(tui, area);
	at = flows_at(tui);
	if (tui->flows.follows && list->count > 0)
		tui->selected = list->rows[at].id;
	for (size_t i = 0; i < height && top + i < list->count; i++) {
		struct area line = { area.row + (int)i + (area.rows > 1), area.column, 1,
			             area.columns };

		flows_draw_line(tui, canvas, line, &layout, top + i, top + i == at);
	}
	if (area.rows > 1)
		flows_draw_heads(tui, canvas,
		                 (struct area){ area.row, area.column, 1, area.columns }, &layout);
	if (list->count == 0)
		canvas_put(canvas, area.row + 1 + area.rows / 4, area.column + 3, area.columns - 3,
		           look_of(PAINT_DIM), why_empty(tui));
	if (tui->flows.chooser != CHOOSER_NONE)
		flows_chooser_draw(tui, canvas, area);
}

void flows_add_summary(struct text *text, const struct tui *tui)
{
	const struct view_flows *flows = &tui->flows;

	if (flows->is_frozen)
		text_add(text, "FROZEN  ");
	else if (flows->follows)
		text_add(text, "newest  ");
	if (flows->where) {
		text_add(text, "/");
		text_add(text, flows->where_words);
		text_add(text, "  ");
	}
	text_format(text, "%zu of %zu flow%s", flows->list.count, tui->roll.count,
	            tui->roll.count == 1 ? "" : "s");
}

/* ---- keys ---- */

static unsigned flows_places(const struct tui *tui)
{
	return tui->flows.chooser != CHOOSER_NONE ? IN_CHOOSER : IN_FLOWS;
}

/* Down from the last row stays there; the rest is flows_go's. */
static void move(struct tui *tui, long by)
{
	long to = (long)flows_at(tui) + by;

	flows_go(tui, to > 0 ? (size_t)to : 0);
}

static long page_of(const struct tui *tui)
{
	size_t height = flows_height(tui->body);

	return height > 1 ? (long)height - 1 : 1;
}

static void open_flow(struct tui *tui)
{
	flows_go(tui, flows_at(tui));
	if (flows_flow(tui, flows_at(tui)))
		tui_enter(tui, VIEW_FLOW);
	else
		tui_say(tui, "there is no connection to open");
}

/* What stands still has no newest, and the other way round. */
static void follow(struct tui *tui)
{
	struct view_flows *flows = &tui->flows;
	bool follows = !flows->follows && !flows->is_frozen;

	flows_go(tui, flows_at(tui));
	flows->follows = follows;
	tui_say(tui, flows->follows ? "the cursor follows the newest" : "the cursor stays");
}

static void freeze(struct tui *tui)
{
	struct view_flows *flows = &tui->flows;

	flows_go(tui, flows_at(tui));
	flows->is_frozen = !flows->is_frozen;
	tui_say(tui, flows->is_frozen ? "the rows stay as they are" : "the rows go on");
}

static void mark(struct tui *tui)
{
	size_t at = flows_at(tui);

	if (!flows_flow(tui, at))
		return;
	flows_toggle_mark(tui, tui->flows.list.rows[at].id);
	flows_go(tui, at + 1);
}

static void turn_order(struct tui *tui)
{
	flows_sort_by(tui, tui->flows.sort);
}

/* The head that was clicked sorts; a row is selected. */
static bool click(struct tui *tui, const struct key *key)
{
	struct flows_layout layout;
	size_t row = flows_top(tui, tui->body) + (size_t)(key->row - tui->body.row - 1);

	if (key->row < tui->body.row || key->row >= tui->body.row + tui->body.rows)
		return false;
	if (key->row > tui->body.row) {
		if (row >= tui->flows.list.count)
			return false;
		flows_go(tui, row);
		return true;
	}
	flows_lay_out(tui, tui->body, &layout);
	for (int i = 0; i < layout.count; i++) {
		int column = key->column - layout.cells[i].column;

		if (column >= 0 && column <= layout.cells[i].columns)
			flows_sort_by(tui, layout.cells[i].number);
	}
	return false;
}

/* Where the cursor goes. */
static bool act_moving(struct tui *tui, enum action action, const struct key *key)
{
	bool is_wheel = key->code == KEY_CODE_WHEEL_UP || key->code == KEY_CODE_WHEEL_DOWN;
	long rows = is_wheel ? WHEEL_ROWS : 1;

	switch (action) {
	case ACTION_UP:
		move(tui, -rows);
		return true;
	case ACTION_DOWN:
		move(tui, rows);
		return true;
	case ACTION_PAGE_UP:
		move(tui, -page_of(tui));
		return true;
	case ACTION_PAGE_DOWN:
		move(tui, page_of(tui));
		return true;
	case ACTION_FIRST:
		flows_go(tui, 0);
		return true;
	case ACTION_LAST:
		flows_go(tui, tui->flows.list.count);
		return true;
	case ACTION_SEARCH_NEXT:
		flows_search_next(tui, key->code == 'N');
		return true;
	default:
		return false;
	}
}

static void choose_sort(struct tui *tui)
{
	flows_choose(tui, CHOOSER_SORT);
}

static void choose_columns(struct tui *tui)
{
	flows_choose(tui, CHOOSER_COLUMNS);
}

static void save_packets(struct tui *tui)
{
	flows_go(tui, flows_at(tui));
	flows_ask_packets(tui);
}

static void save_ladder(struct tui *tui)
{
	flows_go(tui, flows_at(tui));
	flows_ask_ladder(tui);
}

/* clang-format off */
static const struct {
	enum action action;
	void (*act)(struct tui *tui);
} acts[] = {
	{ ACTION_OPEN,           open_flow },
	{ ACTION_FILTER,         flows_ask_filter },
	{ ACTION_SEARCH,         flows_ask_search },
	{ ACTION_SORT,           choose_sort },
	{ ACTION_SORT_BACKWARDS, turn_order },
	{ ACTION_COLUMNS,        choose_columns },
	{ ACTION_FOLLOW,         follow },
	{ ACTION_FREEZE,         freeze },
	{ ACTION_MARK,           mark },
	{ ACTION_HIDE_CLOSED,    flows_ask_hiding },
	{ ACTION_SAVE_PACKETS,   save_packets },
	{ ACTION_SAVE_LADDER,    save_ladder },
};
/* clang-format on */

static bool is_row(const struct flows_list *list, size_t at, uint64_t id)
{
	return at < list->count && list->rows[at].id == id;
}

/*
 * All views speak of the flow under the cursor, even where it never was moved; of one that has no
 * row nobody would know. What a replay forgot is selected again once it is told again.
 */
static void select_what_is_seen(struct tui *tui)
{
	const struct flows_list *list = &tui->flows.list;
	size_t at = flows_at(tui);

	if (is_row(list, at, tui->selected) ||
	    (tui->selected != 0 && !tui_flow(tui, tui->selected)))
		return;
	tui->selected = 0;
	if (!tui->flows.follows)
		flows_go(tui, at);
	else if (list->count > 0)
		tui->selected = list->rows[at].id;
}

static bool flows_act(struct tui *tui, enum action action, const struct key *key)
{
	flows_refresh(tui);
	select_what_is_seen(tui);
	if (tui->flows.chooser != CHOOSER_NONE)
		return flows_chooser_act(tui, action, key);
	if (key->code == KEY_CODE_CLICK)
		return click(tui, key);
	if (key->code == KEY_CODE_DOUBLE_CLICK && !click(tui, key))
		return true;
	if (act_moving(tui, action, key))
		return true;
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (acts[i].action != action)
			continue;
		acts[i].act(tui);
		return true;
	}
	return false;
}

const struct view flows_view = {
	.name = "flows",
	.places = flows_places,
	.draw = flows_draw,
	.act = flows_act,
	.free = flows_free,
};
