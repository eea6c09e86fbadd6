/* calm_life_test.c: how calm connections end, are forgotten, looked at and gone back to. */

#include <criterion/criterion.h>

#include "track/checkpoint.h"
#include "unit/track/calm_talk.h"
#include "unit/track/inspect.h"

static void begin(struct pair *pair, struct talk *talk, enum calm_phase phase)
{
	pair_begin(pair);
	talk_begin_plainly(talk, PLAY_PORT);
	talk_hear(talk, pair, ways[phase]);
	expect_phase(pair, 1, phase);
}

static void begin_in_room(struct pair *pair, uint32_t flows, uint32_t keep, uint32_t kinds)
{
	struct tracker_options options = pair_options();

	options.max_flows = flows;
	options.keep = keep;
	pair_begin_with(pair, &options, kinds);
}

/* One after the other on ports of their own, none of them looked at. */
static void hear_many(struct pair *pair, const char *letters, int count)
{
	static uint16_t port = 20000;

	for (int i = 0; i < count; i++) {
		struct talk talk;

		talk_begin_plainly(&talk, ++port);
		talk_hear(&talk, pair, letters);
	}
}

static const enum calm_phase lasts[] = { CALM_CLIENT_LAST, CALM_SERVER_LAST, CALM_CLIENT_RESETS,
	                                 CALM_SERVER_RESETS, CALM_REFUSED };
enum { LASTS = sizeof(lasts) / sizeof(lasts[0]) };

/* ---- Time ---- */

Test(calm_life, whose_record_is_out_stays_calm)
{
	for (int i = 0; i < LASTS; i++) {
		struct pair pair;
		struct talk talk;

		begin(&pair, &talk, lasts[i]);
		pair_wait(&pair, 4999);
		cr_expect_eq(tracker_totals(pair.play.tracker)->ended, 0);
		pair_wait(&pair, 1);
		cr_expect_eq(tracker_totals(pair.play.tracker)->ended, 1);
		expect_phase(&pair, 1, lasts[i]);
		pair_compare_woken(&pair);
		pair_end(&pair);
	}
}

Test(calm_life, who_is_only_remembered_stays_calm)
{
	for (int i = 0; i < LASTS; i++) {
		struct pair pair;
		struct talk talk;

		begin(&pair, &talk, lasts[i]);
		for (int second = 0; second < 130; second++)
			pair_wait(&pair, 500);
		cr_expect_eq(pair_slot(&pair, 1)->timeout, TIMEOUT_KEPT);
		expect_phase(&pair, 1, lasts[i]);
		pair_compare_woken(&pair);
		pair_end(&pair);
	}
}

Test(calm_life, one_long_silence_is_as_many_short_ones)
{
	static const int64_t spans[] = { 100, 5000, 59999, 60000, 64999, 65000, 200000, 10000000 };

	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++) {
		for (size_t i = 0; i < 2 * sizeof(spans) / sizeof(spans[0]); i++) {
			struct pair pair;
			struct talk talk;

			begin(&pair, &talk, (enum calm_phase)phase);
			pair_listen(&pair, i % 2 ? PAIR_KINDS : 0);
			pair_wait(&pair, spans[i / 2]);
			pair_compare_woken(&pair);
			talk_hear(&talk, &pair, "aA");
			pair_wait(&pair, 70000);
			pair_end(&pair);
		}
	}
}

Test(calm_life, time_wait_may_be_over_before_the_record_is_due)
{
	for (int i = 0; i < 2 * LASTS; i++) {
		struct tracker_options options = pair_options();
		struct pair pair;
		struct talk talk;

		options.time_wait = i % 2 ? TIME_SECOND : 5 * TIME_SECOND;
		pair_begin_with(&pair, &options, PAIR_KINDS);
		talk_begin_plainly(&talk, PLAY_PORT);
		talk_hear(&talk, &pair, ways[lasts[i / 2]]);
		for (int second = 0; second < 12; second++)
			pair_wait(&pair, 1000);
		pair_end(&pair);
	}
}

Test(calm_life, late_segments_are_told)
{
	for (int i = 0; i < 2 * LASTS; i++) {
		struct pair pair;
		struct talk talk;

		begin(&pair, &talk, lasts[i / 2]);
		pair_wait(&pair, i % 2 ? 6000 : 1000);
		talk_hear(&talk, &pair, "aA");
		cr_expect_eq(tracker_totals(pair.play.tracker)->late, i % 2 ? 2 : 0);
		expect_woken(&pair, 1);
		pair_wait(&pair, 70000);
		pair_end(&pair);
	}
}

/* ---- Room ---- */

