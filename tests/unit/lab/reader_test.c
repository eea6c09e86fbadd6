/* reader_test.c: lines, words, quotes, comments. */

#include "lab/reader.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_word(struct reader *reader, const char *word)
{
	cr_assert(reader_word(reader));
	cr_assert(word_is(&reader->word, word), "%.*s instead of %s", (int)reader->word.length,
	          reader->word.start, word);
}

Test(reader, splits_a_line_into_words)
{
	struct error err = { 0 };
	struct reader reader = reader_over("  client\tSYN  mss 1460\r\n", &err);

	cr_assert(reader_line(&reader));
	expect_word(&reader, "client");
	expect_word(&reader, "SYN");
	expect_word(&reader, "mss");
	expect_word(&reader, "1460");
	cr_assert_not(reader_word(&reader));
}

Test(reader, numbers_lines_from_one_and_counts_empty_ones)
{
	struct error err = { 0 };
	struct reader reader = reader_over("a\n\n# nothing\nb c\nd", &err);
	int lines = 0;

	while (reader_line(&reader))
		lines++;
	cr_assert_eq(lines, 5);
	reader = reader_over("a b\n\nc", &err);
	cr_assert(reader_line(&reader));
	cr_assert(reader_line(&reader));
	cr_assert_not(reader_word(&reader));
	cr_assert(reader_line(&reader));
	cr_assert_eq(reader.line, 3);
	expect_word(&reader, "c");
	cr_assert_not(reader_line(&reader));
}

Test(reader, ends_a_line_at_a_comment)
{
	struct error err = { 0 };
	struct reader reader = reader_over("client FIN# goodbye\nnext", &err);

	cr_assert(reader_line(&reader));
	expect_word(&reader, "client");
	expect_word(&reader, "FIN");
	cr_assert_not(reader_word(&reader));
	cr_assert(reader_line(&reader));
	expect_word(&reader, "next");
}

Test(reader, keeps_blanks_comments_and_other_quotes_inside_quotes)
{
	struct error err = { 0 };
	struct reader reader = reader_over("'# it \"is\" a' \"it's\" ''", &err);

	cr_assert(reader_line(&reader));
	expect_word(&reader, "'# it \"is\" a'");
	cr_assert(word_is_quoted(&reader.word));
	expect_word(&reader, "\"it's\"");
	cr_assert(word_is_quoted(&reader.word));
	expect_word(&reader, "''");
	cr_assert(word_is_quoted(&reader.word));
}

Test(reader, a_quote_that_is_never_closed_ends_with_its_line)
{
	struct error err = { 0 };
	struct reader reader = reader_over("'never\n'", &err);

	cr_assert(reader_line(&reader));
	expect_word(&reader, "'never");
	cr_assert_not(word_is_quoted(&reader.word));
	cr_assert(reader_line(&reader));
	expect_word(&reader, "'");
	cr_assert_not(word_is_quoted(&reader.word));
}

static bool number_of(const char *text, uint32_t most, uint32_t *number)
{
	const struct word word = { .start = text, .length = strlen(text) };

	return word_number(&word, most, number);
}

Test(reader, reads_numbers_up_to_the_limit_and_nothing_else)
{
	uint32_t number = 77;

	cr_assert(number_of("4294967295", UINT32_MAX, &number));
	cr_assert_eq(number, UINT32_MAX);
	cr_assert(number_of("0", 0, &number));
	cr_assert_eq(number, 0);
	number = 77;
	cr_assert_not(number_of("4294967296", UINT32_MAX, &number));
	cr_assert_not(number_of("99999999999999999999999", UINT32_MAX, &number));
	cr_assert_not(number_of("256", 255, &number));
	cr_assert_not(number_of("-1", 255, &number));
	cr_assert_not(number_of("1x", 255, &number));
	cr_assert_not(number_of("", 255, &number));
	cr_assert_eq(number, 77);
}

Test(reader, says_where_and_what_it_refuses)
{
	struct error err = { 0 };
	struct reader reader = reader_over("\nclient frown", &err);

	cr_assert(reader_line(&reader));
	cr_assert(reader_line(&reader));
	expect_word(&reader, "client");
	expect_word(&reader, "frown");
	cr_assert_eq(reader_refuse(&reader, "no such word"), -1);
	cr_assert_str_eq(err.what, "line 2: frown: no such word");
	cr_assert_eq(reader_want(&reader, "a number"), -1);
	cr_assert_str_eq(err.what, "line 2: frown: wants a number");
}
