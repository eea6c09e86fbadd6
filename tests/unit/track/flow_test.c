/* flow_test.c: what can be said of one connection. */

#include <criterion/criterion.h>

#include "unit/track/play.h"

#define OPEN HANDSHAKE REQUEST

static void expect_opening(const char *script, enum opening expected)
{
	struct play p;

	play_begin(&p);
	hear(&p, script);
	cr_assert_str_eq(opening_name(flow_opening(play_flow(&p, 1))), opening_name(expected), "%s",
	                 script);
	play_end(&p);
}

static void expect_closing(const char *script, enum closing expected)
{
	struct play p;

	play_begin(&p);
	hear(&p, script);
	cr_assert_str_eq(closing_name(flow_closing(play_flow(&p, 1))), closing_name(expected), "%s",
	                 script);
	play_end(&p);
}

Test(flow, tells_how_it_opened)
{
	expect_opening("> A 1 1", OPENING_MIDSTREAM);
	expect_opening("> R 1", OPENING_MIDSTREAM);
	expect_opening("> S 0", OPENING_UNANSWERED);
	expect_opening("> S 0; > R 1", OPENING_UNANSWERED);
	expect_opening("> S 0; < RA =0 1", OPENING_REFUSED);
	expect_opening("> S 0; !3/1 > S 0", OPENING_UNREACHABLE);
	expect_opening("> S 0; < SA 0 1", OPENING_HALF_OPEN);
	expect_opening("> S 0; < SA 0 1; > R 1", OPENING_HALF_OPEN);
	expect_opening("> S 0; < SA 0 1; < RA 1 1", OPENING_HALF_OPEN);
	expect_opening("> S 0; < S 0", OPENING_HALF_OPEN);
	expect_opening("> S 0; < S 0; > SA 0 1", OPENING_HALF_OPEN);
	expect_opening("> S 0; < S 0; > SA 0 1; < SA 0 1", OPENING_SIMULTANEOUS);
	expect_opening(HANDSHAKE, OPENING_HANDSHAKE);
	expect_opening(OPEN "< R 101", OPENING_HANDSHAKE);
}

Test(flow, tells_how_it_closed)
{
	expect_closing(OPEN, CLOSING_OPEN);
	expect_closing(OPEN "> FA 11 101", CLOSING_HALF_CLOSED);
	expect_closing(OPEN "< FA 101 11", CLOSING_HALF_CLOSED);
	expect_closing(OPEN "> FA 11 101; < FA 101 12", CLOSING_CLIENT_FIRST);
	expect_closing(OPEN "< FA 101 11; > FA 11 102", CLOSING_SERVER_FIRST);
	expect_closing(OPEN "< FA 101 11; > FA 11 101", CLOSING_SIMULTANEOUS);
	expect_closing(OPEN "> R 11; < R 101", CLOSING_RESET_BY_CLIENT);
	expect_closing(OPEN "< R 101; > R 11", CLOSING_RESET_BY_SERVER);
	expect_closing(OPEN "< R 101; > FA 11 101", CLOSING_RESET_BY_SERVER);
	expect_closing(OPEN "> FA 11 101; < R 101", CLOSING_CLIENT_FIRST);
	expect_closing(OPEN "< FA 101 11; > R 11", CLOSING_SERVER_FIRST);
	expect_closing(OPEN "> R 500", CLOSING_OPEN);
}

Test(flow, a_reset_that_was_ignored_does_not_close_it)
{
	expect_closing(OPEN "> FA 11 101; < R 101; +1000 < PA 101 12 5; > A 12 106",
	               CLOSING_HALF_CLOSED);
}

Test(flow, names_every_opening_and_closing)
{
	for (int i = 0; i < OPENING_COUNT; i++)
		cr_assert_not_null(opening_name((enum opening)i));
	for (int i = 0; i < CLOSING_COUNT; i++)
		cr_assert_not_null(closing_name((enum closing)i));
	cr_assert_str_eq(opening_name(OPENING_HALF_OPEN), "half_open");
	cr_assert_str_eq(closing_name(CLOSING_RESET_BY_SERVER), "reset_by_server");
	cr_assert_str_eq(udp_state_name(UDP_REFUSED), "refused");
}

static void expect_doubt(const char *script, bool client, bool server)
{
	struct play p;

	play_begin(&p);
	hear(&p, script);
	cr_assert_eq(flow_state_is_doubtful(play_flow(&p, 1), CLIENT), client, "%s", script);
	cr_assert_eq(flow_state_is_doubtful(play_flow(&p, 1), SERVER), server, "%s", script);
	play_end(&p);
}

Test(flow, a_guess_that_nobody_answered_for_is_doubtful)
{
	expect_doubt("> S 0", false, true);
	expect_doubt("> S 0; < SA 0 1", false, false);
	expect_doubt(HANDSHAKE, false, false);
	expect_doubt("> S 0; < S 0; > SA 0 1; < SA 0 1", false, false);
	expect_doubt("> A 1 1; < A 1 1", true, true);
	expect_doubt(OPEN "> FA 11 101; < A 101 12", false, false);
	expect_doubt(OPEN "> FA 11 101; < FA 101 11; > A 12 102", false, false);
	expect_doubt(OPEN "< R 101", false, false);
}

/* A FIN+ACK from past the peer's FIN, whose own ack is still to come. */
Test(flow, a_closing_that_is_only_presumed_is_doubtful)
{
	struct flow flow = { .key.protocol = PROTOCOL_TCP };

	flow.ends[CLIENT] = (struct endpoint){ .state = ST_CLOSING, .certainty = PRESUMED };
	flow.ends[SERVER] = (struct endpoint){ .state = ST_CLOSE_WAIT, .certainty = PRESUMED };
	cr_assert(flow_state_is_doubtful(&flow, CLIENT));
	cr_assert(flow_state_is_doubtful(&flow, SERVER));
	flow.ends[CLIENT].certainty = PROVEN;
	cr_assert_not(flow_state_is_doubtful(&flow, CLIENT));
}

