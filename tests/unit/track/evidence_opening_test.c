/* evidence_opening_test.c: how connections open, in order, crossed, lost and met midstream. */

#include <criterion/criterion.h>

#include "unit/track/play.h"

Test(evidence, three_segments_open_a_connection)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0");
	expect_states(&p, "SYN_SENT LISTEN~");
	hear(&p, "< SA 0 1");
	expect_states(&p, "SYN_SENT SYN_RECEIVED");
	hear(&p, "> A 1 1");
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	hear(&p, "< PA 1 1 5");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	expect_paths(&p, "SYN_SENT ESTABLISHED", "LISTEN SYN_RECEIVED ESTABLISHED");
	play_end(&p);
}

Test(evidence, a_repeated_syn_moves_nothing_and_is_counted)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; +1000 > S 0; +2000 > S 0");
	expect_states(&p, "SYN_SENT LISTEN~");
	expect_paths(&p, "SYN_SENT", "");
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].syns, 3);
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].repeats, 2);
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].back_off, 2);
	cr_assert_eq(p.told[EVENT_SYN_REPEATED], 2);
	cr_assert_eq(play_flow(&p, 1)->syn.frame, 1);
	cr_assert_eq(play_flow(&p, 1)->syn_last, p.time);
	play_end(&p);
}

Test(evidence, the_answer_ends_the_back_off)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; +1000 > S 0; < SA 0 1");
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].back_off, 0);
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].repeats, 1);
	play_end(&p);
}

Test(evidence, syns_that_cross_open_simultaneously)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < S 0");
	expect_states(&p, "SYN_SENT SYN_SENT");
	hear(&p, "> SA 0 1");
	expect_states(&p, "SYN_RECEIVED SYN_SENT");
	hear(&p, "< SA 0 1");
	expect_states(&p, "ESTABLISHED~ ESTABLISHED~");
	hear(&p, "> A 1 1; < A 1 1");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	expect_paths(&p, "SYN_SENT SYN_RECEIVED ESTABLISHED", "SYN_SENT SYN_RECEIVED ESTABLISHED");
	cr_assert_eq(flow_opening(play_flow(&p, 1)), OPENING_SIMULTANEOUS);
	cr_assert_eq(play_flows(&p), 1);
	cr_assert_null(tracker_next_listener(p.tracker, NULL));
	play_end(&p);
}

Test(evidence, a_split_handshake_goes_the_servers_way_through_syn_sent)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < S 0; > SA 0 1; < A 1 1");
	expect_paths(&p, "SYN_SENT SYN_RECEIVED ESTABLISHED", "SYN_SENT ESTABLISHED");
	hear(&p, "> A 1 1");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	cr_assert_eq(play_flows(&p), 1);
	play_end(&p);
}

Test(evidence, a_syn_ack_with_a_wrong_ack_moves_nothing)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 77");
	expect_states(&p, "SYN_SENT LISTEN~");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_SYN_ACK_WRONG_ACK);
	cr_assert_eq(play_flow(&p, 1)->odd.frame, 2);
	hear(&p, "< SA 0 0");
	expect_states(&p, "SYN_SENT LISTEN~");
	hear(&p, "> R 77; < SA 0 1");
	expect_states(&p, "SYN_SENT SYN_RECEIVED");
	cr_assert_eq(p.told[EVENT_ODDITY], 3);
	play_end(&p);
}

Test(evidence, a_repeated_syn_ack_moves_nothing_and_is_counted)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; +1000 < SA 0 1");
	expect_states(&p, "SYN_SENT SYN_RECEIVED");
	cr_assert_eq(play_flow(&p, 1)->sent[SERVER].syns, 2);
	cr_assert_eq(play_flow(&p, 1)->sent[SERVER].repeats, 1);
	cr_assert_eq(p.told[EVENT_SYN_REPEATED], 1);
	cr_assert(p.last[EVENT_SEGMENT].is_repeat);
	cr_assert_eq(play_flow(&p, 1)->oddities, 0);
	play_end(&p);
}

