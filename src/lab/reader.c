/* reader.c: a story's text as lines and words. */

#include "lab/reader.h"

#include <string.h>

struct reader reader_over(const char *text, struct error *err)
{
	return (struct reader){ .next = text, .err = err };
}

bool reader_line(struct reader *reader)
{
	if (reader->line > 0) {
		reader->next += strcspn(reader->next, "\n");
		if (*reader->next == '\n')
			reader->next++;
	}
	reader->line++;
	reader->word = (struct word){ .start = reader->next };
	return *reader->next != '\0';
}

/* A quote that is never closed runs to the end of the line, and word_is_quoted denies it. */
static size_t word_length(const char *start)
{
	const char quote[] = { *start, '\n', '\0' };
	size_t length;

	if (*start != '\'' && *start != '"')
		return strcspn(start, " \t\r\n#");
	length = 1 + strcspn(start + 1, quote);
	return start[length] == *start ? length + 1 : length;
}

bool reader_word(struct reader *reader)
{
	reader->next += strspn(reader->next, " \t\r");
	if (*reader->next == '\n' || *reader->next == '\0' || *reader->next == '#')
		return false;
	reader->word.start = reader->next;
	reader->word.length = word_length(reader->next);
	reader->next += reader->word.length;
	return true;
}

bool word_is(const struct word *word, const char *name)
{
	return strlen(name) == word->length && memcmp(word->start, name, word->length) == 0;
}

bool word_is_quoted(const struct word *word)
{
	char quote = word->start[0];

	return word->length >= 2 && (quote == '\'' || quote == '"') &&
	       word->start[word->length - 1] == quote;
}

bool word_copy(const struct word *word, char copy[WORD_MAX])
{
	if (word->length >= WORD_MAX)
		return false;
	memcpy(copy, word->start, word->length);
	copy[word->length] = '\0';
	return true;
}

bool word_number(const struct word *word, uint32_t most, uint32_t *number)
{
	uint64_t value = 0;

	for (size_t i = 0; i < word->length; i++) {
		if (word->start[i] < '0' || word->start[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(word->start[i] - '0');
		if (value > most)
			return false;
	}
	if (word->length == 0)
		return false;
	*number = (uint32_t)value;
	return true;
}

int reader_refuse(struct reader *reader, const char *why)
{
	int length = (int)(reader->word.length < WORD_MAX ? reader->word.length : WORD_MAX);

	error_set(reader->err, "line %d: %.*s: %s", reader->line, length, reader->word.start, why);
	return -1;
}

int reader_want(struct reader *reader, const char *what)
{
	char why[WORD_MAX] = "wants ";

	if (reader_word(reader))
		return 0;
	strncat(why, what, sizeof(why) - strlen(why) - 1);
	return reader_refuse(reader, why);
}

int reader_want_number(struct reader *reader, uint32_t most, uint32_t *number)
{
	if (reader_want(reader, "a number") < 0)
		return -1;
	if (word_number(&reader->word, most, number))
		return 0;
	error_set(reader->err, "line %d: %.*s: not a number from 0 to %u", reader->line,
	          (int)(reader->word.length < WORD_MAX ? reader->word.length : WORD_MAX),
	          reader->word.start, most);
	return -1;
}
