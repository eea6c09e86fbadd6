/* calm_fold_test.c: whatever is folded comes back as it was, byte for byte. */

#include <criterion/criterion.h>
#include <string.h>

#include "base/time.h"
#include "packet/option.h"
#include "track/calm.h"
#include "unit/track/calm_talk.h"

enum { X = CLIENT, Y = SERVER, UNTIL_SYN_ACK = 20, UNTIL_OPENED = 41 };

static const int64_t NEAR = INT64_C(1700000000) * TIME_SECOND;

static uint64_t moment(uint64_t frame, uint64_t milliseconds)
{
	return frame << MOMENT_TIME | milliseconds * TIME_MILLISECOND;
}

static enum side closer(const struct calm *calm)
{
	return calm->phase == CALM_CLIENT_LAST ? CLIENT : SERVER;
}

/* Whoever took leave first has the last word. */
static void end_at(struct calm *calm, uint64_t moment)
{
	calm->last_frame = moment_frame(moment) & MOMENT_FRAME_MASK;
	calm->ends[closer(calm)].heard.time = moment & MOMENT_TIME_MASK;
}

/* What unfolding takes from elsewhere. */
static void settle(struct calm *calm)
{
	enum side x = closer(calm), y = other_side(x);
	uint64_t before = (uint64_t)moment_time(calm->milestones[CALM_FIN_Y]);

	if (calm->phase != CALM_CLIENT_LAST && calm->phase != CALM_SERVER_LAST) {
		calm->milestones[CALM_FIN_X] = calm->milestones[CALM_FIN_X_ACKED] =
			calm->milestones[CALM_FIN_Y] = 0;
		return;
	}
	calm->ends[x].acked = calm->ends[y].next;
	calm->ends[y].acked = calm->ends[x].next;
	if (calm->ends[x].heard.time < before)
		calm->ends[x].heard.time = before & MOMENT_TIME_MASK;
	calm->ends[x].said.time = calm->milestones[CALM_FIN_X] & MOMENT_TIME_MASK;
	calm->ends[y].heard.time = calm->ends[y].said.time = before & MOMENT_TIME_MASK;
}

/* A request, an answer in some segments, both times of round trips: as most are. */
static struct calm usual(void)
{
	struct calm calm = {
		.phase = CALM_CLIENT_LAST,
		.family = FAMILY_IPV4,
		.seen = SEEN_SYN | SEEN_SYN_ACK | SEEN_ACK | SEEN_DATA | SEEN_FIN,
		.has = HAS_STAMPS | HAS_SCALES | HAS_STAMP_OF_SYN,
		.port = { 40000, 443 },
		.near = { 0xc0000201, 0xc6336407 },
		.start = NEAR + 17 * TIME_SECOND + 3 * TIME_MICROSECOND,
		.history = 0x12345678,
		.spans = { { UNTIL_SYN_ACK * TIME_MILLISECOND, 22 * TIME_MILLISECOND, 21000 },
		           { (UNTIL_OPENED - UNTIL_SYN_ACK) * TIME_MILLISECOND, 300000 } },
		.iss = { 0xfffffff0, 0x80000000 },
		.mss = { 1460, 1460 },
		.window_scale = { 7, 8 },
		.id = 4711,
		.stream = 4710,
		.first_frame = 70000,
		.milestones = { moment(8000, UNTIL_SYN_ACK), moment(15000, UNTIL_OPENED),
		                moment(70000, 99), moment(80000, 110), moment(80000, 110) },
		.ttl = { 64, 57 },
		.syn_options = { 20, 20 },
	};
	static const uint8_t span_counts[2] = { 3, 2 };

	for (int side = CLIENT; side <= SERVER; side++) {
		struct calm_end *end = &calm.ends[side];
		struct calm_stream *stream = &calm.streams[side];

		end->next = calm.iss[side] + (side == CLIENT ? 402 : 15002);
		end->packets = side == CLIENT ? 8 : 9;
		end->data_packets = side == CLIENT ? 1 : 6;
		end->heard.window = stream->window_most = 502;
		end->heard.is = IS_ACKNOWLEDGED | HAS_FIN;
		end->said.largest = side == CLIENT ? 400 : 1448;
		end->said.span_count = span_counts[side];
		stream->initial_window = side == CLIENT ? 400 : 14480;
		stream->in_flight_most = stream->initial_window;
	}
	end_at(&calm, moment(90000, 120));
	settle(&calm);
	return calm;
}

