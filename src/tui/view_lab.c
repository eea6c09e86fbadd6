/* view_lab.c: scenarios and services to try, and what they do, act by act. */

#include "tui/inside.h"
#include "tui/lab_parts.h"
#include "tui/sought.h"
#include "tui/wrap.h"

enum {
	SIDE_BY_SIDE = 50, /* columns */
	LIST_LEAST = 26,
	LIST_MOST = 44,
	DETAIL_ROWS = 4,
	ROWS_FOR_DETAILS = 10,
	PAGE_OVERLAP = 1,
};

/* ---- Layout ------------------------------------------------------------------------------------ */

static int between(int number, int least, int most)
{
	if (number < least)
		return least;
	return number > most ? most : number;
}

struct lab_layout lab_layout_of(struct area area)
{
	struct lab_layout layout = { .list = area };

	if (area.columns >= SIDE_BY_SIDE) {
		layout.list.columns = between(area.columns * 2 / 5, LIST_LEAST, LIST_MOST);
		layout.rule = (struct area){ area.row, area.column + layout.list.columns,
			                     area.rows, 1 };
		layout.script = area;
		layout.script.column += layout.list.columns + 2;
		layout.script.columns -= layout.list.columns + 3;
	} else if (area.rows >= ROWS_FOR_DETAILS) {
		layout.list.rows = area.rows / 2;
		layout.rule = (struct area){ area.row + layout.list.rows, area.column, 1,
			                     area.columns };
		layout.script = (struct area){ layout.rule.row + 1, area.column + 1,
			                       area.rows - layout.list.rows - 1, area.columns - 2 };
	}
	if (layout.list.rows >= ROWS_FOR_DETAILS) {
		layout.list.rows -= DETAIL_ROWS;
		layout.details = layout.list;
		layout.details.row += layout.list.rows;
		layout.details.rows = DETAIL_ROWS;
	}
	return layout;
}

/* ---- Drawing ----------------------------------------------------------------------------------- */

static void draw_absence(const struct tui *tui, struct canvas *canvas, struct area area)
{
	struct area words = { area.row + 1, area.column + 2, area.rows - 1, area.columns - 4 };

	wrap_put(canvas, words, look_of(PAINT_PLAIN),
	         tui->scene.replay != NULL
	                 ? "The lab makes connections while they are watched: it cannot add to a "
	                   "capture that is played. To try it: shakedown watch -i lo"
	                 : "There is no lab here. To try it: shakedown watch -i lo");
}

static void draw(struct tui *tui, struct canvas *canvas, struct area area)
{
	struct lab_layout layout = lab_layout_of(area);

	if (tui->options.lab == NULL) {
		draw_absence(tui, canvas, area);
		return;
	}
	quiz_observe(tui);
	canvas_fill(canvas, layout.rule, layout.rule.columns == 1 ? 0x2502 : 0x2500,
	            look_of(PAINT_DIM));
	lab_list_draw(tui, canvas, layout.list);
	lab_details_draw(tui, canvas, layout.details);
	lab_script_draw(tui, canvas, layout.script);
}

/* ---- Moving ------------------------------------------------------------------------------------ */

static void move(struct tui *tui, int by)
{
	size_t count = lab_count(tui);
	size_t way = (size_t)(by < 0 ? -by : by);
	size_t *selected = &tui->lab.selected;

	if (by < 0)
		*selected -= way < *selected ? way : *selected;
	else if (count > 0)
		*selected = *selected + way < count ? *selected + way : count - 1;
}

static int page_of(const struct tui *tui)
{
	int rows = lab_layout_of(tui->body).list.rows - PAGE_OVERLAP;

	return rows > 1 ? rows : 1;
}

static bool move_by(struct tui *tui, enum action action)
{
	switch (action) {
	case ACTION_UP:
		move(tui, -1);
		return true;
	case ACTION_DOWN:
		move(tui, 1);
		return true;
	case ACTION_PAGE_UP:
		move(tui, -page_of(tui));
		return true;
	case ACTION_PAGE_DOWN:
		move(tui, page_of(tui));
		return true;
	case ACTION_FIRST:
		tui->lab.selected = 0;
		return true;
	case ACTION_LAST:
		move(tui, (int)lab_count(tui));
		return true;
	default:
		return false;
	}
}

