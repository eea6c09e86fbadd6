/* tui.c: the views together: a stack of them, keys in, canvas out. */

#include "tui/tui.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/inside.h"

enum {
	ROWS_FOR_BOTTOM = 2, /* from so many rows on there is such a line */
	ROWS_FOR_HEAD = 3,
	ROWS_FOR_REPLAY = 6,
	ROWS_FOR_PULSE = 10,
	PANE_FROM = 160, /* columns from which on the lab stands beside the flows */
	PANE_COLUMNS = 76,
};

/* clang-format off */
static const struct view *const views[VIEW_COUNT] = {
	[VIEW_FLOWS]  = &flows_view,
	[VIEW_FLOW]   = &flow_view,
	[VIEW_STATES] = &states_view,
	[VIEW_LAB]    = &lab_view,
	[VIEW_HELP]   = &help_view,
};
/* clang-format on */

const struct view *tui_top(const struct tui *tui)
{
	return views[tui->stack[tui->depth - 1]];
}

unsigned tui_places(const struct tui *tui)
{
	return tui_top(tui)->places(tui) | (tui->scene.replay ? IN_REPLAY : 0U);
}

void tui_look(struct tui *tui)
{
	const struct wire_port *wire = tui->options.wire;

	wire->look(wire->context, &tui->scene);
	roll_call(&tui->roll, tui->scene.page->tracker, tui->scene.replay == NULL);
}

const struct flow *tui_flow(const struct tui *tui, uint64_t id)
{
	const struct listed *listed = id == 0 ? NULL : roll_find(&tui->roll, id);

	return listed && listed->flow->id == id ? listed->flow : NULL;
}

/* ---- the stack ---- */

/* A view that is open already comes to the top again; so the stack never overflows. */
void tui_enter(struct tui *tui, enum view_kind kind)
{
	int depth = 0;

	while (depth < tui->depth && tui->stack[depth] != kind)
		depth++;
	tui->stack[depth] = kind;
	tui->depth = depth + 1;
	if (views[kind]->enter)
		views[kind]->enter(tui);
}

bool tui_back(struct tui *tui)
{
	if (tui->depth <= 1)
		return false;
	tui->depth--;
	return true;
}

/* ---- what is said at the bottom ---- */

void tui_say(struct tui *tui, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(tui->message, sizeof(tui->message), format, arguments);
	va_end(arguments);
	tui->message_is_bad = false;
}

void tui_complain(struct tui *tui, const struct error *err)
{
	if (err->remedy[0] != '\0')
		tui_say(tui, "%s (%s)", err->what, err->remedy);
	else
		tui_say(tui, "%s", err->what);
	tui->message_is_bad = true;
}

/* ---- life ---- */

struct tui *tui_new(const struct tui_options *options, struct error *err)
{
	struct tui *tui = calloc(1, sizeof(*tui));

	if (!tui) {
		error_set(err, "no memory for the screen: %s", strerror(errno));
		return NULL;
	}
	tui->options = *options;
	if (flows_begin(tui, options->where, err) < 0) {
		tui_free(tui);
		return NULL;
	}
	tui_look(tui);
	tui_enter(tui, VIEW_FLOWS);
	return tui;
}

void tui_free(struct tui *tui)
{
	if (!tui)
		return;
	for (int i = 0; i < VIEW_COUNT; i++) {
		if (views[i]->free)
			views[i]->free(tui);
	}
	roll_free(&tui->roll);
	free(tui);
}

/* ---- keys in ---- */

bool tui_key(struct tui *tui, const struct key *key)
{
	enum action action;

	if (key->code == KEY_CODE_RESIZE)
		return true;
	tui->message[0] = '\0';
	tui_look(tui);
	if (tui->prompt.is_open) {
		prompt_key(tui, key);
		return true;
	}
	action = key_action(key->code, tui_places(tui));
	return tui_top(tui)->act(tui, action, key) || tui_act(tui, action, key);
}

/* ---- canvas out ---- */

/* Which rows the lines around the view have; -1: there is no room for such a line. */
struct surround {
	int head, pulse, replay, bottom;
	struct area body;
};

static struct surround surround_of(const struct tui *tui, const struct canvas *canvas)
{
	struct surround frame = { -1, -1, -1, -1, canvas_area(canvas) };
	struct area *body = &frame.body;
	int rows = body->rows;

	if (rows >= ROWS_FOR_HEAD)
		frame.head = body->row++;
	if (rows >= ROWS_FOR_PULSE)
		frame.pulse = body->row++;
	if (rows >= ROWS_FOR_BOTTOM)
		frame.bottom = --rows;
	if (canvas_rows(canvas) >= ROWS_FOR_REPLAY && tui->scene.replay)
		frame.replay = --rows;
	body->rows = rows - body->row;
	return frame;
}

static void draw_frame(const struct tui *tui, struct canvas *canvas, const struct surround *frame)
{
	if (frame->head >= 0)
		head_line_draw(tui, canvas, frame->head);
	if (frame->pulse >= 0)
		pulse_line_draw(tui, canvas, frame->pulse);
	if (frame->replay >= 0)
		replay_line_draw(tui, canvas, frame->replay);
	if (frame->bottom >= 0 && tui->prompt.is_open)
		prompt_draw(tui, canvas, frame->bottom);
	else if (frame->bottom >= 0)
		bottom_line_draw(tui, canvas, frame->bottom);
}

/* On a wide terminal the flows stay in sight while the lab makes them. */
static struct area draw_beside(struct tui *tui, struct canvas *canvas, struct area area)
{
	struct area left = area;
	struct area line = { area.row, area.column + area.columns - PANE_COLUMNS - 1, area.rows,
		             1 };

	left.columns = line.column - area.column;
	views[VIEW_FLOWS]->draw(tui, canvas, left);
	canvas_fill(canvas, line, 0x2502, look_of(PAINT_DIM)); /* │ */
	area.column = line.column + 1;
	area.columns = PANE_COLUMNS;
	return area;
}

/* The frame comes last: it tells what the view made of this moment. */
void tui_draw(struct tui *tui, struct canvas *canvas)
{
	struct surround frame;

	tui_look(tui);
	canvas_clear(canvas);
	frame = surround_of(tui, canvas);
	if (tui_top(tui) == &lab_view && frame.body.columns >= PANE_FROM)
		frame.body = draw_beside(tui, canvas, frame.body);
	tui->body = frame.body;
	tui_top(tui)->draw(tui, canvas, frame.body);
	draw_frame(tui, canvas, &frame);
}
