/* incarnation_test.c: ports are used again: which connection a segment belongs to. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "unit/track/play.h"

#define OPEN HANDSHAKE REQUEST
#define CLOSED OPEN "> FA 11 101; < FA 101 12; > A 12 102; "

static void expect_flows(const char *script, int count)
{
	struct play p;

	play_begin(&p);
	hear(&p, script);
	cr_assert_eq(play_flows(&p), count, "%s: %d", script, play_flows(&p));
	play_end(&p);
}

Test(incarnation, the_same_syn_is_only_a_repeat)
{
	expect_flows("> S 0; > S 0", 1);
	expect_flows(HANDSHAKE "> S 0", 1);
	expect_flows(OPEN "> S 0", 1);
	expect_flows("> S 0; < RA =0 1; > S 0", 1);
	expect_flows("> S 0; < SA 0 1; > R 1; > S 0", 1);
}

Test(incarnation, the_same_syn_after_a_whole_life_is_another_one)
{
	expect_flows(CLOSED "> S 0", 2);
	expect_flows(OPEN "> R 11; > S 0", 2);
}

Test(incarnation, another_syn_after_the_end_is_another_connection)
{
	expect_flows(CLOSED "> S 9000", 2);
	expect_flows(OPEN "< R 101; > S 9000", 2);
	expect_flows("> S 0; < RA =0 1; > S 9000", 2);
	expect_flows("> R 700; > S 0", 2);
}

Test(incarnation, time_wait_at_either_end_takes_a_syn)
{
	expect_flows(OPEN "< FA 101 11; > A 11 102; > FA 11 102; < A 102 12; > S 9000", 2);
	expect_flows(OPEN "< FA 101 11; > A 11 102; > FA 11 102; < A 102 12; < S 9000", 2);
}

Test(incarnation, a_server_may_become_the_client)
{
	struct play p;

	play_begin(&p);
	hear(&p, CLOSED "< S 9000; > SA 8000 9001");
	cr_assert_eq(play_flow(&p, 2)->key.port[CLIENT], PLAY_SERVICE);
	cr_assert_str_eq(play_states(&p, 2), "SYN_SENT SYN_RECEIVED");
	play_end(&p);
}

Test(incarnation, another_syn_gives_up_an_opening_that_hangs)
{
	expect_flows("> S 0; > S 9000", 2);
	expect_flows("> S 0; < SA 0 1; > S 9000", 2);
	expect_flows("> S 0; < S 0; > SA 0 1; > S 9000", 2);
}

Test(incarnation, crossing_syns_are_one_connection)
{
	expect_flows("> S 0; < S 0", 1);
	expect_flows("> S 0; < S 0; < S 0; > S 0", 1);
}

Test(incarnation, the_peers_syn_after_a_handshake_does_not_cross)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; > A 1 1; < S 9000");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_SYN_IN_ESTABLISHED);
	cr_assert_not(play_flow(&p, 1)->simultaneous_open);
	play_end(&p);
}

Test(incarnation, a_new_one_knows_what_it_follows)
{
	struct play p;

	play_begin(&p);
	hear(&p, CLOSED "> S 9000; < SA 9000 9001; > A 9001 9001");
	cr_assert_eq(play_flow(&p, 1)->oddities, 0);
	cr_assert_eq(play_flow(&p, 1)->stage, STAGE_KEPT);
	cr_assert_eq(play_flow(&p, 2)->oddities, ODD_REUSED_PORT);
	cr_assert_eq(play_flow(&p, 2)->incarnation, 1);
	cr_assert_eq(play_flow(&p, 2)->stream, 1);
	cr_assert_str_eq(play_states(&p, 2), "ESTABLISHED ESTABLISHED~");
	cr_assert_eq(tracker_totals(p.tracker)->ended, 1);
	hear(&p, "> R 9001; > S 20000");
	cr_assert_eq(play_flow(&p, 3)->incarnation, 2);
	play_end(&p);
}

/* RFC 5961 section 4: the receiver answers with a challenge ACK and goes on. */
Test(incarnation, an_old_duplicate_syn_opens_nothing)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> S -5000; < A 101 11; > PA 11 101 10; < A 101 21");
	cr_assert_eq(play_flows(&p), 1);
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_SYN_IN_ESTABLISHED);
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].repeats, 0);
	play_end(&p);
}

Test(incarnation, a_suspect_that_is_answered_takes_its_syn_along)
{
	struct play p;
	const struct flow *old, *new;

	play_begin(&p);
	hear(&p, OPEN "> S 9000 0 7; < A 101 11; > R 101; < SA 8000 9001; > A 9001 8001");
	old = play_flow(&p, 1);
	new = play_flow(&p, 2);
	cr_assert_eq(play_flows(&p), 2);
	cr_assert_eq(old->sent[CLIENT].packets, 5);
	cr_assert_eq(old->sent[CLIENT].payload, 10);
	cr_assert_eq(old->sent[CLIENT].syns, 1);
	cr_assert_eq(new->sent[CLIENT].packets, 2);
	cr_assert_eq(new->sent[CLIENT].payload, 7);
	cr_assert_eq(new->sent[CLIENT].syns, 1);
	cr_assert_eq(new->first_frame, 8);
	cr_assert_eq(new->stream, 1);
	cr_assert_eq(new->incarnation, 1);
	cr_assert_str_eq(play_states(&p, 2), "ESTABLISHED ESTABLISHED~");
	cr_assert_eq(p.told[EVENT_FLOW_OPENED], 2);
	cr_assert_eq(tracker_totals(p.tracker)->syns, 2);
	play_end(&p);
}

