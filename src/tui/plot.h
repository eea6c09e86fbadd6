/* plot.h: values over time, drawn in characters. */
#ifndef TUI_PLOT_H
#define TUI_PLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "tui/canvas.h"

enum { PLOT_COLUMNS = 256, PLOT_LINES = 2 };

/* One value for each column of the picture; -1: none. */
struct plot {
	int64_t start, span; /* of the time axis */
	int columns;
	int64_t bars[PLOT_COLUMNS];
	int64_t lines[PLOT_LINES][PLOT_COLUMNS];
};

/* How it looks. */
struct plot_style {
	const char *title;
	const char *legend; /* of the lines; "" for none */
	void (*add_value)(struct text *text, int64_t value, bool ascii);
	uint32_t glyphs[PLOT_LINES];
	enum paint paints[1 + PLOT_LINES]; /* of the bars, and of each line */
	bool lines_may_leave; /* lines far above the bars do not squeeze them */
};

/* What is left for values in an area of so many columns; 0: it is too narrow. */
int plot_columns(int columns);

/* Nothing taken yet. `columns` is 1 to PLOT_COLUMNS. */
void plot_start(struct plot *plot, int64_t start, int64_t end, int columns);
int plot_column(const struct plot *plot, int64_t time);

/* Of several values in one column the largest bar counts, and the latest of a line. */
void plot_bar(struct plot *plot, int64_t time, int64_t value);
void plot_line(struct plot *plot, int line, int64_t time, int64_t value);

/* Columns without a value get that of the column before. */
void plot_carry(struct plot *plot);

/* Title, picture and axis; needs four rows at least. */
void plot_draw(const struct plot *plot, const struct plot_style *style, struct canvas *canvas,
               struct area area);

#endif
