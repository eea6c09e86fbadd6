/* text.h: bounded text, written into storage that the caller lends. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Always ends in a NUL. What does not fit is left out and `cut` says so.
 * `start` is lent for as long as the text is used.
 */
struct text {
	char *start;
	size_t size;
	size_t length;
	bool cut;
};

struct text text_over(char *storage, size_t size);
void text_clear(struct text *text);

/* What is longer than there is room for. */
void text_add_cut(struct text *text, const char *bytes, size_t count);

/* Here, so that what is added most, a few known letters, is written without a call. */
static inline void text_add_bytes(struct text *text, const char *bytes, size_t count)
{
	if (text->cut || count >= text->size - text->length) {
		text_add_cut(text, bytes, count);
		return;
	}
	memcpy(text->start + text->length, bytes, count);
	text->length += count;
	text->start[text->length] = '\0';
}

static inline void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

static inline void text_add_char(struct text *text, char character)
{
	text_add_bytes(text, &character, 1);
}

void text_add_digits(struct text *text, uint64_t number);

static inline void text_add_unsigned(struct text *text, uint64_t number)
{
	if (number < 10)
		text_add_char(text, (char)('0' + number));
	else
		text_add_digits(text, number);
}

void text_add_signed(struct text *text, int64_t number);
void text_format(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Columns that a terminal gives to UTF-8 `string`; a code point counts as one. */
size_t text_columns(const char *string);

/*
 * Moves the first of the `words` that fit in so many columns into `line`, in place of what it
 * held; false: there are no more. A word that is too long stands alone and is not broken.
 */
bool text_take_line(struct text *line, const char **words, size_t columns);

/* Bytes of the well-formed UTF-8 character that `string` begins with; 0 if it begins with none. */
size_t utf8_length(const char *string);

/*
 * Adds text that somebody else wrote, on one line and at most so many columns of it: a blank for a
 * line's end, '?' for whatever is no UTF-8, could move the cursor or cannot be seen, and with
 * `ascii` for all that is not ASCII. False where there was more of it.
 */
bool text_add_foreign(struct text *text, const char *string, size_t columns, bool ascii);

#endif
