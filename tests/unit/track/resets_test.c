/* resets_test.c: which resets close a connection, and which were never heard. */

#include <criterion/criterion.h>

#include "unit/track/play.h"

#define OPEN HANDSHAKE REQUEST

static void expect_after(const char *script, const char *states, uint16_t oddities)
{
	struct play p;

	play_begin(&p);
	hear(&p, script);
	cr_assert_str_eq(play_states(&p, 1), states, "%s: %s", script, p.text);
	cr_assert_eq(play_flow(&p, 1)->oddities, oddities, "%s", script);
	cr_assert_eq(p.told[EVENT_RESET], oddities & ODD_RESET_UNACCEPTABLE ? 0 : 1);
	play_end(&p);
}

Test(resets, one_with_exactly_the_next_number_closes_both_ends)
{
	expect_after(OPEN "> RA 11 101", "CLOSED CLOSED~", 0);
	expect_after(OPEN "< R 101", "CLOSED~ CLOSED", 0);
}

Test(resets, one_elsewhere_in_the_window_closes_nothing)
{
	expect_after(OPEN "> RA 12 101", "ESTABLISHED ESTABLISHED", ODD_RESET_UNACCEPTABLE);
	expect_after(OPEN "< R 500", "ESTABLISHED ESTABLISHED", ODD_RESET_UNACCEPTABLE);
}

Test(resets, one_outside_of_the_window_closes_nothing)
{
	expect_after(OPEN "> R 10", "ESTABLISHED ESTABLISHED", ODD_RESET_UNACCEPTABLE);
	expect_after(OPEN "< R 2000000", "ESTABLISHED ESTABLISHED", ODD_RESET_UNACCEPTABLE);
}

Test(resets, the_next_number_is_known_only_as_an_interval)
{
	expect_after(OPEN "> PA 11 101 10; > R 11", "CLOSED CLOSED~", 0);
	expect_after(OPEN "> PA 11 101 10; > R 21", "CLOSED CLOSED~", 0);
	expect_after(OPEN "> PA 11 101 10; > R 22", "ESTABLISHED ESTABLISHED",
	             ODD_RESET_UNACCEPTABLE);
	expect_after(OPEN "> PA 11 101 10; > R 10", "ESTABLISHED ESTABLISHED",
	             ODD_RESET_UNACCEPTABLE);
}

/* macOS sends the reset with its FIN's number; Linux takes it. */
Test(resets, one_with_the_number_of_the_fin_closes_who_has_got_that_fin)
{
	expect_after(OPEN "> FA 11 101; < A 101 12; > R 11", "CLOSED CLOSED~", 0);
	expect_after(OPEN "> FA 11 101; < FA 101 12; > R 11", "CLOSED CLOSED~", 0);
	expect_after(OPEN "> FA 11 101; < FA 101 11; < A 102 12; > R 11", "CLOSED CLOSED~", 0);
	expect_after(OPEN "> FA 11 101; < FA 101 12; > R 10", "FIN_WAIT_2~ LAST_ACK",
	             ODD_RESET_UNACCEPTABLE);
	expect_after(OPEN "< FA 101 11; > FA 11 102; < A 102 12; > R 11", "CLOSED~ TIME_WAIT",
	             ODD_RESET_UNACCEPTABLE);
}

Test(resets, syn_sent_takes_one_that_acks_its_syn)
{
	expect_after("> S 0; < RA =0 1", "CLOSED~ CLOSED", 0);
	expect_after("> S 0; < RA 900 1", "CLOSED~ CLOSED", 0);
	expect_after("> S 0 0 20; < RA =0 21", "CLOSED~ CLOSED", 0);
	expect_after("> S 0; < R 0 1", "SYN_SENT LISTEN~", ODD_RESET_UNACCEPTABLE);
	expect_after("> S 0; < RA =0 2", "SYN_SENT LISTEN~", ODD_RESET_UNACCEPTABLE);
	expect_after("> S 0; < RA =0 0", "SYN_SENT LISTEN~", ODD_RESET_UNACCEPTABLE);
}

