/* canvas_test.c: what is drawn stays within the canvas, one column for each character. */

#include "tui/canvas.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <string.h>

static const struct look plain = { .paint = PAINT_PLAIN };
static const struct look bold = { .paint = PAINT_TROUBLE, .marks = LOOK_BOLD };

static struct canvas *blank(int rows, int columns)
{
	struct error err;
	struct canvas *canvas = canvas_new(rows, columns, false, &err);

	cr_assert_not_null(canvas);
	return canvas;
}

static struct canvas *blank_ascii(int rows, int columns)
{
	struct error err;
	struct canvas *canvas = canvas_new(rows, columns, true, &err);

	cr_assert_not_null(canvas);
	return canvas;
}

static void expect_text(const struct canvas *canvas, bool marks, const char *expected)
{
	char storage[4096];
	struct text text = text_over(storage, sizeof(storage));

	canvas_text(canvas, &text, marks);
	cr_expect_str_eq(storage, expected, "got:\n%s\nexpected:\n%s", storage, expected);
}

static void expect_free(struct canvas *canvas, const char *expected)
{
	expect_text(canvas, false, expected);
	canvas_free(canvas);
}

Test(canvas, puts_words_and_says_how_many_columns_they_took)
{
	struct canvas *canvas = blank(2, 12);

	cr_expect_eq(canvas_put(canvas, 0, 1, -1, plain, "a ▶◀▶"), 5);
	cr_expect_eq(canvas_put(canvas, 1, 0, 3, plain, "ladder"), 3);
	expect_free(canvas, " a ▶◀▶\nlad\n");
}

Test(canvas, leaves_out_what_does_not_fit)
{
	struct canvas *canvas = blank(3, 4);

	cr_expect_eq(canvas_put(canvas, 0, 2, -1, plain, "abcdef"), 2);
	cr_expect_eq(canvas_put(canvas, 1, -2, 9, plain, "abcdef"), 6);
	cr_expect_eq(canvas_put(canvas, 2, 4, -1, plain, "x"), 0);
	cr_expect_eq(canvas_put(canvas, 2, INT_MAX, INT_MAX, plain, "x"), 0);
	canvas_put(canvas, -1, 0, -1, plain, "above");
	canvas_put(canvas, 3, 0, -1, plain, "below");
	expect_free(canvas, "  ab\ncdef\n\n");
}

Test(canvas, survives_every_area)
{
	static const int numbers[] = { INT_MIN, -3, -1, 0, 1, 2, 3, 5, INT_MAX };
	enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };
	struct canvas *canvas = blank(3, 4);

	for (int i = 0; i < NUMBERS * NUMBERS * NUMBERS * NUMBERS; i++) {
		struct area area = { numbers[i % NUMBERS], numbers[i / NUMBERS % NUMBERS],
			             numbers[i / NUMBERS / NUMBERS % NUMBERS],
			             numbers[i / NUMBERS / NUMBERS / NUMBERS] };

		canvas_fill(canvas, area, '#', plain);
		canvas_mark(canvas, area, LOOK_BOLD);
		canvas_paint(canvas, area, PAINT_DIM);
	}
	expect_free(canvas, "####\n####\n####\n");
}

Test(canvas, fills_just_the_area_that_lies_within)
{
	struct canvas *canvas = blank(4, 6);

	canvas_fill(canvas, (struct area){ -1, -1, 3, 3 }, '#', plain);
	canvas_fill(canvas, (struct area){ 2, 4, INT_MAX, INT_MAX }, 0x2592, plain);
	canvas_fill(canvas, (struct area){ 0, 3, 2, 0 }, 'x', plain);
	expect_free(canvas, "##\n##\n    ▒▒\n    ▒▒\n");
}

