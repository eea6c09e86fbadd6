/* ranges_test.c: bytes captured once, again or never, and round trips. */

#include <criterion/criterion.h>
#include <stdio.h>

#include "packet/option.h"
#include "track/inside.h"
#include "unit/track/play.h"

#define OPEN HANDSHAKE REQUEST

/* The client's payload: unique, repeated, segments of it, missed. */
static void expect_bytes(const char *script, unsigned unique, unsigned repeated, unsigned packets,
                         unsigned missed)
{
	const struct flow *flow;
	struct play p;

	play_begin(&p);
	hear(&p, script);
	flow = play_flow(&p, 1);
	cr_expect_eq(flow_unique_bytes(flow, CLIENT), unique, "%s: unique %llu", script,
	             (unsigned long long)flow_unique_bytes(flow, CLIENT));
	cr_expect_eq(flow_repeated_bytes(flow, CLIENT), repeated, "%s: repeated %llu", script,
	             (unsigned long long)flow_repeated_bytes(flow, CLIENT));
	cr_expect_eq(flow_repeated_packets(flow, CLIENT), packets, "%s: packets %u", script,
	             flow_repeated_packets(flow, CLIENT));
	cr_expect_eq(flow_missed_bytes(flow, CLIENT), missed, "%s: missed %llu", script,
	             (unsigned long long)flow_missed_bytes(flow, CLIENT));
	play_end(&p);
}

Test(ranges, count_every_byte_once)
{
	expect_bytes(OPEN, 10, 0, 0, 0);
	expect_bytes(OPEN "> A 1 101 10", 10, 10, 1, 0);
	expect_bytes(OPEN "> A 6 101 10", 15, 5, 1, 0);
	expect_bytes(OPEN "> A 1 101 30", 30, 10, 1, 0);
	expect_bytes(OPEN "> A 21 101 10; > A 11 101 10", 30, 0, 0, 0);
	expect_bytes(OPEN "> A 21 101 10; > A 11 101 10; > A 11 101 10", 30, 10, 1, 0);
	expect_bytes(OPEN "> A 21 101 10; > A 14 101 3; > A 11 101 10", 30, 3, 1, 0);
	expect_bytes(OPEN "> A 21 101 10; > A 11 101 3; > A 18 101 3; > A 11 101 10", 30, 6, 1, 0);
	expect_bytes(OPEN "> A 21 101 10; > A 41 101 10; > A 11 101 40", 50, 20, 1, 0);
	expect_bytes(OPEN "> FA 11 101 5; > FA 11 101 5", 15, 5, 1, 0);
	expect_bytes(OPEN "> FA 11 101; > FA 11 101", 10, 0, 1, 0);
	expect_bytes("> S 0; > S 0; > S 0", 0, 0, 2, 0);
}

Test(ranges, count_the_bytes_of_probes_and_syns_once_too)
{
	expect_bytes(OPEN "> A 10 101 1", 10, 1, 1, 0);
	expect_bytes("> S 0 0 5; > S 0 0 5", 5, 5, 1, 0);
}

Test(ranges, count_what_was_acknowledged_but_never_captured)
{
	expect_bytes(OPEN "> A 21 101 10; < A 101 31", 20, 0, 0, 10);
	expect_bytes(OPEN "> A 21 101 10; < A 101 16; < A 101 21", 20, 0, 0, 10);
	expect_bytes(OPEN "> A 21 101 10; < A 101 16", 20, 0, 0, 5);
	expect_bytes(OPEN "< A 101 31", 10, 0, 0, 20);
	expect_bytes(OPEN "< A 101 31; > A 11 101 20", 10, 20, 1, 20);
	expect_bytes(OPEN "> A 21 101 10; > A 41 101 10; < A 101 51", 30, 0, 0, 20);
	expect_bytes(OPEN "< RA 101 31", 10, 0, 0, 0);
	expect_bytes(OPEN "> A 2000000011 101 10; < A 101 2000000021", 20, 0, 0, 2000000000);
}

Test(ranges, believe_no_ack_from_another_life)
{
	expect_bytes(OPEN "< A 101 1073741834", 10, 0, 0, 1073741823);
	expect_bytes(OPEN "< A 101 1073741835", 10, 0, 0, 0);
	expect_bytes("> S 0; < A 5 9000", 0, 0, 0, 0);
	expect_bytes(OPEN "< A 101 5", 10, 0, 0, 0);
}

