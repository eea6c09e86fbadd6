/* states_map.c: the diagram of RFC 9293 section 3.3.2, figure 5, in boxes and arrows. */

/*
 * Its shape is the RFC's, but for CLOSED, which stands in the first row between
 * the two ways to leave it. Boxes lie on a grid that stretches with the screen;
 * arrows are tables of corners relative to it.
 */

#include "tui/states_map.h"

#include <stddef.h>

#include "base/text.h"
#include "tui/inside.h"
#include "tui/shorten.h"

enum {
	BOX_ROWS = 3,
	BOX_COLUMNS = 18,
	GRID_ROWS = 4,
	GRID_COLUMNS = 3,
	GAP_ROWS = 2, /* at least... */
	GAP_ROWS_MOST = 4,
	GAP_COLUMNS = 12,
	GAP_COLUMNS_MOST = 26,
	HEAD_ROWS = 2, /* above the boxes, where there is room: from LISTEN to SYN_SENT */
	FOOT_ROWS = 1, /* below: to CLOSED */
	CORNERS = 4,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* `dx` and `dy` count from the top left of the box in that place of the grid. */
struct spot {
	signed char box, dx, level, dy;
};

/* Begins on a box's edge; the head is at the last corner. */
struct arrow {
	struct spot corners[CORNERS];
	signed char count;
	bool is_in_head;
};

struct label {
	const char *words;
	struct spot from, to; /* in the middle between the two; `to` zero: it begins there */
	bool is_in_head;
};

static const struct {
	enum tcp_state state;
	signed char box, level;
} places[] = {
	{ ST_LISTEN, 0, 0 },       { ST_CLOSED, 1, 0 },      { ST_SYN_SENT, 2, 0 },
	{ ST_SYN_RECEIVED, 0, 1 }, { ST_ESTABLISHED, 1, 1 }, { ST_FIN_WAIT_1, 0, 2 },
	{ ST_CLOSING, 1, 2 },      { ST_CLOSE_WAIT, 2, 2 },  { ST_FIN_WAIT_2, 0, 3 },
	{ ST_TIME_WAIT, 1, 3 },    { ST_LAST_ACK, 2, 3 },
};

/* clang-format off */
static const struct arrow arrows[] = {
	{ { { 0, 15, 0, 0 }, { 0, 15, 0, -2 }, { 2, 15, 0, -2 }, { 2, 15, 0, -1 } }, 4, true },
	{ { { 1,  0, 0, 1 }, { 0, 18, 0,  1 } }, 2, false },
	{ { { 1, 17, 0, 1 }, { 2, -1, 0,  1 } }, 2, false },
	{ { { 0,  4, 0, 2 }, { 0,  4, 1, -1 } }, 2, false },
	{ { { 2,  3, 0, 2 }, { 2,  3, 0,  3 }, { 0, 16, 0,  3 }, { 0, 16, 1, -1 } }, 4, false },
	{ { { 2, 12, 0, 2 }, { 2, 12, 1,  1 }, { 1, 18, 1,  1 } }, 3, false },
	{ { { 0, 17, 1, 1 }, { 1, -1, 1,  1 } }, 2, false },
	{ { { 0,  4, 1, 2 }, { 0,  4, 2, -1 } }, 2, false },
	{ { { 1,  3, 1, 2 }, { 1,  3, 1,  3 }, { 0, 16, 1,  3 }, { 0, 16, 2, -1 } }, 4, false },
	{ { { 1, 13, 1, 2 }, { 1, 13, 1,  3 }, { 2,  3, 1,  3 }, { 2,  3, 2, -1 } }, 4, false },
	{ { { 0, 17, 2, 1 }, { 1, -1, 2,  1 } }, 2, false },
	{ { { 0,  4, 2, 2 }, { 0,  4, 3, -1 } }, 2, false },
	{ { { 1,  4, 2, 2 }, { 1,  4, 3, -1 } }, 2, false },
	{ { { 2,  3, 2, 2 }, { 2,  3, 3, -1 } }, 2, false },
	{ { { 0, 17, 3, 1 }, { 1, -1, 3,  1 } }, 2, false },
	{ { { 1,  4, 3, 2 }, { 1,  4, 3,  3 }, { 2, -11, 3, 3 } }, 3, false },
	{ { { 2,  6, 3, 2 }, { 2,  6, 3,  3 }, { 2, -2, 3, 3 } }, 3, false },
};

static const struct label labels[] = {
	{ "sends SYN",              { 0, 15, 0, -2 }, { 2,  15, 0, -2 }, true },
	{ "listens",                { 0, 18, 0,  1 }, { 1,  -1, 0,  1 }, false },
	{ "sends SYN",              { 1, 18, 0,  1 }, { 2,  -2, 0,  1 }, false },
	{ "got SYN",                { 0,  6, 1, -1 }, { 0,   0, 0,  0 }, false },
	{ "got SYN, sends SYN-ACK", { 0, 16, 0,  3 }, { 2,   3, 0,  3 }, false },
	{ "got SYN-ACK",            { 1, 18, 1,  1 }, { 2,  12, 1,  1 }, false },
	{ "SYN acked",              { 0, 18, 1,  1 }, { 1,  -2, 1,  1 }, false },
	{ "sends FIN",              { 0,  6, 2, -1 }, { 0,   0, 0,  0 }, false },
	{ "sends FIN",              { 0, 16, 1,  3 }, { 1,   3, 1,  3 }, false },
	{ "got FIN",                { 1, 13, 1,  3 }, { 2,   3, 1,  3 }, false },
	{ "got FIN",                { 0, 18, 2,  1 }, { 1,  -2, 2,  1 }, false },
	{ "FIN acked",              { 0,  6, 3, -1 }, { 0,   0, 0,  0 }, false },
	{ "FIN acked",              { 1,  6, 3, -1 }, { 0,   0, 0,  0 }, false },
	{ "sends FIN",              { 2,  5, 3, -1 }, { 0,   0, 0,  0 }, false },
	{ "got FIN",                { 0, 18, 3,  1 }, { 1,  -2, 3,  1 }, false },
	{ "2 MSL",                  { 1,  5, 3,  3 }, { 2, -12, 3,  3 }, false },
	{ "CLOSED",                 { 2, -9, 3,  3 }, { 0,   0, 0,  0 }, false },
	{ "FIN acked",              { 2,  8, 3,  3 }, { 0,   0, 0,  0 }, false },
};
/* clang-format on */

/* Where the boxes are on this screen. */
struct grid {
	struct canvas *canvas;
	int row, column;            /* of the first box */
	int row_pitch, column_pitch; /* from a box to the next */
	bool has_head;
};

struct point {
	int row, column;
};

static int at_most(int number, int most)
{
	return number < most ? number : most;
}

static int rows_with(int gap)
{
	return GRID_ROWS * BOX_ROWS + (GRID_ROWS - 1) * gap + FOOT_ROWS;
}

static int columns_with(int gap)
{
	return GRID_COLUMNS * BOX_COLUMNS + (GRID_COLUMNS - 1) * gap;
}

bool states_map_fits(struct area area)
{
	return area.rows >= rows_with(GAP_ROWS) && area.columns >= columns_with(GAP_COLUMNS);
}

static struct grid grid_of(struct canvas *canvas, struct area area)
{
	bool has_head = area.rows >= rows_with(GAP_ROWS) + HEAD_ROWS;
	int head = has_head ? HEAD_ROWS : 0;
	int across = (area.columns - columns_with(0)) / (GRID_COLUMNS - 1);
	int down = (area.rows - head - rows_with(0)) / (GRID_ROWS - 1);
	int gap_columns = at_most(across, GAP_COLUMNS_MOST);
	int gap_rows = at_most(down, GAP_ROWS_MOST);

