/* view_flow.c: one flow: its ladder, and a second page of counters and plots. */
#include "tui/view_flow.h"

#include "diagnose/finding.h"
#include "packet/address.h"
#include "tui/flow_parts.h"
#include "tui/wrap.h"

enum {
	WORDS_MOST = 256,
	PANE_BESIDE = 120, /* columns from which the detail pane stands beside the ladder */
	PANE_COLUMNS = 46,
	PANE_BELOW = 28, /* rows from which it stands below without being asked */
	PANE_ROWS = 9,
	PANE_ROWS_MOST = 17, /* more has no detail to fill it */
	LADDER_LEAST = 5,
	LADDER_EXTRAS = 5, /* rows of a short ladder beside its segments: heads, first states, a word at the end */
	FINDING_WRAPS = 18, /* rows from which a finding may take two of them */
};

static enum paint outcome_paint(const struct flow *flow)
{
	switch (flow_severity(flow)) {
	case SEVERITY_FAILURE:
		return PAINT_TROUBLE;
	case SEVERITY_WARNING:
		return PAINT_CLOSING;
	default:
		return PAINT_STRONG;
	}
}

static void title_draw(const struct sight *sight, struct canvas *canvas, struct area area)
{
	const struct flow *flow = sight->flow;
	enum family family = (enum family)flow->key.family;
	char storage[WORDS_MOST];
	struct text text = text_over(storage, sizeof storage);
	int used;

	text_format(&text, " #%llu %s", (unsigned long long)flow->id,
	            flow->key.protocol == PROTOCOL_UDP ? "udp " : "");
	address_add_port(&text, family, &flow->key.address[CLIENT], flow->key.port[CLIENT]);
	text_add(&text, " -> ");
	address_add_port(&text, family, &flow->key.address[SERVER], flow->key.port[SERVER]);
	used = canvas_put(canvas, area.row, area.column, area.columns, look_of(PAINT_STRONG),
	                  storage);
	used += 3;
	if (used < area.columns)
		used += canvas_put(canvas, area.row, area.column + used, area.columns - used,
		                   look_of(outcome_paint(flow)), flow_outcome(flow));
	if (used + 14 < area.columns)
		canvas_put_right(canvas, area.row, area.column, area.columns - 1,
		                 look_of(PAINT_DIM),
		                 sight->view->shows_plots ? "page 2 of 2" : "page 1 of 2");
}

/* The worst that was found, with its frames; false: nothing was. */
static bool finding_of(const struct sight *sight, struct text *text)
{
	const struct finding *found;
	struct evidence evidence = { .count = 0 };

	if (findings_of(sight->flow, &found, 1) == 0)
		return false;
	found->explain(text, sight->flow, &evidence);
	if (evidence.count > 0)
		text_add(text, evidence.count > 1 ? "; frames " : "; frame ");
	for (int i = 0; i < evidence.count; i++)
		text_format(text, "%s%llu", i > 0 ? ", " : "",
		            (unsigned long long)evidence.frames[i]);
	return true;
}

/* The upper rows of the area, which loses them. */
static struct area split_top(struct area *area, int rows)
{
	struct area top = *area;

	top.rows = rows < area->rows ? rows : area->rows;
	area->row += top.rows;
	area->rows -= top.rows;
	return top;
}

/* What a short ladder does not need, too. */
static int pane_rows(const struct sight *sight, int rows)
{
	int wanted = sight->view->detail == DETAIL_SHOWN ? rows / 2 : rows * 2 / 5;
	int left = rows - LADDER_EXTRAS;

	wanted = wanted < PANE_ROWS ? PANE_ROWS : wanted;
	if (left > 0 && sight->count < (size_t)left && wanted < left - (int)sight->count)
		wanted = left - (int)sight->count;
	wanted = wanted > PANE_ROWS_MOST ? PANE_ROWS_MOST : wanted;
	return wanted > rows - LADDER_LEAST ? rows - LADDER_LEAST : wanted;
}

/* Cuts the detail pane off the ladder's area; no rows: it is not shown. */
static struct area pane_of(const struct sight *sight, struct area *ladder)
{
	const struct view_flow *view = sight->view;
	struct area pane = *ladder;
	int rows;

