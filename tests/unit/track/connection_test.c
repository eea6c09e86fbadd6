/* connection_test.c: milestones, round trips, counts and events of one TCP segment after another. */

#include <criterion/criterion.h>

#include "unit/track/play.h"

#define OPEN HANDSHAKE REQUEST

static const struct flow *flow_after(struct play *play, const char *script)
{
	play_begin(play);
	hear(play, script);
	return play_flow(play, 1);
}

Test(connection, measures_both_parts_of_the_handshake)
{
	struct play p;
	const struct flow *flow = flow_after(&p, "> S 0; +30 < SA 0 1; +12 > A 1 1; +500 > A 1 1");

	cr_assert_eq(flow_syn_rtt(flow), 30 * TIME_MILLISECOND);
	cr_assert_eq(flow_ack_rtt(flow), 12 * TIME_MILLISECOND);
	cr_assert_eq(flow_irtt(flow), 42 * TIME_MILLISECOND);
	play_end(&p);
}

Test(connection, measures_from_the_latest_syn_and_syn_ack)
{
	struct play p;
	const struct flow *flow =
		flow_after(&p, "> S 0; +1000 > S 0; +30 < SA 0 1; +1000 < SA 0 1; +12 > A 1 1");

	cr_assert_eq(flow_syn_rtt(flow), 30 * TIME_MILLISECOND);
	cr_assert_eq(flow_ack_rtt(flow), 12 * TIME_MILLISECOND);
	cr_assert_eq(flow_irtt(flow), 1042 * TIME_MILLISECOND);
	play_end(&p);
}

Test(connection, measures_nothing_that_it_did_not_see)
{
	struct play p;
	const struct flow *flow = flow_after(&p, "< SA 0 1; > A 1 1");

	cr_assert_eq(flow_syn_rtt(flow), TIME_NONE);
	cr_assert_eq(flow_irtt(flow), TIME_NONE);
	cr_assert_eq(flow_ack_rtt(flow), PLAY_STEP);
	play_end(&p);
	flow = flow_after(&p, "> S 0; > A 1 1; < A 1 1");
	cr_assert_eq(flow_ack_rtt(flow), TIME_NONE);
	cr_assert_eq(flow_irtt(flow), PLAY_STEP);
	play_end(&p);
	flow = flow_after(&p, "> A 1 1; < A 1 1");
	cr_assert_eq(flow_irtt(flow), TIME_NONE);
	cr_assert_eq(flow->opened.frame, 0);
	play_end(&p);
}

/* Wireshark takes the first ACK without SYN of either side, a refusal's too. */
Test(connection, a_refusal_is_a_round_trip_too)
{
	struct play p;
	const struct flow *flow = flow_after(&p, "> S 0; < RA =0 1; > R 1");

	cr_assert_eq(flow_irtt(flow), PLAY_STEP);
	play_end(&p);
	flow = flow_after(&p, "> S 0; < R 0; > A 1 1");
	cr_assert_eq(flow_irtt(flow), 2 * PLAY_STEP);
	play_end(&p);
}

Test(connection, notes_when_things_happened_first)
{
	struct play p;
	const struct flow *flow = flow_after(
		&p,
		"> S 0; > S 0; < SA 0 1; < SA 0 1; > A 1 1; > A 1 1; > FA 1 1; > FA 1 1; < A 1 2; "
		"< A 1 2; < FA 1 2; > A 2 2");

	cr_assert_eq(flow->syn.frame, 1);
	cr_assert_eq(flow->syn_ack.frame, 3);
	cr_assert_eq(flow->opened.frame, 5);
	cr_assert_eq(flow->opened.time, PLAY_START + 5 * PLAY_STEP);
	cr_assert_eq(flow->fin[CLIENT].frame, 7);
	cr_assert_eq(flow->fin_acked[CLIENT].frame, 9);
	cr_assert_eq(flow->fin[SERVER].frame, 11);
	cr_assert_eq(flow->fin_acked[SERVER].frame, 12);
	cr_assert_eq(flow->start, PLAY_START + PLAY_STEP);
	cr_assert_eq(flow->first_frame, 1);
	cr_assert_eq(flow->last_frame, 12);
	cr_assert_eq(flow->last, p.time);
	cr_assert_eq(flow->time_wait[CLIENT], p.time);
	play_end(&p);
}