Test(ranges, of_a_socket_connected_to_itself_miss_nothing)
{
	struct play p;

	play_begin(&p);
	p.sample.destination = p.sample.source;
	p.sample.destination_port = p.sample.source_port;
	p.isn[SERVER] = p.isn[CLIENT];
	hear(&p, "> S 0; > SA 0 1; > PA 1 1 10; > A 11 11; > PA 11 11 10; > A 21 21");
	cr_expect_eq(flow_missed_bytes(play_flow(&p, 1), CLIENT), 0);
	cr_expect_eq(flow_missed_bytes(play_flow(&p, 1), SERVER), 0);
	cr_expect_not(flow_is_one_sided(play_flow(&p, 1)));
	play_end(&p);
}

Test(ranges, say_when_there_was_more_than_they_hold)
{
	char script[64];
	struct play p;

	play_begin(&p);
	hear(&p, OPEN);
	for (int i = 0; i < 64; i++) {
		snprintf(script, sizeof(script), "> A %d 101 10", 21 + 20 * i);
		hear(&p, script);
	}
	cr_expect_not(play_flow(&p, 1)->sequence[CLIENT].is_incomplete);
	hear(&p, "> A 5001 101 10");
	cr_expect(play_flow(&p, 1)->sequence[CLIENT].is_incomplete);
	hear(&p, "< A 101 1000");
	cr_expect_eq(flow_missed_bytes(play_flow(&p, 1), CLIENT), 499);
	play_end(&p);
}

static uint32_t ranges_in_use(const struct play *play)
{
	uint32_t count = 0;
	const struct flow *flow = NULL;

	while ((flow = tracker_next(play->tracker, flow)))
		count += (uint32_t)(flow->sequence[CLIENT].timed.count +
		                    flow->sequence[CLIENT].hole_count +
		                    flow->sequence[SERVER].timed.count +
		                    flow->sequence[SERVER].hole_count);
	return count;
}

Test(ranges, go_back_when_nothing_is_under_way)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN "> A 11 101 10; > A 31 101 10; < A 101 11");
	cr_expect_eq(ranges_in_use(&p), 3);
	hear(&p, "< A 101 21");
	cr_expect_eq(ranges_in_use(&p), 2);
	hear(&p, "< A 101 41");
	cr_expect_eq(ranges_in_use(&p), 0);
	for (int i = 0; i < 5000; i++)
		hear(&p, "> A 41 101 10; < A 101 51; > A 31 101 10");
	cr_expect_leq(p.tracker->touched_ranges, 4);
	play_end(&p);
}

Test(ranges, go_back_when_the_connection_ends)
{
	struct tracker_options options = play_options();
	struct play p;

	options.max_flows = 1;
	play_begin_with(&p, &options);
	for (int i = 0; i < 200; i++) {
		char script[128];

		snprintf(script, sizeof(script),
		         ":%d > S 0; :%d < SA 0 1; :%d > A 1 1; :%d > A 1 1 5; :%d > A 20 1 5",
		         1000 + i, 1000 + i, 1000 + i, 1000 + i, 1000 + i);
		hear(&p, script);
	}
	cr_expect_leq(p.tracker->touched_ranges, 4);
	tracker_finish(p.tracker);
	cr_expect_eq(ranges_in_use(&p), 0);
	play_end(&p);
}

/* The tracker is only given so many; whoever comes later times nothing, and nothing breaks. */
Test(ranges, may_run_out)
{
	struct tracker_options options = play_options();
	struct play p;

	options.max_flows = 1;
	play_begin_with(&p, &options);
	hear(&p, OPEN);
	for (int i = 0; i < 100; i++) {
		char script[64];

		snprintf(script, sizeof(script), "> A %d 101 5; < A %d 11 5", 20 + 10 * i,
		         110 + 10 * i);
		hear(&p, script);
	}
	cr_expect_eq(p.tracker->touched_ranges, p.tracker->range_count);
	cr_expect(play_flow(&p, 1)->sequence[SERVER].is_incomplete);
	play_end(&p);
}

static void expect_rtt(const char *script, enum side side, unsigned count, double milliseconds)
{
	struct round_trips trips;
	struct play p;

	play_begin(&p);
	hear(&p, script);
	trips = flow_round_trips(play_flow(&p, 1), side);
	cr_expect_eq(trips.count, count, "%s", script);
	if (trips.count > 0)
		cr_expect_eq(trips.least, (int64_t)(milliseconds * TIME_MILLISECOND), "%s",
		             script);
	play_end(&p);
}

