/* listeners_test.c: the ports that were seen answering, and what hangs on them. */

#include <criterion/criterion.h>
#include <stdio.h>

#include "unit/track/play.h"

static const struct listener *first(struct play *play)
{
	const struct listener *listener = tracker_next_listener(play->tracker, NULL);

	cr_assert_not_null(listener);
	return listener;
}

static void expect_counts(const char *script, uint32_t half_open, uint64_t accepted)
{
	struct play p;

	play_begin(&p);
	hear(&p, script);
	cr_assert_eq(first(&p)->half_open, half_open, "%s", script);
	cr_assert_eq(first(&p)->accepted, accepted, "%s", script);
	cr_assert_null(tracker_next_listener(p.tracker, first(&p)));
	play_end(&p);
}

Test(listeners, are_known_by_their_first_answer)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0");
	cr_assert_null(tracker_next_listener(p.tracker, NULL));
	hear(&p, "< SA 0 1");
	cr_assert_eq(first(&p)->port, PLAY_SERVICE);
	cr_assert_eq(first(&p)->family, FAMILY_IPV4);
	cr_assert(address_equal(&first(&p)->address, &p.sample.destination));
	cr_assert_eq(first(&p)->last, p.time);
	hear(&p, ":2 > S 0; :2 < SA 0 1");
	cr_assert_eq(first(&p)->last, p.time);
	play_end(&p);
}

Test(listeners, count_the_handshakes_that_hang)
{
	expect_counts("> S 0; < SA 0 1", 1, 0);
	expect_counts("> S 0; < SA 0 1; < SA 0 1", 1, 0);
	expect_counts("> S 0; < SA 0 1; < SA 500 1", 1, 0);
	expect_counts("> S 0; < SA 0 1; :2 > S 0; :2 < SA 0 1", 2, 0);
	expect_counts(HANDSHAKE, 0, 1);
	expect_counts(HANDSHAKE "< SA 0 1; > A 1 1", 0, 1);
	expect_counts("> S 0; < SA 0 1; > R 1", 0, 0);
	expect_counts("< SA 0 1; > A 1 1", 0, 1);
}

Test(listeners, count_a_handshake_whose_answer_was_seen_late)
{
	expect_counts("> S 0; > A 1 1; < SA 0 1", 0, 1);
}

Test(listeners, forget_a_handshake_that_was_evicted)
{
	struct tracker_options options = play_options();
	struct play p;

	options.max_flows = 1;
	play_begin_with(&p, &options);
	hear(&p, "> S 0; < SA 0 1; :2 > S 0");
	cr_assert_eq(first(&p)->half_open, 0);
	cr_assert_eq(first(&p)->accepted, 0);
	play_end(&p);
}

/* A late answer to a connection whose record is out hangs on nobody. */
Test(listeners, do_not_count_what_is_ended)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < RA =0 1");
	play_wait(&p, 5000);
	hear(&p, "< SA 0 1");
	cr_assert_eq(play_flow(&p, 1)->stage, STAGE_ENDED);
	cr_assert_eq(first(&p)->half_open, 0);
	play_end(&p);
}

Test(listeners, differ_by_address_port_and_family)
{
	struct play p;
	const struct listener *listener;
	int count = 0;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1");
	p.sample.destination_port = 443;
	hear(&p, "> S 0; < SA 0 1");
	p.sample.destination.bytes[3] = 81;
	hear(&p, "> S 0; < SA 0 1");
	p.sample.family = FAMILY_IPV6;
	hear(&p, "> S 0; < SA 0 1");
	for (listener = NULL; (listener = tracker_next_listener(p.tracker, listener)); count++)
		cr_assert_eq(listener->half_open, 1);
	cr_assert_eq(count, 4);
	play_end(&p);
}

/* Somebody whose ports answer everything: as many as there is room for, no more, and no harm. */
Test(listeners, stop_when_there_is_no_more_room)
{
	struct play p;
	const struct listener *listener = NULL;
	uint32_t count = 0;

	play_begin(&p);
	for (int i = 0; i < 20000; i++) {
		p.sample.destination_port = (uint16_t)(1 + i);
		hear(&p, "> S 0; < SA 0 1; > A 1 1");
	}
	while ((listener = tracker_next_listener(p.tracker, listener))) {
		cr_assert_eq(listener->accepted, 1);
		count++;
	}
	cr_assert_eq(count, 16384);
	play_end(&p);
}