Test(evidence, a_late_syn_ack_takes_the_presumption_back)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE);
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	hear(&p, "+1000 < SA 0 1");
	expect_states(&p, "ESTABLISHED SYN_RECEIVED");
	expect_paths(&p, "SYN_SENT ESTABLISHED", "LISTEN SYN_RECEIVED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_SYN_ACK_REPEATED_LATE);
	hear(&p, "> PA 1 1 10");
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	play_end(&p);
}

Test(evidence, a_late_syn_ack_cannot_deny_what_the_server_proved)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE REQUEST "< SA 0 1");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_SYN_ACK_REPEATED_LATE);
	play_end(&p);
}

Test(evidence, another_syn_ack_number_before_the_ack_begins_anew)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; < FA 1 1; < SA 5000 1; > A 1 5001; < PA 5001 1 10; > A 1 5011");
	expect_paths(&p, "SYN_SENT ESTABLISHED", "LISTEN SYN_RECEIVED ESTABLISHED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_SYN_ACK_NEW_ISN);
	cr_assert_eq(flow_unacked(play_flow(&p, 1), SERVER), 0);
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_OPEN);
	hear(&p, "< FA 5011 1; > A 1 5012");
	expect_states(&p, "CLOSE_WAIT FIN_WAIT_2~");
	play_end(&p);
}

Test(evidence, another_syn_ack_number_after_the_ack_is_somebody_elses)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "< SA 5000 1");
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_SYN_ACK_NEW_ISN);
	hear(&p, "< PA 1 1 10");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), SERVER), 10);
	play_end(&p);
}

Test(evidence, an_ack_of_nothing_moves_nothing)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < A 900 700");
	expect_states(&p, "SYN_SENT LISTEN~");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_ACK_OF_NOTHING);
	play_end(&p);
}

/* RFC 9293 figure 9: the server still has an old connection, and is healed by the reset. */
Test(evidence, a_half_open_server_is_healed)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < A 900 700; > R 700; +1000 > S 0; < SA 0 1; > A 1 1; < PA 1 1 1");
	expect_paths(&p, "SYN_SENT ESTABLISHED", "LISTEN SYN_RECEIVED ESTABLISHED");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_OPEN);
	cr_assert_eq(play_flows(&p), 1);
	play_end(&p);
}

Test(evidence, an_ack_outside_of_the_handshake_leaves_syn_received)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; > A 1 500");
	expect_states(&p, "SYN_SENT SYN_RECEIVED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_ACK_OF_NOTHING);
	play_end(&p);
}

/* Its own number says that the capture missed some, so its acknowledgment is believed, too. */
Test(evidence, an_ack_after_a_gap_may_acknowledge_what_was_not_seen)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; > A 195 2897");
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	cr_assert_eq(play_flow(&p, 1)->oddities, 0);
	hear(&p, "< FA 4286 195; > FA 195 4287; < A 4287 196");
	expect_states(&p, "CLOSED~ TIME_WAIT");
	play_end(&p);
	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; > A 195 1500000000; > A 195 0");
	expect_states(&p, "SYN_SENT SYN_RECEIVED");
	cr_assert_eq(p.told[EVENT_ODDITY], 2);
	play_end(&p);
	play_begin(&p);
	hear(&p, "> S 0; < A 195 700");
	expect_states(&p, "SYN_SENT LISTEN~");
	play_end(&p);
}

Test(evidence, a_segment_after_the_handshake_may_acknowledge_what_was_not_seen)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "< PA 1 1 10; > A 1 500");
	cr_assert_eq(play_flow(&p, 1)->oddities, 0);
	cr_assert_eq(flow_unacked(play_flow(&p, 1), SERVER), 0);
	play_end(&p);
}