	pane.rows = 0;
	if (view->detail == DETAIL_HIDDEN)
		return pane;
	if (ladder->columns >= PANE_BESIDE) {
		ladder->columns -= PANE_COLUMNS;
		pane.rows = ladder->rows;
		pane.column = ladder->column + ladder->columns;
		pane.columns = PANE_COLUMNS;
		return pane;
	}
	if (view->detail == DETAIL_AUTO && ladder->rows < PANE_BELOW)
		return pane;
	rows = pane_rows(sight, ladder->rows);
	if (rows < 2)
		return pane;
	ladder->rows -= rows;
	pane.row = ladder->row + ladder->rows;
	pane.rows = rows;
	return pane;
}

/* What the ladder and its pane get of the area below the title. */
struct area flow_ladder_area(const struct sight *sight, struct area area, struct area *pane)
{
	*pane = pane_of(sight, &area);
	if ((sight->view->marks[0] || sight->view->marks[1]) && area.rows > LADDER_LEAST)
		area.rows--;
	return area;
}

static void distance_draw(const struct sight *sight, struct canvas *canvas, struct area ladder)
{
	char storage[WORDS_MOST];
	struct text text = text_over(storage, sizeof storage);

	if (!flow_distance(sight, &text))
		return;
	canvas_put(canvas, ladder.row + ladder.rows, ladder.column + 1,
	           ladder.columns > 1 ? ladder.columns - 1 : 0, look_of(PAINT_HEAD), storage);
}

static void ladder_page_draw(struct tui *tui, const struct sight *sight, struct canvas *canvas,
                             struct area area)
{
	struct area pane;
	struct area ladder = flow_ladder_area(sight, area, &pane);

	tui->flow.page = ladder.rows - 1;
	tui->flow.has_detail = pane.rows > 0;
	flow_ladder_draw(sight, canvas, ladder);
	distance_draw(sight, canvas, ladder);
	if (pane.rows > 0)
		flow_detail_draw(sight, canvas, pane, pane.row == ladder.row);
}

static void plots_page_draw(const struct sight *sight, struct canvas *canvas, struct area area)
{
	int most = area.rows > 12 ? area.rows - 7 : area.rows / 2;
	struct area counters = area;

	counters.rows = most < area.rows * 3 / 5 ? most : area.rows * 3 / 5;
	split_top(&area, flow_counters_draw(sight, canvas, counters));
	flow_plots_draw(sight, canvas, area);
}

/* The rows of title and finding, drawn where there is a canvas. */
void flow_heads_take(const struct sight *sight, struct canvas *canvas, struct area *area)
{
	char storage[WORDS_MOST];
	struct text text = text_over(storage, sizeof storage);
	int columns = area->columns > 2 ? area->columns - 2 : 1;
	int most = area->rows > FINDING_WRAPS ? 2 : area->rows > LADDER_LEAST ? 1 : 0;
	struct area heads = split_top(area, 1);
	int rows;

	if (canvas)
		title_draw(sight, canvas, heads);
	if (!finding_of(sight, &text))
		return;
	rows = wrap_rows(storage, columns);
	heads = split_top(area, rows < most ? rows : most);
	heads.column++;
	heads.columns = columns;
	if (canvas)
		wrap_put(canvas, heads, look_of(outcome_paint(sight->flow)), storage);
}

/* A replay went back to before its first segment. */
static bool is_to_come(const struct tui *tui)
{
	const struct roll *roll = &tui->roll;

	return tui->scene.replay &&
	       (roll->count == 0 || roll->flows[roll->count - 1].id < tui->selected);
}

static void draw(struct tui *tui, struct canvas *canvas, struct area area)
{
	struct sight sight;

	flow_begin_anew(tui);
	if (area.rows <= 0 || area.columns <= 0)
		return;
	if (!sight_of(tui, &sight, canvas_is_ascii(canvas))) {
		if (tui->selected == 0)
			canvas_put(canvas, area.row, area.column, area.columns, look_of(PAINT_DIM),
			           " no connection is selected");
		else
			canvas_format(canvas, area.row, area.column, area.columns,
			              look_of(PAINT_DIM), " #%llu %s",
			              (unsigned long long)tui->selected,
			              is_to_come(tui) ? "has not begun yet" : "is not remembered any more");
		return;
	}
	flow_heads_take(&sight, canvas, &area);
	if (tui->flow.shows_plots)
		plots_page_draw(&sight, canvas, area);
	else
		ladder_page_draw(tui, &sight, canvas, area);
}

static unsigned places(const struct tui *tui)
{
	return tui->flow.shows_plots ? IN_PLOTS : IN_FLOW;
}

static void enter(struct tui *tui)
{
	flow_begin_anew(tui);
}

const struct view flow_view = {
	.name = "flow",
	.places = places,
	.draw = draw,
	.act = flow_act,
	.enter = enter,
};
