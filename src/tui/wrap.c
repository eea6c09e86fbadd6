/* wrap.c: words on as many rows as they need. */

#include "tui/wrap.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

enum { LINE_MOST = 1024 };

static size_t character(const char *words)
{
	size_t length = utf8_length(words);

	return length > 0 ? length : 1;
}

/* Bytes of `words` that stand on the next row; `*next` is where the one after it begins. */
static size_t row_of(const char *words, int columns, const char **next)
{
	const char *at = words, *blank = NULL;

	for (int column = 0; *at != '\0' && column < columns; column++) {
		if (*at == ' ' && at != words)
			blank = at;
		at += character(at);
	}
	if (*at != '\0' && *at != ' ' && blank != NULL)
		at = blank;
	*next = at;
	while (**next == ' ')
		++*next;
	return (size_t)(at - words);
}

int wrap_rows(const char *words, int columns)
{
	int rows = 0;

	if (columns <= 0)
		return 1;
	do {
		row_of(words, columns, &words);
		rows++;
	} while (*words != '\0');
	return rows;
}

int wrap_put(struct canvas *canvas, struct area area, struct look look, const char *words)
{
	int row = 0;

	if (area.columns <= 0)
		return 0;
	for (; row < area.rows && (row == 0 || *words != '\0'); row++) {
		char storage[LINE_MOST];
		struct text line = text_over(storage, sizeof(storage));
		const char *next;
		size_t length = row_of(words, area.columns, &next);

		text_add_bytes(&line, words, length);
		canvas_put(canvas, area.row + row, area.column, area.columns, look, storage);
		words = next;
	}
	return row;
}