Test(ranges, time_what_is_acknowledged_by_itself)
{
	expect_rtt(HANDSHAKE, CLIENT, 0, 0);
	expect_rtt(HANDSHAKE "> A 1 1 10; +7 < A 1 11", CLIENT, 1, 7);
	expect_rtt(HANDSHAKE "> A 1 1 10; +7 < A 1 10", CLIENT, 0, 0);
	expect_rtt(HANDSHAKE "> A 1 1 10; +3 > A 11 1 10; +7 < A 1 21", CLIENT, 1, 7);
	expect_rtt(HANDSHAKE "> A 1 1 10; +3 > A 11 1 10; +7 < A 1 11; +1 < A 1 21", CLIENT, 2, 8);
	expect_rtt(HANDSHAKE "> A 1 1 10; +7 < A 1 11; +1 < A 1 11", CLIENT, 1, 7);
	expect_rtt(HANDSHAKE "> A 1 1 9; > A 10 1 9; < A 1 10; > A 19 1 9; < A 1 19; < A 1 28",
	           CLIENT, 3, 20);
	expect_rtt(HANDSHAKE "> A 1 1 10; +0 < A 1 11", CLIENT, 0, 0);
	expect_rtt(HANDSHAKE "> A 1 1 10; +-3 < A 1 11", CLIENT, 0, 0);
	expect_rtt(HANDSHAKE "> FA 1 1; +4 < A 1 2", CLIENT, 1, 4);
	expect_rtt(HANDSHAKE "< A 1 1 10; +6 > A 1 11", SERVER, 1, 6);
}

/* RFC 6298 section 3: nobody knows which of both was acknowledged. */
Test(ranges, do_not_time_what_was_sent_twice)
{
	expect_rtt(HANDSHAKE "> A 1 1 10; > A 1 1 10; < A 1 11", CLIENT, 0, 0);
	expect_rtt(HANDSHAKE "> A 1 1 10; > A 5 1 3; < A 1 11", CLIENT, 0, 0);
	expect_rtt(HANDSHAKE "> A 1 1 10; > A 11 1 10; > A 1 1 10; < A 1 21", CLIENT, 1, 20);
	expect_rtt(HANDSHAKE "> A 1 1 10; > A 11 1 10; > A 11 1 10; < A 1 11; < A 1 21", CLIENT, 1,
	           30);
	expect_rtt(HANDSHAKE "> A 1 1 10; > A 11 1 10; > A 21 1 5; > A 11 1 10; < A 1 11", CLIENT,
	           1, 40);
}

/* A refused probe's byte comes again; an accepted one is not missing. */
static void expect_probed(const char *script, unsigned unique, unsigned repeated, unsigned timed)
{
	struct play p;

	play_begin(&p);
	hear(&p, OPEN);
	p.sample.window = 0;
	hear(&p, "< A 101 11");
	p.sample.window = 10;
	hear(&p, script);
	cr_expect_eq(flow_unique_bytes(play_flow(&p, 1), CLIENT), unique, "%s", script);
	cr_expect_eq(flow_repeated_bytes(play_flow(&p, 1), CLIENT), repeated, "%s", script);
	cr_expect_eq(flow_missed_bytes(play_flow(&p, 1), CLIENT), 0, "%s", script);
	cr_expect_eq(flow_round_trips(play_flow(&p, 1), CLIENT).count, timed, "%s", script);
	play_end(&p);
}

Test(ranges, know_a_probe_that_was_refused_from_one_that_was_taken)
{
	expect_probed("> A 11 101 1; < A 101 12", 11, 0, 1);
	expect_probed("> A 11 101 1; < A 101 11; > A 11 101 5; < A 101 16", 15, 1, 2);
}

Test(ranges, time_nothing_where_only_one_end_is_heard)
{
	struct play p;

	play_begin(&p);
	hear(&p, "> A 1 1 10; > A 11 1 10");
	cr_expect_eq(ranges_in_use(&p), 0);
	play_end(&p);
}

static void feed_stamped(struct play *play, const char *script, uint32_t stamp, uint32_t echo,
                         bool is_usual)
{
	struct segment segment = play_segment(play, script);
	uint8_t value[8];

	for (int i = 0; i < 8; i++)
		value[i] = (uint8_t)((i < 4 ? stamp : echo) >> (24 - i % 4 * 8));
	if (is_usual)
		options_append(&segment, OPTION_NOP, NULL, 0);
	if (is_usual)
		options_append(&segment, OPTION_NOP, NULL, 0);
	options_append(&segment, OPTION_TIMESTAMPS, value, 8);
	play_feed(play, &segment);
}

