/* foreign_test.c: what of other people's text reaches a terminal. */

#include "base/text.h"

#include <criterion/criterion.h>
#include <string.h>

struct row {
	const char *from, *to, *ascii;
};

/* clang-format off */
static const struct row rows[] = {
	{ "plain text",              "plain text",            "plain text" },
	{ "two\nlines\r\n",          "two lines  ",           "two lines  " },
	{ "\033]0;title\007",        "?]0;title?",            "?]0;title?" },
	{ "\x7f\x01",                "??",                    "??" },
	{ "caf\xc3\xa9",             "caf\xc3\xa9",           "caf?" },
	{ "\xe2\x9c\x93 \xf0\x9f\x90\x99", "\xe2\x9c\x93 \xf0\x9f\x90\x99", "? ?" },
	{ "\xc2\x9b" "2J",           "?2J",                   "?2J" },  /* CSI as one character */
	{ "\xe2\x80\xae" "dcba",     "?dcba",                 "?dcba" }, /* right-to-left override */
	{ "\xe2\x81\xa6x\xef\xbb\xbf", "?x?",                 "?x?" },   /* isolate, byte order mark */
	{ "\xff\xfe" "a",            "??a",                   "??a" },
	{ "\xc0\xaf",                "??",                    "??" },   /* "/", too long */
	{ "\xed\xa0\x80",            "???",                   "???" },  /* half of a surrogate pair */
	{ "\xf4\x90\x80\x80",        "????",                  "????" }, /* past the last one */
	{ "\xe2\x9c",                "??",                    "??" },   /* cut */
};
/* clang-format on */

Test(foreign, text_neither_moves_the_cursor_nor_hides)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char storage[64];
		struct text text = text_over(storage, sizeof(storage));

		cr_expect(text_add_foreign(&text, rows[i].from, 60, false));
		cr_expect_str_eq(storage, rows[i].to, "row %zu: %s", i, storage);
		text_clear(&text);
		cr_expect(text_add_foreign(&text, rows[i].from, 60, true));
		cr_expect_str_eq(storage, rows[i].ascii, "row %zu: %s", i, storage);
	}
}

Test(foreign, text_is_bounded_by_columns_not_bytes)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	cr_expect_not(text_add_foreign(&text, "\xc3\xa9\xc3\xa9\xc3\xa9", 2, false));
	cr_expect_str_eq(storage, "\xc3\xa9\xc3\xa9");
	text_clear(&text);
	cr_expect(text_add_foreign(&text, "\xc3\xa9\xc3\xa9", 2, false));
}