Test(evidence, what_comes_first_midstream_is_presumed_open)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> PA 500 700 10");
	expect_states(&p, "ESTABLISHED~ ESTABLISHED~");
	cr_assert(flow_state_is_doubtful(play_flow(&p, 1), CLIENT));
	cr_assert_eq(flow_opening(play_flow(&p, 1)), OPENING_MIDSTREAM);
	hear(&p, "< A 700 510; < FA 700 510; > A 510 701; > FA 510 701; < A 701 511");
	expect_paths(&p, "ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED",
	             "ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT");
	play_end(&p);
}

Test(evidence, a_capture_may_begin_with_the_syn_ack)
{
	struct play p;

	play_begin(&p);
	hear(&p, "< SA 0 1");
	expect_states(&p, "SYN_SENT~ SYN_RECEIVED");
	cr_assert_eq(play_flow(&p, 1)->key.port[SERVER], PLAY_SERVICE);
	hear(&p, "> A 1 1");
	expect_paths(&p, "SYN_SENT ESTABLISHED", "LISTEN SYN_RECEIVED ESTABLISHED");
	cr_assert_eq(flow_opening(play_flow(&p, 1)), OPENING_HANDSHAKE);
	play_end(&p);
}

Test(evidence, a_syn_may_be_seen_after_its_answer)
{
	struct play p;

	play_begin(&p);
	hear(&p, "< SA 0 1; > S 0; > A 1 1");
	expect_paths(&p, "SYN_SENT ESTABLISHED", "LISTEN SYN_RECEIVED ESTABLISHED");
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	cr_assert_eq(play_flows(&p), 1);
	cr_assert_eq(flow_opening(play_flow(&p, 1)), OPENING_HANDSHAKE);
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].repeats, 0);
	cr_assert_eq(play_flow(&p, 1)->key.port[CLIENT], PLAY_PORT);
	play_end(&p);
}

Test(evidence, a_syn_ack_may_be_seen_after_its_ack)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; > A 1 1; < SA 0 1; < PA 1 1 5");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	expect_paths(&p, "SYN_SENT ESTABLISHED", "LISTEN SYN_RECEIVED ESTABLISHED");
	cr_assert_eq(play_flow(&p, 1)->oddities, 0);
	cr_assert_eq(play_flow(&p, 1)->sent[SERVER].repeats, 0);
	play_end(&p);
}

Test(evidence, the_client_alone_opens_by_its_ack)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; > A 1 1; > PA 1 1 10");
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	cr_assert_eq(flow_opening(play_flow(&p, 1)), OPENING_HANDSHAKE);
	hear(&p, "> A 11 500; > FA 11 500");
	expect_states(&p, "FIN_WAIT_1 ESTABLISHED~");
	play_end(&p);
}

Test(evidence, the_server_alone_opens_by_talking)
{
	struct play p;

	play_begin(&p);
	hear(&p, "< SA 0 1; < PA 1 1 10");
	expect_states(&p, "ESTABLISHED~ ESTABLISHED~");
	expect_paths(&p, "SYN_SENT ESTABLISHED", "LISTEN SYN_RECEIVED ESTABLISHED");
	play_end(&p);
}

/* RFC 5961 section 3.2: a reset in the window of SYN_RECEIVED is challenged, too. */
Test(evidence, a_challenge_ack_does_not_open)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; > R 5001; < A 1 1");
	expect_states(&p, "SYN_SENT SYN_RECEIVED");
	hear(&p, "> A 1 1");
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	hear(&p, "< A 1 1");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	play_end(&p);
}

Test(evidence, a_servers_talk_supplies_the_syn_ack_that_was_missed)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < PA 1 1 10");
	expect_states(&p, "ESTABLISHED~ ESTABLISHED~");
	cr_assert_eq(play_flow(&p, 1)->oddities, 0);
	hear(&p, "> A 1 11; < FA 11 1");
	expect_states(&p, "ESTABLISHED FIN_WAIT_1");
	play_end(&p);
}

