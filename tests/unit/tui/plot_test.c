/* plot_test.c: values over time, drawn in characters. */
#include "tui/plot.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/time.h"
#include "tui/inside.h"

static struct plot plot;
static char drawn[16384];

static void add_bytes(struct text *text, int64_t value, bool ascii)
{
	(void)ascii;
	text_format(text, "%lldB", (long long)value);
}

static const struct plot_style style = {
	.title = "some bytes",
	.legend = "- a line",
	.add_value = add_bytes,
	.glyphs = { '-', 's' },
	.lines_may_leave = true,
};

static const char *draw(int rows, int columns, bool ascii)
{
	struct text text = text_over(drawn, sizeof drawn);
	struct error err;
	struct canvas *canvas = canvas_new(rows, columns, ascii, &err);

	cr_assert(canvas, "%s", err.what);
	plot_draw(&plot, &style, canvas, canvas_area(canvas));
	canvas_text(canvas, &text, false);
	canvas_free(canvas);
	return drawn;
}

Test(plot, draws_bars_in_eighths)
{
	plot_start(&plot, 0, 4 * TIME_SECOND, 10);
	plot_bar(&plot, 0, 80);
	plot_bar(&plot, TIME_SECOND, 20);
	plot_bar(&plot, 2 * TIME_SECOND, 1);
	plot_bar(&plot, 4 * TIME_SECOND, 40);
	cr_assert_str_eq(draw(6, 40, false), " some bytes  - a line\n"
	                                     "     80B │█\n"
	                                     "         │█\n"
	                                     "         │█        █\n"
	                                     "         │█ █ ▁    █\n"
	                                     "       0 └────── 4 s\n");
}

Test(plot, needs_nothing_but_ascii)
{
	plot_start(&plot, 0, 30000, 10);
	plot_bar(&plot, 0, 80);
	plot_bar(&plot, 30000, 5);
	for (const char *at = draw(6, 40, true); *at; at++)
		cr_assert((unsigned char)*at < 0x80, "%s", drawn);
	cr_assert(strstr(drawn, "30 us"), "%s", drawn);
}

Test(plot, takes_the_largest_bar_and_the_latest_of_a_line)
{
	plot_start(&plot, 0, 9, 5);
	plot_bar(&plot, 0, 3);
	plot_bar(&plot, 1, 7);
	plot_bar(&plot, 1, 2);
	plot_line(&plot, 0, 0, 9);
	plot_line(&plot, 0, 1, 4);
	cr_assert_eq(plot.bars[0], 7);
	cr_assert_eq(plot.lines[0][0], 4);
	cr_assert_eq(plot.bars[1], -1);
}

Test(plot, carries_values_over_to_columns_that_have_none)
{
	plot_start(&plot, 0, 9, 5);
	plot_bar(&plot, 2, 3);
	plot_bar(&plot, 9, 5);
	plot_carry(&plot);
	cr_assert_eq(plot.bars[0], -1);
	cr_assert_eq(plot.bars[1], 3);
	cr_assert_eq(plot.bars[3], 3);
	cr_assert_eq(plot.bars[4], 5);
}

Test(plot, keeps_every_time_within_its_columns)
{
	plot_start(&plot, 1000, 1000, 5);
	cr_assert_eq(plot_column(&plot, 1000), 0);
	plot_start(&plot, 1000, 2000, 5);
	cr_assert_eq(plot_column(&plot, 0), 0);
	cr_assert_eq(plot_column(&plot, 2000), 4);
	cr_assert_eq(plot_column(&plot, 5000), 4);
	plot_start(&plot, 2000, 1000, 5);
	cr_assert_eq(plot_column(&plot, 1500), 0);
}

Test(plot, lets_a_line_far_above_leave_and_tells_it_in_numbers)
{
	plot_start(&plot, 0, 9, 5);
	plot_bar(&plot, 0, 10);
	plot_line(&plot, 0, 0, 1000);
	draw(6, 50, false);
	cr_assert(strstr(drawn, "- a line, up to 1000B"), "%s", drawn);
	cr_assert(strstr(drawn, "     10B │"), "%s", drawn);
	plot_line(&plot, 0, 0, 20);
	draw(6, 50, false);
	cr_assert(strstr(drawn, "     20B │-"), "%s", drawn);
	cr_assert_null(strstr(drawn, "up to"), "%s", drawn);
}

Test(plot, survives_any_size)
{
	for (int rows = 1; rows < 12; rows++) {
		for (int columns = 1; columns < 300; columns += 7) {
			if (plot_columns(columns) == 0)
				continue;
			plot_start(&plot, 0, 9, plot_columns(columns));
			plot_bar(&plot, 3, 10);
			plot_line(&plot, 1, 9, 10);
			plot_carry(&plot);
			draw(rows, columns, false);
		}
	}
}
