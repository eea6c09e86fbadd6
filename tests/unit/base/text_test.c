/* text_test.c: text stays within what was lent. */

#include "base/text.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

Test(text, adds_one_thing_after_another)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	cr_assert_str_eq(storage, "");
	text_add(&text, "a");
	text_add_char(&text, 'b');
	text_add_bytes(&text, "cde", 1);
	text_add_unsigned(&text, UINT64_MAX);
	text_format(&text, " %d", 7);
	cr_assert_str_eq(storage, "abc18446744073709551615 7");
	cr_assert_eq(text.length, strlen(storage));
	cr_assert_not(text.cut);
}

Test(text, writes_every_signed_number)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	text_add_signed(&text, INT64_MIN);
	text_add_char(&text, ' ');
	text_add_signed(&text, -1);
	text_add_signed(&text, 0);
	cr_assert_str_eq(storage, "-9223372036854775808 -10");
}

Test(text, says_when_it_was_cut_and_then_takes_no_more)
{
	char storage[6] = "?????";
	struct text text = text_over(storage, 5);

	text_add(&text, "abcdef");
	cr_assert(text.cut);
	cr_assert_str_eq(storage, "abcd");
	cr_assert_eq(storage[5], '\0');
	text_clear(&text);
	text_add(&text, "a");
	text_add(&text, "bcdef");
	text_clear(&text);
	cr_assert_not(text.cut);
	cr_assert_str_eq(storage, "");
}

Test(text, holds_exactly_what_fits)
{
	char storage[5];
	struct text text = text_over(storage, sizeof(storage));

	text_add(&text, "ab");
	text_format(&text, "%s", "cd");
	cr_assert_not(text.cut);
	text_add(&text, "");
	cr_assert_not(text.cut);
	text_format(&text, "%s", "e");
	cr_assert(text.cut);
	cr_assert_str_eq(storage, "abcd");
}

Test(text, is_always_the_start_of_the_whole)
{
	char storage[4];
	struct text text = text_over(storage, sizeof(storage));

	text_add(&text, "a");
	text_add(&text, "▶▶");
	text_add(&text, "b");
	text_format(&text, "c");
	cr_assert_str_eq(storage, "a");
}

/* "µ" has two bytes, "▶" three: every size must end between characters. */
Test(text, never_cuts_a_character_in_two)
{
	static const char whole[] = "aµ▶b▶";

	for (size_t size = 1; size <= sizeof(whole); size++) {
		char added[16], formatted[16];
		struct text first = text_over(added, size);
		struct text second = text_over(formatted, size);

		text_add(&first, whole);
		text_format(&second, "%s", whole);
		cr_assert_str_eq(added, formatted);
		cr_assert(first.length == 0 || first.length == 1 || first.length == 3 ||
		          first.length == 6 || first.length == 7 || first.length == 10);
		cr_assert_eq(first.cut, size < sizeof(whole));
	}
}

Test(text, counts_columns_not_bytes)
{
	cr_assert_eq(text_columns(""), 0);
	cr_assert_eq(text_columns("30 µs ▶"), 7);
}

Test(text, breaks_lines_between_words)
{
	const char *words = "half-open for 30 µs,  unanswered still";
	char storage[64];
	struct text line = text_over(storage, sizeof(storage));

	cr_assert(text_take_line(&line, &words, 20));
	cr_assert_str_eq(storage, "half-open for 30 µs,");
	cr_assert(text_take_line(&line, &words, 5));
	cr_assert_str_eq(storage, "unanswered");
	cr_assert(text_take_line(&line, &words, 5));
	cr_assert_str_eq(storage, "still");
	cr_assert_not(text_take_line(&line, &words, 5));
	cr_assert_str_eq(storage, "");
}
