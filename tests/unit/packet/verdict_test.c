/* verdict_test.c: every verdict has its words. */

#include "packet/decode.h"

#include <criterion/criterion.h>
#include <ctype.h>

static const char *const enumerators[] = {
#define X(name, has_segment, words) #name,
	VERDICTS(X)
#undef X
};

Test(verdict, is_named_as_its_enumerator)
{
	for (unsigned i = 0; i < VERDICT_COUNT; i++) {
		const char *name = verdict_name((enum verdict)i);

		cr_assert_not_null(name);
		for (size_t at = 0; name[at] != '\0' || enumerators[i][at] != '\0'; at++)
			cr_assert_eq(name[at], tolower((unsigned char)enumerators[i][at]), "%s",
			             enumerators[i]);
	}
}

Test(verdict, knows_which_fill_a_segment_and_which_are_sound)
{
	cr_assert(verdict_has_segment(VERDICT_TCP_CUT) && !verdict_is_sound(VERDICT_TCP_CUT));
	cr_assert(verdict_has_segment(VERDICT_ICMP_ERROR) && verdict_is_sound(VERDICT_ICMP_ERROR));
	cr_assert(!verdict_has_segment(VERDICT_NOT_IP) && verdict_is_sound(VERDICT_NOT_IP));
	cr_assert(!verdict_has_segment(VERDICT_FRAGMENT) && verdict_is_sound(VERDICT_FRAGMENT));
	cr_assert(!verdict_is_sound(VERDICT_FRAGMENT_LOST));
	cr_assert_str_eq(verdict_words(VERDICT_TOO_DEEP), "too many headers inside each other");
}
