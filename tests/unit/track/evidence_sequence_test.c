/* evidence_sequence_test.c: what was sent, what was acknowledged, and what was only repeated. */

#include <criterion/criterion.h>

#include "packet/option.h"
#include "unit/track/play.h"

static const struct sending *sent_by(struct play *play, enum side side)
{
	return &play_flow(play, 1)->sent[side];
}

Test(evidence, data_is_unacked_until_the_peer_acks)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "> PA 1 1 10; > PA 11 1 10");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 20);
	hear(&p, "< A 1 11");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 10);
	hear(&p, "< A 1 1");
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 10);
	cr_assert_eq(flow_unacked(play_flow(&p, 1), SERVER), 0);
	play_end(&p);
}

Test(evidence, what_brings_nothing_new_is_a_repeat)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "> PA 1 1 10; +300 > PA 1 1 10");
	cr_assert(p.last[EVENT_SEGMENT].is_repeat);
	hear(&p, "+600 > PA 1 1 10");
	cr_assert_eq(sent_by(&p, CLIENT)->repeats, 2);
	cr_assert_eq(sent_by(&p, CLIENT)->back_off, 2);
	cr_assert_eq(sent_by(&p, CLIENT)->last_new, p.time);
	hear(&p, "< A 1 11");
	cr_assert_eq(sent_by(&p, CLIENT)->repeats, 2);
	cr_assert_eq(sent_by(&p, CLIENT)->back_off, 0);
	cr_assert_eq(tracker_totals(p.tracker)->retransmitted, 2);
	play_end(&p);
}

Test(evidence, an_ack_of_nothing_new_does_not_end_the_back_off)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "< A 1 1; > PA 1 1 10; +300 > PA 1 1 10; < A 1 1");
	cr_assert_eq(sent_by(&p, CLIENT)->back_off, 1);
	play_end(&p);
}

Test(evidence, a_segment_that_goes_further_is_no_repeat)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "> PA 1 1 10; > PA 1 1 15");
	cr_assert_not(p.last[EVENT_SEGMENT].is_repeat);
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 15);
	play_end(&p);
}

Test(evidence, a_keep_alive_is_no_repeat)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE REQUEST "+60000 > A 10 101; +1000 > A 10 101 1");
	cr_assert_eq(sent_by(&p, CLIENT)->repeats, 0);
	hear(&p, "> A 9 101 1");
	cr_assert_eq(sent_by(&p, CLIENT)->repeats, 1);
	hear(&p, "> A 10 101 2; > PA 9 101 2");
	cr_assert_eq(sent_by(&p, CLIENT)->repeats, 2);
	play_end(&p);
}

Test(evidence, a_repeated_fin_is_no_keep_alive)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "> FA 1 1; > FA 1 1");
	cr_assert_eq(sent_by(&p, CLIENT)->repeats, 1);
	play_end(&p);
}

Test(evidence, pure_acks_are_neither_new_nor_repeats)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "> PA 1 1 10");
	cr_assert_eq(sent_by(&p, CLIENT)->last_new, p.time);
	hear(&p, "> A 11 1; > A 11 1");
	cr_assert_eq(sent_by(&p, CLIENT)->last_new, p.time - 2 * PLAY_STEP);
	cr_assert_eq(sent_by(&p, CLIENT)->repeats, 0);
	play_end(&p);
}

/* The client's numbers wrap after six bytes, the server's after 96. */
Test(evidence, sequence_numbers_wrap)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE REQUEST "> PA 11 101 10; < A 101 21");
	cr_assert_lt(sent_by(&p, CLIENT)->next, sent_by(&p, CLIENT)->iss);
	cr_assert_lt(sent_by(&p, SERVER)->next, sent_by(&p, SERVER)->iss);
	cr_assert_eq(sent_by(&p, CLIENT)->repeats + sent_by(&p, SERVER)->repeats, 0);
	cr_assert_eq(flow_unacked(play_flow(&p, 1), CLIENT), 0);
	cr_assert_eq(sent_by(&p, CLIENT)->payload, 20);
	cr_assert_eq(sent_by(&p, SERVER)->payload, 100);
	play_end(&p);
}

static void feed_syn_with(struct play *play, const char *script, uint16_t mss, int shift)
{
	struct segment segment = play_segment(play, script);
	const uint8_t mss_bytes[] = { (uint8_t)(mss >> 8), (uint8_t)mss };
	const uint8_t shift_byte = (uint8_t)shift;

	options_append(&segment, OPTION_MSS, mss_bytes, 2);
	if (shift >= 0)
		options_append(&segment, OPTION_WINDOW_SCALE, &shift_byte, 1);
	play_feed(play, &segment);
}

Test(evidence, reads_the_options_of_the_syns)
{
	struct play p;

	play_begin(&p);
	feed_syn_with(&p, "> S 0", 1460, 7);
	cr_assert_eq(sent_by(&p, SERVER)->window_scale, WINDOW_SCALE_UNKNOWN);
	feed_syn_with(&p, "< SA 0 1", 1300, -1);
	cr_assert_eq(play_flow(&p, 1)->mss[CLIENT], 1460);
	cr_assert_eq(play_flow(&p, 1)->mss[SERVER], 1300);
	cr_assert_eq(sent_by(&p, CLIENT)->window_scale, 7);
	cr_assert_eq(sent_by(&p, SERVER)->window_scale, WINDOW_SCALE_UNUSED);
	play_end(&p);
}

Test(evidence, a_window_scale_over_fourteen_counts_as_fourteen)
{
	struct play p;

	play_begin(&p);
	feed_syn_with(&p, "> S 0", 1460, 200);
	cr_assert_eq(sent_by(&p, CLIENT)->window_scale, 14);
	play_end(&p);
}

Test(evidence, a_syn_without_options_has_no_mss)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0");
	cr_assert_eq(play_flow(&p, 1)->mss[CLIENT], 0);
	cr_assert_eq(sent_by(&p, CLIENT)->window_scale, WINDOW_SCALE_UNUSED);
	play_end(&p);
}

Test(evidence, more_data_on_a_syn_than_its_field_holds_is_capped)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0 0 70000");
	cr_assert_eq(sent_by(&p, CLIENT)->syn_payload, UINT16_MAX);
	cr_assert_eq(sent_by(&p, CLIENT)->payload, 70000);
	play_end(&p);
}