static void expect_over(const char *script, bool is_over)
{
	struct play p;

	play_begin(&p);
	hear(&p, script);
	cr_assert_eq(flow_is_over(play_flow(&p, 1)), is_over, "%s", script);
	play_end(&p);
}

Test(flow, is_over_when_both_ends_are_gone)
{
	expect_over("> FPU 0", false);
	expect_over("> S 0", false);
	expect_over("> S 0; > R 1", true);
	expect_over("> S 0; < RA =0 1", true);
	expect_over(OPEN "> FA 11 101; < A 101 12", false);
	expect_over(OPEN "> FA 11 101; < FA 101 12", false);
	expect_over(OPEN "> FA 11 101; < FA 101 12; > A 12 102", true);
	expect_over(OPEN "< FA 101 11; > FA 11 102; < A 102 12", true);
	expect_over(OPEN "< R 101; +1000 > PA 11 101 10", false);
}

Test(flow, an_end_exists_while_netstat_would_list_it)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0");
	cr_assert(flow_end_exists(play_flow(&p, 1), CLIENT));
	cr_assert_not(flow_end_exists(play_flow(&p, 1), SERVER));
	hear(&p, "< SA 0 1; > A 1 1; > FA 1 1; < FA 1 2; > A 2 2");
	cr_assert(flow_end_exists(play_flow(&p, 1), CLIENT));
	cr_assert_not(flow_end_exists(play_flow(&p, 1), SERVER));
	hear(&p, ":2 > - 1");
	cr_assert_not(flow_end_exists(play_flow(&p, 2), CLIENT));
	play_end(&p);
}

/* Another connection has its addresses and ports now, in whatever state it was left. */
Test(flow, what_is_only_kept_exists_no_more)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN);
	cr_assert(flow_end_exists(play_flow(&p, 1), CLIENT));
	hear(&p, "> S 9000; < SA 8000 9001");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	cr_assert_not(flow_end_exists(play_flow(&p, 1), CLIENT));
	play_end(&p);
}

Test(flow, an_end_that_is_gone_waits_for_no_ack)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> PA 11 101 10");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 10);
	hear(&p, "< R 101");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 0);
	play_end(&p);
}

Test(flow, what_was_acked_but_never_seen_is_not_unacked)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0 0 10");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 0);
	hear(&p, "< SA 0 1; > A 11 1");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 10);
	hear(&p, "< A 1 2000");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 0);
	play_end(&p);
}

Test(flow, an_acknowledgment_ahead_of_what_was_sent_leaves_nothing_unacked)
{
	struct flow flow = { .key.protocol = PROTOCOL_TCP };

	flow.ends[CLIENT].state = ST_ESTABLISHED;
	flow.sent[CLIENT] = (struct sending){ .has_iss = true, .next = 10 };
	flow.sent[SERVER] = (struct sending){ .has_acked = true, .acked = 11 };
	cr_assert_eq(flow_unacked(&flow, CLIENT), 0);
	flow.sent[CLIENT].has_iss = false;
	flow.sent[SERVER].acked = 4;
	cr_assert_eq(flow_unacked(&flow, CLIENT), 0);
}

Test(flow, one_socket_at_both_ends_acks_itself)
{
	struct play p;

	play_begin(&p);
	p.sample.destination = p.sample.source;
	p.sample.destination_port = PLAY_PORT;
	p.isn[SERVER] = p.isn[CLIENT];
	hear(&p, "> S 0; > SA 0 1; > A 1 1; > PA 1 1 10");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 10);
	cr_assert_eq(flow_end(play_flow(&p, 1), SERVER), flow_end(play_flow(&p, 1), CLIENT));
	play_end(&p);
}

Test(flow, a_capture_without_time_stamps_has_no_round_trip)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; +0 < SA 0 1; +0 > A 1 1");
	cr_assert_eq(flow_irtt(play_flow(&p, 1)), TIME_NONE);
	play_end(&p);
}

static void expect_completeness(const char *script, unsigned expected)
{
	struct play p;

	play_begin(&p);
	hear(&p, script);
	cr_assert_eq(flow_completeness(play_flow(&p, 1)), expected, "%s: %u", script,
	             flow_completeness(play_flow(&p, 1)));
	play_end(&p);
}

/* Wireshark's tcp.completeness, its oddities included: a stream of one packet shows only its SYN. */
Test(flow, completeness_is_wiresharks)
{
	expect_completeness("> S 0", 1);
	expect_completeness("> S 0 0 10", 9);
	expect_completeness("> A 1 1", 0);
	expect_completeness("> R 1", 0);
	expect_completeness("> A 1 1; < A 1 1", 4);
	expect_completeness("> S 0; < SA 0 1", 3);
	expect_completeness(HANDSHAKE, 7);
	expect_completeness(OPEN, 15);
	expect_completeness(OPEN "> FA 11 101", 31);
	expect_completeness(HANDSHAKE "> FA 1 1", 23);
	expect_completeness("> S 0; < RA =0 1", 37);
	expect_completeness("> S 0; < R 0", 33);
	expect_completeness("< SA 0 1; > S 0", 2);
	expect_completeness("> S 0; !3/1 > S 0", 1);
	expect_completeness("> A 1 1; > F 1", 4);
}

Test(flow, a_reused_ports_syn_shows_no_data)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < RA =0 1; > S 9000 0 5");
	cr_assert_eq(flow_completeness(play_flow(&p, 2)), SEEN_SYN);
	play_end(&p);
}
