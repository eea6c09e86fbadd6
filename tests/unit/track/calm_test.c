/* calm_test.c: a calm connection stands for exactly what the rules make of it. */

#include <criterion/criterion.h>

#include "unit/track/calm_pair.h"

#define TALK HANDSHAKE REQUEST

Test(calm, keeps_a_whole_life_that_the_client_ends)
{
	struct pair pair;

	pair_begin(&pair);
	pair_hear(&pair, TALK "> FA 11 101; < A 101 12; < FA 101 12; > A 12 102");
	expect_phase(&pair, 1, CALM_CLIENT_LAST);
	expect_all_calm(&pair);
	pair_end(&pair);
}
