/* view_states.c: how many ends are in each state, as RFC 9293's diagram or, in little room, a list. */

#include "base/time.h"
#include "tui/inside.h"
#include "tui/states_map.h"

enum { NAME_COLUMNS = 13 };

/* ---- Counting ---------------------------------------------------------------------------------- */

static int64_t time_of(const struct milestone *milestone)
{
	return milestone->frame != 0 ? milestone->time : TIME_NONE;
}

/* When the end came into a state of its path, as far as milestones tell; TIME_NONE: they do not. */
static int64_t entered(const struct flow *flow, enum side side, enum tcp_state state)
{
	switch (state) {
	case ST_LISTEN:
	case ST_SYN_SENT:
		return time_of(&flow->syn);
	case ST_SYN_RECEIVED:
		return time_of(&flow->syn_ack);
	case ST_ESTABLISHED:
		return time_of(&flow->opened);
	case ST_FIN_WAIT_1:
	case ST_LAST_ACK:
		return time_of(&flow->fin[side]);
	case ST_FIN_WAIT_2:
		return time_of(&flow->fin_acked[side]);
	case ST_CLOSE_WAIT:
	case ST_CLOSING:
		return time_of(&flow->fin[!side]);
	default:
		return TIME_NONE;
	}
}

static bool is_recent(int64_t time, int64_t now)
{
	return time != TIME_NONE && time <= now && time_between(time, now) < TIME_SECOND;
}

/* Only flows that moved a moment ago are worth a look at their paths. */
static void light(struct state_count counts[STATE_COUNT], const struct flow *flow,
                  enum side side, int64_t now)
{
	enum tcp_state path[PATH_MAX_STATES];
	int length = endpoint_path(flow_end(flow, side), path);

	for (int i = 0; i < length; i++)
		if (is_recent(entered(flow, side, path[i]), now))
			counts[path[i]].is_lit = true;
}

static int64_t last_entered(const struct flow *flow, enum side side, enum tcp_state state)
{
	int64_t known = entered(flow, side, state);

	return known != TIME_NONE ? known : flow->moved;
}

static void count_end(struct state_count counts[STATE_COUNT], const struct flow *flow,
                      enum side side)
{
	struct state_count *count = &counts[flow_state(flow, side)];

	count->ends++;
	count->presumed += flow_state_is_presumed(flow, side);
}

static void count_flow(struct state_count counts[STATE_COUNT], const struct flow *flow,
                       int64_t now)
{
	int ends = flow->self_connected ? 1 : 2;

	if (flow->key.protocol != PROTOCOL_TCP || flow->stage == STAGE_KEPT ||
	    flow->stage == STAGE_FREE)
		return;
	for (int side = 0; side < ends; side++) {
		enum tcp_state state = flow_state(flow, (enum side)side);

		count_end(counts, flow, (enum side)side);
		if (!is_recent(flow->moved, now))
			continue;
		light(counts, flow, (enum side)side, now);
		if (is_recent(last_entered(flow, (enum side)side, state), now))
			counts[state].is_lit = true;
	}
}

/* A port that answered listens still, however many connections it has. */
static void count_all(struct tui *tui)
{
	struct view_states *view = &tui->states;
	const struct tracker *tracker = tui->scene.page->tracker;
	const struct listener *listener = NULL;

	if (view->version == tui->roll.version && view->now == tui->scene.now && view->now != 0)
		return;
	*view = (struct view_states){ .version = tui->roll.version, .now = tui->scene.now };
	for (size_t i = 0; i < tui->roll.count; i++)
		count_flow(view->counts, tui->roll.flows[i].flow, tui->scene.now);
	while ((listener = tracker_next_listener(tracker, listener)) != NULL)
		view->counts[ST_LISTEN].ends++;
}

/* ---- The list ---------------------------------------------------------------------------------- */

/* In the order of a life. */
static const enum tcp_state order[] = {
	ST_CLOSED,     ST_LISTEN,     ST_SYN_SENT,   ST_SYN_RECEIVED, ST_ESTABLISHED, ST_FIN_WAIT_1,
	ST_FIN_WAIT_2, ST_CLOSE_WAIT, ST_CLOSING,    ST_LAST_ACK,     ST_TIME_WAIT,
};

