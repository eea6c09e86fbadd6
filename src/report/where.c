/* where.c: expressions that select flows, made of the words of one table. */

#include "report/where.h"

#include <stdlib.h>
#include <string.h>

#include "report/where_words.h"

enum { WORDS_MAX = 32, ALTERNATIVES_MAX = 32 };

struct word {
	const struct where_row *row;
	bool inverted;
	int count;
	struct choice choices[ALTERNATIVES_MAX];
};

struct where {
	int count;
	struct word words[WORDS_MAX];
};

/* "::1", "fe80::2" and "10.0.0.1:80" have colons, but are no words of the table. */
static bool looks_like_an_address(const char *word)
{
	return word[strspn(word, "0123456789abcdefABCDEF.:[]")] == '\0';
}

static const struct where_row *row_of(const char *word, const char **values)
{
	const char *colon = strchr(word, ':');

	*values = word;
	if (colon == NULL)
		return &where_bare;
	for (size_t i = 0; i < where_row_count; i++) {
		size_t length = strlen(where_rows[i].name);

		if (length == (size_t)(colon - word) &&
		    strncmp(word, where_rows[i].name, length) == 0) {
			*values = colon + 1;
			return &where_rows[i];
		}
	}
	return looks_like_an_address(word) ? &where_bare : NULL;
}

static void advise_words(struct error *err)
{
	char storage[sizeof(err->remedy)];
	struct text text = text_over(storage, sizeof(storage));

	text_add(&text, "the words are:");
	for (size_t i = 0; i < where_row_count; i++) {
		text_add_char(&text, ' ');
		text_add(&text, where_rows[i].name);
	}
	error_remedy(err, "%s", storage);
}

static int read_choices(struct word *word, char *values, struct error *err)
{
	char *rest = values;

	while (rest != NULL) {
		char *comma = strchr(rest, ',');

		if (comma != NULL)
			*comma = '\0';
		if (word->count == ALTERNATIVES_MAX) {
			error_set(err, "%s: more than %d alternatives", word->row->name,
			          ALTERNATIVES_MAX);
			return -1;
		}
		if (!word->row->read(&word->choices[word->count++], rest)) {
			error_set(err, "%s:%s: not understood", word->row->name, rest);
			error_remedy(err, "it takes %s", word->row->wants);
			return -1;
		}
		rest = comma != NULL ? comma + 1 : NULL;
	}
	return 0;
}

static int read_word(struct word *word, char *string, struct error *err)
{
	const char *values;

	*word = (struct word){ .inverted = *string == '!' || *string == '-' };
	string += word->inverted;
	word->row = row_of(string, &values);
	if (word->row == NULL) {
		error_set(err, "%s: no such word to select flows by", string);
		advise_words(err);
		return -1;
	}
	return read_choices(word, string + (values - string), err);
}

static int read_words(struct where *where, char *expression, struct error *err)
{
	static const char blanks[] = " \t\n";
	char *rest = NULL;

	for (char *string = strtok_r(expression, blanks, &rest); string != NULL;
	     string = strtok_r(NULL, blanks, &rest)) {
		if (where->count == WORDS_MAX) {
			error_set(err, "more than %d words to select flows by", WORDS_MAX);
			return -1;
		}
		if (read_word(&where->words[where->count++], string, err) < 0)
			return -1;
	}
	return 0;
}

struct where *where_new(const char *expression, struct error *err)
{
	struct where *where = calloc(1, sizeof(*where));
	char *copy = strdup(expression);

	if (where == NULL || copy == NULL) {
		error_set(err, "selecting flows: out of memory");
		goto failed;
	}
	if (read_words(where, copy, err) < 0)
		goto failed;
	free(copy);
	return where;
failed:
	free(copy);
	free(where);
	return NULL;
}

void where_free(struct where *where)
{
	free(where);
}

static bool word_accepts(const struct word *word, const struct flow *flow)
{
	for (int i = 0; i < word->count; i++) {
		if (word->row->holds(&word->choices[i], flow))
			return !word->inverted;
	}
	return word->inverted;
}

bool where_accepts(const struct where *where, const struct flow *flow)
{
	for (int i = 0; i < where->count; i++) {
		if (!word_accepts(&where->words[i], flow))
			return false;
	}
	return true;
}
