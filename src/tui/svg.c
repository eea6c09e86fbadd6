/* svg.c: the screen as a picture. */

/*
 * No two machines have the same monospaced font, and what a font lacks comes
 * from another, with another width. So each run of text is told where it
 * begins and how wide it must be (textLength), and symbols stand alone. The
 * picture has its own paper, for it may hang on a dark wall.
 */

#include "tui/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/glyph.h"
#include "tui/theme.h"

/* In tenths of a pixel; the height lets vertical lines join. */
enum { CELL_WIDTH = 84, CELL_HEIGHT = 160, BASELINE = 122, MARGIN = 120, FONT_SIZE = 14 };

struct picture {
	const struct canvas *canvas;
	void (*write)(void *context, const char *words);
	void *context;
};

struct colours {
	const char *front, *back; /* back: NULL where the paper shows */
	bool bold, underline;
};

/* What may share a run: a font that has one of them has them all, in one width. */
enum kind { KIND_BLANK, KIND_ASCII, KIND_LINES, KIND_BLOCKS, KIND_SYMBOL };

struct run {
	int row, column, columns;
	struct look look;
	enum kind kind;
};

static void say(const struct picture *picture, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(const struct picture *picture, const char *format, ...)
{
	char storage[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(storage, sizeof(storage), format, arguments);
	va_end(arguments);
	picture->write(picture->context, storage);
}

static void say_length(const struct picture *picture, const char *name, int tenths)
{
	say(picture, " %s=\"%d.%d\"", name, tenths / 10, tenths % 10);
}

static enum kind kind_of(uint32_t glyph)
{
	if (glyph == 0)
		return KIND_BLANK;
	if (glyph < 0x80)
		return KIND_ASCII;
	if (glyph >= 0x2500 && glyph <= 0x257f)
		return KIND_LINES;
	if (glyph >= 0x2580 && glyph <= 0x259f)
		return KIND_BLOCKS;
	return KIND_SYMBOL;
}

static struct colours colours_of(struct look look)
{
	const struct theme *theme = theme_of((enum paint)look.paint);
	unsigned marks = look.marks | theme->many.marks;
	struct colours colours = { .front = theme->front ? theme->front : PICTURE_INK,
		                   .back = theme->back,
		                   .bold = marks & LOOK_BOLD,
		                   .underline = marks & LOOK_UNDERLINE };

	if (marks & LOOK_REVERSE) {
		const char *paper = colours.back ? colours.back : PICTURE_PAPER;

		colours.back = colours.front;
		colours.front = paper;
	}
	return colours;
}

static bool is_same_look(struct look a, struct look b)
{
	return a.paint == b.paint && a.marks == b.marks;
}

static const char *back_at(const struct picture *picture, int row, int column)
{
	return colours_of(canvas_cell(picture->canvas, row, column).look).back;
}

static bool is_same_back(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void draw_backs(const struct picture *picture, int row)
{
	int columns = canvas_columns(picture->canvas);

	for (int column = 0, next; column < columns; column = next) {
		const char *back = back_at(picture, row, column);

		for (next = column + 1; next < columns; next++)
			if (!is_same_back(back, back_at(picture, row, next)))
				break;
		if (back == NULL)
			continue;
		say(picture, "<rect");
		say_length(picture, "x", MARGIN + column * CELL_WIDTH);
		say_length(picture, "y", MARGIN + row * CELL_HEIGHT);
		say_length(picture, "width", (next - column) * CELL_WIDTH);
		say_length(picture, "height", CELL_HEIGHT);
		say(picture, " fill=\"%s\"/>\n", back);
	}
}

/* Single blanks belong to the words around them. */
static bool goes_on(const struct picture *picture, const struct run *run, int column)
{
	struct cell cell = canvas_cell(picture->canvas, run->row, column);
	struct cell after = canvas_cell(picture->canvas, run->row, column + 1);

	if (run->kind == KIND_SYMBOL || !is_same_look(cell.look, run->look))
		return false;
	if (cell.glyph == 0 && run->kind == KIND_ASCII)
		return kind_of(after.glyph) == KIND_ASCII && is_same_look(after.look, run->look);
	return kind_of(cell.glyph) == run->kind;
}

static struct run run_at(const struct picture *picture, int row, int column)
{
	struct cell cell = canvas_cell(picture->canvas, row, column);
	struct run run = { row, column, 1, cell.look, kind_of(cell.glyph) };

	while (column + run.columns < canvas_columns(picture->canvas) &&
	       goes_on(picture, &run, column + run.columns))
		run.columns++;
	return run;
}

static void draw_glyph(const struct picture *picture, uint32_t glyph)
{
	char storage[8];
	struct text text = text_over(storage, sizeof(storage));

	switch (glyph) {
	case '&':
		text_add(&text, "&amp;");
		break;
	case '<':
		text_add(&text, "&lt;");
		break;
	case '>':
		text_add(&text, "&gt;");
		break;
	default:
		glyph_add(&text, glyph ? glyph : ' ');
	}
	picture->write(picture->context, storage);
}

static void draw_run(const struct picture *picture, const struct run *run)
{
	struct colours colours = colours_of(run->look);

	say(picture, "<text");
	say_length(picture, "x", MARGIN + run->column * CELL_WIDTH);
	say_length(picture, "y", MARGIN + run->row * CELL_HEIGHT + BASELINE);
	say_length(picture, "textLength", run->columns * CELL_WIDTH);
	if (strcmp(colours.front, PICTURE_INK) != 0)
		say(picture, " fill=\"%s\"", colours.front);
	if (colours.bold)
		say(picture, " font-weight=\"bold\"");
	if (colours.underline)
		say(picture, " text-decoration=\"underline\"");
	say(picture, " lengthAdjust=\"spacingAndGlyphs\">");
	for (int i = 0; i < run->columns; i++)
		draw_glyph(picture, canvas_cell(picture->canvas, run->row, run->column + i).glyph);
	say(picture, "</text>\n");
}

static void draw_row(const struct picture *picture, int row)
{
	draw_backs(picture, row);
	for (int column = 0; column < canvas_columns(picture->canvas);) {
		struct run run = run_at(picture, row, column);

		if (run.kind != KIND_BLANK)
			draw_run(picture, &run);
		column += run.columns;
	}
}

static void draw_paper(const struct picture *picture)
{
	int width = (canvas_columns(picture->canvas) * CELL_WIDTH + 2 * MARGIN + 9) / 10;
	int height = (canvas_rows(picture->canvas) * CELL_HEIGHT + 2 * MARGIN + 9) / 10;

	say(picture,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
	    "viewBox=\"0 0 %d %d\" font-family=\"ui-monospace, 'SF Mono', Menlo, "
	    "'DejaVu Sans Mono', 'Liberation Mono', Consolas, monospace\" font-size=\"%d\" "
	    "fill=\"" PICTURE_INK "\" xml:space=\"preserve\">\n",
	    width, height, width, height, FONT_SIZE);
	say(picture,
	    "<rect x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"6\" "
	    "fill=\"" PICTURE_PAPER "\" stroke=\"" PICTURE_FRAME "\"/>\n",
	    width - 1, height - 1);
}

void canvas_svg(const struct canvas *canvas, void (*write)(void *context, const char *words),
                void *context)
{
	struct picture picture = { canvas, write, context };

	draw_paper(&picture);
	for (int row = 0; row < canvas_rows(canvas); row++)
		draw_row(&picture, row);
	write(context, "</svg>\n");
}
