/* glass.c: what a terminal would show of the bytes that a program writes to it. */

#include "load/glass.h"

#include <string.h>

static void blank(struct glass *glass, int row, int from, int to)
{
	for (int column = from; column < to && column < GLASS_COLUMNS; column++)
		glass->cells[row][column] = ' ';
}

struct glass glass_new(void)
{
	struct glass glass = { .state = GLASS_TEXT };

	for (int row = 0; row < GLASS_ROWS; row++)
		blank(&glass, row, 0, GLASS_COLUMNS);
	return glass;
}

/* ---- Text ---- */

static int within(int value, int most)
{
	return value < 0 ? 0 : value < most ? value : most - 1;
}

/* At the right edge the cursor waits outside, as an xterm's does. */
static void put(struct glass *glass, uint32_t character)
{
	if (glass->column >= GLASS_COLUMNS) {
		glass->column = 0;
		glass->row = within(glass->row + 1, GLASS_ROWS);
	}
	glass->cells[glass->row][glass->column++] = character;
	glass->latest = character;
}

static void take_text(struct glass *glass, unsigned char byte)
{
	if (byte >= 0xc0) {
		glass->missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
		glass->character = byte & (0x3fU >> glass->missing);
	} else if (byte >= 0x80) {
		glass->character = glass->character << 6 | (byte & 0x3f);
		if (--glass->missing == 0)
			put(glass, glass->character);
	} else if (byte >= ' ') {
		put(glass, byte);
	} else if (byte == '\033') {
		glass->state = GLASS_ESCAPE;
	} else if (byte == '\r') {
		glass->column = 0;
	} else if (byte == '\n') {
		glass->row = within(glass->row + 1, GLASS_ROWS);
	} else if (byte == '\b') {
		glass->column = within(within(glass->column, GLASS_COLUMNS) - 1, GLASS_COLUMNS);
	} else if (byte == '\t') {
		glass->column = within((glass->column | 7) + 1, GLASS_COLUMNS);
	}
}

/* ---- Control sequences ---- */

static void erase_line(struct glass *glass, int how)
{
	int from = how == 0 ? glass->column : 0;
	int to = how == 1 ? glass->column + 1 : GLASS_COLUMNS;

	blank(glass, glass->row, from, to);
}

static void erase(struct glass *glass, int how)
{
	erase_line(glass, how);
	for (int row = 0; row < GLASS_ROWS; row++) {
		if (how == 2 || (how == 0 && row > glass->row) || (how == 1 && row < glass->row))
			blank(glass, row, 0, GLASS_COLUMNS);
	}
}

/* Characters after the cursor go to the right, or to the left. */
static void shift(struct glass *glass, int count, bool is_left)
{
	uint32_t *at = &glass->cells[glass->row][within(glass->column, GLASS_COLUMNS)];
	int room = GLASS_COLUMNS - within(glass->column, GLASS_COLUMNS);

	count = count < room ? count : room;
	if (is_left)
		memmove(at, at + count, (size_t)(room - count) * sizeof(*at));
	else
		memmove(at + count, at, (size_t)(room - count) * sizeof(*at));
	blank(glass, glass->row, is_left ? GLASS_COLUMNS - count : glass->column,
	      is_left ? GLASS_COLUMNS : glass->column + count);
}

static void move(struct glass *glass, int row, int column)
{
	glass->row = within(row, GLASS_ROWS);
	glass->column = within(column, GLASS_COLUMNS);
}

static void obey(struct glass *glass, char order)
{
	int first = glass->numbers[0], count = first > 0 ? first : 1;
	int row = glass->row, column = within(glass->column, GLASS_COLUMNS);

	/* clang-format off */
	switch (order) {
	case 'A': move(glass, row - count, column); break;
	case 'B': move(glass, row + count, column); break;
	case 'C': move(glass, row, column + count); break;
	case 'D': move(glass, row, column - count); break;
	case 'G': move(glass, row, count - 1); break;
	case 'd': move(glass, count - 1, column); break;
	case 'H': move(glass, count - 1, glass->numbers[1] > 0 ? glass->numbers[1] - 1 : 0); break;
	case 'J': erase(glass, first); break;
	case 'K': erase_line(glass, first); break;
	case 'X': blank(glass, row, column, column + count); break;
	case 'P': shift(glass, count, true); break;
	case '@': shift(glass, count, false); break;
	case 'b':
		while (count-- > 0)
			put(glass, glass->latest);
		break;
	default: break; /* colours and modes */
	}
	/* clang-format on */
}

static void take_control(struct glass *glass, char byte)
{
	int *number = &glass->numbers[glass->count];

	if (byte >= '0' && byte <= '9') {
		*number = *number * 10 + (byte - '0');
	} else if (byte == ';') {
		glass->count += glass->count + 1 < GLASS_NUMBERS;
		glass->numbers[glass->count] = 0;
	} else if (byte >= '@') {
		obey(glass, byte);
		glass->state = GLASS_TEXT;
	}
}

static void take_escape(struct glass *glass, char byte)
{
	glass->state = byte == '['                  ? GLASS_CONTROL
	               : byte == '(' || byte == ')' ? GLASS_CHARSET
	                                            : GLASS_TEXT;
	glass->count = 0;
	memset(glass->numbers, 0, sizeof(glass->numbers));
}

void glass_take(struct glass *glass, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		switch (glass->state) {
		case GLASS_TEXT:
			take_text(glass, (unsigned char)bytes[i]);
			break;
		case GLASS_ESCAPE:
			take_escape(glass, bytes[i]);
			break;
		case GLASS_CONTROL:
			take_control(glass, bytes[i]);
			break;
		case GLASS_CHARSET:
			glass->state = GLASS_TEXT;
			break;
		}
	}
}

/* ---- Looking at it ---- */

static bool stands_at(const struct glass *glass, int row, int column, const char *words)
{
	for (; *words != '\0'; words++, column++) {
		if (column >= GLASS_COLUMNS || glass->cells[row][column] != (unsigned char)*words)
			return false;
	}
	return true;
}

bool glass_has(const struct glass *glass, const char *words)
{
	for (int row = 0; row < GLASS_ROWS; row++) {
		for (int column = 0; column < GLASS_COLUMNS; column++) {
			if (stands_at(glass, row, column, words))
				return true;
		}
	}
	return false;
}

int glass_row_of(const struct glass *glass, uint32_t character)
{
	for (int row = 0; row < GLASS_ROWS; row++) {
		if (glass->cells[row][0] == character)
			return row;
	}
	return -1;
}

static char *spell(char *to, uint32_t character)
{
	if (character < 0x80) {
		*to++ = (char)character;
		return to;
	}
	if (character < 0x800) {
		*to++ = (char)(0xc0 | character >> 6);
	} else {
		*to++ = (char)(0xe0 | (character >> 12 & 0x0f));
		*to++ = (char)(0x80 | (character >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (character & 0x3f));
	return to;
}

void glass_line(const struct glass *glass, int row, char *line)
{
	int columns = GLASS_COLUMNS;

	while (columns > 0 && glass->cells[row][columns - 1] == ' ')
		columns--;
	for (int column = 0; column < columns; column++)
		line = spell(line, glass->cells[row][column]);
	*line = '\0';
}
