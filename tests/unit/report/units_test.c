/* units_test.c: counts and sizes as people read them. */

#include "report/units.h"

#include <criterion/criterion.h>

static void expect_size(uint64_t bytes, const char *expected)
{
	char storage[32];
	struct text text = text_over(storage, sizeof(storage));

	add_size(&text, bytes);
	cr_expect_str_eq(storage, expected);
}

Test(units, write_small_sizes_in_full_and_large_ones_with_three_digits)
{
	expect_size(0, "0 B");
	expect_size(9999, "9999 B");
	expect_size(10000, "10.0 kB");
	expect_size(48199, "48.1 kB");
	expect_size(123456, "123 kB");
	expect_size(999999, "999 kB");
	expect_size(1000000, "1.0 MB");
	expect_size(1300000000, "1.3 GB");
	expect_size(UINT64_MAX, "18.4 EB");
}

Test(units, group_digits_by_three)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	add_grouped(&text, 0);
	text_add_char(&text, ' ');
	add_grouped(&text, 999);
	text_add_char(&text, ' ');
	add_counted(&text, 1, "frame");
	text_add_char(&text, ' ');
	add_counted(&text, 1234567, "frame");
	cr_expect_str_eq(storage, "0 999 1 frame 1,234,567 frames");
}