Test(resets, listen_never_takes_one_but_the_client_may_give_up)
{
	expect_after("> S 0; > R 1", "CLOSED LISTEN~", 0);
	expect_after("> S 0; > R 0", "CLOSED LISTEN~", 0);
	expect_after("> S 0; > R 2", "SYN_SENT LISTEN~", ODD_RESET_UNACCEPTABLE);
}

Test(resets, syn_received_takes_one_in_sequence)
{
	expect_after("> S 0; < SA 0 1; > R 1", "CLOSED CLOSED~", 0);
	expect_after("> S 0; < SA 0 1; > R 3", "SYN_SENT SYN_RECEIVED", ODD_RESET_UNACCEPTABLE);
}

Test(resets, one_that_comes_first_is_taken)
{
	expect_after("> R 700", "CLOSED CLOSED~", 0);
}

Test(resets, an_end_that_never_acked_is_judged_by_what_was_sent_to_it)
{
	expect_after("> S 0; > A 1 1; > R 1", "CLOSED CLOSED~", 0);
	expect_after("> S 0; > A 1 1; > R 2", "ESTABLISHED ESTABLISHED~", ODD_RESET_UNACCEPTABLE);
	expect_after("> S 0; > A 1 1; < R 1", "CLOSED~ CLOSED", 0);
}

Test(resets, one_from_an_end_never_heard_needs_the_number_that_was_acked)
{
	expect_after("> PA 1 1 10; < R 1", "CLOSED~ CLOSED", 0);
	expect_after("> PA 1 1 10; < R 9", "ESTABLISHED~ ESTABLISHED~", ODD_RESET_UNACCEPTABLE);
}

Test(resets, other_flags_beside_it_are_odd_but_it_is_one)
{
	expect_after(OPEN "> RSA 11 101", "CLOSED CLOSED~", ODD_FLAGS);
	expect_after(OPEN "> RFA 11 101", "CLOSED CLOSED~", ODD_FLAGS);
}

Test(resets, one_socket_at_both_ends_is_reset_once)
{
	struct play p;

	play_begin(&p);
	p.sample.destination = p.sample.source;
	p.sample.destination_port = PLAY_PORT;
	p.isn[SERVER] = p.isn[CLIENT];
	hear(&p, "> S 0; > SA 0 1; > A 1 1; > RA 1 1");
	expect_states(&p, "CLOSED CLOSED");
	expect_paths(&p, "SYN_SENT SYN_RECEIVED ESTABLISHED CLOSED",
	             "SYN_SENT SYN_RECEIVED ESTABLISHED CLOSED");
	hear(&p, "+1000 > PA 1 1 10");
	expect_states(&p, "ESTABLISHED~ ESTABLISHED~");
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_OPEN);
	play_end(&p);
}

Test(resets, the_state_an_end_died_in_is_remembered)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 11 101; < A 101 12; < R 101");
	cr_assert_eq(endpoint_state_before_reset(flow_end(play_flow(&p, 1), CLIENT)),
	             ST_FIN_WAIT_2);
	cr_assert_eq(endpoint_state_before_reset(flow_end(play_flow(&p, 1), SERVER)),
	             ST_CLOSE_WAIT);
	expect_paths(&p, "SYN_SENT ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 CLOSED",
	             "LISTEN SYN_RECEIVED ESTABLISHED CLOSE_WAIT CLOSED");
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_CLIENT_FIRST);
	play_end(&p);
}

Test(resets, the_first_accepted_one_decides_and_later_ones_only_count)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> R 99; > R 11; < R 101; > R 11");
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_RESET_BY_CLIENT);
	cr_assert_eq(play_flow(&p, 1)->reset.frame, 9);
	cr_assert_eq(play_flow(&p, 1)->reset_side, CLIENT);
	cr_assert_eq(play_flow(&p, 1)->reset_last, p.time);
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].resets, 3);
	cr_assert_eq(play_flow(&p, 1)->sent[SERVER].resets, 1);
	expect_states(&p, "CLOSED CLOSED");
	play_end(&p);
}

