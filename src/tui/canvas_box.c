/* canvas_box.c: lines around areas. */

#include "tui/canvas.h"

enum {
	ACROSS = 0x2500,
	DOWN = 0x2502,
	TOP_LEFT = 0x250c,
	TOP_RIGHT = 0x2510,
	BOTTOM_LEFT = 0x2514,
	BOTTOM_RIGHT = 0x2518
};

static void put_title(struct canvas *canvas, struct area area, struct look look, const char *title)
{
	int room = area.columns - 6; /* a corner, a line and a blank at each side */
	int taken;

	if (room <= 0 || *title == '\0')
		return;
	taken = canvas_put(canvas, area.row, area.column + 3, room, look, title);
	canvas_glyph(canvas, area.row, area.column + 2, ' ', look);
	canvas_glyph(canvas, area.row, area.column + 3 + taken, ' ', look);
}

void canvas_box(struct canvas *canvas, struct area area, struct look look, const char *title)
{
	int bottom = area.row + area.rows - 1;
	int right = area.column + area.columns - 1;

	if (area.rows < 2 || area.columns < 2)
		return;
	canvas_fill(canvas, (struct area){ area.row, area.column, 1, area.columns }, ACROSS, look);
	canvas_fill(canvas, (struct area){ bottom, area.column, 1, area.columns }, ACROSS, look);
	canvas_fill(canvas, (struct area){ area.row, area.column, area.rows, 1 }, DOWN, look);
	canvas_fill(canvas, (struct area){ area.row, right, area.rows, 1 }, DOWN, look);
	canvas_glyph(canvas, area.row, area.column, TOP_LEFT, look);
	canvas_glyph(canvas, area.row, right, TOP_RIGHT, look);
	canvas_glyph(canvas, bottom, area.column, BOTTOM_LEFT, look);
	canvas_glyph(canvas, bottom, right, BOTTOM_RIGHT, look);
	if (title)
		put_title(canvas, area, look, title);
}
