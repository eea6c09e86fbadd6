/* flow_plots.c: round trips, windows and progress of a flow as plots. */
#include "tui/flow_parts.h"

#include "base/time.h"
#include "tui/plot.h"
#include "tui/shorten.h"

enum { SIDE_BY_SIDE = 76, HEIGHT_LEAST = 6 };

struct plot_row;

struct gathering {
	struct plot plot;
	const struct plot_row *row;
};

/* One plot; those without any value are left out. */
struct plot_row {
	struct plot_style style;
	enum side side; /* whose data it is about */
	bool is_carried;
	void (*take)(struct gathering *gathering, const struct point *point);
};

static void add_span(struct text *text, int64_t value, bool ascii)
{
	time_add_span(text, value, ascii);
}

static void add_bytes(struct text *text, int64_t value, bool ascii)
{
	(void)ascii;
	short_number(text, (uint64_t)value);
	text_add_char(text, 'B');
}

static void take_round_trip(struct gathering *gathering, const struct point *point)
{
	if (point->rtt != TIME_NONE && point->side != gathering->row->side)
		plot_bar(&gathering->plot, point->time, point->rtt < 0 ? 0 : point->rtt);
}

static void take_flight(struct gathering *gathering, const struct point *point)
{
	enum side side = gathering->row->side;
	enum side peer = side == CLIENT ? SERVER : CLIENT;

	if (!point->has_flight[side])
		return;
	plot_bar(&gathering->plot, point->time, point->in_flight[side]);
	if (point->has_window[peer])
		plot_line(&gathering->plot, 0, point->time, point->window[peer]);
}

static void take_progress(struct gathering *gathering, const struct point *point)
{
	for (int side = CLIENT; side <= SERVER; side++)
		plot_line(&gathering->plot, side, point->time, (int64_t)point->sent[side]);
}

/* clang-format off */
#define ROUND_TRIPS(name, PAINT)                                                                   \
	{ .title = "round trips of " name "'s data sent once", .legend = "", .add_value = add_span,      \
	  .paints = { PAINT, PAINT, PAINT } }
#define FLIGHT(name, peer, PAINT, PEER)                                                            \
	{ .title = "the " name "'s data in flight", .legend = "─ " peer "'s window",               \
	  .add_value = add_bytes, .glyphs = { 0x2500, 0x2500 }, .paints = { PAINT, PEER, PEER },   \
	  .lines_may_leave = true }

static const struct plot_row rows[] = {
	{ ROUND_TRIPS("client", PAINT_CLIENT),                      CLIENT, false, take_round_trip },
	{ FLIGHT("client", "server", PAINT_CLIENT, PAINT_SERVER),   CLIENT, true,  take_flight },
	{ ROUND_TRIPS("server", PAINT_SERVER),                      SERVER, false, take_round_trip },
	{ FLIGHT("server", "client", PAINT_SERVER, PAINT_CLIENT),   SERVER, true,  take_flight },
	{ { .title = "bytes sent so far", .legend = "c client  s server", .add_value = add_bytes,
	    .glyphs = { 'c', 's' }, .paints = { PAINT_PLAIN, PAINT_CLIENT, PAINT_SERVER } },
	                                                            CLIENT, true,  take_progress },
};
/* clang-format on */

enum { ROWS = sizeof rows / sizeof rows[0] };

static void take(void *context, const struct point *point)
{
	struct gathering *gathering = context;

	gathering->row->take(gathering, point);
}

static int64_t end_of(const struct sight *sight)
{
	return sight->count > 0 ? sight->rungs[sight->count - 1].step.segment.time : sight->start;
}

static void gather(struct gathering *gathering, const struct sight *sight,
                   const struct plot_row *row, int columns)
{
	gathering->row = row;
	plot_start(&gathering->plot, sight->start, end_of(sight), columns);
	flow_series(sight->flow, sight->rungs, sight->count, take, gathering);
}