Test(canvas, puts_words_at_the_right_edge)
{
	struct canvas *canvas = blank(4, 10);

	cr_expect_eq(canvas_put_right(canvas, 0, 0, 6, plain, "12 µs"), 5);
	cr_expect_eq(canvas_put_right(canvas, 1, 4, -1, plain, "x"), 1);
	cr_expect_eq(canvas_put_right(canvas, 2, 0, 3, plain, "12345"), 3);
	canvas_put_right(canvas, 3, 0, 6, plain, "\xff\x80!");
	expect_free(canvas, " 12 µs\n         x\n123\n   ?\?!\n");
}

Test(canvas, formats)
{
	struct canvas *canvas = blank(1, 20);

	cr_expect_eq(canvas_format(canvas, 0, 0, 12, plain, "open %d of %s", 5, "many"), 12);
	expect_free(canvas, "open 5 of ma\n");
}

Test(canvas, shows_a_question_mark_for_what_would_move_a_cursor_or_is_no_text)
{
	struct canvas *canvas = blank(2, 20);

	canvas_put(canvas, 0, 0, -1, plain, "a\033[H\n\x7f\t\xc3(\xf0\x9f");
	/* A wide character, a combining one, one that turns the direction, and C1's CSI. */
	canvas_put(canvas, 1, 0, -1, plain,
	           "漢e\xcc\x81 \xe2\x80\xae\xc2\x9b"
	           "2J");
	expect_free(canvas, "a?[H?\?\?\?(?\?\n?e? ??2J\n");
}

Test(canvas, has_a_stand_in_for_each_sign_of_the_views)
{
	struct canvas *canvas = blank_ascii(3, 40);

	cr_expect(canvas_is_ascii(canvas));
	canvas_put(canvas, 0, 0, -1, plain, "▶◀▸◂·✗×⧓…→←µ✓");
	canvas_put(canvas, 1, 0, -1, plain, "─━│┃┆═┌┐└┘├┤┬┴┼");
	canvas_put(canvas, 2, 0, -1, plain, "é漢▁▂▃▄▅▆▇█⣿");
	expect_free(canvas, "><><.xxX~><u+\n--||:=+++++++++\n??.:-=+*#@.\n");
}

Test(canvas, draws_the_same_bars_as_bars_stand_in_for)
{
	struct canvas *wide = blank(1, 9), *narrow = blank_ascii(1, 9), *both = blank_ascii(1, 9);

	for (int i = 0; i <= 8; i++) {
		canvas_glyph(wide, 0, i, canvas_bar(wide, i), plain);
		canvas_glyph(narrow, 0, i, canvas_bar(narrow, i), plain);
		canvas_glyph(both, 0, i, canvas_bar(wide, i), plain);
	}
	cr_expect_eq(canvas_bar(wide, -1), ' ');
	cr_expect_eq(canvas_bar(wide, 9), 0x2588);
	expect_free(wide, " ▁▂▃▄▅▆▇█\n");
	expect_free(narrow, " .:-=+*#@\n");
	expect_free(both, " .:-=+*#@\n");
}

Test(canvas, draws_a_box_with_its_title)
{
	struct canvas *canvas = blank(3, 14);

	canvas_box(canvas, canvas_area(canvas), plain, "lab");
	expect_free(canvas, "┌─ lab ──────┐\n│            │\n└────────────┘\n");
}

Test(canvas, cuts_the_title_of_a_narrow_box)
{
	struct canvas *canvas = blank_ascii(5, 9);

	canvas_box(canvas, (struct area){ 0, 0, 2, 9 }, plain, "states");
	canvas_box(canvas, (struct area){ 2, 0, 2, 5 }, plain, "states");
	canvas_box(canvas, (struct area){ 4, 0, 1, 5 }, plain, "nothing");
	expect_free(canvas, "+- sta -+\n+-------+\n+---+\n+---+\n\n");
}

