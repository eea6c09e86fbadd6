/* reader.h: a story's text as lines and words. */
#ifndef LAB_READER_H
#define LAB_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Lent from the text; quoted text keeps its quotes. */
struct word {
	const char *start;
	size_t length;
};

struct reader {
	const char *next;
	int line;         /* from 1; 0 before the first */
	struct word word; /* the one read last, for errors */
	struct error *err;
};

enum { WORD_MAX = 64 };

struct reader reader_over(const char *text, struct error *err);

/* Moves to the next line; false after the last one. */
bool reader_line(struct reader *reader);

/* The next word of this line into reader->word; false at its end or at a comment. */
bool reader_word(struct reader *reader);

bool word_is(const struct word *word, const char *name);
bool word_is_quoted(const struct word *word);

/* Copies the word; false when it is too long to be anything. */
bool word_copy(const struct word *word, char copy[WORD_MAX]);

/* Digits only, at most `most`. */
bool word_number(const struct word *word, uint32_t most, uint32_t *number);

/* Says what is wrong with reader->word (where it is, what it is); returns -1. */
int reader_refuse(struct reader *reader, const char *why);

/* The next word; -1 and err "... wants WHAT" when the line is over. */
int reader_want(struct reader *reader, const char *what);

/* The next word, which must be a number up to `most`. */
int reader_want_number(struct reader *reader, uint32_t most, uint32_t *number);

#endif
