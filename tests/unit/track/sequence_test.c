/* sequence_test.c: which marks a segment gets. Each condition is met, and then just missed. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "packet/option.h"
#include "unit/track/play.h"

/* Here the handshake takes 20 ms: what is late by less than that is out of order. */
#define OPEN HANDSHAKE REQUEST

static const char *marks_of(struct play *play)
{
	struct text text = text_over(play->text, sizeof(play->text));
	uint32_t marks = play->last[EVENT_SEGMENT].marks;

	for (int mark = 0; mark < MARK_COUNT; mark++) {
		if (marks & mark_bit((enum mark)mark))
			text_format(&text, "%s%s", text.length > 0 ? ", " : "",
			            mark_words((enum mark)mark));
	}
	return play->text;
}

/* Of the script's last segment; "win N" between segments changes what is advertised from then on. */
static void expect_marks(const char *script, const char *expected)
{
	char text[2048];
	char *rest = NULL;
	struct play p;

	play_begin(&p);
	strcpy(text, script);
	for (char *step = strtok_r(text, ";", &rest); step; step = strtok_r(NULL, ";", &rest)) {
		int window;

		if (sscanf(step, " win %d", &window) == 1)
			p.sample.window = (uint16_t)window;
		else
			hear(&p, step);
	}
	cr_expect_str_eq(marks_of(&p), expected, "%s: %s", script, p.text);
	play_end(&p);
}

Test(sequence, finds_nothing_in_a_healthy_connection)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 11 101; < FA 101 12; > A 12 102");
	for (int mark = 0; mark < MARK_COUNT; mark++) {
		cr_expect_eq(flow_marks(play_flow(&p, 1), CLIENT, (enum mark)mark), 0);
		cr_expect_eq(flow_marks(play_flow(&p, 1), SERVER, (enum mark)mark), 0);
	}
	cr_expect_eq(play_flow(&p, 1)->aside, 0);
	play_end(&p);
}

Test(sequence, tells_a_retransmission_from_what_was_overtaken)
{
	expect_marks(OPEN "> PA 11 101 10; +20 > PA 11 101 10", "retransmission");
	expect_marks(OPEN "> PA 21 101 10; +19 > PA 11 101 10", "out of order");
	expect_marks(OPEN "> PA 21 101 10; +20 > PA 11 101 10", "retransmission");
	expect_marks(OPEN "> PA 11 101 10; +1 > PA 11 101 10", "retransmission");
	expect_marks(OPEN "> PA 11 101 10; +1 > PA 11 101 9", "out of order");
	expect_marks(OPEN "> PA 11 101 10; +1 > PA 11 101 11", "out of order");
	expect_marks(OPEN "> PA 11 101 10; > PA 21 101 10", "");
}

Test(sequence, has_three_milliseconds_where_no_round_trip_is_known)
{
	expect_marks("> A 1 1 10; > A 21 1 10; +2 > A 11 1 10", "out of order");
	expect_marks("> A 1 1 10; > A 21 1 10; +3 > A 11 1 10", "retransmission");
}

/* Spans are unsigned, as in Wireshark. */
Test(sequence, takes_a_clock_that_ran_back_for_a_long_time)
{
	expect_marks(OPEN "> PA 21 101 10; +-1 > PA 11 101 10",
	             "retransmission, out of time");
}

Test(sequence, calls_spurious_what_was_acknowledged)
{
	expect_marks(OPEN "> PA 1 101 10", "retransmission, spurious retransmission");
	expect_marks(OPEN "> PA 5 101 6", "retransmission, spurious retransmission");
	expect_marks(OPEN "> PA 5 101 7", "retransmission");
	expect_marks(OPEN "> FA 11 101; < A 101 12; +99 > FA 11 101", "retransmission");
}

#define LOST OPEN "> PA 11 101 10; > PA 21 101 10; "

Test(sequence, calls_fast_what_follows_two_duplicate_acks_at_once)
{
	expect_marks(LOST "< A 101 11; < A 101 11; +19 > PA 11 101 10",
	             "retransmission, fast retransmission");
	expect_marks(LOST "< A 101 11; < A 101 11; +20 > PA 11 101 10", "retransmission");
	expect_marks(LOST "< A 101 11; < A 101 11; +19 > PA 12 101 9", "retransmission");
	expect_marks(LOST "< A 101 11; +19 > PA 11 101 10", "retransmission");
}