Test(incarnation, a_suspect_may_come_from_the_server)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "< S 9000; > SA 8000 9001");
	cr_assert_eq(play_flow(&p, 2)->key.port[CLIENT], PLAY_SERVICE);
	cr_assert_str_eq(play_states(&p, 2), "SYN_SENT SYN_RECEIVED");
	cr_assert_eq(play_flow(&p, 1)->sent[SERVER].packets, 3);
	cr_assert_eq(play_flow(&p, 1)->sent[SERVER].syns, 1);
	play_end(&p);
}

Test(incarnation, only_the_right_answer_confirms_a_suspect)
{
	expect_flows(OPEN "> S 9000; < SA 8000 9002", 1);
	expect_flows(OPEN "> S 9000; < A 8000 9001", 1);
	expect_flows(OPEN "> S 9000; < SRA 8000 9001", 1);
	expect_flows(OPEN "> S 9000; > SA 8000 9001", 1);
	expect_flows(OPEN "> S 9000; < SA 8000 9001", 2);
}

Test(incarnation, an_earnest_repeat_confirms_a_suspect)
{
	expect_flows(OPEN "> S 9000; +899 > S 9000", 1);
	expect_flows(OPEN "> S 9000; +900 > S 9001", 1);
	expect_flows(OPEN "> S 9000; +900 < S 9000", 1);
	expect_flows(OPEN "> S 9000; +900 > SF 9000", 2);
	expect_flows(OPEN "> S 9000; +900 > S 9000", 2);
}

Test(incarnation, an_earnest_repeat_counts_on_the_new_one)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> S 9000; +900 > S 9000");
	cr_assert_eq(play_flow(&p, 2)->sent[CLIENT].syns, 2);
	cr_assert_eq(play_flow(&p, 2)->sent[CLIENT].repeats, 1);
	cr_assert_str_eq(play_states(&p, 2), "SYN_SENT LISTEN~");
	play_end(&p);
}

/* Wireshark counts every SYN with a number of its own as another stream, a repeat of it not. */
Test(incarnation, suspects_take_stream_numbers)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> S 9000; > S 9000; > S 9500; :1 > S 0");
	cr_assert_eq(play_flow(&p, 2)->stream, 3);
	play_end(&p);
}

Test(incarnation, the_latest_suspect_counts)
{
	expect_flows(OPEN "> S 9000; > S 9500; < SA 8000 9001", 1);
	expect_flows(OPEN "> S 9000; > S 9500; < SA 8000 9501", 2);
}

/* There is room for 1024 of them; the oldest is forgotten first. */
static int flows_with_suspects_between(int count)
{
	struct play p;
	int flows;

	play_begin(&p);
	hear(&p, OPEN "> S 9000; :1 > A 1 1; :1 < A 1 1");
	for (int i = 0; i < count; i++) {
		char script[32];

		snprintf(script, sizeof(script), ":1 > S %d", 20000 + i);
		hear(&p, script);
	}
	hear(&p, "< SA 8000 9001");
	flows = play_flows(&p);
	play_end(&p);
	return flows;
}

Test(incarnation, a_suspect_is_forgotten_after_many_others)
{
	cr_assert_eq(flows_with_suspects_between(1023), 3);
	cr_assert_eq(flows_with_suspects_between(1024), 2);
}

Test(incarnation, a_syn_ack_with_other_numbers_after_the_end_is_another_connection)
{
	struct play p;

	play_begin(&p);
	hear(&p, CLOSED "< SA 8000 9001");
	cr_assert_eq(play_flows(&p), 2);
	cr_assert_eq(play_flow(&p, 2)->key.port[CLIENT], PLAY_PORT);
	cr_assert_str_eq(play_states(&p, 2), "SYN_SENT~ SYN_RECEIVED");
	play_end(&p);
}

Test(incarnation, a_late_syn_ack_is_no_other_connection)
{
	expect_flows(CLOSED "< SA 0 1", 1);
	expect_flows(CLOSED "< SA 0 9001", 1);
	expect_flows(CLOSED "< SA 8000 1", 1);
	expect_flows(OPEN "< SA 8000 9001", 1);
	expect_flows("> S 0; < RA =0 1; < SA 500 1", 1);
}

Test(incarnation, other_segments_after_the_end_open_nothing)
{
	expect_flows(CLOSED "< FA 101 12; > A 12 102; > R 12; > PA 500 101 10", 1);
}

Test(incarnation, the_old_one_goes_at_once_when_nothing_is_kept)
{
	struct tracker_options options = play_options();
	struct play p;

	options.keep = 0;
	play_begin_with(&p, &options);
	hear(&p, CLOSED "> S 9000");
	cr_assert_str_eq(p.order, "+1 -1");
	cr_assert_eq(play_flow(&p, 2)->incarnation, 1);
	hear(&p, "< SA 0 9001; > A 9001 1; > S 30000; < SA 7000 30001");
	cr_assert_str_eq(p.order, "+1 -1 +2 -2");
	cr_assert_eq(play_flow(&p, 3)->incarnation, 2);
	play_end(&p);
}
