/* timers_test.c: TIME_WAIT, linger, tombstones, and who makes room. */

#include <criterion/criterion.h>

#include "unit/track/play.h"

/* The client closes first: it is in TIME_WAIT, the server CLOSED. */
#define CLOSED HANDSHAKE "< A 1 1; > FA 1 1; < FA 1 2; > A 2 2; "
#define RESET HANDSHAKE "> R 1; "

static void begin_small(struct play *play, uint32_t max_flows, uint32_t keep)
{
	struct tracker_options options = play_options();

	options.max_flows = max_flows;
	options.keep = keep;
	play_begin_with(play, &options);
}

Test(timers, a_record_is_due_after_five_silent_seconds)
{
	struct play p;

	play_begin(&p);
	hear(&p, CLOSED);
	play_wait(&p, 4999);
	cr_assert_eq(play_flow(&p, 1)->stage, STAGE_LIVE);
	play_wait(&p, 1);
	cr_assert_eq(play_flow(&p, 1)->stage, STAGE_ENDED);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 1);
	cr_assert_eq(p.last[EVENT_FLOW_ENDED].time, p.time);
	cr_assert_null(p.last[EVENT_FLOW_ENDED].segment);
	cr_assert_eq(tracker_totals(p.tracker)->ended, 1);
	cr_assert_eq(tracker_totals(p.tracker)->openings[OPENING_HANDSHAKE], 1);
	cr_assert_eq(tracker_totals(p.tracker)->closings[CLOSING_CLIENT_FIRST], 1);
	play_end(&p);
}

Test(timers, a_segment_within_the_linger_puts_the_record_off)
{
	struct play p;

	play_begin(&p);
	hear(&p, CLOSED "+4000 > A 2 2");
	play_wait(&p, 4999);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 0);
	play_wait(&p, 1);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 1);
	play_end(&p);
}

Test(timers, an_open_connection_has_no_end_however_long_it_is_idle)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE ":2 > S 0; :3 > A 1 1; :3 > FA 1 1");
	play_wait(&p, 1000 * 86400);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 0);
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	play_end(&p);
}

Test(timers, time_wait_is_over_after_two_msl)
{
	struct play p;

	play_begin(&p);
	hear(&p, CLOSED);
	cr_assert_eq(tracker_time_wait_end(p.tracker, play_flow(&p, 1), CLIENT),
	             p.time + 60 * TIME_SECOND);
	cr_assert_eq(tracker_time_wait_end(p.tracker, play_flow(&p, 1), SERVER), TIME_NONE);
	play_wait(&p, 59999);
	expect_states(&p, "TIME_WAIT CLOSED~");
	play_wait(&p, 1);
	expect_states(&p, "CLOSED CLOSED~");
	expect_paths(&p, "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT CLOSED",
	             "LISTEN SYN_RECEIVED ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED");
	cr_assert_eq(p.last[EVENT_STATE_CHANGED].side, CLIENT);
	cr_assert_eq(p.last[EVENT_STATE_CHANGED].before[CLIENT], ST_TIME_WAIT);
	cr_assert_eq(play_flow(&p, 1)->stage, STAGE_KEPT);
	cr_assert_eq(tracker_time_wait_end(p.tracker, play_flow(&p, 1), CLIENT), TIME_NONE);
	play_end(&p);
}

Test(timers, late_acks_do_not_prolong_time_wait)
{
	struct play p;

	play_begin(&p);
	hear(&p, CLOSED);
	play_wait(&p, 30000);
	hear(&p, "+20000 > A 2 2");
	play_wait(&p, 10000);
	expect_states(&p, "CLOSED CLOSED~");
	play_end(&p);
}

Test(timers, a_fin_heard_again_starts_the_two_msl_again)
{
	struct play p;

	play_begin(&p);
	hear(&p, CLOSED);
	play_wait(&p, 30000);
	hear(&p, "+20000 < FA 1 2");
	expect_states(&p, "TIME_WAIT LAST_ACK");
	cr_assert_eq(tracker_time_wait_end(p.tracker, play_flow(&p, 1), CLIENT),
	             p.time + 60 * TIME_SECOND);
	play_wait(&p, 59999);
	expect_states(&p, "TIME_WAIT LAST_ACK");
	play_wait(&p, 1);
	expect_states(&p, "CLOSED LAST_ACK");
	play_end(&p);
}