Test(sequence, numbers_duplicate_acks)
{
	struct play p;

	play_begin(&p);
	hear(&p, LOST "< A 101 11; < A 101 11");
	cr_expect_eq(p.last[EVENT_SEGMENT].duplicate_acks, 2);
	hear(&p, "< A 101 21; < A 101 21");
	cr_expect_eq(p.last[EVENT_SEGMENT].duplicate_acks, 1);
	play_end(&p);
}

Test(sequence, calls_only_the_same_empty_segment_a_duplicate_ack)
{
	expect_marks(OPEN "< A 101 11", "dup ack");
	expect_marks("> A 1 1; < A 1 1", "");
	expect_marks(OPEN "< A 101 11; < A 101 12", "acks unseen data");
	expect_marks(OPEN "< A 101 11; < A 102 11", "after a gap");
	expect_marks(OPEN "< A 101 11; < FA 101 11", "");
	expect_marks(OPEN "< A 101 11; < PA 101 11 5", "");
	expect_marks(OPEN "< A 101 11; win 900; < A 101 11", "window update");
	expect_marks(OPEN "< A 101 11; win 0; < A 101 11", "zero window");
	expect_marks(OPEN "< A 101 11; < RA 101 11", "");
}

/* RFC 8684: a connection with several paths may repeat an ACK to speak of them. */
Test(sequence, lets_multipath_tcp_repeat_acks)
{
	static const uint8_t announce[] = { 0x30, 0, 0, 0, 0, 0 };
	static const uint8_t stamps[8] = { 0 };
	struct segment segment;
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "< A 101 11");
	segment = play_segment(&p, "< A 101 11");
	options_append(&segment, OPTION_TIMESTAMPS, stamps, sizeof(stamps));
	options_append(&segment, OPTION_MPTCP, announce, sizeof(announce));
	play_feed(&p, &segment);
	cr_expect_str_eq(marks_of(&p), "dup ack");
	hear(&p, "< A 101 11");
	cr_expect_str_eq(marks_of(&p), "");
	hear(&p, "< A 101 11");
	cr_expect_str_eq(marks_of(&p), "dup ack");
	play_end(&p);
}

Test(sequence, sees_a_gap)
{
	expect_marks(OPEN "> PA 12 101 10", "after a gap");
	expect_marks(OPEN "> RA 12 101", "");
	expect_marks("> A 1 1", "");
	expect_marks(OPEN "> PA 12 101 10; < A 101 22", "acks unseen data");
}

Test(sequence, says_once_for_each_hole_that_unseen_data_was_acknowledged)
{
	expect_marks(OPEN "< A 101 12", "acks unseen data");
	expect_marks(OPEN "< A 101 12; > PA 11 101 0; < A 101 13", "");
	expect_marks(OPEN "< A 101 12; > A 11 102; < A 101 13", "acks unseen data");
	expect_marks(OPEN "> PA 12 101 10; < A 101 22; < PA 101 22 1", "");
	expect_marks("< A 1 1; > A 1 1; < A 1 50", "acks unseen data");
}

/* After it any retransmission at once is a fast one. */
Test(sequence, takes_an_ack_of_unseen_data_for_many_duplicates)
{
	expect_marks(OPEN "> PA 11 101 10; < A 101 30; +1 > PA 21 101 30", "");
	expect_marks(OPEN "> PA 40 101 10; < PA 101 50 1; < A 102 60; < A 102 60", "dup ack");
	expect_marks(OPEN "> PA 11 101 50; < A 101 80; +1 < A 101 41; +1 > PA 41 101 20",
	             "retransmission");
}

Test(sequence, knows_a_keep_alive_and_its_answer)
{
	expect_marks(OPEN "> A 10 101", "keep-alive");
	expect_marks(OPEN "> A 10 101 1", "keep-alive");
	expect_marks(OPEN "> A 10 101 2", "");
	expect_marks(OPEN "> FA 10 101", "retransmission");
	expect_marks(OPEN "> A 9 101", "");
	expect_marks(OPEN "< A 101 11; > A 10 101; < A 101 11", "keep-alive ack");
	expect_marks(OPEN "< A 101 11; > A 10 101; > A 11 101; < A 101 11", "dup ack");
}