/* Returns how many bytes it took. */
static size_t fold(const struct calm *calm, const char *what)
{
	uint8_t bytes[FOLD_MOST];
	struct calm after;
	size_t size = calm_fold(calm, NEAR, bytes);

	cr_assert_gt(size, 0, "%s: it did not fold", what);
	cr_assert_lt(size, FOLD_SIZES, "%s", what);
	cr_assert_eq(size, folded_size(bytes), "%s", what);
	memset(bytes + size * FOLD_UNIT, 0xff, sizeof(bytes) - size * FOLD_UNIT);
	memset(&after, 0xff, sizeof(after));
	calm_unfold(&after, NEAR, bytes);
	for (size_t at = 0; at < sizeof(after); at++)
		cr_assert_eq(((const uint8_t *)calm)[at], ((const uint8_t *)&after)[at],
		             "%s: byte %zu", what, at);
	return size * FOLD_UNIT;
}

Test(calm_fold, most_take_little)
{
	struct calm calm = usual();

	cr_expect_leq(fold(&calm, "usual"), 128);
	calm.phase = CALM_SERVER_LAST;
	settle(&calm);
	cr_expect_leq(fold(&calm, "the server first"), 128);
}

/* ---- What may be other ---- */

typedef void change(struct calm *calm, uint64_t *random);

/* Of all sizes alike. */
static uint64_t any(uint64_t *random, unsigned bits)
{
	uint64_t value = (uint64_t)draw(random, UINT32_MAX) << 32 | draw(random, UINT32_MAX);

	return value >> (64 - bits) >> draw(random, bits);
}

static enum side either(uint64_t *random)
{
	return draw(random, 2) ? CLIENT : SERVER;
}

static void be_ipv6(struct calm *calm, uint64_t *random)
{
	calm->family = FAMILY_IPV6;
	for (size_t i = 0; i < 16; i++)
		calm->address[either(random)].bytes[i] = (uint8_t)any(random, 8);
	for (int side = CLIENT; side <= SERVER; side++)
		calm->near[side] = calm_near(&calm->address[side], FAMILY_IPV6);
}

static void start_late(struct calm *calm, uint64_t *random)
{
	calm->start = NEAR + (int64_t)any(random, 62);
}

static void start_after_an_hour(struct calm *calm, uint64_t *random)
{
	calm->start = NEAR + ((INT64_C(1) << 32) - draw(random, 2)) * TIME_MICROSECOND;
}

static void change_time(struct calm *calm, uint64_t *random)
{
	calm->milestones[draw(random, CALM_MILESTONES)] = any(random, 64);
}

/* As much as is small still, or more by one. */
static void take_long(struct calm *calm, uint64_t *random)
{
	uint64_t before = calm->milestones[CALM_FIN_Y] & MOMENT_TIME_MASK;
	uint64_t small = ((1 << 24) - draw(random, 2)) * TIME_MICROSECOND;

	end_at(calm, moment((1 << MOMENT_FRAME) - 1, 0) | ((before + small) & MOMENT_TIME_MASK));
}

static void change_last(struct calm *calm, uint64_t *random)
{
	end_at(calm, any(random, 64));
}

static void say_much(struct calm *calm, uint64_t *random)
{
	enum side side = either(random);

	switch (draw(random, 6)) {
	case 0:
		calm->ends[side].next = calm->iss[side] + (uint32_t)any(random, 32);
		break;
	case 1:
		calm->ends[side].next = calm->iss[side] + UINT16_MAX + draw(random, 2);
		break;
	case 2:
		calm->ends[side].packets = (UINT8_MAX + draw(random, 2)) & MOMENT_FRAME_MASK;
		break;
	case 3:
		calm->ends[side].data_packets = any(random, MOMENT_FRAME) & MOMENT_FRAME_MASK;
		break;
	case 4:
		calm->ends[side].gaps = (uint16_t)any(random, 16);
		break;
	default:
		calm->streams[side].in_flight_most = any(random, 22) & IN_FLIGHT_MASK;
	}
}

static void change_oddment(struct calm *calm, uint64_t *random)
{
	enum side side = either(random);

	switch (draw(random, 8)) {
	case 0:
		calm->mss[side] = (uint16_t)any(random, 16);
		break;
	case 1:
		calm->streams[side].window_most = (uint16_t)any(random, 16);
		break;
	case 2:
		calm->stream = (uint32_t)any(random, 32);
		break;
	case 3:
		calm->history = any(random, 64);
		break;
	case 4:
		calm->first_frame = any(random, FRAME_BITS) & FRAME_MASK;
		break;
	case 5:
		calm->incarnation = (uint32_t)any(random, 32);
		break;
	case 6:
		calm->window_scale[side] = WINDOW_SCALE_UNUSED;
		break;
	default:
		calm->window_scale[side] = WINDOW_SCALE_MAX;
	}
}

static void change_front(struct calm *calm, uint64_t *random)
{
	enum side side = either(random);

	calm->ends[side].heard.window = calm->streams[side].window_most = (uint16_t)any(random, 16);
	calm->ends[side].heard.is = (uint8_t)any(random, 8);
	calm->ends[side].said.largest = (uint16_t)any(random, 16);
	calm->streams[side].initial_window = (uint16_t)any(random, 16);
	calm->ttl[side] = (uint8_t)any(random, 8);
	calm->syn_options[side] = (uint8_t)any(random, 8);
	calm->iss[side] = (uint32_t)any(random, 32);
	calm->port[side] = (uint16_t)any(random, 16);
	calm->has = (uint8_t)any(random, 3);
	calm->seen = (uint8_t)any(random, 6);
}