Test(timers, a_fin_heard_again_elsewhere_starts_nothing)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "> FA 1 1; > FA 1 1; < FA 1 2; > A 2 2");
	cr_assert_eq(play_flow(&p, 1)->time_wait[SERVER], TIME_NONE);
	cr_assert_eq(play_flow(&p, 1)->time_wait[CLIENT], p.time);
	hear(&p, "> FA 1 2");
	cr_assert_eq(play_flow(&p, 1)->time_wait[SERVER], TIME_NONE);
	play_end(&p);
}

Test(timers, both_ends_of_a_crossing_wait)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "< A 1 1; > FA 1 1; < FA 1 1; > A 2 2; < A 2 2");
	cr_assert_eq(tracker_time_wait_end(p.tracker, play_flow(&p, 1), SERVER),
	             p.time - PLAY_STEP + 60 * TIME_SECOND);
	play_wait(&p, 5000);
	play_wait(&p, 54989);
	expect_states(&p, "TIME_WAIT~ TIME_WAIT~");
	play_wait(&p, 11);
	expect_states(&p, "CLOSED CLOSED");
	play_end(&p);
}

Test(timers, a_short_time_wait_is_over_before_the_record)
{
	struct tracker_options options = play_options();
	struct play p;

	options.time_wait = TIME_SECOND;
	play_begin_with(&p, &options);
	hear(&p, CLOSED);
	play_wait(&p, 5000);
	expect_states(&p, "CLOSED CLOSED~");
	play_end(&p);
}

Test(timers, a_late_segment_counts_on_the_tombstone)
{
	struct play p;

	play_begin(&p);
	hear(&p, CLOSED "+10000 < FA 1 2; > A 2 2; > PA 50 50 5");
	cr_assert_eq(play_flows(&p), 1);
	cr_assert_eq(play_flow(&p, 1)->late, 3);
	cr_assert_eq(p.told[EVENT_LATE_SEGMENT], 3);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 1);
	cr_assert_eq(tracker_totals(p.tracker)->late, 3);
	play_end(&p);
}

Test(timers, a_reset_connection_leaves_a_tombstone_too)
{
	struct play p;

	play_begin(&p);
	hear(&p, RESET "+10000 < A 1 1; +59000 < A 1 1");
	cr_assert_eq(play_flows(&p), 1);
	cr_assert_eq(play_flow(&p, 1)->late, 2);
	play_wait(&p, 60000);
	cr_assert_eq(play_flow(&p, 1)->stage, STAGE_KEPT);
	hear(&p, "< A 1 1");
	cr_assert_eq(play_flows(&p), 2);
	play_end(&p);
}

Test(timers, a_connection_that_goes_on_gets_no_record)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "< R 1; +1000 > PA 1 1 10; < PA 1 11 10");
	play_wait(&p, 60000);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 0);
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	play_end(&p);
}

Test(timers, only_so_many_are_kept)
{
	struct play p;

	begin_small(&p, 100, 2);
	hear(&p, ":1 > R 1; :2 > R 1; :3 > R 1; :4 > R 1");
	play_wait(&p, 5000);
	cr_assert_eq(play_flows(&p), 4);
	play_wait(&p, 60000);
	cr_assert_eq(play_flows(&p), 2);
	cr_assert_str_eq(p.order, "+1 +2 +3 +4 -1 -2");
	cr_assert_eq(tracker_totals(p.tracker)->retired, 2);
	cr_assert_eq(tracker_totals(p.tracker)->evicted, 0);
	play_end(&p);
}

/* Done ones first, then datagrams, half-open ones, closing ones; those that are open go last. */
Test(timers, the_least_useful_makes_room)
{
	struct play p;

	begin_small(&p, 7, 7);
	hear(&p, ":1 > A 1 1; :2 > A 1 1; :2 > FA 1 1; :3 > S 0; :4 > D 0 0 5");
	hear(&p, ":5 > R 1");
	play_wait(&p, 5000);
	hear(&p, ":6 > R 1");
	hear(&p, ":7 > A 1 1; :7 > R 1; :7 > S 9000");
	cr_assert_str_eq(p.order, "+5 +7 -7");
	hear(&p, ":11 > A 1 1; :12 > A 1 1; :13 > A 1 1; :14 > A 1 1; :15 > A 1 1; :16 > A 1 1");
	cr_assert_str_eq(p.order, "+5 +7 -7 -5 +6 -6 +4 -4 +3 -3 +8 -8 +2 -2");
	cr_assert_eq(tracker_totals(p.tracker)->retired, 3);
	cr_assert_eq(tracker_totals(p.tracker)->evicted, 4);
	cr_assert_eq(tracker_totals(p.tracker)->ended, 7);
	hear(&p, ":17 > A 1 1");
	cr_assert_null(play_flow(&p, 1));
	play_end(&p);
}

