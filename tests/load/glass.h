/* glass.h: what a terminal would show of the bytes that a program writes to it. */
#ifndef LOAD_GLASS_H
#define LOAD_GLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GLASS_ROWS = 40, GLASS_COLUMNS = 120, GLASS_NUMBERS = 8 };

enum glass_state { GLASS_TEXT, GLASS_ESCAPE, GLASS_CONTROL, GLASS_CHARSET };

/* As much of an xterm as ncurses asks of one that does not scroll; colours are left out. */
struct glass {
	uint32_t cells[GLASS_ROWS][GLASS_COLUMNS];
	int row, column;
	enum glass_state state;
	int numbers[GLASS_NUMBERS], count; /* of a control sequence */
	uint32_t character;                /* that is put together */
	int missing;                       /* bytes of it */
	uint32_t latest;                   /* that was put, for "repeat" */
};

struct glass glass_new(void);
void glass_take(struct glass *glass, const char *bytes, size_t count);

/* Whether these words, which are ASCII, stand anywhere, in one row. */
bool glass_has(const struct glass *glass, const char *words);

/* The row that begins with this character; -1: none does. */
int glass_row_of(const struct glass *glass, uint32_t character);

/* A row as UTF-8, blanks at its end left out; `room` for four bytes a column and a NUL. */
void glass_line(const struct glass *glass, int row, char *line);

#endif
