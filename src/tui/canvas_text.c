/* canvas_text.c: the screen as lines of text. */

#include "tui/canvas.h"

#include "tui/glyph.h"

/* Columns up to the last that shows something. */
static int shown_columns(const struct canvas *canvas, int row)
{
	int count = canvas_columns(canvas);

	while (count > 0 && canvas_cell(canvas, row, count - 1).glyph == 0)
		count--;
	return count;
}

static int marked_columns(const struct canvas *canvas, int row)
{
	int count = canvas_columns(canvas);

	while (count > 0 && canvas_cell(canvas, row, count - 1).look.marks == 0)
		count--;
	return count;
}

static void add_row(const struct canvas *canvas, struct text *text, int row, bool led)
{
	int count = shown_columns(canvas, row);

	if (led && count > 0)
		text_add_char(text, ' ');
	for (int column = 0; column < count; column++) {
		uint32_t glyph = canvas_cell(canvas, row, column).glyph;

		glyph_add(text, glyph ? glyph : ' ');
	}
	text_add_char(text, '\n');
}

static void add_marks(const struct canvas *canvas, struct text *text, int row)
{
	static const char letters[] = " b^B_URA"; /* by the sum of LOOK_... */
	int count = marked_columns(canvas, row);

	if (count == 0)
		return;
	text_add_char(text, '~');
	for (int column = 0; column < count; column++)
		text_add_char(text, letters[canvas_cell(canvas, row, column).look.marks & 7]);
	text_add_char(text, '\n');
}

void canvas_text(const struct canvas *canvas, struct text *text, bool marks)
{
	for (int row = 0; row < canvas_rows(canvas); row++) {
		add_row(canvas, text, row, marks);
		if (marks)
			add_marks(canvas, text, row);
	}
}
