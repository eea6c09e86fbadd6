/* canvas.h: a screen in memory: what views draw on, and tests read. */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* What a cell means; the theme says how each terminal paints it. Never the only carrier of a meaning. */
enum paint {
	PAINT_PLAIN,
	PAINT_DIM,      /* presumed, old, explanations */
	PAINT_STRONG,
	PAINT_OPENING,
	PAINT_CLOSING,
	PAINT_TROUBLE,
	PAINT_BAR,      /* the program's head line */
	PAINT_HEAD,     /* heads of columns and panes */
	PAINT_KEY,      /* a key to press */
	PAINT_CLIENT,   /* belongs to the client's end... */
	PAINT_SERVER,   /* ...and to the server's */
	PAINT_COUNT
};

/* Added to any paint. */
enum { LOOK_NORMAL = 0, LOOK_BOLD = 1, LOOK_REVERSE = 2, LOOK_UNDERLINE = 4 };

struct look {
	uint8_t paint; /* enum paint */
	uint8_t marks; /* LOOK_... */
};

struct cell {
	uint32_t glyph; /* Unicode, one column wide; 0 is a blank */
	struct look look;
};

/* Rows and columns count from 0, from the top left. */
struct area {
	int row, column, rows, columns;
};

struct canvas;

/* With `ascii`, glyphs that are not ASCII become their stand-ins ('▶' is '>', '│' is '|', others '?'). */
struct canvas *canvas_new(int rows, int columns, bool ascii, struct error *err);
void canvas_free(struct canvas *canvas);

/* Its contents are gone. -1 and err when memory is short; then it stays as it was. */
int canvas_resize(struct canvas *canvas, int rows, int columns, struct error *err);

int canvas_rows(const struct canvas *canvas);
int canvas_columns(const struct canvas *canvas);
bool canvas_is_ascii(const struct canvas *canvas);
struct area canvas_area(const struct canvas *canvas);

/* What lies outside is a blank. */
struct cell canvas_cell(const struct canvas *canvas, int row, int column);

void canvas_clear(struct canvas *canvas);

/*
 * Everything that draws stays within the canvas, and what does not fit is left out.
 * canvas_put writes UTF-8 in at most `room` columns (negative: to the edge) and
 * returns how many it took; bytes that are no text, or would move a cursor, become '?'.
 */
int canvas_put(struct canvas *canvas, int row, int column, int room, struct look look,
               const char *words);
int canvas_format(struct canvas *canvas, int row, int column, int room, struct look look,
                  const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The same, ending at the right edge of `room` columns. */
int canvas_put_right(struct canvas *canvas, int row, int column, int room, struct look look,
                     const char *words);

void canvas_glyph(struct canvas *canvas, int row, int column, uint32_t glyph, struct look look);
void canvas_fill(struct canvas *canvas, struct area area, uint32_t glyph, struct look look);

/* Adds marks to what stands there (a selected line: LOOK_REVERSE); glyphs and paints stay. */
void canvas_mark(struct canvas *canvas, struct area area, uint8_t marks);
void canvas_paint(struct canvas *canvas, struct area area, enum paint paint);

/* A line around the area, inside of it; `title` may be NULL. */
void canvas_box(struct canvas *canvas, struct area area, struct look look, const char *title);

/* The glyph of a bar of `eighths` of a cell, 0 to 8: ' ' ▁ ... █; ASCII: " .:-=+*#@". */
uint32_t canvas_bar(const struct canvas *canvas, int eighths);

/*
 * The whole as lines of text, blanks at their ends left out. With `marks`, every line is led by a
 * blank, and one that has any is followed by one that shows them beneath, led by '~': '^' reverse,
 * 'b' bold, 'B' both, '_' underlined.
 */
void canvas_text(const struct canvas *canvas, struct text *text, bool marks);

/* The whole as a picture: SVG, one monospaced text per run of cells of one look. */
void canvas_svg(const struct canvas *canvas, void (*write)(void *context, const char *words),
                void *context);

#endif
