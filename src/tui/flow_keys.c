/* flow_keys.c: what keys and clicks do in the view of one flow. */
#include "tui/flow_parts.h"

enum { SCROLL = 3 };

static void move(struct tui *tui, const struct sight *sight, int by)
{
	int plots = flow_plots_count(sight);
	int *first = &tui->flow.first_plot;

	if (!tui->flow.shows_plots) {
		tui->flow.cursor = flow_ladder_move(sight, by);
		return;
	}
	*first = by < -plots ? 0 : by > plots ? plots - 1 : *first + by;
	if (*first >= plots)
		*first = plots - 1;
	if (*first < 0)
		*first = 0;
}

static void mark(struct tui *tui, const struct sight *sight)
{
	struct view_flow *view = &tui->flow;
	struct selection selection;
	uint64_t frame;

	if (view->shows_plots || !flow_ladder_selection(sight, &selection))
		return;
	frame = sight->rungs[selection.rung].step.segment.frame;
	for (int i = 0; i < FLOW_MARKS; i++) {
		if (view->marks[i] == frame) {
			view->marks[i] = view->marks[1];
			view->marks[1] = 0;
			return;
		}
	}
	if (view->marks[0] == 0) {
		view->marks[0] = frame;
		return;
	}
	if (view->marks[1] != 0)
		view->marks[0] = view->marks[1];
	view->marks[1] = frame;
}

static bool click(struct tui *tui, const struct sight *sight, const struct key *key)
{
	struct area area = tui->body;
	struct area pane;
	uint64_t frame;

	if (tui->flow.shows_plots)
		return false;
	flow_heads_take(sight, NULL, &area);
	area = flow_ladder_area(sight, area, &pane);
	if (key->column < area.column || key->column >= area.column + area.columns)
		return false;
	frame = flow_ladder_at(sight, area, key->row - area.row);
	if (frame == 0)
		return false;
	tui->flow.cursor = frame;
	tui->flow.cursor = flow_ladder_move(sight, 0);
	return true;
}

static bool mouse(struct tui *tui, const struct sight *sight, const struct key *key)
{
	switch (key ? key->code : KEY_CODE_NONE) {
	case KEY_CODE_WHEEL_UP:
		move(tui, sight, -SCROLL);
		return true;
	case KEY_CODE_WHEEL_DOWN:
		move(tui, sight, SCROLL);
		return true;
	case KEY_CODE_CLICK:
	case KEY_CODE_DOUBLE_CLICK:
		return click(tui, sight, key);
	default:
		return false;
	}
}

/* How many segments the action moves the cursor by; 0: it does not move it. */
static int step_of_action(const struct tui *tui, enum action action)
{
	int page = tui->flow.page > 1 ? tui->flow.page - 1 : 1;

	switch (action) {
	case ACTION_UP:
		return -1;
	case ACTION_DOWN:
		return 1;
	case ACTION_LEFT:
		return tui->flow.shows_plots ? -1 : 0;
	case ACTION_RIGHT:
		return tui->flow.shows_plots ? 1 : 0;
	case ACTION_PAGE_UP:
		return -page;
	case ACTION_PAGE_DOWN:
		return page;
	case ACTION_FIRST:
		return INT32_MIN / 2;
	case ACTION_LAST:
		return INT32_MAX / 2;
	default:
		return 0;
	}
}

static void search(struct tui *tui, bool backwards)
{
	struct view_flow *view = &tui->flow;
	struct sight sight;
	uint64_t frame;

	if (view->wanted[0] == '\0' || !sight_of(tui, &sight, false))
		return;
	frame = flow_ladder_search(&sight, view->wanted, backwards);
	if (frame == 0) {
		tui_say(tui, "nowhere: %s", view->wanted);
		return;
	}
	view->cursor = frame;
	view->cursor = flow_ladder_move(&sight, 0);
}

static void search_done(struct tui *tui, const char *typed)
{
	struct text wanted = text_over(tui->flow.wanted, sizeof tui->flow.wanted);

	text_add(&wanted, typed);
	search(tui, false);
}

static void toggle_detail(struct view_flow *view)
{
	view->detail = view->has_detail ? DETAIL_HIDDEN : DETAIL_SHOWN;
}

static bool act_on_view(struct tui *tui, enum action action)
{
	struct view_flow *view = &tui->flow;

	switch (action) {
	case ACTION_UNFOLD:
		view->is_unfolded = !view->is_unfolded;
		tui_say(tui,
		        view->is_unfolded ? "every segment has its line" : "plain data is folded");
		return true;
	case ACTION_NUMBERS:
		view->has_absolute_numbers = !view->has_absolute_numbers;
		tui_say(tui, view->has_absolute_numbers ? "numbers as on the wire"
		                                        : "numbers count from the SYN");
		return true;
	case ACTION_TIMES:
		view->times = (enum flow_times)((view->times + 1) % TIMES_COUNT);
		return true;
	case ACTION_DETAIL:
		toggle_detail(view);
		return true;
	case ACTION_FOLLOW:
		view->cursor = 0;
		return true;
	case ACTION_SEARCH:
		tui_ask(tui, "search: ", "", search_done);
		return true;
	case ACTION_PAGE:
		view->shows_plots = !view->shows_plots;
		return true;
	default:
		return false;
	}
}

bool flow_act(struct tui *tui, enum action action, const struct key *key)
{
	int by = step_of_action(tui, action);
	struct sight sight;

	flow_begin_anew(tui);
	if (act_on_view(tui, action))
		return true;
	if (action == ACTION_SEARCH_NEXT) {
		search(tui, key && key->code == 'N');
		return true;
	}
	if (action != ACTION_MARK && action != ACTION_NONE && by == 0)
		return false;
	if (!sight_of(tui, &sight, false))
		return false;
	if (action == ACTION_NONE)
		return mouse(tui, &sight, key);
	if (action == ACTION_MARK)
		mark(tui, &sight);
	else
		move(tui, &sight, by);
	return true;
}
