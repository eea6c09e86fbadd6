/* canvas.c: a screen in memory. */

#include "tui/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/glyph.h"

enum { FORMATTED_MOST = 4096 };

struct canvas {
	int rows, columns;
	bool ascii;
	struct cell *cells;
};

static struct cell *cell_at(const struct canvas *canvas, int row, int column)
{
	if (row < 0 || column < 0 || row >= canvas->rows || column >= canvas->columns)
		return NULL;
	return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

static int at_least(int number, int least)
{
	return number < least ? least : number;
}

static int at_most(int number, int most)
{
	return number > most ? most : number;
}

/* Sums of what callers hand in must not overflow. */
static int edge(int first, int length, int limit)
{
	int64_t end = (int64_t)first + at_least(length, 0);

	return end > limit ? limit : end < 0 ? 0 : (int)end;
}

static struct area within(const struct canvas *canvas, struct area area)
{
	struct area part = { .row = at_least(area.row, 0), .column = at_least(area.column, 0) };

	part.rows = edge(area.row, area.rows, canvas->rows) - part.row;
	part.columns = edge(area.column, area.columns, canvas->columns) - part.column;
	return part;
}

struct canvas *canvas_new(int rows, int columns, bool ascii, struct error *err)
{
	struct canvas *canvas = calloc(1, sizeof(*canvas));

	if (canvas == NULL) {
		error_set(err, "screen: out of memory");
		return NULL;
	}
	canvas->ascii = ascii;
	if (canvas_resize(canvas, rows, columns, err) < 0) {
		free(canvas);
		return NULL;
	}
	return canvas;
}

void canvas_free(struct canvas *canvas)
{
	if (canvas == NULL)
		return;
	free(canvas->cells);
	free(canvas);
}

int canvas_resize(struct canvas *canvas, int rows, int columns, struct error *err)
{
	size_t count = (size_t)at_least(rows, 1) * (size_t)at_least(columns, 1);
	struct cell *cells = calloc(count, sizeof(*cells));

	if (cells == NULL) {
		error_set(err, "screen of %d by %d: out of memory", columns, rows);
		return -1;
	}
	free(canvas->cells);
	canvas->cells = cells;
	canvas->rows = at_least(rows, 1);
	canvas->columns = at_least(columns, 1);
	return 0;
}

int canvas_rows(const struct canvas *canvas)
{
	return canvas->rows;
}

int canvas_columns(const struct canvas *canvas)
{
	return canvas->columns;
}

bool canvas_is_ascii(const struct canvas *canvas)
{
	return canvas->ascii;
}

struct area canvas_area(const struct canvas *canvas)
{
	return (struct area){ .rows = canvas->rows, .columns = canvas->columns };
}

struct cell canvas_cell(const struct canvas *canvas, int row, int column)
{
	const struct cell *cell = cell_at(canvas, row, column);

	return cell ? *cell : (struct cell){ .glyph = 0 };
}

void canvas_clear(struct canvas *canvas)
{
	memset(canvas->cells, 0,
	       (size_t)canvas->rows * (size_t)canvas->columns * sizeof(*canvas->cells));
}

static int room_to_edge(const struct canvas *canvas, int column, int room)
{
	return room < 0 ? at_least(canvas->columns - at_least(column, 0), 0) : room;
}

int canvas_put(struct canvas *canvas, int row, int column, int room, struct look look,
               const char *words)
{
	int taken = 0;

	for (room = room_to_edge(canvas, column, room); *words != '\0' && taken < room; taken++) {
		if (column >= canvas->columns - taken)
			break;
		canvas_glyph(canvas, row, column + taken, glyph_next(&words), look);
	}
	return taken;
}

int canvas_format(struct canvas *canvas, int row, int column, int room, struct look look,
                  const char *format, ...)
{
	char storage[FORMATTED_MOST];
	va_list arguments;
	int wanted;

	va_start(arguments, format);
	wanted = vsnprintf(storage, sizeof(storage), format, arguments);
	va_end(arguments);
	return wanted < 0 ? 0 : canvas_put(canvas, row, column, room, look, storage);
}

int canvas_put_right(struct canvas *canvas, int row, int column, int room, struct look look,
                     const char *words)
{
	const char *word = words;
	int width = 0;

	room = room_to_edge(canvas, column, room);
	while (width < room && glyph_next(&word) != 0)
		width++;
	return canvas_put(canvas, row, column + room - width, width, look, words);
}

void canvas_glyph(struct canvas *canvas, int row, int column, uint32_t glyph, struct look look)
{
	struct cell *cell = cell_at(canvas, row, column);

	if (cell)
		*cell = (struct cell){ .glyph = glyph_shown(glyph, canvas->ascii), .look = look };
}

/* The first cell of each row of a part, and NULL behind the last. */
static struct cell *row_of(const struct canvas *canvas, const struct area *part, int row)
{
	if (row >= part->rows || part->columns <= 0)
		return NULL;
	return cell_at(canvas, part->row + row, part->column);
}

void canvas_fill(struct canvas *canvas, struct area area, uint32_t glyph, struct look look)
{
	struct area part = within(canvas, area);
	struct cell fill = { .glyph = glyph_shown(glyph, canvas->ascii), .look = look };
	struct cell *cells;

	for (int row = 0; (cells = row_of(canvas, &part, row)); row++)
		for (int column = 0; column < part.columns; column++)
			cells[column] = fill;
}

void canvas_mark(struct canvas *canvas, struct area area, uint8_t marks)
{
	struct area part = within(canvas, area);
	struct cell *cells;

	for (int row = 0; (cells = row_of(canvas, &part, row)); row++)
		for (int column = 0; column < part.columns; column++)
			cells[column].look.marks |= marks;
}

void canvas_paint(struct canvas *canvas, struct area area, enum paint paint)
{
	struct area part = within(canvas, area);
	struct cell *cells;

	for (int row = 0; (cells = row_of(canvas, &part, row)); row++)
		for (int column = 0; column < part.columns; column++)
			cells[column].look.paint = (uint8_t)paint;
}

uint32_t canvas_bar(const struct canvas *canvas, int eighths)
{
	static const char plain[] = " .:-=+*#@";
	int level = at_most(at_least(eighths, 0), 8);

	if (canvas->ascii || level == 0)
		return (uint32_t)(unsigned char)plain[level];
	return 0x2580u + (uint32_t)level;
}