Test(canvas, keeps_what_stands_in_a_box)
{
	struct canvas *canvas = blank_ascii(3, 5);

	canvas_put(canvas, 1, 0, -1, plain, "abcde");
	canvas_box(canvas, canvas_area(canvas), plain, NULL);
	expect_free(canvas, "+---+\n|bcd|\n+---+\n");
}

Test(canvas, shows_marks_beneath)
{
	struct canvas *canvas = blank(3, 6);

	canvas_put(canvas, 0, 0, -1, plain, "plain");
	canvas_put(canvas, 1, 1, -1, bold, "abc");
	canvas_mark(canvas, (struct area){ 1, 2, 1, 4 }, LOOK_REVERSE);
	canvas_mark(canvas, (struct area){ 2, 5, 1, 1 }, LOOK_UNDERLINE);
	expect_text(canvas, true, " plain\n  abc\n~ bBB^^\n\n~     _\n");
	canvas_free(canvas);
}

Test(canvas, changes_paint_and_marks_without_the_glyphs)
{
	struct canvas *canvas = blank(1, 3);
	struct cell cell;

	canvas_put(canvas, 0, 0, -1, bold, "abc");
	canvas_mark(canvas, (struct area){ 0, 0, 1, 2 }, LOOK_REVERSE);
	canvas_paint(canvas, (struct area){ 0, 1, 1, 2 }, PAINT_DIM);
	cell = canvas_cell(canvas, 0, 1);
	cr_expect_eq(cell.glyph, 'b');
	cr_expect_eq(cell.look.paint, PAINT_DIM);
	cr_expect_eq(cell.look.marks, LOOK_BOLD | LOOK_REVERSE);
	cr_expect_eq(canvas_cell(canvas, 0, 0).look.paint, PAINT_TROUBLE);
	cr_expect_eq(canvas_cell(canvas, 0, 2).look.marks, LOOK_BOLD);
	canvas_free(canvas);
}

Test(canvas, is_blank_outside_and_after_clearing)
{
	struct canvas *canvas = blank(2, 2);

	canvas_fill(canvas, canvas_area(canvas), 'x', bold);
	cr_expect_eq(canvas_cell(canvas, 2, 0).glyph, 0);
	cr_expect_eq(canvas_cell(canvas, 0, -1).glyph, 0);
	canvas_clear(canvas);
	cr_expect_eq(canvas_cell(canvas, 1, 1).glyph, 0);
	cr_expect_eq(canvas_cell(canvas, 1, 1).look.marks, 0);
	canvas_free(canvas);
}

Test(canvas, a_blank_is_a_blank_however_it_was_put)
{
	struct canvas *canvas = blank(1, 2);

	canvas_put(canvas, 0, 0, -1, plain, " ");
	cr_expect_eq(canvas_cell(canvas, 0, 0).glyph, canvas_cell(canvas, 0, 1).glyph);
	canvas_free(canvas);
}

Test(canvas, is_empty_after_it_was_resized_and_never_smaller_than_a_cell)
{
	struct canvas *canvas = blank(2, 2);
	struct error err;

	canvas_fill(canvas, canvas_area(canvas), 'x', plain);
	cr_assert_eq(canvas_resize(canvas, 3, 5, &err), 0);
	cr_expect_eq(canvas_rows(canvas), 3);
	cr_expect_eq(canvas_columns(canvas), 5);
	expect_text(canvas, false, "\n\n\n");
	cr_assert_eq(canvas_resize(canvas, 0, -7, &err), 0);
	cr_expect_eq(canvas_rows(canvas), 1);
	cr_expect_eq(canvas_columns(canvas), 1);
	canvas_free(canvas);
}

Test(canvas, writes_every_length_of_character)
{
	struct canvas *canvas = blank(1, 4);

	/* The last one lies beyond the first 65536. */
	canvas_put(canvas, 0, 0, -1, plain, "aµ▶\xf0\x9d\x84\x9e");
	expect_free(canvas, "aµ▶\xf0\x9d\x84\x9e\n");
}
