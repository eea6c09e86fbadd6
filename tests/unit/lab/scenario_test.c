/* scenario_test.c: the table of scenarios is complete and of one form. */

#include "lab/scenario.h"

#include <criterion/criterion.h>
#include <string.h>

Test(scenario, is_found_by_name)
{
	const struct scenario *scenario = scenario_find("half-close");

	cr_assert_not_null(scenario);
	cr_assert_str_eq(scenario->name, "half-close");
	cr_assert_null(scenario_find("half"));
	cr_assert_null(scenario_find(""));
}

Test(scenario, names_are_unique_and_fit_a_file_name)
{
	size_t count;
	const struct scenario *rows = scenarios(&count);

	for (size_t i = 0; i < count; i++) {
		cr_assert_eq(strspn(rows[i].name, "abcdefghijklmnopqrstuvwxyz0123456789-"),
		             strlen(rows[i].name), "%s", rows[i].name);
		cr_assert_eq(scenario_find(rows[i].name), &rows[i], "%s", rows[i].name);
	}
}

Test(scenario, every_row_is_whole)
{
	size_t count;
	const struct scenario *rows = scenarios(&count);

	for (size_t i = 0; i < count; i++) {
		bool is_udp = rows[i].client == NULL;

		cr_assert_not_null(rows[i].story, "%s", rows[i].name);
		cr_assert_not_null(rows[i].opening, "%s", rows[i].name);
		cr_assert_eq(rows[i].server == NULL, is_udp, "%s", rows[i].name);
		cr_assert_eq(rows[i].closing == NULL, is_udp, "%s", rows[i].name);
	}
}

Test(scenario, summaries_fit_a_line_of_a_list)
{
	size_t count;
	const struct scenario *rows = scenarios(&count);

	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(rows[i].summary);

		cr_assert_lt(length, 100, "%s: %zu", rows[i].name, length);
		cr_assert_neq(rows[i].summary[length - 1], '\n', "%s", rows[i].name);
	}
}