static void take_all(void *context, const struct point *point)
{
	struct gathering *all = context;

	for (int i = 0; i < ROWS; i++)
		take(&all[i], point);
}

/* A plot of nothing but zeros is an empty frame. */
static bool has_height(const struct plot *plot, bool has_lines_only)
{
	return has_lines_only ? plot->lines[0][0] > 0 || plot->lines[1][0] > 0 : plot->bars[0] > 0;
}

/* Which of them have values (SYN and FIN alone are none), those of the end that sent more first. */
static int rows_with_values(const struct sight *sight, const struct plot_row *found[ROWS])
{
	const struct flow *flow = sight->flow;
	bool has_data[2] = { flow->sent[CLIENT].payload > 0, flow->sent[SERVER].payload > 0 };
	bool server_first = flow->sent[SERVER].payload > flow->sent[CLIENT].payload;
	struct gathering all[ROWS];
	int count = 0;

	for (int i = 0; i < ROWS; i++) {
		all[i].row = &rows[i];
		plot_start(&all[i].plot, sight->start, end_of(sight), 1);
	}
	flow_series(flow, sight->rungs, sight->count, take_all, all);
	for (int turn = 0; turn < 3; turn++) {
		for (int i = 0; i < ROWS; i++) {
			bool is_last = rows[i].take == take_progress;
			bool is_first = (rows[i].side == SERVER) == server_first;
			bool is_worth = is_last ? has_data[CLIENT] || has_data[SERVER]
			                        : has_data[rows[i].side];

			if (turn == (is_last    ? 2
			             : is_first ? 0
			                        : 1) &&
			    is_worth && has_height(&all[i].plot, is_last))
				found[count++] = &rows[i];
		}
	}
	return count;
}

int flow_plots_count(const struct sight *sight)
{
	const struct plot_row *found[ROWS];

	return rows_with_values(sight, found);
}

static void one_draw(const struct sight *sight, const struct plot_row *row, struct canvas *canvas,
                     struct area area)
{
	int columns = plot_columns(area.columns);
	struct gathering gathering;

	if (columns == 0)
		return;
	gather(&gathering, sight, row, columns);
	if (row->is_carried)
		plot_carry(&gathering.plot);
	plot_draw(&gathering.plot, &row->style, canvas, area);
}

static const char *why_nothing(const struct flow *flow)
{
	return flow->sent[CLIENT].payload == 0 && flow->sent[SERVER].payload == 0
	               ? "no data was sent"
	               : "nothing of the data can be plotted";
}

/* As many as fit, from the first one wanted; the rest comes with Down. */
void flow_plots_draw(const struct sight *sight, struct canvas *canvas, struct area area)
{
	const struct plot_row *found[ROWS];
	int count = rows_with_values(sight, found);
	int across = area.columns >= SIDE_BY_SIDE ? 2 : 1;
	int down = area.rows / HEIGHT_LEAST > 0 ? area.rows / HEIGHT_LEAST : 1;
	int first = sight->view->first_plot < count ? sight->view->first_plot : 0;
	int left = count - first;

	if (left < 2)
		across = 1;
	if (down > (count + across - 1) / across)
		down = (count + across - 1) / across;
	if (count == 0 && area.rows > 0)
		canvas_put(canvas, area.row, area.column + 1, area.columns - 1, look_of(PAINT_DIM),
		           why_nothing(sight->flow));
	if (left > across * down)
		area.rows--;
	for (int i = 0; i < left && i < across * down; i++) {
		struct area part = area;

		part.columns = area.columns / across;
		part.rows = area.rows / down;
		part.column += i % across * part.columns;
		part.row += i / across * part.rows;
		one_draw(sight, found[first + i], canvas, part);
	}
	if (left > across * down)
		canvas_format(canvas, area.row + area.rows, area.column + 1, area.columns - 1,
		              look_of(PAINT_DIM), "%d more below", left - across * down);
}
