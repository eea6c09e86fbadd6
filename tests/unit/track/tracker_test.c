/* tracker_test.c: segments in, flows and events out. */

#include "track/tracker.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/resource.h>

#include "unit/track/play.h"

#define LIFE HANDSHAKE REQUEST "> FA 11 101; < FA 101 12; > A 12 102; "

Test(tracker, begins_empty)
{
	struct play p;

	play_begin(&p);
	cr_assert_null(tracker_next(p.tracker, NULL));
	cr_assert_eq(tracker_now(p.tracker), TIME_NONE);
	cr_assert_eq(tracker_totals(p.tracker)->first, TIME_NONE);
	cr_assert_eq(tracker_totals(p.tracker)->last, TIME_NONE);
	tracker_finish(p.tracker);
	play_end(&p);
}

Test(tracker, freeing_nothing_is_fine)
{
	tracker_free(NULL);
}

Test(tracker, has_usual_options)
{
	struct tracker_options options = tracker_defaults();

	cr_assert_eq(options.max_flows, 1000000);
	cr_assert_eq(options.keep, 100000);
	cr_assert_eq(options.linger, 5 * TIME_SECOND);
	cr_assert_eq(options.time_wait, 60 * TIME_SECOND);
	cr_assert_eq(options.udp_idle, 60 * TIME_SECOND);
}

Test(tracker, always_has_room_for_one)
{
	struct tracker_options options = play_options();
	struct play p;

	options.max_flows = 0;
	options.keep = 0;
	play_begin_with(&p, &options);
	hear(&p, ":1 > S 0; :2 > S 0");
	cr_assert_eq(play_flows(&p), 1);
	play_end(&p);
}

Test(tracker, says_when_there_is_no_room)
{
	struct tracker_options options = play_options();
	struct error err = { .what = "" };
	struct rlimit before, little;
	struct tracker *tracker;

	options.max_flows = 400000000;
	getrlimit(RLIMIT_AS, &before);
	little = (struct rlimit){ .rlim_cur = 1 << 30, .rlim_max = before.rlim_max };
	setrlimit(RLIMIT_AS, &little);
	tracker = tracker_new(&options, &err);
	setrlimit(RLIMIT_AS, &before);
	cr_assert_null(tracker);
	cr_assert(strstr(err.what, "no room for 400000000 connections: "));
	cr_assert(strstr(err.remedy, "--max-flows"));
}

Test(tracker, tells_nothing_that_nobody_asked_for)
{
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		struct play p;

		play_begin(&p);
		tracker_listen(p.tracker, event_bit((enum event_kind)kind), play_listener(), &p);
		hear(&p, LIFE "+9000 < A 102 12; :2 > S 0; :2 < SA 0 9; :2 > S 0; :2 < RA =0 1");
		hear(&p, ":3 > S 0; !3/1 :3 > S 0; > S 9000");
		play_wait(&p, 100000);
		for (int other = 0; other < EVENT_KIND_COUNT; other++)
			cr_assert(other == kind || p.told[other] == 0);
		cr_assert(p.told[kind] > 0 || kind == EVENT_FLOW_FORGOTTEN);
		play_end(&p);
	}
}

Test(tracker, the_end_of_input_ends_what_is_live)
{
	struct play p;

	play_begin(&p);
	hear(&p, ":1 > S 0; :2 > R 1; :3 > D 0 0 1");
	play_wait(&p, 5000);
	hear(&p, ":4 > S 0; :4 < SA 0 1");
	tracker_finish(p.tracker);
	cr_assert_str_eq(p.order, "+2 +1 +3 +4");
	cr_assert_eq(tracker_totals(p.tracker)->ended, 1);
	cr_assert_eq(tracker_totals(p.tracker)->openings[OPENING_UNANSWERED], 1);
	cr_assert_eq(tracker_totals(p.tracker)->openings[OPENING_HALF_OPEN], 1);
	cr_assert_eq(tracker_next_listener(p.tracker, NULL)->half_open, 1, "it still hangs");
	tracker_finish(p.tracker);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 4);
	cr_assert_eq(play_flows(&p), 4);
	play_end(&p);
}

Test(tracker, notes_when_time_runs_backwards)
{
	struct play p;
	const struct tracker_totals *totals;

	play_begin(&p);
	totals = tracker_totals(p.tracker);
	hear(&p, "> S 0; +0 < SA 0 1");
	cr_assert_eq(totals->backwards, 0);
	hear(&p, "+-30 > A 1 1; +20 < A 1 1; +500 > A 1 1");
	cr_assert_eq(totals->backwards, 2);
	cr_assert_eq(totals->backwards_most, 30 * TIME_MILLISECOND);
	cr_assert_eq(totals->first, PLAY_START + PLAY_STEP);
	cr_assert_eq(totals->last, p.time);
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	play_end(&p);
}

Test(tracker, the_clock_may_be_ahead_of_the_first_segment)
{
	struct play p;

	play_begin(&p);
	tracker_advance(p.tracker, PLAY_START + TIME_SECOND);
	hear(&p, "> S 0");
	cr_assert_eq(tracker_now(p.tracker), PLAY_START + TIME_SECOND);
	cr_assert_eq(tracker_totals(p.tracker)->first, p.time);
	cr_assert_eq(tracker_totals(p.tracker)->backwards, 0);
	play_end(&p);
}

/* Timers run before each segment, not once per batch. */
Test(tracker, a_batch_may_outlive_a_timer)
{
	struct segment segments[PLAY_SCRIPT_MAX];
	struct play p;
	int count;

	play_begin(&p);
	count = play_read(&p, LIFE "+65000 > A 12 102; < A 102 12", segments, PLAY_SCRIPT_MAX);
	tracker_feed(p.tracker, segments, (size_t)count);
	cr_assert_eq(play_flows(&p), 2);
	cr_assert_str_eq(play_states(&p, 1), "CLOSED CLOSED~");
	cr_assert_str_eq(play_states(&p, 2), "ESTABLISHED~ ESTABLISHED~");
	play_end(&p);
}
