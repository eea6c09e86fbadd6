/* words_test.c: what sentences and evidence are put together from. */

#include "diagnose/words.h"

#include <criterion/criterion.h>

#include "diagnose/icmp.h"

Test(words, keep_evidence_in_the_order_of_frames_each_once)
{
	struct evidence evidence = { .count = 0 };

	evidence_add(&evidence, 9);
	evidence_add(&evidence, 3);
	evidence_add(&evidence, 0);
	evidence_add(&evidence, 9);
	evidence_add(&evidence, 5);
	cr_assert_eq(evidence.count, 3);
	cr_expect_eq(evidence.frames[0], 3);
	cr_expect_eq(evidence.frames[1], 5);
	cr_expect_eq(evidence.frames[2], 9);
}

Test(words, keep_no_more_evidence_than_there_is_room_for)
{
	struct evidence evidence = { .count = 0 };

	for (uint64_t frame = 1; frame < 20; frame++)
		evidence_add(&evidence, frame);
	cr_expect_eq(evidence.count, EVIDENCE_MAX);
	cr_expect_eq(evidence.frames[EVIDENCE_MAX - 1], EVIDENCE_MAX);
}

Test(words, count_one_thing_in_the_singular)
{
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	add_count(&text, 1, "SYN");
	text_add(&text, ", ");
	add_count(&text, 0, "byte");
	cr_expect_str_eq(storage, "1 SYN, 0 bytes");
}

Test(words, name_icmp_errors_by_family_type_and_code)
{
	cr_expect_str_eq(icmp_error_words(FAMILY_IPV4, 3, 1), "host unreachable");
	cr_expect_str_eq(icmp_error_words(FAMILY_IPV4, 3, 99), "destination unreachable");
	cr_expect_str_eq(icmp_error_words(FAMILY_IPV6, 1, 4), "port unreachable");
	cr_expect_str_eq(icmp_error_words(FAMILY_IPV6, 99, 0), "an error");
}