Test(connection, a_reset_syn_is_no_question_and_no_answer)
{
	struct play p;
	const struct flow *flow = flow_after(&p, "> SR 0; < SAR 0 1");

	cr_assert_eq(flow->syn.frame, 0);
	cr_assert_eq(flow->syn_ack.frame, 0);
	cr_assert_eq(tracker_totals(p.tracker)->syns, 0);
	cr_assert_eq(tracker_totals(p.tracker)->syn_acks, 0);
	play_end(&p);
}

Test(connection, counts_each_side)
{
	struct play p;
	struct segment segment;
	const struct flow *flow;

	play_begin(&p);
	hear(&p, HANDSHAKE "> PA 1 1 10; > PA 1 1 10");
	flow = play_flow(&p, 1);
	segment = play_segment(&p, "< PA 1 11 100");
	segment.ttl = 50;
	segment.window = 77;
	play_feed(&p, &segment);
	cr_assert_eq(flow->sent[CLIENT].packets, 4);
	cr_assert_eq(flow->sent[SERVER].packets, 2);
	cr_assert_eq(flow->sent[CLIENT].payload, 20);
	cr_assert_eq(flow->sent[SERVER].payload, 100);
	cr_assert_eq(flow->ttl[SERVER], 64);
	cr_assert_eq(flow->sent[SERVER].window, 77);
	cr_assert_eq(flow->sent[CLIENT].window, 1000);
	play_end(&p);
}

Test(connection, knows_whether_the_server_was_heard)
{
	struct play p;

	cr_assert_not(flow_after(&p, "> S 0; > S 0")->saw_reply);
	play_end(&p);
	cr_assert(flow_after(&p, "> S 0; < RA =0 1")->saw_reply);
	cr_assert(play_flow(&p, 1)->has_syn);
	play_end(&p);
	cr_assert_not(flow_after(&p, "> A 1 1")->has_syn);
	play_end(&p);
}

Test(connection, counts_in_the_totals)
{
	struct play p;
	const struct tracker_totals *totals;
	struct segment bad;

	flow_after(&p, OPEN "> FA 11 101; < R 101; :2 > S 0; :2 > S 0");
	bad = play_segment(&p, ":2 > S 0");
	bad.checksum = CHECKSUM_BAD;
	play_feed(&p, &bad);
	totals = tracker_totals(p.tracker);
	cr_assert_eq(totals->segments, 12);
	cr_assert_eq(totals->payload, 110);
	cr_assert_eq(totals->flows[0], 2);
	cr_assert_eq(totals->flows[1], 0);
	cr_assert_eq(totals->syns, 4);
	cr_assert_eq(totals->syn_acks, 1);
	cr_assert_eq(totals->fins, 1);
	cr_assert_eq(totals->resets_sent, 1);
	cr_assert_eq(totals->bad_segments, 1);
	cr_assert_eq(totals->retransmitted, 2);
	play_end(&p);
}

