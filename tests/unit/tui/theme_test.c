/* theme_test.c: every paint can be read, by everybody. */

#include "tui/theme.h"

#include <criterion/criterion.h>
#include <stdio.h>

struct colour {
	double red, green, blue; /* linear light, 0 to 1 */
};

/* sRGB's curve, as a polynomial that is near enough. */
static double linear(unsigned byte)
{
	double value = byte / 255.0;

	return value * (value * (value * 0.305306011 + 0.682171111) + 0.012522878);
}

static struct colour colour_of(const char *hex)
{
	unsigned red, green, blue;

	cr_assert_eq(sscanf(hex, "#%2x%2x%2x", &red, &green, &blue), 3, "%s", hex);
	return (struct colour){ linear(red), linear(green), linear(blue) };
}

/* The 6 by 6 by 6 cube, and the greys. */
static struct colour colour_of_256(int number)
{
	static const unsigned steps[] = { 0, 95, 135, 175, 215, 255 };
	unsigned cube = (unsigned)number - 16, grey = 8 + ((unsigned)number - 232) * 10;

	if (number >= 232)
		return (struct colour){ linear(grey), linear(grey), linear(grey) };
	cr_assert_geq(number, 16);
	return (struct colour){ linear(steps[cube / 36]), linear(steps[cube / 6 % 6]),
		                linear(steps[cube % 6]) };
}

static double luminance(struct colour colour)
{
	return 0.2126 * colour.red + 0.7152 * colour.green + 0.0722 * colour.blue;
}

/* WCAG 2.1, 1.4.3. */
static double contrast(struct colour a, struct colour b)
{
	double ratio = (luminance(a) + 0.05) / (luminance(b) + 0.05);

	return ratio < 1 ? 1 / ratio : ratio;
}

Test(theme, of_a_picture_can_be_read_on_its_paper)
{
	for (int paint = 0; paint < PAINT_COUNT; paint++) {
		const struct theme *theme = theme_of((enum paint)paint);
		struct colour front = colour_of(theme->front ? theme->front : PICTURE_INK);
		struct colour back = colour_of(theme->back ? theme->back : PICTURE_PAPER);

		cr_expect_geq(contrast(front, back), 4.5, "paint %d", paint);
	}
}

/* Three to one is what the same rules ask of large text and of signs. */
Test(theme, of_256_colours_can_be_read_on_black_and_on_white)
{
	static const struct colour black = { 0, 0, 0 }, white = { 1, 1, 1 };

	for (int paint = 0; paint < PAINT_COUNT; paint++) {
		const struct tint *tint = &theme_of((enum paint)paint)->many;

		if (tint->back >= 0) {
			cr_expect_geq(
				contrast(colour_of_256(tint->front), colour_of_256(tint->back)),
				4.5, "paint %d", paint);
		} else if (tint->front >= 0) {
			cr_expect_geq(contrast(colour_of_256(tint->front), black), 3, "paint %d",
			              paint);
			cr_expect_geq(contrast(colour_of_256(tint->front), white), 2.5, "paint %d",
			              paint);
		}
	}
}

/* As seen without the cones for long waves (Viénot, Brettel and Mollon, 1999). */
static struct colour seen_without_red(struct colour colour)
{
	double mix = 0.11238 * colour.red + 0.88762 * colour.green;

	return (struct colour){ mix, mix, 0.00401 * (colour.red - colour.green) + colour.blue };
}

/* The same for those for middle waves. */
static struct colour seen_without_green(struct colour colour)
{
	double mix = 0.29275 * colour.red + 0.70725 * colour.green;

	return (struct colour){ mix, mix, -0.02234 * (colour.red - colour.green) + colour.blue };
}

/* Eyes tell dark shades apart better than bright ones, about as the square root does. */
static double shade(double light)
{
	double root = 1;

	for (int i = 0; i < 20; i++)
		root = (root + (light > 0 ? light : 0) / root) / 2;
	return root;
}

static double square_between(double a, double b)
{
	return (shade(a) - shade(b)) * (shade(a) - shade(b));
}

static double distance(struct colour a, struct colour b)
{
	return shade(square_between(a.red, b.red) + square_between(a.green, b.green) +
	             square_between(a.blue, b.blue));
}

static void expect_apart(enum paint a, enum paint b)
{
	for (int i = 0; i < 2; i++) {
		struct colour one =
			i ? colour_of_256(theme_of(a)->many.front) : colour_of(theme_of(a)->front);
		struct colour other =
			i ? colour_of_256(theme_of(b)->many.front) : colour_of(theme_of(b)->front);

		cr_expect_geq(distance(seen_without_red(one), seen_without_red(other)), 0.2,
		              "paints %d and %d, %s", a, b, i ? "terminal" : "picture");
		cr_expect_geq(distance(seen_without_green(one), seen_without_green(other)), 0.2,
		              "paints %d and %d, %s", a, b, i ? "terminal" : "picture");
	}
}

Test(theme, stays_apart_for_the_colour_blind)
{
	expect_apart(PAINT_OPENING, PAINT_CLOSING);
	expect_apart(PAINT_OPENING, PAINT_TROUBLE);
	expect_apart(PAINT_CLOSING, PAINT_TROUBLE);
	expect_apart(PAINT_CLIENT, PAINT_SERVER);
}

Test(theme, keeps_the_background_of_the_terminal_but_for_the_bar)
{
	for (int paint = 0; paint < PAINT_COUNT; paint++) {
		const struct theme *theme = theme_of((enum paint)paint);

		cr_expect_eq(theme->few.back, -1);
		cr_expect(theme->many.back == -1 || paint == PAINT_BAR);
	}
}

Test(theme, marks_what_matters_without_colours)
{
	cr_expect(theme_of(PAINT_TROUBLE)->few.marks & LOOK_BOLD);
	cr_expect(theme_of(PAINT_STRONG)->few.marks & LOOK_BOLD);
	cr_expect(theme_of(PAINT_BAR)->few.marks & LOOK_REVERSE);
	cr_expect(theme_of(PAINT_DIM)->few.marks & LOOK_FAINT);
	cr_expect_eq(theme_of(PAINT_PLAIN)->few.marks, 0);
}
