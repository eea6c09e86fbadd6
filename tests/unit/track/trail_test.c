/* trail_test.c: the first and the last notable segments of some flows. */

#include <criterion/criterion.h>

#include "unit/track/play.h"

enum { STEPS = TRAIL_FIRST + TRAIL_LAST + 8 };

static size_t trail_of(struct play *play, int number, struct step steps[STEPS])
{
	return tracker_trail(play->tracker, play_flow(play, number), steps, STEPS);
}

Test(trail, keeps_what_is_notable_and_folds_the_rest)
{
	struct step steps[STEPS];
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE REQUEST "> PA 11 101 20; > PA 31 101 30; < PA 101 61 5; > FA 61 106");
	cr_assert_eq(trail_of(&p, 1, steps), 6);
	cr_assert_eq(steps[3].segment.payload, 10);
	cr_assert(steps[3].is_first_data);
	cr_assert_eq(steps[3].folded, 1);
	cr_assert_eq(steps[3].folded_payload[SERVER], 0);
	cr_assert_eq(steps[4].side, SERVER);
	cr_assert(steps[4].is_first_data);
	cr_assert_eq(steps[4].folded, 4);
	cr_assert_eq(steps[4].folded_payload[CLIENT], 50);
	cr_assert_eq(steps[4].folded_payload[SERVER], 5);
	cr_assert_eq(steps[5].segment.frame, p.frame);
	play_end(&p);
}

Test(trail, a_step_says_what_it_did_to_both_ends)
{
	struct step steps[STEPS];
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; < SA 0 1; > A 1 1; < SA 0 1");
	trail_of(&p, 1, steps);
	cr_assert_eq(steps[0].before[CLIENT], ST_UNKNOWN);
	cr_assert_eq(steps[0].after[CLIENT], ST_SYN_SENT);
	cr_assert_eq(steps[0].after[SERVER], ST_LISTEN);
	cr_assert(steps[0].doubtful[SERVER]);
	cr_assert_eq(steps[1].side, SERVER);
	cr_assert_not(steps[1].doubtful[SERVER]);
	cr_assert_not(steps[1].is_repeat);
	cr_assert(steps[2].is_repeat);
	cr_assert_eq(steps[4].oddity, ODD_SYN_ACK_REPEATED_LATE);
	cr_assert_eq(steps[4].before[SERVER], ST_ESTABLISHED);
	cr_assert_eq(steps[4].after[SERVER], ST_SYN_RECEIVED);
	play_end(&p);
}

static struct step plain(void)
{
	return (struct step){ .segment = { .kind = SEGMENT_TCP, .flags = TCP_ACK } };
}

Test(trail, plain_data_and_acks_are_not_notable)
{
	struct step step = plain();

	cr_assert_not(step_is_notable(&step));
	step.segment.payload = 5;
	step.segment.flags |= TCP_PSH;
	cr_assert_not(step_is_notable(&step));
}

Test(trail, anything_more_is_notable)
{
	struct step step = plain();

	step.segment.flags |= TCP_FIN;
	cr_assert(step_is_notable(&step));
	step = plain();
	step.oddity = ODD_FLAGS;
	cr_assert(step_is_notable(&step));
	step = plain();
	step.is_repeat = true;
	cr_assert(step_is_notable(&step));
	step = plain();
	step.is_first_data = true;
	cr_assert(step_is_notable(&step));
	step = plain();
	step.after[SERVER] = ST_CLOSED;
	cr_assert(step_is_notable(&step));
	step = plain();
	step.before[CLIENT] = ST_CLOSED;
	cr_assert(step_is_notable(&step));
	step = plain();
	step.segment.kind = SEGMENT_TCP_QUOTE;
	cr_assert(step_is_notable(&step));
	step.segment.kind = SEGMENT_UDP_QUOTE;
	cr_assert(step_is_notable(&step));
}

Test(trail, an_icmp_error_is_a_step_but_no_data)
{
	struct step steps[STEPS];
	struct segment quote;
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "> PA 1 1 10");
	quote = play_segment(&p, "!3/4 > A 1 1");
	quote.payload = 10;
	play_feed(&p, &quote);
	cr_assert_eq(trail_of(&p, 1, steps), 5);
	cr_assert_eq(steps[4].segment.kind, SEGMENT_TCP_QUOTE);
	cr_assert_not(steps[4].is_first_data);
	play_end(&p);
}

Test(trail, keeps_the_first_and_the_last)
{
	struct step steps[STEPS];
	struct play p;

	play_begin(&p);
	for (int i = 0; i < TRAIL_FIRST + TRAIL_LAST; i++)
		hear(&p, "> S 0");
	cr_assert_eq(trail_of(&p, 1, steps), TRAIL_FIRST + TRAIL_LAST);
	for (int i = 0; i < TRAIL_FIRST + TRAIL_LAST; i++)
		cr_assert_eq(steps[i].segment.frame, (uint64_t)i + 1);
	for (int i = 0; i < 100; i++)
		hear(&p, "> S 0");
	cr_assert_eq(trail_of(&p, 1, steps), TRAIL_FIRST + TRAIL_LAST);
	cr_assert_eq(steps[TRAIL_FIRST - 1].segment.frame, TRAIL_FIRST);
	cr_assert_eq(steps[TRAIL_FIRST].segment.frame, p.frame - TRAIL_LAST + 1);
	cr_assert_eq(steps[TRAIL_FIRST + TRAIL_LAST - 1].segment.frame, p.frame);
	cr_assert_eq(tracker_trail(p.tracker, play_flow(&p, 1), steps, 3), 3);
	play_end(&p);
}

Test(trail, the_oldest_changes_hands)
{
	struct tracker_options options = play_options();
	struct step steps[STEPS];
	struct play p;

	options.trails = 2;
	play_begin_with(&p, &options);
	hear(&p, ":1 > S 0; :2 > S 0; :3 > S 0");
	cr_assert_eq(trail_of(&p, 1, steps), 0);
	cr_assert_eq(trail_of(&p, 2, steps), 1);
	cr_assert_eq(trail_of(&p, 3, steps), 1);
	cr_assert_eq(steps[0].segment.source_port, 3);
	play_end(&p);
}

Test(trail, costs_nothing_when_nobody_wants_any)
{
	struct tracker_options options = play_options();
	struct step steps[STEPS];
	struct play p;

	options.trails = 0;
	play_begin_with(&p, &options);
	hear(&p, HANDSHAKE);
	cr_assert_eq(trail_of(&p, 1, steps), 0);
	play_end(&p);
}

Test(trail, is_kept_even_when_nobody_listens)
{
	struct step steps[STEPS];
	struct play p;

	play_begin(&p);
	tracker_listen(p.tracker, 0, NULL, NULL);
	hear(&p, HANDSHAKE);
	cr_assert_eq(trail_of(&p, 1, steps), 3);
	play_end(&p);
}
