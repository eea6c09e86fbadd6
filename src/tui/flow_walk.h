/* flow_walk.h: walking down the lines of a ladder: rows, cursor, what stands where. */
#ifndef TUI_FLOW_WALK_H
#define TUI_FLOW_WALK_H

#include "tui/flow_parts.h"

enum { STATE_COLUMNS = 13, LADDER_WORDS_MOST = 512 };

/* Columns of the canvas; a part that has none is not drawn. */
struct layout {
	struct area area; /* of the lines, the heads left out */
	int time, time_columns;
	int states, state_columns; /* the client's; the server's follow the right bar */
	int left, right;           /* the bars */
	int arrow, arrow_columns;
};

struct pass;
typedef void line_taker(struct pass *pass, const struct ladder_line *line);

/* One walk down the lines; each kind of walk uses what it needs of this. */
struct pass {
	const struct sight *sight;
	line_taker *take;
	const struct layout *layout;
	struct canvas *canvas;
	size_t cursor; /* rung under the cursor; `count` of the rungs: the newest */
	int64_t before; /* time of the line before; TIME_NONE: there is none */
	int lines;      /* selectable ones so far */
	int rows;
	int cursor_line, cursor_row;
	int top;        /* first row that is drawn */
	int wanted;     /* line or row that is looked for */
	bool is_found;
	struct selection selection;
};

/* Of an area whose first row has the heads. */
struct layout layout_of(const struct sight *sight, struct area area);

/* Without a layout no rows are counted. */
struct pass pass_over(const struct sight *sight, const struct layout *layout);

/* Calls `take` for each line; `lines` counts the selectable ones before it. */
void pass_walk(struct pass *pass, line_taker *take);

/* Counts lines and rows; finds the cursor, the selection and the top row. */
void pass_measure(struct pass *pass);

bool line_is_selectable(const struct ladder_line *line);
size_t line_rung(const struct sight *sight, const struct ladder_line *line);
int line_rows(const struct layout *layout, const struct ladder_line *line);

/* Columns for the words of a line that is no arrow. */
int line_columns(const struct layout *layout, const struct ladder_line *line);

/* The frame of selectable line `wanted`; 0 where there is none. */
uint64_t pass_frame(struct pass *pass, int wanted);

#endif