Test(calm_life, the_oldest_of_those_that_are_kept_are_retired)
{
	for (uint32_t i = 0; i < 2; i++) {
		for (uint32_t keep = 0; keep < 4; keep++) {
			struct pair pair;

			begin_in_room(&pair, 20, keep, i == 0 ? 0 : PAIR_KINDS);
			hear_many(&pair, "sSadADfAFa", 6);
			pair_wait(&pair, 66000);
			cr_expect_eq(tracker_totals(pair.play.tracker)->retired, 6 - keep);
			expect_all_calm(&pair);
			pair_end(&pair);
		}
	}
}

/* Two of a kind leave no room for others, so that they go one by one. */
Test(calm_life, in_every_phase_they_make_room_for_others)
{
	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++) {
		for (int other = CALM_ASKED; other < CALM_PHASES; other++) {
			struct pair pair;

			begin_in_room(&pair, 2, 2, phase % 2 ? PAIR_KINDS : 0);
			hear_many(&pair, ways[phase], 1);
			hear_many(&pair, ways[other], 3);
			pair_wait(&pair, other % 3 ? 6000 : 66000);
			hear_many(&pair, ways[phase], 2);
			pair_end(&pair);
		}
	}
}

Test(calm_life, who_was_reset_with_data_under_way_gives_it_back)
{
	static const char *const said[] = { "sSadADdDr", "sSadADdDR", "sSadAdDdDdr" };

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		struct pair pair;

		begin_in_room(&pair, 8, 8, PAIR_KINDS);
		hear_many(&pair, said[i], 1);
		expect_all_calm(&pair);
		pair_wait(&pair, 5000);
		pair_wait(&pair, 60000);
		hear_many(&pair, said[i], 1);
		cr_expect_leq(pair.play.tracker->touched_ranges, 4);
		pair_end(&pair);
	}
}

/* Every kind of end, and some that are cut off for want of room. */
static void hear_short_ones(struct pair *pair, int rounds)
{
	for (int i = 0; i < rounds; i++) {
		hear_many(pair, "sSadADdDdDdDdDdDdDdDfAFa", 1);
		hear_many(pair, "sSadADF", 1);
		hear_many(pair, "sSadADdfD", 1);
		hear_many(pair, "sSadADdr", 1);
		hear_many(pair, "sX", 1);
	}
}

struct touched {
	uint32_t flows, places, chunks, ranges, asides, round_trips, calms, folds;
};

static struct touched touched_by(const struct tracker *tracker)
{
	return (struct touched){
		.flows = tracker->touched_flows,
		.places = tracker->touched_places,
		.chunks = tracker->touched_chunks,
		.ranges = tracker->touched_ranges,
		.asides = tracker->asides.touched,
		.round_trips = tracker->round_trips.touched,
		.calms = tracker->calms.touched,
		.folds = tracker->touched_folds,
	};
}

Test(calm_life, ten_thousand_need_no_more_than_some)
{
	struct tracker_options options = pair_options();
	struct touched some, all;
	struct pair pair;

	options.max_flows = 8;
	options.keep = 3;
	options.linger = options.time_wait = 50 * TIME_MILLISECOND;
	pair_begin_with(&pair, &options, PAIR_KINDS);
	pair.compares_each = 16;
	hear_short_ones(&pair, 100);
	some = touched_by(pair.play.tracker);
	hear_short_ones(&pair, 1900);
	all = touched_by(pair.play.tracker);
	cr_expect_arr_eq(&some, &all, sizeof(all));
	expect_all_calm(&pair);
	pair_end(&pair);
}

/* ---- The end of input ---- */

Test(calm_life, the_input_may_be_over_in_any_phase)
{
	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++) {
		for (int seconds = 0; seconds < 70; seconds += 6) {
			struct pair pair;
			struct talk talk;

			begin(&pair, &talk, (enum calm_phase)phase);
			pair_listen(&pair, seconds == 12 ? 0 : PAIR_KINDS);
			pair_wait(&pair, seconds * 1000);
			pair_finish(&pair);
			pair_compare(&pair);
			pair_compare_woken(&pair);
			pair_finish(&pair);
			pair_end(&pair);
		}
	}
}

/* ---- Looking ---- */

Test(calm_life, whoever_is_looked_at_wakes_and_lives_on)
{
	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++) {
		for (int i = 0; i < 3; i++) {
			struct pair pair;
			struct talk talk;

			begin(&pair, &talk, (enum calm_phase)phase);
			pair_wait(&pair, i == 2 ? 6000 : 10);
			cr_assert_eq(i == 0 ? tracker_at(pair.play.tracker, 1)
			                    : tracker_next(pair.play.tracker, NULL),
			             &pair.play.tracker->flows[1]);
			expect_woken(&pair, 1);
			pair_compare(&pair);
			talk_hear(&talk, &pair, "aAdDfFaA");
			pair_wait(&pair, 70000);
			pair_end(&pair);
		}
	}
}

/* ---- Ports used again ---- */