	return (struct grid){
		.canvas = canvas,
		.row = area.row + head + (area.rows - head - rows_with(gap_rows)) / 2,
		.column = area.column + (area.columns - columns_with(gap_columns)) / 2,
		.row_pitch = BOX_ROWS + gap_rows,
		.column_pitch = BOX_COLUMNS + gap_columns,
		.has_head = has_head,
	};
}

static struct point point_of(const struct grid *grid, struct spot spot)
{
	return (struct point){
		grid->row + spot.level * grid->row_pitch + spot.dy,
		grid->column + spot.box * grid->column_pitch + spot.dx,
	};
}

/* ---- Arrows ------------------------------------------------------------------------------------ */

enum way { UP, DOWN, LEFT, RIGHT };

static enum way way_between(struct point from, struct point to)
{
	if (from.row != to.row)
		return from.row < to.row ? DOWN : UP;
	return from.column < to.column ? RIGHT : LEFT;
}

static struct point next_to(struct point point, enum way way)
{
	point.row += (way == DOWN) - (way == UP);
	point.column += (way == RIGHT) - (way == LEFT);
	return point;
}

static bool is_same(struct point a, struct point b)
{
	return a.row == b.row && a.column == b.column;
}

static void put_glyph(const struct grid *grid, struct point at, uint32_t glyph)
{
	canvas_glyph(grid->canvas, at.row, at.column, glyph, look_of(PAINT_DIM));
}

/* By the way that leads there and the way that leads on. */
static const uint32_t turns[4][4] = {
	[UP] = { 0x2502, 0x2502, 0x2510, 0x250c },
	[DOWN] = { 0x2502, 0x2502, 0x2518, 0x2514 },
	[LEFT] = { 0x2514, 0x250c, 0x2500, 0x2500 },
	[RIGHT] = { 0x2518, 0x2510, 0x2500, 0x2500 },
};
static const uint32_t heads[] = { 0x25b2, 0x25bc, 0x25c0, 0x25b6 };  /* ▲ ▼ ◀ ▶ */
static const uint32_t leaves[] = { 0x2534, 0x252c, 0x2524, 0x251c }; /* ┴ ┬ ┤ ├ */

static void draw_arrow(const struct grid *grid, const struct arrow *arrow)
{
	struct point at = point_of(grid, arrow->corners[0]);
	struct point to = point_of(grid, arrow->corners[1]);
	enum way way = way_between(at, to);

	put_glyph(grid, at, leaves[way]);
	for (int i = 1; i < arrow->count; i++) {
		enum way next;

		to = point_of(grid, arrow->corners[i]);
		for (at = next_to(at, way); !is_same(at, to); at = next_to(at, way))
			put_glyph(grid, at, turns[way][way]);
		if (i + 1 == arrow->count)
			break;
		next = way_between(to, point_of(grid, arrow->corners[i + 1]));
		put_glyph(grid, at, turns[way][next]);
		way = next;
	}
	put_glyph(grid, at, heads[way]);
}

static bool is_nowhere(struct spot spot)
{
	return spot.box == 0 && spot.dx == 0 && spot.level == 0 && spot.dy == 0;
}

static void draw_label(const struct grid *grid, const struct label *label)
{
	struct point from = point_of(grid, label->from);
	struct point to = point_of(grid, label->to);
	char storage[32];
	struct text text = text_over(storage, sizeof(storage));
	int column = from.column;

	if (is_nowhere(label->to)) {
		text_add(&text, label->words);
	} else {
		text_format(&text, " %s ", label->words);
		column += (to.column - from.column + 1 - (int)text.length) / 2;
	}
	canvas_put(grid->canvas, from.row, column, -1, look_of(PAINT_PLAIN), storage);
}

/* ---- Boxes ------------------------------------------------------------------------------------- */

struct look state_look(enum tcp_state state, const struct state_count *count)
{
	struct look look = look_of(count->ends > 0 ? state_paint(state) : PAINT_DIM);