Test(sequence, knows_a_probe_and_its_answer)
{
	expect_marks(OPEN "win 0; < A 101 11", "zero window");
	expect_marks(OPEN "win 0; < A 101 11; win 9; > A 11 101 1", "zero window probe");
	expect_marks(OPEN "win 0; < A 101 11; win 9; > A 11 101 2", "");
	expect_marks(OPEN "win 0; < A 101 11; win 9; > A 12 101 1", "after a gap");
	expect_marks(OPEN "win 0; < A 101 11; win 9; > A 11 101 1; win 0; < A 101 11",
	             "zero window, probe ack");
	expect_marks(OPEN "win 0; < A 101 11; win 9; > A 11 101 1; > A 11 101; win 0; < A 101 11",
	             "zero window");
	expect_marks(OPEN "win 0; < A 101 11; win 9; > A 11 101 1; < A 101 11", "window update");
	expect_marks("win 0; > S 0", "");
}

/* A probe that was refused took no sequence number: the byte comes again, with more. */
Test(sequence, does_not_count_a_probe_as_sent)
{
	expect_marks(OPEN "win 0; < A 101 11; win 9; > A 11 101 1; > PA 11 101 10", "");
	expect_marks(OPEN "win 0; < A 101 11; win 9; > A 11 101 1; < A 101 12",
	             "acks unseen data");
}

/* The first byte after an accepted probe may be sent again with what follows. */
Test(sequence, lets_data_begin_one_byte_early)
{
	expect_marks(OPEN "> PA 10 101 10", "");
	expect_marks(OPEN "> PA 9 101 10", "retransmission");
}

static void feed_syn(struct play *play, const char *script, uint8_t scale)
{
	struct segment segment = play_segment(play, script);

	options_append(&segment, OPTION_WINDOW_SCALE, &scale, 1);
	play_feed(play, &segment);
}

/* After a handshake with window scales, or without one where it is negative. */
static void expect_full(int client, int server, const char *script, bool is_full)
{
	struct play p;

	play_begin(&p);
	if (client >= 0)
		feed_syn(&p, "> S 0", (uint8_t)client);
	else
		hear(&p, "> S 0");
	if (server >= 0)
		feed_syn(&p, "< SA 0 1", (uint8_t)server);
	else
		hear(&p, "< SA 0 1");
	hear(&p, "> A 1 1");
	p.sample.window = 10;
	hear(&p, script);
	cr_expect_str_eq(marks_of(&p), is_full ? "window full" : "", "%d %d %s", client, server,
	                 script);
	play_end(&p);
}

Test(sequence, sees_a_window_filled_to_its_edge)
{
	expect_full(-1, -1, "< A 1 1; > PA 1 1 10", true);
	expect_full(-1, -1, "< A 1 1; > PA 1 1 9", false);
	expect_full(-1, -1, "< A 1 1; > FPA 1 1 10", false);
	expect_full(2, 3, "< A 1 1; > PA 1 1 80", true);
	expect_full(2, 3, "< A 1 1; > PA 1 1 10", false);
	expect_full(2, 20, "+1 < A 1 1; > PA 1 1 10", false);
	expect_full(-1, 3, "< A 1 1; > PA 1 1 10", true);
	expect_full(2, -1, "< A 1 1; > PA 1 1 10", true);
	expect_full(2, 3, "> PA 1 1 1000", true);
}

Test(sequence, does_not_guess_at_a_scale_that_was_not_seen)
{
	expect_marks("win 10; > A 1 1; < A 1 1; > PA 1 1 10", "");
}

Test(sequence, marks_repeated_syns)
{
	expect_marks("> S 0; > S 0", "retransmission");
	expect_marks("> S 0; < SA 0 1; < SA 0 1", "retransmission");
	expect_marks(OPEN "> S 500", "");
	expect_marks(OPEN "> S 500; > A 11 101 3", "");
}

/* As Linux does when nobody listens: the reset's number is 0, whatever comes later. */
Test(sequence, learns_no_numbers_from_a_refusal)
{
	expect_marks("> S 0; < RA =0 1; > S 0; < SA 0 1", "ports reused");
	expect_marks("> S 0; < RA =0 1", "");
	expect_marks("> A 1 1; < R 1; < A 1 1 10", "");
	expect_marks("> A 1 1; < R 5; < A 1 1 4", "retransmission");
}