/* The timestamp tells which one was acknowledged, in either order of the options. */
Test(ranges, time_by_timestamps_what_was_sent_twice)
{
	for (int usual = 0; usual < 2; usual++) {
		struct round_trips trips;
		struct play p;

		play_begin(&p);
		hear(&p, HANDSHAKE);
		feed_stamped(&p, "> A 1 1 10", 100, 50, usual);
		feed_stamped(&p, "+3 > A 11 1 10", 103, 50, usual);
		feed_stamped(&p, "+3 > A 11 1 10", 106, 50, usual);
		feed_stamped(&p, "+3 < A 1 21", 51, 100, usual);
		trips = flow_round_trips(play_flow(&p, 1), CLIENT);
		cr_expect_eq(trips.count, 1);
		cr_expect_eq(trips.least, 9 * TIME_MILLISECOND);
		feed_stamped(&p, "> A 21 1 10", 120, 50, usual);
		feed_stamped(&p, "> A 21 1 10", 121, 50, usual);
		feed_stamped(&p, "< A 1 31", 51, 119, usual);
		trips = flow_round_trips(play_flow(&p, 1), CLIENT);
		cr_expect_eq(trips.count, 1);
		feed_stamped(&p, "> A 31 1 10", 130, 50, usual);
		feed_stamped(&p, "> A 31 1 10", 131, 50, usual);
		feed_stamped(&p, "< A 1 41", 52, 131, usual);
		trips = flow_round_trips(play_flow(&p, 1), CLIENT);
		cr_expect_eq(trips.count, 1);
		play_end(&p);
	}
}

Test(ranges, measure_windows_and_flights)
{
	const struct sequence *client;
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE "> A 1 1 10; > A 11 1 30; < A 1 11; > A 41 1 5");
	p.sample.window = 300;
	hear(&p, "> A 46 1");
	client = &play_flow(&p, 1)->sequence[CLIENT];
	cr_expect_eq(client->in_flight_most, 40);
	cr_expect_eq(client->initial_window, 40);
	cr_expect_eq(client->largest, 30);
	cr_expect_eq(client->data_packets, 3);
	cr_expect_eq(client->pure_acks, 2);
	cr_expect_eq(client->window_most, 1000);
	play_end(&p);
}

/* A window on a SYN is never scaled, and no other is unless both ends offered to (RFC 7323). */
Test(ranges, scale_windows_only_where_both_ends_agreed)
{
	static const struct {
		bool client, server;
		uint32_t window;
	} rows[] = { { true, true, 8000 }, { true, false, 1000 }, { false, true, 1000 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct segment syn, syn_ack;
		uint8_t scale = 3;
		struct play p;

		play_begin(&p);
		syn = play_segment(&p, "> S 0");
		syn_ack = play_segment(&p, "< SA 0 1");
		if (rows[i].client)
			options_append(&syn, OPTION_WINDOW_SCALE, &scale, 1);
		if (rows[i].server)
			options_append(&syn_ack, OPTION_WINDOW_SCALE, &scale, 1);
		play_feed(&p, &syn);
		play_feed(&p, &syn_ack);
		cr_expect_eq(play_flow(&p, 1)->sequence[CLIENT].window_most, 1000);
		cr_expect_eq(play_flow(&p, 1)->sequence[SERVER].window_most, 1000);
		hear(&p, "> A 1 1");
		cr_expect_eq(play_flow(&p, 1)->sequence[CLIENT].window_most, rows[i].window);
		p.sample.window = 2000;
		hear(&p, "> RA 1 1");
		cr_expect_eq(play_flow(&p, 1)->sequence[CLIENT].window_most, rows[i].window);
		p.sample.window = 100;
		hear(&p, "< A 1 1");
		cr_expect_eq(play_flow(&p, 1)->sequence[SERVER].window_most,
		             rows[i].client && rows[i].server ? 800 : 1000);
		play_end(&p);
	}
}

static struct round_trips trips_of(const int64_t *spans, size_t count)
{
	struct round_trip_shares shares;
	struct round_trips trips;
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE);
	for (size_t i = 0; i < count; i++) {
		struct segment data = play_segment(&p, "> A 1 1 1");
		struct segment ack = play_segment(&p, "< A 1 2");

		data.seq += (uint32_t)i;
		ack.ack += (uint32_t)i;
		ack.time = data.time + spans[i];
		play_feed(&p, &data);
		play_feed(&p, &ack);
	}
	trips = flow_round_trips(play_flow(&p, 1), CLIENT);
	shares = flow_round_trip_shares(play_flow(&p, 1), CLIENT);
	cr_assert_eq(trips.count, count);
	cr_expect_eq(shares.count, count);
	cr_expect_eq(shares.least, round_trips_at(&trips, 0));
	cr_expect_eq(shares.median, round_trips_at(&trips, 500));
	cr_expect_eq(shares.late, round_trips_at(&trips, 990));
	play_end(&p);
	return trips;
}