/* What a click is on becomes the selected row. */
static bool click(struct tui *tui, const struct key *key)
{
	struct area list = lab_layout_of(tui->body).list;

	return (key->code == KEY_CODE_CLICK || key->code == KEY_CODE_DOUBLE_CLICK) &&
	       lab_list_at(tui, list, key->row, key->column, &tui->lab.selected);
}

/* ---- Searching --------------------------------------------------------------------------------- */

/* Once around the list, the selected row last. */
static void search_next(struct tui *tui, bool is_backwards)
{
	struct view_lab *view = &tui->lab;
	size_t count = lab_count(tui);

	for (size_t i = 1; i <= count && view->sought[0] != '\0'; i++) {
		size_t number = (view->selected + (is_backwards ? count - i : i)) % count;
		struct lab_row row = lab_row_at(tui, number);

		if (!has_sought(row.name, view->sought) && !has_sought(row.summary, view->sought))
			continue;
		view->selected = number;
		return;
	}
	tui_say(tui, "nothing here says \"%s\"", view->sought);
}

static void search(struct tui *tui, const char *typed)
{
	struct text text = text_over(tui->lab.sought, sizeof(tui->lab.sought));

	text_add(&text, typed);
	if (tui->lab.sought[0] != '\0')
		search_next(tui, false);
}

/* ---- Doing ------------------------------------------------------------------------------------- */

static void run(struct tui *tui, bool stepwise)
{
	const struct lab_port *lab = tui->options.lab;
	struct error err = { .what = "" };

	quiz_end(tui);
	if (lab->run(lab->context, tui->lab.selected, stepwise, &err) < 0)
		tui_complain(tui, &err);
}

/* What is selected; or else the scenario that runs, since nothing else can be meant. */
static void stop(struct tui *tui)
{
	const struct lab_port *lab = tui->options.lab;
	struct lab_row row = lab_row_at(tui, tui->lab.selected);
	struct lab_script script;

	lab->script(lab->context, &script);
	if (row.is_running || script.row == tui->lab.selected)
		lab->stop(lab->context, tui->lab.selected);
	else if (script.row != SIZE_MAX && !script.is_over)
		lab->stop(lab->context, script.row);
	else
		tui_say(tui, "%s does not run", row.name);
}

static void do_next_act(struct tui *tui)
{
	const struct lab_port *lab = tui->options.lab;
	struct lab_script script;

	lab->script(lab->context, &script);
	if (script.row == SIZE_MAX || script.is_over || script.failure[0] != '\0')
		tui_say(tui, "nothing runs: s does this scenario step by step");
	else
		lab->next_act(lab->context);
}

static bool do_act(struct tui *tui, enum action action, const struct key *key)
{
	switch (action) {
	case ACTION_RUN:
	case ACTION_RUN_STEPWISE:
		run(tui, action == ACTION_RUN_STEPWISE);
		return true;
	case ACTION_NEXT_ACT:
		do_next_act(tui);
		return true;
	case ACTION_STOP:
		stop(tui);
		return true;
	case ACTION_PAGE:
		lab_change_group(tui);
		return true;
	case ACTION_QUIZ:
		quiz_begin(tui, tui->lab.selected);
		return true;
	case ACTION_SEARCH:
		tui_ask(tui, "search: ", "", search);
		return true;
	case ACTION_SEARCH_NEXT:
		search_next(tui, key->code == 'N');
		return true;
	default:
		return false;
	}
}

static bool act(struct tui *tui, enum action action, const struct key *key)
{
	bool is_click;

	if (tui->options.lab == NULL || lab_count(tui) == 0)
		return false;
	quiz_observe(tui);
	is_click = click(tui, key);
	if (key->code == KEY_CODE_CLICK || (key->code == KEY_CODE_DOUBLE_CLICK && !is_click))
		return true;
	return quiz_act(tui, action, key) || move_by(tui, action) || do_act(tui, action, key);
}

static unsigned places(const struct tui *tui)
{
	return IN_LAB | (quiz_is_open(&tui->lab.quiz) ? (unsigned)IN_QUIZ : 0U);
}

const struct view lab_view = {
	.name = "lab",
	.places = places,
	.draw = draw,
	.act = act,
};