	if (count->is_lit)
		look.marks |= LOOK_BOLD;
	return look;
}

void state_figures_draw(struct canvas *canvas, int row, int column,
                        const struct state_count *count, bool has_client, bool has_server)
{
	struct look look = look_of(count->ends > 0 ? PAINT_STRONG : PAINT_DIM);
	char storage[16];
	struct text text = text_over(storage, sizeof(storage));

	if (count->is_lit) {
		look.marks |= LOOK_BOLD;
		canvas_put(canvas, row, column, 1, look, "*");
	}
	short_number(&text, count->ends);
	canvas_put_right(canvas, row, column + 1, 4, look, storage);
	if (count->presumed > 0) {
		text_clear(&text);
		text_add_char(&text, '(');
		short_number(&text, count->presumed);
		text_add_char(&text, ')');
		canvas_put_right(canvas, row, column + 5, 6, look_of(PAINT_DIM), storage);
	}
	look = look_of(PAINT_CLIENT);
	look.marks |= LOOK_REVERSE;
	if (has_client)
		canvas_put(canvas, row, column + 12, 1, look, "C");
	look.paint = PAINT_SERVER;
	if (has_server)
		canvas_put(canvas, row, column + 13, 1, look, "S");
}

static bool is_in(const struct flow *flow, enum side side, enum tcp_state state)
{
	return flow != NULL && flow->key.protocol == PROTOCOL_TCP &&
	       flow_state(flow, side) == state;
}

static void draw_box(const struct grid *grid, struct point at, enum tcp_state state,
                     const struct state_count *count, const struct flow *flow)
{
	struct area area = { at.row, at.column, BOX_ROWS, BOX_COLUMNS };

	canvas_box(grid->canvas, area, state_look(state, count), state_name(state));
	state_figures_draw(grid->canvas, at.row + 1, at.column + 2, count,
	                   is_in(flow, CLIENT, state), is_in(flow, SERVER, state));
}

void states_map_draw(struct canvas *canvas, struct area area,
                     const struct state_count counts[STATE_COUNT], const struct flow *flow)
{
	struct grid grid = grid_of(canvas, area);

	for (size_t i = 0; i < COUNT(places); i++) {
		struct spot corner = { .box = places[i].box, .level = places[i].level };

		draw_box(&grid, point_of(&grid, corner), places[i].state,
		         &counts[places[i].state], flow);
	}
	for (size_t i = 0; i < COUNT(arrows); i++)
		if (grid.has_head || !arrows[i].is_in_head)
			draw_arrow(&grid, &arrows[i]);
	for (size_t i = 0; i < COUNT(labels); i++)
		if (grid.has_head || !labels[i].is_in_head)
			draw_label(&grid, &labels[i]);
}