Test(resets, are_counted_by_what_they_destroy)
{
	static const struct {
		const char *script;
		unsigned failed, established;
	} rows[] = {
		{ OPEN "> R 11; > R 11", 0, 1 },
		{ OPEN "< FA 101 11; > A 11 102; > R 11", 0, 1 },
		{ OPEN "> FA 11 101; < R 101", 0, 1 },
		{ OPEN "> FA 11 101; < FA 101 12; > R 12", 0, 0 },
		{ "> S 0; < RA =0 1", 1, 0 },
		{ "> S 0; < SA 0 1; > R 1", 1, 0 },
		{ "< SA 0 1; < R 1", 0, 0 },
		{ "> S 0; < S 0; > SA 0 1; < R 0", 1, 0 },
		{ "> S 0; < S 0; > SA 0 1; < R 1", 1, 0 },
		{ "> R 1", 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct play p;

		play_begin(&p);
		hear(&p, rows[i].script);
		cr_assert_eq(tracker_totals(p.tracker)->failed_attempts, rows[i].failed, "%s",
		             rows[i].script);
		cr_assert_eq(tracker_totals(p.tracker)->established_resets, rows[i].established,
		             "%s", rows[i].script);
		play_end(&p);
	}
}

/* Who talks on was not reset; both ends come back as they talk. */
Test(resets, one_that_was_forged_is_taken_back)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "< R 101; +100 > PA 11 101 10");
	expect_states(&p, "ESTABLISHED CLOSED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_RESET_IGNORED);
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_RESET_BY_SERVER);
	hear(&p, "< PA 101 21 50");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_OPEN);
	cr_assert_eq(p.told[EVENT_ODDITY], 2);
	hear(&p, "> FA 21 151");
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_HALF_CLOSED);
	play_end(&p);
}

static void expect_client_after(const char *script, enum tcp_state expected)
{
	struct play p;

	play_begin(&p);
	hear(&p, script);
	cr_assert_eq(flow_state(play_flow(&p, 1), CLIENT), expected, "%s", script);
	cr_assert_eq(play_flow(&p, 1)->oddities, expected == ST_ESTABLISHED ? ODD_RESET_IGNORED : 0,
	             "%s", script);
	play_end(&p);
}

/* The handshake took 20 ms, so what comes within 40 may have been on its way. */
Test(resets, what_was_under_way_proves_nothing)
{
	expect_client_after(OPEN "< R 101; +40 > PA 11 101 10", ST_CLOSED);
	expect_client_after(OPEN "< R 101; +41 > PA 11 101 10", ST_ESTABLISHED);
}

Test(resets, without_a_round_trip_a_second_may_be_on_its_way)
{
	expect_client_after("> A 1 1; < PA 1 1 10; > A 1 11; < R 11; +1000 > A 1 11", ST_CLOSED);
	expect_client_after("> A 1 1; < PA 1 1 10; > A 1 11; < R 11; +1001 > A 1 11",
	                    ST_ESTABLISHED);
}

Test(resets, even_the_shortest_round_trip_allows_ten_milliseconds)
{
	expect_client_after("> S 0; +1 < SA 0 1; +1 > A 1 1; < R 1; +10 > A 1 1", ST_CLOSED);
	expect_client_after("> S 0; +1 < SA 0 1; +1 > A 1 1; < R 1; +11 > A 1 1", ST_ESTABLISHED);
}

Test(resets, who_acks_what_was_sent_after_one_never_heard_it)
{
	expect_client_after(OPEN "< R 101; < PA 101 11 50; > A 11 151", ST_ESTABLISHED);
}

Test(resets, who_sends_past_its_own_never_sent_it)
{
	expect_client_after(OPEN "> R 11; > PA 11 101 5", ST_ESTABLISHED);
	expect_client_after(OPEN "> PA 11 101 10; > R 21; > PA 11 101 10", ST_CLOSED);
	expect_client_after(OPEN "> R 11; > A 11 101", ST_CLOSED);
}