Test(evidence, a_fast_open_server_may_talk_before_the_handshake_is_over)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0 0 20; < SA 0 21; < PA 1 21 100");
	expect_states(&p, "SYN_SENT SYN_RECEIVED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_FAST_OPEN);
	hear(&p, "> A 21 101");
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	hear(&p, "< A 101 21");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 0);
	play_end(&p);
}

Test(evidence, data_on_a_syn_may_be_refused)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0 0 20; < SA 0 1; > PA 1 1 20");
	expect_states(&p, "ESTABLISHED ESTABLISHED~");
	cr_assert_eq(play_flow(&p, 1)->oddities, 0);
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 20);
	play_end(&p);
}

Test(evidence, a_socket_can_connect_to_itself)
{
	struct play p;

	play_begin(&p);
	p.sample.destination = p.sample.source;
	p.sample.destination_port = PLAY_PORT;
	p.isn[SERVER] = p.isn[CLIENT];
	hear(&p, "> S 0; > SA 0 1; > A 1 1");
	expect_states(&p, "ESTABLISHED~ ESTABLISHED~");
	hear(&p, "> PA 1 1 10; > A 11 11; > FA 11 11");
	expect_states(&p, "FIN_WAIT_1 FIN_WAIT_1");
	hear(&p, "> A 12 12");
	expect_states(&p, "TIME_WAIT~ TIME_WAIT~");
	expect_paths(&p, "SYN_SENT SYN_RECEIVED ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT",
	             "SYN_SENT SYN_RECEIVED ESTABLISHED FIN_WAIT_1 CLOSING TIME_WAIT");
	cr_assert_eq(flow_opening(play_flow(&p, 1)), OPENING_SIMULTANEOUS);
	cr_assert_eq(flow_closing(play_flow(&p, 1)), CLOSING_SIMULTANEOUS);
	cr_assert_eq(play_flow(&p, 1)->fin_acked[CLIENT].frame, 7);
	cr_assert_eq(tracker_time_wait_end(p.tracker, play_flow(&p, 1), SERVER),
	             p.time + 60 * TIME_SECOND);
	cr_assert_null(tracker_next_listener(p.tracker, NULL));
	play_end(&p);
}

/* Two hosts answer one address: the client's ACK says which of them it believes. */
static void expect_answer(const char *script, uint32_t iss, uint32_t next)
{
	const struct sending *server;
	struct play p;

	play_begin(&p);
	hear(&p, script);
	server = &play_flow(&p, 1)->sent[SERVER];
	cr_expect_eq(server->iss - PLAY_SERVER_ISN, iss, "%s", script);
	cr_expect_eq(server->next - PLAY_SERVER_ISN, next, "%s", script);
	cr_expect(play_flow(&p, 1)->oddities & ODD_SYN_ACK_NEW_ISN);
	play_end(&p);
}

#define TWO_ANSWERS "> S 0; < SA 0 1; < SA 777 1; "

Test(evidence, lets_the_clients_ack_decide_between_two_answers)
{
	struct play p;

	expect_answer(TWO_ANSWERS, 777, 778);
	expect_answer(TWO_ANSWERS "> A 1 1", 0, 1);
	expect_answer(TWO_ANSWERS "> A 1 778", 777, 778);
	expect_answer(TWO_ANSWERS "> A 1 778; > A 1 1", 777, 778);
	expect_answer(TWO_ANSWERS "> A 1 1; > PA 1 1 5; < A 1 6", 0, 1);
	expect_answer(TWO_ANSWERS "< A 778 1", 777, 778);
	expect_answer(TWO_ANSWERS "> P 1 1; > A 1 778", 777, 778);
	play_begin(&p);
	hear(&p, TWO_ANSWERS "> A 1 1; > PA 1 1 5; < A 1 6");
	expect_paths(&p, "SYN_SENT ESTABLISHED", "LISTEN SYN_RECEIVED ESTABLISHED");
	play_end(&p);
}