enum { LISTED = sizeof(order) / sizeof(order[0]) };

static uint32_t most_ends(const struct state_count counts[STATE_COUNT])
{
	uint32_t most = 1;

	for (int i = 0; i < LISTED; i++)
		if (counts[order[i]].ends > most)
			most = counts[order[i]].ends;
	return most;
}

static bool is_there(const struct flow *flow, enum side side, enum tcp_state state)
{
	return flow != NULL && flow->key.protocol == PROTOCOL_TCP &&
	       flow_state(flow, side) == state;
}

/* Who is there at all has at least one cell. */
static void draw_bar(struct canvas *canvas, struct area area, uint32_t ends, uint32_t most,
                     struct look look)
{
	int cells = (int)((uint64_t)(area.columns > 0 ? area.columns : 0) * ends / most);

	area.columns = cells == 0 && ends > 0 && area.columns > 0 ? 1 : cells;
	canvas_fill(canvas, area, canvas_bar(canvas, 8), look);
}

static void draw_list(struct canvas *canvas, struct area area,
                      const struct state_count counts[STATE_COUNT], const struct flow *flow)
{
	uint32_t most = most_ends(counts);
	int bar = area.column + 1 + NAME_COLUMNS + STATE_FIGURES + 2;
	int row = area.row;

	for (int i = 0; i < LISTED && row < area.row + area.rows; i++) {
		const struct state_count *count = &counts[order[i]];
		bool has_client = is_there(flow, CLIENT, order[i]);
		bool has_server = is_there(flow, SERVER, order[i]);

		if (area.rows < LISTED && count->ends == 0 && !has_client && !has_server)
			continue;
		canvas_put(canvas, row, area.column + 1, NAME_COLUMNS,
		           state_look(order[i], count), state_name(order[i]));
		state_figures_draw(canvas, row, area.column + 1 + NAME_COLUMNS, count, has_client,
		                   has_server);
		draw_bar(canvas,
		         (struct area){ row, bar, 1, area.column + area.columns - bar - 1 },
		         count->ends, most, look_of(state_paint(order[i])));
		row++;
	}
}

/* ---- The view ---------------------------------------------------------------------------------- */

static void draw_legend(struct canvas *canvas, int row, int column, int room,
                        const struct flow *flow)
{
	int used = 0;

	if (flow != NULL) {
		used = canvas_put(canvas, row, column, room, look_of(PAINT_CLIENT), "C");
		used += canvas_put(canvas, row, column + used, room - used, look_of(PAINT_PLAIN), " ");
		used += canvas_put(canvas, row, column + used, room - used, look_of(PAINT_SERVER),
		                   "S");
		used += canvas_format(canvas, row, column + used, room - used, look_of(PAINT_DIM),
		                      " the ends of #%llu   ", (unsigned long long)flow->id);
	}
	canvas_put(canvas, row, column + used, room - used, look_of(PAINT_DIM),
	           "* passed this second   (3) presumed");
}

static void draw(struct tui *tui, struct canvas *canvas, struct area area)
{
	const struct flow *flow = tui->selected != 0 ? tui_flow(tui, tui->selected) : NULL;
	bool has_legend = area.rows > 3;

	count_all(tui);
	if (has_legend) {
		area.rows--;
		draw_legend(canvas, area.row + area.rows, area.column + 1, area.columns - 2, flow);
	}
	if (states_map_fits(area))
		states_map_draw(canvas, area, tui->states.counts, flow);
	else
		draw_list(canvas, area, tui->states.counts, flow);
}

static unsigned places(const struct tui *tui)
{
	(void)tui;
	return IN_STATES;
}

static bool act(struct tui *tui, enum action action, const struct key *key)
{
	(void)tui;
	(void)action;
	(void)key;
	return false;
}

const struct view states_view = {
	.name = "states",
	.places = places,
	.draw = draw,
	.act = act,
};
