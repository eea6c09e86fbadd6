/* packed_test.c: a flow comes out of its packing as it went in. */

#include <criterion/criterion.h>
#include <string.h>

#include "base/time.h"
#include "track/inside.h"
#include "unit/track/play.h"

/* What is not packed: where a flow is, and how far away what few flows have. */
static void expect_same(const struct flow *flow, int64_t near)
{
	uint8_t bytes[PACKED_MOST] = { 0 };
	struct flow before = *flow, after;
	size_t size = flow_pack(flow, near, bytes);

	memset(&after, 0x5a, sizeof(after));
	cr_expect_leq(size, sizeof(bytes));
	cr_expect_eq(flow_unpack(&after, near, bytes), size);
	after.number = before.number;
	after.aside = before.aside;
	after.round_trips = before.round_trips;
	cr_expect(memcmp(&before, &after, sizeof(after)) == 0);
}

/* Every byte, those included that no field has. */
Test(packed, gives_back_any_bytes)
{
	struct hash_key key = { { 1 } };
	struct flow flow;

	for (uint32_t round = 0; round < 500; round++) {
		uint8_t *bytes = (uint8_t *)&flow;

		for (uint32_t i = 0; i < sizeof(flow); i++) {
			uint32_t place[2] = { round, i };
			uint64_t hash = hash_bytes(&key, place, sizeof(place));

			bytes[i] = hash >> 8 & 1 && round % 4 ? 0 : (uint8_t)hash;
		}
		expect_same(&flow, (int64_t)((uint64_t)round * UINT64_C(0xfedcba9876543211)));
	}
}

Test(packed, gives_back_the_outermost_times)
{
	const int64_t times[] = { 0, 1, -1, INT64_MAX, INT64_MIN, INT64_MIN + 1, INT64_MAX - 1 };
	struct flow flow;

	for (size_t i = 0; i < 7 * 7 * 7; i++) {
		memset(&flow, 0, sizeof(flow));
		flow.start = times[i % 7];
		flow.last = times[i / 7 % 7];
		flow.touched = times[i / 49];
		expect_same(&flow, times[(i + 3) % 7]);
	}
}

/* What is unknown, what is near it, and what is near what is expected: none is taken for another. */
Test(packed, tells_what_is_unknown_from_what_is_near)
{
	const int64_t expected[] = { 0, 1, -1, 1000, TIME_NONE, TIME_NONE + 1, INT64_MAX };
	const int64_t near[] = { -2, -1, 0, 1, 2 };
	struct flow flow;

	for (size_t i = 0; i < 7 * 5 * 3; i++) {
		const int64_t from[] = { 0, TIME_NONE, expected[i % 7] };
		int64_t time = (int64_t)((uint64_t)from[i / 35] + (uint64_t)near[i / 7 % 5]);

		memset(&flow, 0, sizeof(flow));
		flow.last = flow.touched = expected[i % 7];
		flow.moved = flow.fin[CLIENT].time = flow.time_wait[SERVER] = time;
		expect_same(&flow, 0);
	}
}

Test(packed, takes_a_byte_for_what_is_unknown)
{
	uint8_t bytes[PACKED_MOST];
	struct flow flow = { .start = PLAY_START, .last = PLAY_START, .touched = PLAY_START };
	size_t size;

	flow.zeek.last = flow.moved = PLAY_START;
	flow.zeek.missed = 1;
	size = flow_pack(&flow, PLAY_START, bytes);
	flow.moved = TIME_NONE;
	cr_expect_eq(flow_pack(&flow, PLAY_START, bytes), size + 1);
	flow.zeek.last = 0;
	cr_expect_eq(flow_pack(&flow, PLAY_START, bytes), size + 2);
}

