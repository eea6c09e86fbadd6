/* table_test.c: which flow a segment finds, and the slots they live in. */

#include <criterion/criterion.h>
#include <stdio.h>

#include "unit/track/play.h"

Test(table, both_directions_find_the_same_flow)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE REQUEST);
	cr_assert_eq(play_flows(&p), 1);
	play_end(&p);
}

Test(table, ports_and_addresses_keep_flows_apart)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; :2 > S 0");
	p.sample.destination_port = 443;
	hear(&p, "> S 0");
	p.sample.source.bytes[0]++;
	hear(&p, "> S 0");
	p.sample.destination.bytes[3]++;
	hear(&p, "> S 0");
	cr_assert_eq(play_flows(&p), 5);
	hear(&p, "< SA 0 1");
	cr_assert_eq(play_flows(&p), 5);
	cr_assert_eq(play_flow(&p, 5)->sent[SERVER].packets, 1);
	play_end(&p);
}

Test(table, all_of_an_ipv6_address_counts)
{
	struct play p;

	play_begin(&p);
	p.sample.family = FAMILY_IPV6;
	hear(&p, HANDSHAKE);
	p.sample.source.bytes[15] = 1;
	hear(&p, HANDSHAKE);
	p.sample.destination.bytes[15] = 1;
	hear(&p, HANDSHAKE);
	cr_assert_eq(play_flows(&p), 3);
	cr_assert_eq(play_flow(&p, 1)->key.family, FAMILY_IPV6);
	play_end(&p);
}

Test(table, a_family_is_part_of_the_key)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0");
	p.sample.family = FAMILY_IPV6;
	hear(&p, "> S 0");
	cr_assert_eq(play_flows(&p), 2);
	play_end(&p);
}

Test(table, one_host_may_talk_to_another_of_its_ports)
{
	struct play p;

	play_begin(&p);
	p.sample.destination = p.sample.source;
	hear(&p, HANDSHAKE REQUEST);
	cr_assert_eq(play_flows(&p), 1);
	cr_assert_not(play_flow(&p, 1)->self_connected);
	expect_states(&p, "ESTABLISHED ESTABLISHED");
	play_end(&p);
}

Test(table, the_same_ports_on_two_hosts_are_two_ends)
{
	struct play p;

	play_begin(&p);
	p.sample.source_port = PLAY_SERVICE;
	hear(&p, "> S 0; < SA 0 1");
	cr_assert_not(play_flow(&p, 1)->self_connected);
	cr_assert_eq(play_flow(&p, 1)->sent[SERVER].packets, 1);
	play_end(&p);
}

static int flows_in_two_vlans(bool by_vlan)
{
	struct tracker_options options = play_options();
	struct play p;
	int flows;

	options.by_vlan = by_vlan;
	play_begin_with(&p, &options);
	p.sample.vlan = 7;
	hear(&p, "> S 0");
	p.sample.vlan = 8;
	hear(&p, "> S 0; < SA 0 1");
	flows = play_flows(&p);
	play_end(&p);
	return flows;
}

Test(table, vlans_keep_flows_apart_only_when_asked_to)
{
	cr_assert_eq(flows_in_two_vlans(false), 1);
	cr_assert_eq(flows_in_two_vlans(true), 2);
}

Test(table, tunnels_keep_flows_apart)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0");
	p.sample.tunnel = 5;
	hear(&p, "> S 0; < SA 0 1");
	cr_assert_eq(play_flows(&p), 2);
	cr_assert_eq(play_flow(&p, 2)->sent[SERVER].packets, 1);
	cr_assert_eq(play_flow(&p, 2)->key.tunnel, 5);
	play_end(&p);
}

static void hear_ports(struct play *play, const char *format, int count)
{
	for (int port = 1; port <= count; port++) {
		char script[128];

		snprintf(script, sizeof(script), format, port, port, port);
		hear(play, script);
	}
}

/* More flows than buckets: some share one. */
Test(table, flows_that_share_a_bucket_do_not_mix)
{
	struct tracker_options options = play_options();
	struct play p;

	options.max_flows = 1000;
	play_begin_with(&p, &options);
	hear_ports(&p, ":%d > S 0", 1000);
	hear_ports(&p, ":%d < SA 0 1", 1000);
	cr_assert_eq(play_flows(&p), 1000);
	for (int number = 1; number <= 1000; number++)
		cr_assert_eq(play_flow(&p, number)->sent[SERVER].packets, 1);
	hear_ports(&p, ":%d > R 1", 1000);
	play_wait(&p, 100000);
	play_wait(&p, 100000);
	hear_ports(&p, ":%d > S 50", 1000);
	cr_assert_eq(play_flows(&p), 1000);
	cr_assert_eq(tracker_totals(p.tracker)->retired, 1000);
	play_end(&p);
}

/* Were a slot lost each time, a hundred would soon be gone. */
Test(table, slots_are_used_again)
{
	struct play p;

	play_begin(&p);
	hear_ports(&p, ":%d > S 0; :%d < RA =0 1; :%d > S 90", 2000);
	cr_assert_eq(play_flows(&p), 100);
	cr_assert_eq(tracker_totals(p.tracker)->flows[0], 4000);
	cr_assert_null(play_flow(&p, 1));
	play_end(&p);
}

Test(table, flows_are_listed_in_the_order_of_opening)
{
	struct play p;
	const struct flow *flow = NULL;
	uint64_t last = 0;

	play_begin(&p);
	hear_ports(&p, ":%d > S 0; :%d < RA =0 1; :%d > S 90", 300);
	while ((flow = tracker_next(p.tracker, flow))) {
		cr_assert_gt(flow->id, last);
		last = flow->id;
	}
	cr_assert_eq(last, 600);
	play_end(&p);
}
