/* svg_test.c: the picture of a screen: every run where it belongs, and nothing but text. */

#include "tui/canvas.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static void add(void *context, const char *words)
{
	text_add(context, words);
}

struct sketch {
	char storage[65536];
	struct text text;
	struct canvas *canvas;
};

static struct sketch *sketch_new(int rows, int columns)
{
	struct sketch *sketch = malloc(sizeof(*sketch));
	struct error err;

	cr_assert_not_null(sketch);
	sketch->text = text_over(sketch->storage, sizeof(sketch->storage));
	sketch->canvas = canvas_new(rows, columns, false, &err);
	cr_assert_not_null(sketch->canvas);
	return sketch;
}

static const char *draw(struct sketch *sketch)
{
	canvas_svg(sketch->canvas, add, &sketch->text);
	cr_assert_not(sketch->text.cut);
	return sketch->storage;
}

static void sketch_free(struct sketch *sketch)
{
	canvas_free(sketch->canvas);
	free(sketch);
}

static void put(struct sketch *sketch, int row, int column, enum paint paint, const char *words)
{
	struct look look = { .paint = (uint8_t)paint };

	canvas_put(sketch->canvas, row, column, -1, look, words);
}

static void expect_has(const char *picture, const char *words)
{
	cr_expect(strstr(picture, words), "no %s in:\n%s", words, picture);
}

static size_t count_of(const char *picture, const char *words)
{
	size_t count = 0;

	while ((picture = strstr(picture, words))) {
		picture += strlen(words);
		count++;
	}
	return count;
}

Test(svg, has_its_own_paper_of_the_screens_size)
{
	struct sketch *sketch = sketch_new(2, 10);
	const char *picture = draw(sketch);

	/* 10 cells of 8.4 and 2 of 16, with a margin of 12. */
	expect_has(picture,
	           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"108\" height=\"56\"");
	expect_has(
		picture,
		"<rect x=\"0.5\" y=\"0.5\" width=\"107\" height=\"55\" rx=\"6\" fill=\"#ffffff\"");
	cr_expect_eq(count_of(picture, "<text"), 0);
	cr_expect_str_eq(strstr(picture, "</svg>"), "</svg>\n");
	sketch_free(sketch);
}

Test(svg, tells_each_run_where_it_begins_and_how_wide_it_is)
{
	struct sketch *sketch = sketch_new(2, 20);
	const char *picture;

	put(sketch, 0, 0, PAINT_PLAIN, "one word");
	put(sketch, 1, 5, PAINT_OPENING, "SYN");
	put(sketch, 1, 12, PAINT_PLAIN, "ACK");
	picture = draw(sketch);
	expect_has(picture, "<text x=\"12.0\" y=\"24.2\" textLength=\"67.2\" "
	                    "lengthAdjust=\"spacingAndGlyphs\">one word</text>");
	expect_has(picture, "<text x=\"54.0\" y=\"40.2\" textLength=\"25.2\" fill=\"#005cc5\" "
	                    "lengthAdjust=\"spacingAndGlyphs\">SYN</text>");
	expect_has(picture, "<text x=\"112.8\" y=\"40.2\" textLength=\"25.2\"");
	cr_expect_eq(count_of(picture, "<text"), 3);
	sketch_free(sketch);
}

Test(svg, lets_symbols_stand_alone_and_lines_together)
{
	struct sketch *sketch = sketch_new(1, 20);
	const char *picture;

	put(sketch, 0, 0, PAINT_PLAIN, "a──▶◀▁▂");
	picture = draw(sketch);
	expect_has(picture, ">a</text>");
	expect_has(picture, "textLength=\"16.8\" lengthAdjust=\"spacingAndGlyphs\">──</text>");
	expect_has(picture, "<text x=\"37.2\" y=\"24.2\" textLength=\"8.4\" "
	                    "lengthAdjust=\"spacingAndGlyphs\">▶</text>");
	expect_has(picture, ">◀</text>");
	expect_has(picture, ">▁▂</text>");
	sketch_free(sketch);
}

Test(svg, escapes_what_xml_would_take_for_its_own)
{
	struct sketch *sketch = sketch_new(1, 30);
	const char *picture;

	put(sketch, 0, 0, PAINT_PLAIN, "<script>&\"\033");
	picture = draw(sketch);
	expect_has(picture, ">&lt;script&gt;&amp;\"?</text>");
	sketch_free(sketch);
}

Test(svg, paints_what_lies_behind_reversed_text)
{
	struct sketch *sketch = sketch_new(1, 10);
	const char *picture;

	put(sketch, 0, 0, PAINT_CLOSING, "FIN");
	canvas_mark(sketch->canvas, (struct area){ 0, 0, 1, 3 }, LOOK_REVERSE | LOOK_BOLD);
	picture = draw(sketch);
	expect_has(picture, "<rect x=\"12.0\" y=\"12.0\" width=\"25.2\" height=\"16.0\" "
	                    "fill=\"#9a6700\"/>");
	expect_has(picture, "fill=\"#ffffff\" font-weight=\"bold\"");
	sketch_free(sketch);
}

Test(svg, paints_the_bar_to_its_end)
{
	struct sketch *sketch = sketch_new(1, 10);
	const char *picture;

	put(sketch, 0, 0, PAINT_BAR, " lo       ");
	picture = draw(sketch);
	expect_has(picture, "<rect x=\"12.0\" y=\"12.0\" width=\"84.0\" height=\"16.0\" fill=");
	expect_has(picture, ">lo</text>");
	sketch_free(sketch);
}

Test(svg, underlines)
{
	struct sketch *sketch = sketch_new(1, 10);

	put(sketch, 0, 0, PAINT_PLAIN, "head");
	canvas_mark(sketch->canvas, canvas_area(sketch->canvas), LOOK_UNDERLINE);
	expect_has(draw(sketch), "text-decoration=\"underline\"");
	sketch_free(sketch);
}