Test(packed, leaves_out_lines_of_zeros)
{
	uint8_t bytes[PACKED_MOST];
	uint64_t words[24] = { 0 }, after[24];
	struct flow nothing = { .id = 0 };

	cr_expect_eq(flow_pack(&nothing, 0, bytes), 4);
	cr_expect_eq(words_pack(words, sizeof(words), bytes), 4, "which lines there are");
	words[9] = 0x100;
	cr_expect_eq(words_pack(words, sizeof(words), bytes), 4 + 4 + 2, "one with lengths and a word");
	words[23] = UINT64_MAX;
	memset(after, 0x5a, sizeof(after));
	cr_expect_eq(words_unpack(after, sizeof(after), bytes), 10);
	cr_expect_eq(after[9], 0x100);
	cr_expect_eq(after[23], 0);
}

Test(packed, makes_an_ordinary_connection_small)
{
	uint8_t bytes[PACKED_MOST];
	struct play p;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; > A 1 1; > PA 1 1 300; < PA 1 301 1000; > A 301 1001;"
	         "> FA 301 1001; < FA 1001 302; > A 302 1002");
	cr_expect_leq(flow_pack(tracker_next(p.tracker, NULL), PLAY_START, bytes), 300);
	play_end(&p);
}

Test(packed, keeps_rare_counters_and_round_trips)
{
	struct play p;
	struct flow *flow;

	play_begin(&p);
	hear(&p, "> S 0; < SA 0 1; > A 1 1");
	for (int i = 0; i < 20; i++)
		hear(&p, "> PA 1 1 10; > PA 1 1 10; < A 1 11");
	for (uint32_t i = 0; i < 20; i++) {
		struct segment data = play_segment(&p, "> A 11 1 1");
		struct segment ack = play_segment(&p, "< A 1 12");

		data.seq += i;
		ack.ack += i;
		play_feed(&p, &data);
		play_feed(&p, &ack);
	}
	flow = place_flow(p.tracker, tracker_next(p.tracker, NULL)->number);
	cr_assert_eq(flow_round_trips(flow, CLIENT).count, 20);
	cr_assert_gt(flow_repeated_bytes(flow, CLIENT), 0);
	place_pack(p.tracker, flow);
	cr_assert(p.tracker->slots[1].is_packed);
	cr_expect_neq(p.tracker->asides.free, NONE, "they are given back");
	cr_expect_neq(p.tracker->round_trips.free, NONE);
	flow = place_flow(p.tracker, 1);
	cr_expect_eq(flow_round_trips(flow, CLIENT).count, 20);
	cr_expect_eq(flow_repeated_bytes(flow, CLIENT), 390);
	play_end(&p);
}

Test(packed, says_how_many_are_established_either_way)
{
	struct play p;

	play_begin(&p);
	hear(&p, HANDSHAKE ":2 > S 0; :2 < SA 0 1; :2 > A 1 1; :2 > FA 1 1; :2 < A 1 2");
	hear(&p, ":3 > S 0; :4 > D 0 0 10; :4 < D 0 0 10; :5 > S 0; :5 < RA 0 1");
	cr_expect_eq(tracker_established(p.tracker), 2, "an open one, and one in CLOSE_WAIT");
	for (uint32_t number = 1; number <= 5; number++)
		place_pack(p.tracker, place_flow(p.tracker, number));
	cr_assert(p.tracker->slots[1].is_packed);
	cr_expect_eq(tracker_established(p.tracker), 2);
	play_end(&p);
}

#define CLOSED_ON(port)                                                                            \
	":" port " > S 0; :" port " < SA 0 1; :" port " > A 1 1; :" port " > FA 1 1; :" port       \
	" < FA 1 2; :" port " > A 2 2; "

/* Of two that are over the one that was heard of last stays, packed or not. */
Test(packed, a_late_segment_counts_for_who_makes_room)
{
	for (int is_packed = 0; is_packed < 2; is_packed++) {
		struct tracker_options options = play_options();
		struct play p;

		options.max_flows = 2;
		play_begin_with(&p, &options);
		hear(&p, CLOSED_ON("1") CLOSED_ON("2"));
		play_wait(&p, 6000);
		hear(&p, ":1 < A 2 2");
		if (is_packed)
			place_pack(p.tracker, place_flow(p.tracker, 1));
		hear(&p, ":3 > S 0");
		cr_expect_str_eq(p.order, "+1 +2 -2");
		play_end(&p);
	}
}
