/* text.c: bounded text. Once cut, a text takes nothing more, so it is always the start of the whole. */

#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool continues_character(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t character_length(char lead)
{
	unsigned char byte = (unsigned char)lead;

	return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
}

/* A terminal shows half a character as rubbish: a cut goes before the one it would split. */
static void cut_here(struct text *text)
{
	size_t lead = text->length;

	while (lead > 0 && continues_character(text->start[lead - 1]))
		lead--;
	if (lead > 0 && text->length - (lead - 1) < character_length(text->start[lead - 1]))
		text->length = lead - 1;
	text->start[text->length] = '\0';
	text->cut = true;
}

struct text text_over(char *storage, size_t size)
{
	assert(size > 0);
	storage[0] = '\0';
	return (struct text){ .start = storage, .size = size };
}

void text_clear(struct text *text)
{
	text->length = 0;
	text->cut = false;
	text->start[0] = '\0';
}

void text_add_cut(struct text *text, const char *bytes, size_t count)
{
	size_t room = text->size - text->length - 1;

	if (text->cut)
		return;
	memcpy(text->start + text->length, bytes, count < room ? count : room);
	text->length += count < room ? count : room;
	text->start[text->length] = '\0';
	if (count > room)
		cut_here(text);
}

void text_add_digits(struct text *text, uint64_t number)
{
	char digits[20];
	size_t first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	text_add_bytes(text, digits + first, sizeof(digits) - first);
}

void text_add_signed(struct text *text, int64_t number)
{
	if (number < 0)
		text_add_char(text, '-');
	text_add_unsigned(text, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

void text_format(struct text *text, const char *format, ...)
{
	char *end = text->start + text->length;
	size_t room = text->size - text->length;
	va_list arguments;
	int wanted;

	if (text->cut)
		return;
	va_start(arguments, format);
	wanted = vsnprintf(end, room, format, arguments);
	va_end(arguments);
	assert(wanted >= 0);
	if ((size_t)wanted < room) {
		text->length += (size_t)wanted;
		return;
	}
	text->length = text->size - 1;
	cut_here(text);
}

size_t text_columns(const char *string)
{
	size_t columns = 0;

	for (; *string != '\0'; string++)
		columns += !continues_character(*string);
	return columns;
}

/* Bytes of the first words that fit; at least one word. */
static size_t words_that_fit(const char *words, size_t columns)
{
	size_t used = 0;
	size_t fit = 0;

	for (size_t i = 0;; i++) {
		if (words[i] == ' ' || words[i] == '\0') {
			if (fit > 0 && used > columns)
				return fit;
			fit = i;
		}
		if (words[i] == '\0')
			return fit;
		used += !continues_character(words[i]);
	}
}

bool text_take_line(struct text *line, const char **words, size_t columns)
{
	size_t length;

	text_clear(line);
	while (**words == ' ')
		++*words;
	if (**words == '\0')
		return false;
	length = words_that_fit(*words, columns);
	text_add_bytes(line, *words, length);
	*words += length;
	return true;
}