static void wait_for_echo(struct calm *calm, uint64_t *random)
{
	struct calm_stream *stream = &calm->streams[either(random)];

	stream->is_stamped = true;
	stream->stamp = (uint32_t)any(random, 32);
	stream->stamp_time = any(random, MOMENT_TIME) & MOMENT_TIME_MASK;
}

/* In nanoseconds, microseconds, and what is held of more than two seconds. */
static void time_spans(struct calm *calm, uint64_t *random)
{
	enum side side = either(random);
	uint32_t unit = draw(random, 3) ? (uint32_t)TIME_MICROSECOND : 1;

	memset(calm->spans[side], 0, sizeof(calm->spans[side]));
	calm->ends[side].said.span_count = (uint8_t)draw(random, SPANS_HELD + 1);
	for (int i = 0; i < calm->ends[side].said.span_count; i++)
		calm->spans[side][i] = (uint32_t)any(random, 32) / unit * unit;
}

static void pool_spans(struct calm *calm, uint64_t *random)
{
	enum side side = either(random);

	memset(calm->spans[side], 0, sizeof(calm->spans[side]));
	calm->ends[side].said.span_count = SPANS_POOLED;
	calm->spans[side][0] = (uint32_t)any(random, 32);
}

static void be_reset(struct calm *calm, uint64_t *random)
{
	calm->phase = (uint8_t)(CALM_CLIENT_RESETS + draw(random, 3));
	for (int side = CLIENT; side <= SERVER; side++) {
		calm->ends[side].acked = (uint32_t)any(random, 32);
		calm->ends[side].heard.time = any(random, MOMENT_TIME) & MOMENT_TIME_MASK;
		calm->ends[side].said.time = any(random, MOMENT_TIME) & MOMENT_TIME_MASK;
	}
}

static const struct change_row {
	const char *what;
	change *make;
} changes[] = {
	{ "IPv6", be_ipv6 },
	{ "late", start_late },
	{ "after an hour", start_after_an_hour },
	{ "another time", change_time },
	{ "long", take_long },
	{ "another end", change_last },
	{ "much", say_much },
	{ "an oddment", change_oddment },
	{ "another front", change_front },
	{ "waiting", wait_for_echo },
	{ "other spans", time_spans },
	{ "pooled", pool_spans },
	{ "reset", be_reset },
};

enum { CHANGES = sizeof(changes) / sizeof(changes[0]), TRIES = 300 };

Test(calm_fold, one_that_differs_comes_back)
{
	uint64_t random = 1;

	for (int i = 0; i < CHANGES * TRIES; i++) {
		struct calm calm = usual();

		changes[i % CHANGES].make(&calm, &random);
		settle(&calm);
		fold(&calm, changes[i % CHANGES].what);
	}
}

Test(calm_fold, one_that_differs_in_many_ways_comes_back)
{
	uint64_t random = 2;

	for (int i = 0; i < 20000; i++) {
		struct calm calm = usual();

		if (draw(&random, 2))
			calm.phase = CALM_SERVER_LAST;
		for (int row = 0; row < CHANGES; row++)
			if (draw(&random, 3) == 0)
				changes[row].make(&calm, &random);
		settle(&calm);
		fold(&calm, "all of it");
	}
}

/* ---- What says less than it means ---- */

Test(calm_fold, who_did_not_end_as_all_do_is_not_folded)
{
	uint8_t bytes[FOLD_MOST];

	for (int i = 0; i < 7; i++) {
		struct calm calm = usual();

		calm.ends[X].acked += i == 0;
		calm.ends[Y].acked += i == 1;
		calm.ends[X].heard.time -= i == 2 ? calm.ends[X].heard.time : 0;
		calm.ends[X].said.time += i == 3;
		calm.ends[Y].heard.time += i == 4;
		calm.ends[Y].said.time += i == 5;
		calm.listener = i == 6;
		cr_expect_eq(calm_fold(&calm, NEAR, bytes), 0, "%d", i);
	}
}

Test(calm_fold, it_is_seen_from_outside_whether_it_holds_anything)
{
	uint8_t bytes[FOLD_MOST];

	for (int i = 0; i < 4; i++) {
		struct calm calm = usual();

		for (int side = CLIENT; side <= SERVER; side++) {
			if (i & 1 << side)
				calm.ends[side].said.span_count = SPANS_POOLED;
		}
		cr_assert_gt(calm_fold(&calm, NEAR, bytes), 0);
		cr_expect_eq(folded_is_pooled(bytes), i > 0);
	}
}
