/* calm_folds_test.c: where folded connections are, and what becomes of them. */

#include <criterion/criterion.h>

#include "unit/track/calm_talk.h"

static const enum calm_phase lasts[] = { CALM_CLIENT_LAST, CALM_SERVER_LAST, CALM_CLIENT_RESETS,
	                                 CALM_SERVER_RESETS, CALM_REFUSED };
enum { LASTS = sizeof(lasts) / sizeof(lasts[0]) };

static void hear_on(struct pair *pair, uint16_t port, const char *letters)
{
	struct talk talk;

	talk_begin_plainly(&talk, port);
	talk_hear(&talk, pair, letters);
}

static void begin_to_keep(struct pair *pair, uint32_t keep)
{
	struct tracker_options options = pair_options();

	options.keep = keep;
	options.linger = options.time_wait = 50 * TIME_MILLISECOND;
	pair_begin_with(pair, &options, PAIR_KINDS);
}

Test(calm_folds, who_is_over_is_folded_at_once)
{
	for (int i = 0; i < LASTS; i++) {
		struct pair pair;

		pair_begin(&pair);
		hear_on(&pair, PLAY_PORT, ways[lasts[i]]);
		cr_expect(pair_slot(&pair, 1)->is_folded);
		expect_phase(&pair, 1, lasts[i]);
		pair_compare_woken(&pair);
		pair_end(&pair);
	}
}

Test(calm_folds, nobody_else_is)
{
	for (int phase = CALM_ASKED; phase < CALM_CLIENT_RESETS; phase++) {
		struct pair pair;

		if (phase == CALM_CLIENT_LAST || phase == CALM_SERVER_LAST)
			continue;
		pair_begin(&pair);
		hear_on(&pair, PLAY_PORT, ways[phase]);
		cr_expect_not(pair_slot(&pair, 1)->is_folded);
		pair_end(&pair);
	}
}

Test(calm_folds, the_next_one_has_its_record)
{
	struct pair pair;

	pair_begin(&pair);
	for (uint16_t i = 0; i < 10; i++)
		hear_on(&pair, (uint16_t)(20000 + i), ways[lasts[i % LASTS]]);
	cr_expect_eq(pair.play.tracker->calms.touched, 1);
	expect_all_calm(&pair);
	pair_end(&pair);
}

Test(calm_folds, who_waits_for_an_acknowledgment_stays_calm)
{
	struct pair pair;

	pair_begin(&pair);
	hear_on(&pair, PLAY_PORT, "sSadADdDr");
	cr_expect_not(pair_slot(&pair, 1)->is_folded);
	expect_phase(&pair, 1, CALM_CLIENT_RESETS);
	pair_end(&pair);
}

Test(calm_folds, without_room_they_stay_calm)
{
	for (int i = 0; i < LASTS; i++) {
		struct pair pair;

		pair_begin(&pair);
		pair.play.tracker->touched_folds = pair.play.tracker->fold_count;
		hear_on(&pair, PLAY_PORT, ways[lasts[i]]);
		cr_expect_not(pair_slot(&pair, 1)->is_folded);
		expect_phase(&pair, 1, lasts[i]);
		pair_wait(&pair, 6000);
		pair_compare_woken(&pair);
		hear_on(&pair, PLAY_PORT, "sSa");
		pair_wait(&pair, 66000);
		pair_end(&pair);
	}
}

Test(calm_folds, what_is_forgotten_is_room_for_others)
{
	struct pair pair;
	uint32_t touched;

	begin_to_keep(&pair, 2);
	for (uint16_t i = 0; i < 4; i++)
		hear_on(&pair, (uint16_t)(20000 + i), "sSadADfAFa");
	touched = pair.play.tracker->touched_folds;
	for (uint16_t i = 0; i < 40; i++)
		hear_on(&pair, (uint16_t)(21000 + i), "sSadADfAFa");
	cr_expect_leq(pair.play.tracker->touched_folds, 2 * touched);
	expect_all_calm(&pair);
	pair_end(&pair);
}

Test(calm_folds, round_trips_come_back_with_them)
{
	static const char many[] = "sSadAdAdAdAdAdAdAdADaDaDaDaDaDaDaDafAFa";

	for (uint32_t keep = 0; keep < 2; keep++) {
		struct pair pair;

		begin_to_keep(&pair, keep);
		for (uint16_t i = 0; i < 12; i++) {
			hear_on(&pair, (uint16_t)(20000 + i), many);
			cr_expect(pair_slot(&pair, i + 1u)->is_folded);
		}
		cr_expect_leq(pair.play.tracker->round_trips.touched, 3);
		expect_all_calm(&pair);
		pair_end(&pair);
	}
}

Test(calm_folds, its_ports_are_used_again)
{
	for (int i = 0; i < LASTS; i++) {
		struct pair pair;

		pair_begin(&pair);
		hear_on(&pair, PLAY_PORT, ways[lasts[i]]);
		for (int again = 1; again < 4; again++) {
			struct talk talk;

			pair_wait(&pair, 1000 * again);
			talk_begin_plainly(&talk, PLAY_PORT);
			talk.iss[CLIENT] += (uint32_t)again << 20;
			talk.next[CLIENT] += (uint32_t)again << 20;
			talk_hear(&talk, &pair, ways[lasts[i]]);
		}
		cr_expect_eq(tracker_totals(pair.play.tracker)->flows[0], 4);
		pair_compare_woken(&pair);
		pair_end(&pair);
	}
}

Test(calm_folds, a_late_segment_makes_the_whole_flow)
{
	for (int i = 0; i < LASTS; i++) {
		static const char *const late[] = { "a", "A", "d", "D", "f", "F", "r" };

		for (size_t j = 0; j < sizeof(late) / sizeof(late[0]); j++) {
			struct pair pair;
			struct talk talk;

			pair_begin(&pair);
			talk_begin_plainly(&talk, PLAY_PORT);
			talk_hear(&talk, &pair, ways[lasts[i]]);
			talk_hear(&talk, &pair, late[j]);
			expect_woken(&pair, 1);
			cr_expect_not(pair_slot(&pair, 1)->is_folded);
			pair_wait(&pair, 66000);
			pair_end(&pair);
		}
	}
}