/* Its own numbers count, not those of the peer's reset: they lie elsewhere. */
Test(resets, each_end_is_judged_by_its_own)
{
	expect_client_after(OPEN "> R 11; < R 101; > A 11 101", ST_CLOSED);
	expect_client_after(OPEN "> R 11; < R 101; > PA 11 101 5", ST_ESTABLISHED);
}

/* An old acknowledgment behind its own reset was overtaken by it. */
Test(resets, an_ack_behind_ones_own_proves_nothing)
{
	expect_client_after(OPEN "< PA 101 11 50; > R 11; > A 11 151", ST_CLOSED);
}

/* One that acknowledges what came only after the reset was sent by who lives: the reset was forged. */
Test(resets, an_ack_of_what_came_after_ones_own_takes_it_back)
{
	expect_client_after(OPEN "> R 11; < PA 101 11 50; > A 11 151", ST_ESTABLISHED);
	expect_client_after(OPEN "> R 11; < PA 101 11 50; > A 11 101", ST_CLOSED);
}

/* The peer was never heard, so nothing of it is known to have come after the reset. */
Test(resets, an_ack_of_who_was_never_heard_proves_nothing)
{
	struct play p;

	play_begin(&p);
	hear(&p, "< RA 5 1; < A 5 9");
	cr_assert_eq(flow_state(play_flow(&p, 1), CLIENT), ST_CLOSED);
	hear(&p, "> A 1 5; < A 5 10");
	cr_assert_eq(flow_state(play_flow(&p, 1), CLIENT), ST_CLOSED);
	play_end(&p);
}

Test(resets, a_connection_that_was_over_is_not_called_ignorant)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 11 101; < FA 101 12; > A 12 102; < R 102; +1000 > A 12 102");
	expect_states(&p, "TIME_WAIT CLOSED");
	hear(&p, "+1000 < A 102 12");
	expect_states(&p, "TIME_WAIT CLOSED~");
	cr_assert_eq(play_flow(&p, 1)->oddities, 0);
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_CLIENT_FIRST);
	play_end(&p);
}

Test(resets, a_client_may_try_the_same_syn_again)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < RA =0 1; +500 > S 0");
	expect_states(&p, "SYN_SENT CLOSED");
	cr_assert_eq(tracker_totals(p.tracker)->failed_attempts, 0);
	hear(&p, "< RA =0 1");
	expect_states(&p, "CLOSED~ CLOSED");
	cr_assert_eq(flow_opening(play_flow(&p, 1)), OPENING_REFUSED);
	cr_assert_eq(tracker_totals(p.tracker)->failed_attempts, 1);
	cr_assert_eq(play_flow(&p, 1)->oddities, 0);
	cr_assert_eq(play_flows(&p), 1);
	play_end(&p);
}

Test(resets, a_server_that_came_to_listen_in_between_ignored_nothing)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < RA =0 1; +500 > S 0; < SA 0 1");
	expect_states(&p, "SYN_SENT SYN_RECEIVED");
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_OPEN);
	hear(&p, "> A 1 1; < A 1 1");
	expect_paths(&p, "SYN_SENT ESTABLISHED", "LISTEN SYN_RECEIVED ESTABLISHED");
	cr_assert_eq(flow_opening(play_flow(&p, 1)), OPENING_HANDSHAKE);
	cr_assert_eq(play_flow(&p, 1)->oddities, 0);
	play_end(&p);
}

Test(resets, an_answer_without_a_new_question_contradicts_one)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < RA =0 1; < SA 0 1");
	expect_states(&p, "CLOSED~ SYN_RECEIVED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_RESET_IGNORED);
	play_end(&p);
}

/* A port scanner's reset got lost: the server asks again. */
Test(resets, a_repeated_syn_ack_says_that_one_was_lost)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; > R 1; +1000 < SA 0 1");
	expect_states(&p, "CLOSED SYN_RECEIVED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_RESET_IGNORED);
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_RESET_BY_CLIENT);
	play_end(&p);
}
