/* evidence_closing_test.c: how connections close: one after the other, crossed, half, late. */

#include <criterion/criterion.h>

#include "unit/track/play.h"

#define OPEN HANDSHAKE "< A 1 1; "

static enum closing closing_after(struct play *play)
{
	return flow_closing(play_flow(play, 1));
}

Test(evidence, four_segments_close_a_connection)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 1 1");
	expect_states(&p, "FIN_WAIT_1 ESTABLISHED");
	cr_assert_eq(closing_after(&p), CLOSING_HALF_CLOSED);
	hear(&p, "< A 1 2");
	expect_states(&p, "FIN_WAIT_2~ CLOSE_WAIT");
	hear(&p, "< FA 1 2");
	expect_states(&p, "FIN_WAIT_2~ LAST_ACK");
	cr_assert_eq(closing_after(&p), CLOSING_CLIENT_FIRST);
	hear(&p, "> A 2 2");
	expect_states(&p, "TIME_WAIT CLOSED~");
	expect_paths(&p, "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT",
	             "LISTEN SYN_RECEIVED ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED");
	cr_assert(flow_is_over(play_flow(&p, 1)));
	play_end(&p);
}

/* FIN+ACK that acks the peer's FIN: CLOSE_WAIT, then LAST_ACK, never FIN_WAIT_1 nor CLOSING. */
Test(evidence, three_segments_close_a_connection)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "< FA 1 1; > FA 1 2");
	expect_states(&p, "LAST_ACK FIN_WAIT_2~");
	hear(&p, "< A 2 2");
	expect_states(&p, "CLOSED~ TIME_WAIT");
	expect_paths(&p, "SYN_SENT ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED",
	             "LISTEN SYN_RECEIVED ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT");
	cr_assert_eq(closing_after(&p), CLOSING_SERVER_FIRST);
	play_end(&p);
}

Test(evidence, fins_that_cross_close_simultaneously)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 1 1; < FA 1 1");
	expect_states(&p, "FIN_WAIT_1 FIN_WAIT_1");
	hear(&p, "> A 2 2");
	expect_states(&p, "CLOSING TIME_WAIT~");
	cr_assert(flow_state_is_presumed(play_flow(&p, 1), SERVER));
	hear(&p, "< A 2 2");
	expect_states(&p, "TIME_WAIT~ TIME_WAIT~");
	expect_paths(&p, "SYN_SENT ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT",
	             "LISTEN SYN_RECEIVED ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT");
	cr_assert_eq(closing_after(&p), CLOSING_SIMULTANEOUS);
	play_end(&p);
}

/* The server's FIN is acknowledged from before the client's: it had not been sent yet. */
Test(evidence, an_ack_from_before_the_own_fin_presumes_no_crossing)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 11 1; < FA 1 1; > PA 1 2 10");
	expect_states(&p, "CLOSING FIN_WAIT_2~");
	play_end(&p);
}

/* The server's FIN does not acknowledge the client's, so it left first, and was overtaken. */
Test(evidence, a_fin_that_is_seen_after_the_ack_that_followed_it_has_crossed)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 1 1; < A 2 2");
	expect_states(&p, "FIN_WAIT_2~ CLOSE_WAIT");
	hear(&p, "< FA 1 1");
	expect_states(&p, "FIN_WAIT_2~ CLOSING");
	hear(&p, "> A 2 2");
	expect_states(&p, "TIME_WAIT TIME_WAIT~");
	expect_paths(&p, "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT",
	             "LISTEN SYN_RECEIVED ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT");
	cr_assert_eq(closing_after(&p), CLOSING_SIMULTANEOUS);
	play_end(&p);
}

Test(evidence, a_half_close_leaves_the_other_way_open)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN
	     "> FA 1 1; < A 1 2; < PA 1 2 1000; > A 2 1001; +5000 < PA 1001 2 1000; > A 2 2001");
	expect_states(&p, "FIN_WAIT_2~ CLOSE_WAIT");
	cr_assert_eq(closing_after(&p), CLOSING_HALF_CLOSED);
	hear(&p, "< FA 2001 2; > A 2 2002");
	expect_states(&p, "TIME_WAIT CLOSED~");
	cr_assert_eq(closing_after(&p), CLOSING_CLIENT_FIRST);
	play_end(&p);
}