Test(timers, a_half_open_answer_makes_room_like_its_question)
{
	struct play p;

	begin_small(&p, 2, 2);
	hear(&p, ":1 > A 1 1; :2 < SA 0 1; :2 > R 9; :3 > A 1 1");
	cr_assert_str_eq(p.order, "+2 -2");
	hear(&p, ":4 > S 0; :5 > A 1 1");
	cr_assert_str_eq(p.order, "+2 -2 +1 -1 +4 -4");
	play_end(&p);
}

Test(timers, a_server_that_closes_first_is_closing)
{
	struct play p;

	begin_small(&p, 2, 2);
	hear(&p, ":1 > A 1 1; :2 > A 1 1; :2 < FA 1 1; :1 > A 1 1; :3 > A 1 1");
	cr_assert_str_eq(p.order, "+2 -2");
	play_end(&p);
}

Test(timers, among_open_ones_the_longest_silent_makes_room)
{
	struct play p;

	begin_small(&p, 3, 3);
	hear(&p, ":1 > A 1 1; :2 > A 1 1; :3 > A 1 1; :1 < A 1 1; :4 > A 1 1");
	cr_assert_str_eq(p.order, "+2 -2");
	cr_assert_eq(p.told[EVENT_FLOW_FORGOTTEN], 1);
	cr_assert_neq(p.last[EVENT_FLOW_FORGOTTEN].time, TIME_NONE);
	play_end(&p);
}

static void note_eviction(void *context, const struct event *event)
{
	uint16_t *oddities = context;

	*oddities = event->flow->oddities;
}

Test(timers, an_evicted_one_says_so_in_its_record)
{
	uint16_t oddities = 0;
	struct play p;

	begin_small(&p, 1, 1);
	tracker_listen(p.tracker, event_bit(EVENT_FLOW_ENDED), note_eviction, &oddities);
	hear(&p, ":1 > A 1 1; :2 > A 1 1");
	cr_assert_eq(oddities, ODD_EVICTED);
	cr_assert_eq(play_flows(&p), 1);
	hear(&p, ":2 > R 1; :3 > A 1 1");
	cr_assert_eq(oddities, 0);
	cr_assert_eq(tracker_totals(p.tracker)->evicted, 1);
	cr_assert_eq(tracker_totals(p.tracker)->retired, 1);
	play_end(&p);
}

Test(timers, room_for_one_is_enough)
{
	struct play p;

	begin_small(&p, 1, 0);
	for (int i = 0; i < 3; i++)
		hear(&p, CLOSED "> S 9000; < SA 500 9001; > A 9001 501; > R 9001");
	cr_assert_eq(play_flows(&p), 1);
	hear(&p, ":2 > D 0 0 1; :3 > S 0; < SA 0 1");
	cr_assert_eq(play_flows(&p), 1);
	play_end(&p);
}

Test(timers, an_eviction_of_what_is_already_ended_ends_it_once)
{
	struct play p;

	begin_small(&p, 1, 1);
	hear(&p, RESET);
	play_wait(&p, 5000);
	hear(&p, ":2 > S 0");
	cr_assert_str_eq(p.order, "+1 -1");
	cr_assert_eq(tracker_totals(p.tracker)->ended, 1);
	play_end(&p);
}

Test(timers, time_does_not_run_backwards)
{
	struct play p;

	play_begin(&p);
	hear(&p, CLOSED);
	play_wait(&p, 3000);
	tracker_advance(p.tracker, p.time - 2000 * TIME_MILLISECOND);
	cr_assert_eq(tracker_now(p.tracker), p.time);
	hear(&p, "+-2500 > A 2 2");
	cr_assert_eq(tracker_now(p.tracker), p.time + 2500 * TIME_MILLISECOND);
	cr_assert_eq(play_flow(&p, 1)->last, p.time);
	play_wait(&p, 2500 + 4999);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 0);
	play_wait(&p, 1);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 1);
	play_end(&p);
}
