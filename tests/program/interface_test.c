/* interface_test.c: the program listening to an interface of the test's own. */

#include <criterion/criterion.h>

#include "program/program.h"
#include "unit/capture/ground.h"

/* Ending takes a while, since what passed is delivered late: that is one wait, not hundreds. */
Test(interface, that_is_quiet_does_not_keep_it_awake)
{
	static const char *const words[] = { "stat", "-s",    "-i",  "lo", "-B",
		                             "1024", "--for", "0.5", NULL };
	struct outcome outcome;

	ground_enter();
	outcome = program_run(words);
	cr_expect_eq(outcome.status, 0, "%s", outcome.err);
	cr_expect_lt(outcome.rests, 60, "it waited %ld times", outcome.rests);
	outcome_free(&outcome);
}