static void expect_near(int64_t actual, double expected)
{
	cr_expect((double)actual > expected * 0.9 && (double)actual < expected * 1.1, "%lld, not %f",
	          (long long)actual, expected);
}

/* Of every length that is held, so that some share a size, all do, or none. */
static struct sequence draw_spans(uint64_t *random, unsigned count)
{
	struct sequence sequence = { .span_count = (uint8_t)count };
	int scale = 0;

	for (unsigned i = 0; i < count; i++) {
		*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
		if (i == 0 || *random >> 62 == 0)
			scale = (int)(*random >> 40) % 32;
		sequence.spans[i] = (uint32_t)(*random >> 16) >> scale;
	}
	return sequence;
}

Test(round_trips, of_few_samples_have_the_shares_of_a_spread_whatever_they_are)
{
	uint64_t random = 1;

	for (unsigned i = 0; i < 400000; i++) {
		struct flow flow = { .sequence = { draw_spans(&random, i % (SPANS_HELD + 1)) } };
		struct round_trip_shares shares = flow_round_trip_shares(&flow, CLIENT);
		struct round_trips trips = flow_round_trips(&flow, CLIENT);

		cr_assert_eq(shares.count, trips.count);
		cr_assert_eq(shares.least, round_trips_at(&trips, 0));
		cr_assert_eq(shares.median, round_trips_at(&trips, 500), "%u", i);
		cr_assert_eq(shares.late, round_trips_at(&trips, 990));
	}
}

/* Few are kept as they are; what is said of them is what is said of many. */
Test(round_trips, of_few_samples_have_the_shares_of_a_spread)
{
	static const int64_t spans[] = { 40000, 41000, 5000, 42000, 900000, 40500, 43000, 12 };

	for (size_t count = 0; count <= sizeof(spans) / sizeof(spans[0]); count++)
		trips_of(spans, count);
}

Test(round_trips, of_one_sample_are_that_sample)
{
	const int64_t span = 123456789;
	struct round_trips trips = trips_of(&span, 1);

	cr_expect_eq(round_trips_at(&trips, 0), span);
	cr_expect_eq(round_trips_at(&trips, 500), span);
	cr_expect_eq(round_trips_at(&trips, 990), span);
	trips.count = 0;
	cr_expect_eq(round_trips_at(&trips, 500), TIME_NONE);
}

Test(round_trips, have_a_good_median_and_99th_percentile)
{
	static int64_t spans[1000];
	struct round_trips trips;

	for (int i = 0; i < 1000; i++)
		spans[i] = (1 + i * 7919 % 1000) * 100000;
	trips = trips_of(spans, 1000);
	cr_expect_eq(round_trips_at(&trips, 0), 100000);
	cr_expect_eq(round_trips_at(&trips, 1000), 100000000);
	expect_near(round_trips_at(&trips, 500), 50e6);
	expect_near(round_trips_at(&trips, 990), 99e6);
	expect_near(round_trips_at(&trips, 100), 10e6);
}

Test(round_trips, are_right_from_nanoseconds_to_hours)
{
	static const int64_t spans[] = { 1, 5000, 9000, 200000000000, 7200000000000 };
	struct round_trips trips = trips_of(spans, 5);

	cr_expect_eq(round_trips_at(&trips, 0), 1);
	expect_near(round_trips_at(&trips, 600), 9000);
	cr_expect_eq(round_trips_at(&trips, 999), 7200000000000);
	cr_expect_geq(round_trips_at(&trips, 800), 100000000000);
	cr_expect_leq(round_trips_at(&trips, 400), 8192);
}

Test(round_trips, keep_their_shares_however_many_they_are)
{
	static int64_t spans[140000];
	struct round_trips trips;

	for (int i = 0; i < 140000; i++)
		spans[i] = i % 10 < 6 ? 1000000 : 30000000;
	trips = trips_of(spans, 140000);
	expect_near(round_trips_at(&trips, 500), 1e6);
	expect_near(round_trips_at(&trips, 700), 30e6);
}
