/* plot.c: values over time, drawn in characters: eighths of blocks for bars, letters for lines. */
#include "tui/plot.h"

#include <assert.h>
#include <string.h>

#include "base/time.h"
#include "tui/inside.h"

enum { LABEL_COLUMNS = 9, EIGHTHS = 8, LEAVES_ABOVE = 4, ROWS_LEAST = 4 };

int plot_columns(int columns)
{
	columns -= LABEL_COLUMNS + 2;
	return columns > PLOT_COLUMNS ? PLOT_COLUMNS : columns > 0 ? columns : 0;
}

void plot_start(struct plot *plot, int64_t start, int64_t end, int columns)
{
	assert(columns >= 1 && columns <= PLOT_COLUMNS);
	plot->start = start;
	plot->span = time_between(start, end);
	if (plot->span < 0)
		plot->span = 0;
	plot->columns = columns;
	for (int column = 0; column < PLOT_COLUMNS; column++) {
		plot->bars[column] = -1;
		for (int line = 0; line < PLOT_LINES; line++)
			plot->lines[line][column] = -1;
	}
}

int plot_column(const struct plot *plot, int64_t time)
{
	int64_t past = time_between(plot->start, time);
	int column;

	if (past <= 0 || plot->span == 0)
		return 0;
	column = (int)((double)past / ((double)plot->span + 1) * plot->columns);
	return column < plot->columns ? column : plot->columns - 1;
}

void plot_bar(struct plot *plot, int64_t time, int64_t value)
{
	int64_t *bar = &plot->bars[plot_column(plot, time)];

	if (value > *bar)
		*bar = value;
}

void plot_line(struct plot *plot, int line, int64_t time, int64_t value)
{
	plot->lines[line][plot_column(plot, time)] = value;
}

static void carry(int64_t *values, int columns)
{
	for (int column = 1; column < columns; column++) {
		if (values[column] < 0)
			values[column] = values[column - 1];
	}
}

void plot_carry(struct plot *plot)
{
	carry(plot->bars, plot->columns);
	for (int line = 0; line < PLOT_LINES; line++)
		carry(plot->lines[line], plot->columns);
}

static int64_t largest(const int64_t *values, int columns)
{
	int64_t most = 0;

	for (int column = 0; column < columns; column++) {
		if (values[column] > most)
			most = values[column];
	}
	return most;
}

/* The value at the upper edge; never 0. */
static int64_t top_of(const struct plot *plot, const struct plot_style *style)
{
	int64_t bars = largest(plot->bars, plot->columns);
	int64_t most = bars;

	for (int line = 0; line < PLOT_LINES; line++) {
		int64_t value = largest(plot->lines[line], plot->columns);

		if (style->lines_may_leave && bars > 0 && value / LEAVES_ABOVE > bars)
			continue;
		if (value > most)
			most = value;
	}
	return most > 0 ? most : 1;
}

/* So many parts of `whole` that `value` makes of `top`. */
static int share(int64_t value, int64_t top, int whole)
{
	return (int)((double)value / (double)top * whole + 0.5);
}

static void bars_draw(const struct plot *plot, const struct plot_style *style, int64_t top,
                      struct canvas *canvas, struct area picture)
{
	for (int column = 0; column < plot->columns; column++) {
		int64_t value = plot->bars[column];
		int eighths = value > 0 ? share(value, top, picture.rows * EIGHTHS) : 0;

		if (value > 0 && eighths == 0)
			eighths = 1;
		for (int row = picture.rows - 1; row >= 0 && eighths > 0; row--) {
			canvas_glyph(canvas, picture.row + row, picture.column + column,
			             canvas_bar(canvas, eighths < EIGHTHS ? eighths : EIGHTHS),
			             look_of(style->paints[0]));
			eighths -= EIGHTHS;
		}
	}
}

static void lines_draw(const struct plot *plot, const struct plot_style *style, int64_t top,
                       struct canvas *canvas, struct area picture)
{
	for (int line = 0; line < PLOT_LINES; line++) {
		for (int column = 0; column < plot->columns; column++) {
			int64_t value = plot->lines[line][column];
			int height = value >= 0 && value <= top
			                     ? share(value, top, picture.rows - 1)
			                     : picture.rows;

			if (height < picture.rows)
				canvas_glyph(canvas, picture.row + picture.rows - 1 - height,
				             picture.column + column, style->glyphs[line],
				             look_of(style->paints[1 + line]));
		}
	}
}

static void axes_draw(const struct plot *plot, const struct plot_style *style, int64_t top,
                      struct canvas *canvas, struct area picture)
{
	bool ascii = canvas_is_ascii(canvas);
	int axis = picture.column - 1;
	int bottom = picture.row + picture.rows;
	struct look dim = look_of(PAINT_DIM);
	char storage[48];
	struct text text = text_over(storage, sizeof storage);

	style->add_value(&text, top, ascii);
	canvas_put_right(canvas, picture.row, axis - LABEL_COLUMNS, LABEL_COLUMNS - 1, dim,
	                 storage);
	canvas_put_right(canvas, bottom, axis - LABEL_COLUMNS, LABEL_COLUMNS - 1, dim, "0");
	canvas_fill(canvas, (struct area){ picture.row, axis, picture.rows, 1 }, 0x2502, dim);
	canvas_glyph(canvas, bottom, axis, 0x2514, dim);
	canvas_fill(canvas, (struct area){ bottom, picture.column, 1, plot->columns }, 0x2500, dim);
	text_clear(&text);
	text_add_char(&text, ' ');
	time_add_span(&text, plot->span, ascii);
	canvas_put_right(canvas, bottom, picture.column, plot->columns, dim, storage);
}

/* A line that has left the picture is told in numbers; what has no room is left out whole. */
static void add_legend(struct text *text, const struct plot *plot, const struct plot_style *style,
                       int64_t top, bool ascii, int room)
{
	int64_t value = largest(plot->lines[0], plot->columns);
	char storage[32];
	struct text number = text_over(storage, sizeof storage);

	if ((int)text_columns(style->legend) > room)
		return;
	text_add(text, style->legend);
	if (value <= top)
		return;
	style->add_value(&number, value, ascii);
	if ((int)(text_columns(style->legend) + strlen(", up to ") + number.length) <= room)
		text_format(text, ", up to %s", storage);
}

static void title_draw(const struct plot *plot, const struct plot_style *style, int64_t top,
                       struct canvas *canvas, struct area area)
{
	char storage[96];
	struct text text = text_over(storage, sizeof storage);
	int used = canvas_put(canvas, area.row, area.column + 1, area.columns - 1,
	                      look_of(PAINT_HEAD), style->title);

	used += 3;
	add_legend(&text, plot, style, top, canvas_is_ascii(canvas), area.columns - used);
	if (used < area.columns)
		canvas_put(canvas, area.row, area.column + used, area.columns - used,
		           look_of(PAINT_DIM), storage);
}

void plot_draw(const struct plot *plot, const struct plot_style *style, struct canvas *canvas,
               struct area area)
{
	struct area picture = {
		.row = area.row + 1,
		.column = area.column + LABEL_COLUMNS + 1,
		.rows = area.rows - 2,
		.columns = plot->columns,
	};
	int64_t top = top_of(plot, style);

	if (area.rows < ROWS_LEAST || plot->columns < 1)
		return;
	title_draw(plot, style, top, canvas, area);
	bars_draw(plot, style, top, canvas, picture);
	lines_draw(plot, style, top, canvas, picture);
	axes_draw(plot, style, top, canvas, picture);
}