Test(evidence, an_ack_below_the_fin_does_not_cover_it)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FPA 1 1 10; < A 1 11");
	expect_states(&p, "FIN_WAIT_1 ESTABLISHED");
	cr_assert_eq(play_flow(&p, 1)->fin_acked[CLIENT].frame, 0);
	hear(&p, "< A 1 12");
	expect_states(&p, "FIN_WAIT_2~ CLOSE_WAIT");
	cr_assert_eq(play_flow(&p, 1)->fin[CLIENT].frame, 5);
	cr_assert_eq(play_flow(&p, 1)->fin_acked[CLIENT].frame, 7);
	play_end(&p);
}

Test(evidence, a_repeated_fin_takes_the_presumption_back)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 1 1; < A 1 2; +200 > FA 1 1");
	expect_states(&p, "FIN_WAIT_1 CLOSE_WAIT");
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].fins, 2);
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].repeats, 1);
	hear(&p, "< A 1 2");
	expect_states(&p, "FIN_WAIT_2~ CLOSE_WAIT");
	expect_paths(&p, "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2",
	             "LISTEN SYN_RECEIVED ESTABLISHED CLOSE_WAIT");
	play_end(&p);
}

/* The peer's FIN carried the ack of its own, so acking that FIN proves it was heard. */
Test(evidence, acking_a_fin_that_acked_ones_own_proves_the_ack_was_heard)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 1 1; < FA 1 2; > A 2 2; +200 > FA 1 2");
	expect_states(&p, "TIME_WAIT CLOSED~");
	play_end(&p);
}

Test(evidence, a_lost_last_ack_keeps_last_ack)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 1 1; < FA 1 2; > A 2 2; +200 < FA 1 2");
	expect_states(&p, "TIME_WAIT LAST_ACK");
	hear(&p, "> A 2 2");
	expect_states(&p, "TIME_WAIT CLOSED~");
	play_end(&p);
}

Test(evidence, a_fin_may_be_seen_after_its_ack)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "< A 1 2; > FA 1 1; < A 1 2; < FA 1 2; > A 2 2");
	expect_paths(&p, "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT",
	             "LISTEN SYN_RECEIVED ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED");
	play_end(&p);
}

Test(evidence, a_server_may_close_before_the_handshake_is_acknowledged)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0 0 5; < SA 0 6; < FA 1 6");
	expect_states(&p, "SYN_SENT FIN_WAIT_1");
	expect_paths(&p, "SYN_SENT", "LISTEN SYN_RECEIVED FIN_WAIT_1");
	play_end(&p);
}

Test(evidence, the_first_fin_decides_who_closed)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "< FA 1 1; > A 1 2; > FA 1 2; < R 2");
	cr_assert_eq(closing_after(&p), CLOSING_SERVER_FIRST);
	play_end(&p);
}

Test(evidence, a_fin_without_ack_is_odd_and_moves_nothing)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> F 1");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_FLAGS);
	cr_assert_eq(closing_after(&p), CLOSING_OPEN);
	cr_assert_eq(play_flow(&p, 1)->fin[CLIENT].frame, 0);
	play_end(&p);
}

Test(evidence, impossible_flags_are_odd_and_move_nothing)
{
	static const char *const scripts[] = { "> - 1 1", "> SF 1", "> SFA 1 1", "> FPU 1",
		                               "> P 1 1 5" };

	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct play p;

		play_begin(&p);
		hear(&p, OPEN);
		hear(&p, scripts[i]);
		expect_states(&p, "ESTABLISHED ESTABLISHED");
		cr_assert_eq(play_flow(&p, 1)->oddities, ODD_FLAGS, "%s", scripts[i]);
		cr_assert_eq(p.last[EVENT_SEGMENT].oddity, ODD_FLAGS);
		play_end(&p);
	}
}

Test(evidence, a_scan_without_flags_opens_a_flow_in_no_state)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> FPU 0");
	expect_states(&p, "UNKNOWN UNKNOWN");
	hear(&p, "< RA 0 1");
	expect_states(&p, "CLOSED~ CLOSED");
	play_end(&p);
}

Test(evidence, an_incredible_ack_proves_nothing)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 1 1; < A 1 1500000000");
	expect_states(&p, "FIN_WAIT_1 ESTABLISHED");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 1);
	hear(&p, "< A 1 2");
	expect_states(&p, "FIN_WAIT_2~ CLOSE_WAIT");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 0);
	play_end(&p);
}