/* RFC 4022: an active open leaves CLOSED for SYN_SENT, a passive one LISTEN for SYN_RECEIVED. */
Test(connection, counts_active_and_passive_opens)
{
	static const struct {
		const char *script;
		unsigned active, passive;
	} rows[] = {
		{ "> S 0; > S 0", 1, 0 },
		{ "> S 0; < RA =0 1", 1, 0 },
		{ OPEN, 1, 1 },
		{ OPEN "< SA 0 1; > A 11 101", 1, 1 },
		{ "< SA 0 1; > S 0", 1, 1 },
		{ "> S 0; < S 0; > SA 0 1; < SA 0 1", 2, 0 },
		{ "> S 0; > A 1 1", 1, 1 },
		{ "> A 1 1", 0, 0 },
		{ "> R 1", 0, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct play p;

		flow_after(&p, rows[i].script);
		cr_assert_eq(tracker_totals(p.tracker)->active_opens, rows[i].active, "%s",
		             rows[i].script);
		cr_assert_eq(tracker_totals(p.tracker)->passive_opens, rows[i].passive, "%s",
		             rows[i].script);
		play_end(&p);
	}
}

Test(connection, tells_what_happened)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0");
	cr_assert_eq(p.told[EVENT_FLOW_OPENED], 1);
	cr_assert_eq(p.told[EVENT_STATE_CHANGED], 2);
	cr_assert_eq(p.told[EVENT_SEGMENT], 1);
	cr_assert_eq(p.last[EVENT_SEGMENT].side, CLIENT);
	cr_assert_eq(p.last[EVENT_SEGMENT].before[CLIENT], ST_UNKNOWN);
	cr_assert_eq(p.last[EVENT_SEGMENT].time, p.time);
	cr_assert_eq(p.last[EVENT_STATE_CHANGED].side, SERVER);
	hear(&p, "< SA 0 1");
	cr_assert_eq(p.told[EVENT_FLOW_OPENED], 1);
	cr_assert_eq(p.told[EVENT_STATE_CHANGED], 3);
	cr_assert_eq(p.last[EVENT_SEGMENT].side, SERVER);
	cr_assert_eq(p.last[EVENT_SEGMENT].before[SERVER], ST_LISTEN);
	hear(&p, "> A 1 1; > PA 1 1 10");
	cr_assert_eq(p.told[EVENT_STATE_CHANGED], 5);
	cr_assert_eq(p.told[EVENT_SEGMENT], 4);
	cr_assert_eq(p.last[EVENT_SEGMENT].before[CLIENT], ST_ESTABLISHED);
	hear(&p, "> R 11");
	cr_assert_eq(p.told[EVENT_RESET], 1);
	cr_assert_eq(p.told[EVENT_STATE_CHANGED], 7);
	cr_assert_eq(p.told[EVENT_ODDITY], 0);
	cr_assert_eq(p.told[EVENT_LATE_SEGMENT], 0);
	play_end(&p);
}

/* A header that is cut or lies: ports are certain, the rest is not. */
Test(connection, a_part_counts_but_moves_nothing)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN);
	p.sample.kind = SEGMENT_TCP_PART;
	hear(&p, "> RFA 11 101 5");
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	cr_assert_eq(play_flow(&p, 1)->oddities, ODD_CUT_HEADER);
	cr_assert_eq(play_flow(&p, 1)->sent[CLIENT].packets, 5);
	hear(&p, ":2 > S 0");
	cr_assert_eq(play_flows(&p), 1);
	cr_assert_eq(tracker_totals(p.tracker)->lone_parts, 1);
	cr_assert_eq(tracker_totals(p.tracker)->bad_segments, 2);
	cr_assert_eq(tracker_totals(p.tracker)->segments, 9);
	play_end(&p);
}

Test(connection, a_late_part_is_late_everywhere)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> R 11");
	play_wait(&p, 10000);
	p.sample.kind = SEGMENT_TCP_PART;
	hear(&p, "> R 11");
	cr_assert_eq(play_flow(&p, 1)->late, 1);
	cr_assert_eq(tracker_totals(p.tracker)->late, 1);
	play_end(&p);
}

Test(connection, notes_when_an_end_last_moved)
{
	struct play p;
	int64_t opened;

	play_begin(&p);
	hear(&p, "> A 1 1");
	cr_expect_eq(play_flow(&p, 1)->moved, p.time);
	hear(&p, ":2 > S 0; :2 < SA 0 1; :2 > A 1 1");
	opened = p.time;
	cr_expect_eq(play_flow(&p, 2)->moved, opened);
	hear(&p, ":2 > A 1 1 10; :2 < A 1 11");
	cr_expect_eq(play_flow(&p, 2)->moved, opened);
	hear(&p, ":2 > FA 11 1; :2 < FA 1 12; :2 > A 12 2");
	cr_expect_eq(play_flow(&p, 2)->moved, p.time);
	play_wait(&p, 70000);
	cr_expect_eq(play_flow(&p, 2)->moved, p.time, "TIME_WAIT is over");
	play_end(&p);
}
