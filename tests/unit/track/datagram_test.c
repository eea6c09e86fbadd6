/* datagram_test.c: UDP conversations. */

#include <criterion/criterion.h>

#include "unit/track/play.h"

Test(datagram, a_conversation_is_two_ways)
{
	struct play p;
	const struct flow *flow;

	play_begin(&p);
	hear(&p, "> D 0 0 40");
	flow = play_flow(&p, 1);
	cr_assert_eq(flow->key.protocol, PROTOCOL_UDP);
	cr_assert_eq(flow_udp_state(flow), UDP_UNREPLIED);
	hear(&p, "> D 0 0 40; < D 0 0 200");
	cr_assert_eq(flow_udp_state(flow), UDP_REPLIED);
	cr_assert_eq(flow->sent[CLIENT].packets, 2);
	cr_assert_eq(flow->sent[CLIENT].payload, 80);
	cr_assert_eq(flow->sent[SERVER].payload, 200);
	cr_assert_eq(flow->ttl[SERVER], 64);
	cr_assert_eq(flow->last, p.time);
	cr_assert_eq(flow->first_frame, 1);
	cr_assert_eq(flow->last_frame, 3);
	cr_assert_eq(tracker_totals(p.tracker)->datagrams, 3);
	cr_assert_eq(tracker_totals(p.tracker)->segments, 0);
	cr_assert_eq(tracker_totals(p.tracker)->flows[1], 1);
	cr_assert_eq(tracker_totals(p.tracker)->flows[0], 0);
	play_end(&p);
}

Test(datagram, tells_of_each)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> D 0 0 40; < D 0 0 40");
	cr_assert_eq(p.told[EVENT_FLOW_OPENED], 1);
	cr_assert_eq(p.told[EVENT_SEGMENT], 2);
	cr_assert_eq(p.last[EVENT_SEGMENT].side, SERVER);
	cr_assert_eq(p.told[EVENT_STATE_CHANGED], 0);
	play_end(&p);
}

Test(datagram, shares_no_flow_with_tcp)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> D 0 0 40; > S 0; < D 0 0 40; < SA 0 1");
	cr_assert_eq(play_flows(&p), 2);
	cr_assert_eq(play_flow(&p, 2)->sent[SERVER].packets, 1);
	play_end(&p);
}

Test(datagram, silence_ends_a_conversation)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> D 0 0 40; +59999 > D 0 0 40");
	play_wait(&p, 59999);
	cr_assert_eq(play_flow(&p, 1)->stage, STAGE_LIVE);
	play_wait(&p, 1);
	cr_assert_eq(play_flow(&p, 1)->stage, STAGE_KEPT);
	cr_assert_eq(p.told[EVENT_FLOW_ENDED], 1);
	cr_assert_eq(tracker_totals(p.tracker)->ended, 1);
	cr_assert_eq(tracker_totals(p.tracker)->openings[OPENING_MIDSTREAM], 0);
	cr_assert_eq(tracker_totals(p.tracker)->closings[CLOSING_OPEN], 0);
	hear(&p, "< D 0 0 40");
	cr_assert_eq(play_flows(&p), 2);
	cr_assert_eq(play_flow(&p, 2)->key.port[CLIENT], PLAY_SERVICE);
	play_end(&p);
}