Test(sequence, calls_both_of_two_different_syn_acks_reused)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; < SA 700 1");
	cr_expect_eq(flow_marks(play_flow(&p, 1), SERVER, MARK_REUSED_PORTS), 2);
	hear(&p, "< SA 900 1");
	cr_expect_eq(flow_marks(play_flow(&p, 1), SERVER, MARK_REUSED_PORTS), 3);
	hear(&p, "< SA 0 1");
	cr_expect_eq(flow_marks(play_flow(&p, 1), SERVER, MARK_REUSED_PORTS), 3);
	hear(&p, "< SA 0 1");
	cr_expect_eq(flow_marks(play_flow(&p, 1), SERVER, MARK_REUSED_PORTS), 3);
	cr_expect_eq(tracker_totals(p.tracker)->marks[MARK_REUSED_PORTS], 3);
	play_end(&p);
}

Test(sequence, calls_the_syn_of_the_next_connection_reused)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> FA 11 101; < FA 101 12; > A 12 102; > S 5000");
	cr_expect_str_eq(marks_of(&p), "ports reused");
	hear(&p, "< SA 7000 5001; > A 5001 7001");
	cr_expect_str_eq(marks_of(&p), "");
	cr_expect_eq(flow_marks(play_flow(&p, 2), CLIENT, MARK_REUSED_PORTS), 1);
	play_end(&p);
}

static void feed_with(struct play *play, const char *script, uint8_t kind, const void *value,
                      uint8_t length)
{
	struct segment segment = play_segment(play, script);

	options_append(&segment, kind, value, length);
	play_feed(play, &segment);
}

static void expect_fast_open(const char *syn, uint8_t cookie, const char *answer,
                             const char *of_syn, const char *of_answer)
{
	struct play p;

	play_begin(&p);
	feed_with(&p, syn, OPTION_FAST_OPEN, "12345678", cookie);
	cr_expect_str_eq(marks_of(&p), of_syn, "%s", syn);
	hear(&p, answer);
	cr_expect_str_eq(marks_of(&p), of_answer, "%s %s", syn, answer);
	play_end(&p);
}

Test(sequence, knows_fast_open)
{
	expect_fast_open("> S 0 0 10", 8, "< SA 0 11", "tfo", "tfo accepted");
	expect_fast_open("> S 0 0 10", 8, "< SA 0 1", "tfo", "tfo ignored");
	expect_fast_open("> S 0", 8, "< SA 0 1", "tfo", "");
	expect_fast_open("> S 0 0 10", 0, "< SA 0 1", "", "");
	expect_fast_open("> S 0 0 10", 8, "< A 1 1", "tfo", "");
}

/* Blocks are absolute: those of the client's numbers. */
static void expect_dsack(uint32_t l1, uint32_t r1, uint32_t l2, uint32_t r2, bool is_duplicate)
{
	const uint32_t numbers[] = { l1, r1, l2, r2 };
	uint8_t value[16];
	struct play p;

	play_begin(&p);
	for (int i = 0; i < 16; i++)
		value[i] = (uint8_t)((PLAY_CLIENT_ISN + numbers[i / 4]) >> (24 - i % 4 * 8));
	hear(&p, OPEN "> PA 111 101 90");
	feed_with(&p, "< A 101 11", OPTION_SACK, value, l2 == r2 ? 8 : 16);
	cr_expect_eq(flow_marks(play_flow(&p, 1), SERVER, MARK_DSACK), is_duplicate);
	play_end(&p);
}

Test(sequence, knows_what_arrived_twice)
{
	expect_dsack(1, 11, 0, 0, true);
	expect_dsack(1, 12, 0, 0, false);
	expect_dsack(120, 130, 111, 201, true);
	expect_dsack(111, 201, 111, 201, true);
	expect_dsack(110, 130, 111, 201, false);
	expect_dsack(120, 202, 111, 201, false);
	expect_dsack(111, 201, 0, 0, false);
}

Test(sequence, names_and_explains_every_mark)
{
	for (int mark = 0; mark < MARK_COUNT; mark++) {
		cr_expect_gt(strlen(mark_words((enum mark)mark)), 2);
		cr_expect_gt(strlen(mark_meaning((enum mark)mark)), 10);
	}
}
