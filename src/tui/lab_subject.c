/* lab_subject.c: the connection that a scenario is about, in a few lines. */

#include "report/column.h"
#include "report/ladder.h"
#include "tui/inside.h"
#include "tui/lab_parts.h"

enum { ENDS_MOST = 128, PROGRESS_MOST = 64, LABEL_MOST = 128 };

/* ---- Progress and states ----------------------------------------------------------------------- */

static void draw_places(struct canvas *canvas, struct area area, const struct flow *flow)
{
	char storage[ENDS_MOST];
	struct text text = text_over(storage, sizeof(storage));
	enum family family = (enum family)flow->key.family;

	address_add_port(&text, family, &flow->key.address[CLIENT], flow->key.port[CLIENT]);
	text_add(&text, " → ");
	address_add_port(&text, family, &flow->key.address[SERVER], flow->key.port[SERVER]);
	canvas_put(canvas, area.row, area.column, area.columns, look_of(PAINT_DIM), storage);
}

static void draw_progress(struct canvas *canvas, struct area area, const struct flow *flow)
{
	char open[PROGRESS_MOST], close[PROGRESS_MOST];
	struct text opening = text_over(open, sizeof(open));
	struct text closing = text_over(close, sizeof(close));
	int column = area.column, end = area.column + area.columns;

	column_open_progress(&opening, flow, canvas_is_ascii(canvas));
	column_close_progress(&closing, flow, canvas_is_ascii(canvas));
	column += canvas_put(canvas, area.row, column, end - column, look_of(PAINT_DIM), "open ");
	column += canvas_put(canvas, area.row, column, end - column, look_of(PAINT_OPENING), open);
	if (close[0] == '\0' || end - column < 8)
		return;
	column += canvas_put(canvas, area.row, column, end - column, look_of(PAINT_DIM),
	                     "   close ");
	if (column < end)
		canvas_put(canvas, area.row, column, end - column, look_of(PAINT_CLOSING), close);
}

static void draw_end(struct canvas *canvas, struct area area, const struct flow *flow,
                     enum side side, const enum tcp_state *known)
{
	static const char *const names[] = { [CLIENT] = "client ", [SERVER] = "server " };
	int column = area.column;

	column += canvas_put(canvas, area.row, column, area.columns,
	                     look_of(side == CLIENT ? PAINT_CLIENT : PAINT_SERVER), names[side]);
	area.columns -= column - area.column;
	if (area.columns <= 0)
		return;
	if (known == NULL)
		put_state(canvas, area.row, column, area.columns, flow, side);
	else
		canvas_put(canvas, area.row, column, area.columns, look_of(PAINT_DIM),
		           known[side] == ST_UNKNOWN ? "?" : state_name(known[side]));
}

static void draw_udp(struct canvas *canvas, struct area area, const struct flow *flow)
{
	canvas_format(canvas, area.row, area.column, area.columns, look_of(PAINT_PLAIN), "UDP: %s",
	              udp_state_name(flow_udp_state(flow)));
}

void lab_subject_draw(struct canvas *canvas, struct area area,
                      const struct flow *flow, const enum tcp_state *known)
{
	for (int i = 0; i < SUBJECT_ROWS && i < area.rows; i++) {
		struct area line = { area.row + i, area.column, 1, area.columns };

		if (i == 0)
			draw_places(canvas, line, flow);
		else if (i == 1)
			draw_progress(canvas, line, flow);
		else if (flow->key.protocol == PROTOCOL_TCP)
			draw_end(canvas, line, flow, i == 2 ? CLIENT : SERVER, known);
		else if (i == 2)
			draw_udp(canvas, line, flow);
	}
}

/* ---- A ladder of few rungs --------------------------------------------------------------------- */

struct sketch {
	struct canvas *canvas;
	struct area area;
	size_t arrows;  /* seen so far... */
	size_t skipped; /* ...of which these have no room */
	bool draws;
};

static enum paint paint_of(enum tone tone)
{
	static const enum paint paints[] = {
		[TONE_PLAIN] = PAINT_PLAIN,     [TONE_OPENING] = PAINT_OPENING,
		[TONE_CLOSING] = PAINT_CLOSING, [TONE_TROUBLE] = PAINT_TROUBLE,
		[TONE_DIM] = PAINT_DIM,         [TONE_STRONG] = PAINT_STRONG,
	};

	return paints[tone];
}

static void draw_arrow(const struct sketch *sketch, int row, const struct ladder_line *line)
{
	struct area area = { row, sketch->area.column, 1, sketch->area.columns };
	uint32_t shaft = line->is_heavy ? 0x2550 : 0x2500; /* ═ ─ */
	int head = line->side == CLIENT ? area.column + area.columns - 1 : area.column;
	char storage[LABEL_MOST];
	struct text text = text_over(storage, sizeof(storage));
	struct ladder_label label;
	struct look look;

	ladder_label_of(&label, line);
	look = look_of(paint_of(label.tone));
	text_add_char(&text, ' ');
	ladder_label_add(&text, &label, (size_t)area.columns - 8, canvas_is_ascii(sketch->canvas));
	text_add_char(&text, ' ');
	canvas_fill(sketch->canvas, area, shaft, look_of(PAINT_DIM));
	canvas_glyph(sketch->canvas, row, head, line->side == CLIENT ? 0x25b6 : 0x25c0, look);
	canvas_put(sketch->canvas, row, area.column + 3, area.columns - 6, look, storage);
}

static void visit_line(void *context, const struct ladder_line *line)
{
	struct sketch *sketch = context;

	if (line->kind != LADDER_ARROW)
		return;
	if (sketch->draws && sketch->arrows >= sketch->skipped)
		draw_arrow(sketch, sketch->area.row + (int)(sketch->arrows - sketch->skipped),
		           line);
	sketch->arrows++;
}

/* Twice over the lines: first to know how many there are. */
void lab_ladder_draw(const struct tui *tui, struct canvas *canvas, struct area area,
                     const struct flow *flow)
{
	const struct wire_port *wire = tui->options.wire;
	struct ladder_options options = { .goes_on = true, .now = tui->scene.now };
	struct sketch sketch = { .canvas = canvas, .area = area };
	const struct rung *rungs;
	size_t count;
	bool is_whole;

	if (area.rows <= 0 || area.columns < 16 || wire->rungs == NULL)
		return;
	rungs = wire->rungs(wire->context, flow, &count, &is_whole);
	ladder_lines(tui->scene.page, flow, rungs, count, &options, visit_line, &sketch);
	if (sketch.arrows > (size_t)area.rows)
		sketch.skipped = sketch.arrows - (size_t)area.rows;
	sketch.arrows = 0;
	sketch.draws = true;
	ladder_lines(tui->scene.page, flow, rungs, count, &options, visit_line, &sketch);
}