Test(calm_life, the_next_one_on_the_same_ports_is_another)
{
	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++) {
		for (int seconds = 0; seconds < 80; seconds += 13) {
			struct pair pair;
			struct talk talk;

			begin(&pair, &talk, (enum calm_phase)phase);
			pair_wait(&pair, 1000 * seconds);
			talk_begin_plainly(&talk, PLAY_PORT);
			talk.iss[CLIENT] = talk.next[CLIENT] += 1000000;
			talk_hear(&talk, &pair, "sSadADfAFa");
			pair_wait(&pair, 70000);
			pair_end(&pair);
		}
	}
}

/* ---- Going back ---- */

static struct checkpoint *checkpoint_of(const struct tracker *tracker)
{
	struct error err;
	struct checkpoint *checkpoint = tracker_checkpoint(tracker, &err);

	cr_assert(checkpoint, "%s", err.what);
	return checkpoint;
}

static void restore(struct pair *pair, struct checkpoint *checkpoints[2])
{
	tracker_restore(pair->play.tracker, checkpoints[0]);
	tracker_restore(pair->judge, checkpoints[1]);
	pair_compare(pair);
}

Test(calm_life, a_checkpoint_has_them_in_every_phase)
{
	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++) {
		struct checkpoint *checkpoints[2];
		struct talk talk, then;
		struct pair pair;

		begin(&pair, &talk, (enum calm_phase)phase);
		then = talk;
		checkpoints[0] = checkpoint_of(pair.play.tracker);
		checkpoints[1] = checkpoint_of(pair.judge);
		talk_hear(&talk, &pair, "aAdDfF");
		hear_many(&pair, "sSadADfAFa", 3);
		restore(&pair, checkpoints);
		expect_phase(&pair, 1, phase);
		talk_hear(&then, &pair, "DdAarR");
		restore(&pair, checkpoints);
		pair_wait(&pair, 66000);
		checkpoint_free(checkpoints[0]);
		checkpoint_free(checkpoints[1]);
		pair_end(&pair);
	}
}

/* ---- Listening ---- */

static bool is_any_calm(const struct tracker *tracker)
{
	for (uint32_t number = 1; number <= tracker->touched_flows; number++) {
		if (tracker->slots[number].is_calm)
			return true;
	}
	return false;
}

Test(calm_life, nobody_is_calm_where_each_segment_is_told)
{
	static const enum event_kind kinds[] = { EVENT_FLOW_OPENED, EVENT_SEGMENT, EVENT_STATE_CHANGED,
		                                 EVENT_FLOW_FORGOTTEN };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct pair pair;

		pair_begin(&pair);
		pair_listen(&pair, event_bit(kinds[i]));
		hear_many(&pair, "sSadADfAFa", 2);
		cr_expect_not(is_any_calm(pair.play.tracker));
		pair_wait(&pair, 70000);
		pair_end(&pair);
	}
}

Test(calm_life, nobody_is_calm_where_trails_are_kept)
{
	struct tracker_options options = pair_options();
	struct pair pair;

	options.trails = 1;
	pair_begin_with(&pair, &options, PAIR_KINDS);
	hear_many(&pair, "sSadADfAFa", 2);
	cr_expect_not(is_any_calm(pair.play.tracker));
	pair_end(&pair);
}

/* Whoever begins to listen hears of the connections that were calm until then. */
Test(calm_life, a_new_listener_hears_of_those_who_were_calm)
{
	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++) {
		struct pair pair;
		struct talk talk;

		begin(&pair, &talk, (enum calm_phase)phase);
		pair_listen(&pair, UINT32_MAX);
		talk_hear(&talk, &pair, "aA");
		pair_listen(&pair, PAIR_KINDS);
		hear_many(&pair, ways[phase], 1);
		pair_listen(&pair, UINT32_MAX);
		pair_wait(&pair, 6000);
		pair_wait(&pair, 66000);
		pair_finish(&pair);
		pair_end(&pair);
	}
}

Test(calm_life, a_listener_hears_all_even_after_going_back)
{
	struct checkpoint *checkpoints[2];
	struct pair pair;
	struct talk talk;

	begin(&pair, &talk, CALM_TALK);
	checkpoints[0] = checkpoint_of(pair.play.tracker);
	checkpoints[1] = checkpoint_of(pair.judge);
	pair_listen(&pair, UINT32_MAX);
	restore(&pair, checkpoints);
	talk_hear(&talk, &pair, "dDfAFa");
	checkpoint_free(checkpoints[0]);
	checkpoint_free(checkpoints[1]);
	pair_end(&pair);
}

/* ---- After the end of the input ---- */

Test(calm_life, who_goes_on_after_the_end_of_the_input_is_late)
{
	static const char *const more[] = { "d", "D", "a", "r", "f" };

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		struct pair pair;
		struct talk talk;

		begin(&pair, &talk, CALM_TALK);
		pair_finish(&pair);
		talk_hear(&talk, &pair, more[i]);
		cr_expect_eq(tracker_totals(pair.play.tracker)->late, 1);
		expect_woken(&pair, 1);
		pair_end(&pair);
	}
}
