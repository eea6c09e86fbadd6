/* shorten_test.c: numbers, spans and addresses where there is little room. */

#include <criterion/criterion.h>
#include <string.h>

#include "base/time.h"
#include "tui/shorten.h"

enum { WORDS = 128 };

static const char *number(char words[WORDS], uint64_t value)
{
	struct text text = text_over(words, WORDS);

	short_number(&text, value);
	return words;
}

static const char *end(char words[WORDS], const char *address, uint16_t port, size_t room)
{
	struct flow flow = { .key.port = { port, 1 } };
	struct text text = text_over(words, WORDS);

	flow.key.family = (uint8_t)address_parse(address, &flow.key.address[CLIENT]);
	short_end(&text, &flow, CLIENT, room);
	return words;
}

Test(shorten, numbers_take_four_columns)
{
	char words[WORDS];

	cr_assert_str_eq(number(words, 0), "0");
	cr_assert_str_eq(number(words, 999), "999");
	cr_assert_str_eq(number(words, 1000), "1.0k");
	cr_assert_str_eq(number(words, 1299), "1.2k");
	cr_assert_str_eq(number(words, 48000), "48k");
	cr_assert_str_eq(number(words, 999999), "999k");
	cr_assert_str_eq(number(words, 1250000), "1.2M");
	cr_assert_str_eq(number(words, UINT64_MAX), "18E");
}

Test(shorten, spans_have_no_blanks)
{
	char words[WORDS];
	struct text text = text_over(words, WORDS);

	short_span(&text, 200 * TIME_SECOND, false);
	text_add_char(&text, ' ');
	short_span(&text, 30 * TIME_MICROSECOND, false);
	text_add_char(&text, ' ');
	short_span(&text, TIME_NONE, false);
	cr_assert_str_eq(words, "3m20s 30µs -");
}

Test(shorten, addresses_lose_their_middle_and_keep_their_port)
{
	char words[WORDS];

	cr_assert_str_eq(end(words, "127.0.0.1", 55832, 15), "127.0.0.1:55832");
	cr_assert_str_eq(end(words, "198.51.100.80", 80, 14), "198.51.….80:80");
	cr_assert_str_eq(end(words, "2001:db8::8a2e:370:7334", 443, 40),
	                 "[2001:db8::8a2e:370:7334]:443");
	cr_assert_str_eq(end(words, "2001:db8::8a2e:370:7334", 443, 20), "[2001:db8…:7334]:443");
	cr_assert_str_eq(end(words, "127.0.0.1", 55832, 7), ":55832");
	cr_assert_str_eq(end(words, "127.0.0.1", 55832, 3), "");
}

Test(shorten, an_address_never_takes_more_than_its_room)
{
	char words[WORDS];

	for (size_t room = 0; room < 50; room++) {
		cr_assert_leq(text_columns(end(words, "2001:db8:1:2:3:4:5:6", 65535, room)), room);
		cr_assert_leq(text_columns(end(words, "10.1.2.3", 1, room)), room);
	}
}

Test(shorten, words_end_in_dots_where_they_are_cut)
{
	char words[WORDS];
	struct text text = text_over(words, WORDS);

	short_words(&text, "größer", 4);
	cr_assert_str_eq(words, "grö…");
	text_clear(&text);
	short_words(&text, "größer", 6);
	cr_assert_str_eq(words, "größer");
	text_clear(&text);
	short_words(&text, "größer", 0);
	cr_assert_str_eq(words, "");
}
