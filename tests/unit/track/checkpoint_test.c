/* checkpoint_test.c: going back to a moment, and on from there. */

#include "track/checkpoint.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "track/inside.h"
#include "unit/track/inspect.h"
#include "unit/track/play.h"

enum { LENGTH = 600, TOLD = 1 << 20, DUMP = 1 << 18, STOPS = 12 };

/* xorshift64: the same start gives the same segments. */
static uint32_t next(uint64_t *random, uint32_t limit)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return (uint32_t)(*random >> 32) % limit;
}

/* Few addresses, ports and numbers, so that segments have to do with each other. */
static void chatter(uint64_t seed, struct segment *segments)
{
	static const uint16_t flags[] = { TCP_SYN,           TCP_SYN | TCP_ACK, TCP_ACK, TCP_ACK,
		                          TCP_ACK | TCP_PSH, TCP_FIN | TCP_ACK, TCP_RST };
	static const uint8_t kinds[] = { SEGMENT_TCP, SEGMENT_TCP, SEGMENT_TCP, SEGMENT_TCP,
		                         SEGMENT_UDP, SEGMENT_TCP_QUOTE };
	static const int64_t spans[] = { 0, 1, 30, 1000, -20, 7000, 61000 };
	uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	int64_t now = PLAY_START;

	for (int i = 0; i < LENGTH; i++) {
		uint32_t way = next(&random, 2);
		uint16_t port = (uint16_t)(40000 + next(&random, 9));

		now += spans[next(&random, 7)] * TIME_MILLISECOND;
		segments[i] = (struct segment){
			.time = now,
			.frame = (uint64_t)i + 1,
			.kind = kinds[next(&random, 6)],
			.family = FAMILY_IPV4,
			.source.bytes = { 10, 0, 0, (uint8_t)(1 + way) },
			.destination.bytes = { 10, 0, 0, (uint8_t)(2 - way) },
			.source_port = way ? 80 : port,
			.destination_port = way ? port : 80,
			.flags = flags[next(&random, 7)],
			.seq = UINT32_C(4294967290) + next(&random, 12),
			.ack = UINT32_C(4294967290) + next(&random, 12),
			.payload = next(&random, 3) ? 0 : next(&random, 30),
			.ip_id = (uint16_t)next(&random, 5),
			.ttl = 64,
			.window = 1000,
		};
	}
}

struct told {
	size_t length;
	char bytes[TOLD];
};

static void tell(void *context, const struct event *event)
{
	struct told *told = context;
	const struct {
		uint64_t id, frame;
		int64_t time, moved;
		uint32_t kind, side, marks, oddity, before, after; /* no padding: it is compared */
	} words = {
		.id = event->flow->id,
		.frame = event->segment ? event->segment->frame : 0,
		.time = event->time,
		.moved = event->flow->moved,
		.kind = event->kind,
		.side = event->side,
		.marks = event->marks,
		.oddity = event->oddity,
		.before = (uint32_t)event->before[CLIENT] << 8 | (uint32_t)event->before[SERVER],
		.after = (uint32_t)event->flow->ends[CLIENT].state << 8 |
		         (uint32_t)event->flow->ends[SERVER].state,
	};

	cr_assert_leq(told->length + sizeof(words), sizeof(told->bytes));
	memcpy(told->bytes + told->length, &words, sizeof(words));
	told->length += sizeof(words);
}

static struct tracker *small_tracker(uint64_t seed, struct told *told)
{
	struct tracker_options options = tracker_defaults();
	struct error err;
	struct tracker *tracker;

	options.max_flows = 4 + (uint32_t)seed % 9;
	options.keep = (uint32_t)seed % 5;
	options.trails = (uint32_t)seed % 4;
	tracker = tracker_new(&options, &err);
	cr_assert_not_null(tracker);
	tracker_listen(tracker, UINT32_MAX, tell, told);
	return tracker;
}

static void feed(struct tracker *tracker, const struct segment *segments, int from, int to)
{
	tracker_feed(tracker, segments + from, (size_t)(to - from));
}

Test(checkpoint, brings_every_byte_back)
{
	static struct segment segments[LENGTH];
	static struct told told;

	for (uint64_t seed = 0; seed < 30; seed++) {
		struct tracker *tracker = small_tracker(seed, &told);
		int stop = (int)(seed * 37 % LENGTH);
		struct checkpoint *checkpoint;
		struct error err;
		void *then;

		told.length = 0;
		chatter(seed, segments);
		feed(tracker, segments, 0, stop);
		then = malloc(tracker->arena_size);
		memcpy(then, tracker, tracker->arena_size);
		checkpoint = tracker_checkpoint(tracker, &err);
		feed(tracker, segments, stop, LENGTH);
		tracker_restore(tracker, checkpoint);
		cr_assert_eq(memcmp(then, tracker, tracker->arena_size), 0, "seed %d", (int)seed);
		inspect_tracker(tracker); /* which unpacks flows, so it comes after */
		checkpoint_free(checkpoint);
		tracker_free(tracker);
		free(then);
	}
}

Test(checkpoint, going_on_from_it_is_as_if_nothing_had_happened)
{
	static struct segment segments[LENGTH];
	static struct told whole, told;
	static char expected[DUMP], dump[DUMP];

	for (uint64_t seed = 0; seed < 30; seed++) {
		struct tracker *tracker = small_tracker(seed, &whole);
		struct checkpoint *checkpoints[STOPS];
		size_t told_then[STOPS];
		struct error err;

		whole.length = 0;
		chatter(seed, segments);
		for (int i = 0; i < STOPS; i++) {
			checkpoints[i] = tracker_checkpoint(tracker, &err);
			told_then[i] = whole.length;
			feed(tracker, segments, i * LENGTH / STOPS, (i + 1) * LENGTH / STOPS);
		}
		inspect_dump(tracker, expected, DUMP);
		tracker_listen(tracker, UINT32_MAX, tell, &told);
		for (int i = STOPS - 1; i >= 0; i -= 1 + (int)seed % 3) {
			told.length = 0;
			tracker_restore(tracker, checkpoints[i]);
			feed(tracker, segments, i * LENGTH / STOPS, LENGTH);
			inspect_dump(tracker, dump, DUMP);
			cr_assert_str_eq(dump, expected, "seed %d stop %d", (int)seed, i);
			cr_assert_eq(told.length, whole.length - told_then[i]);
			cr_assert_eq(memcmp(told.bytes, whole.bytes + told_then[i], told.length), 0);
		}
		for (int i = 0; i < STOPS; i++)
			checkpoint_free(checkpoints[i]);
		tracker_free(tracker);
	}
}

/* Flows know their other records by distances, so an arena somewhere else will do. */
Test(checkpoint, may_be_brought_back_in_another_tracker)
{
	static struct segment segments[LENGTH];
	static struct told told;
	static char expected[DUMP], dump[DUMP];
	struct tracker *one = small_tracker(7, &told);
	struct tracker *other = small_tracker(7, &told);
	struct checkpoint *checkpoint;
	struct error err;

	chatter(7, segments);
	feed(one, segments, 0, LENGTH / 2);
	checkpoint = tracker_checkpoint(one, &err);
	chatter(8, segments);
	feed(other, segments, 0, LENGTH);
	tracker_restore(other, checkpoint);
	chatter(7, segments);
	feed(one, segments, LENGTH / 2, LENGTH);
	tracker_free(one);
	feed(other, segments, LENGTH / 2, LENGTH);
	inspect_dump(other, dump, DUMP);
	one = small_tracker(7, &told);
	feed(one, segments, 0, LENGTH);
	inspect_dump(one, expected, DUMP);
	cr_assert_str_eq(dump, expected);
	checkpoint_free(checkpoint);
	tracker_free(one);
	tracker_free(other);
}

Test(checkpoint, of_a_big_but_empty_tracker_is_small)
{
	struct tracker_options options = tracker_defaults();
	struct checkpoint *checkpoint;
	struct tracker *tracker;
	struct error err;

	options.trails = 4096;
	tracker = tracker_new(&options, &err);
	checkpoint = tracker_checkpoint(tracker, &err);
	cr_assert_lt(checkpoint_size(checkpoint), 16384);
	checkpoint_free(checkpoint);
	tracker_free(tracker);
	checkpoint_free(NULL);
}

/* However many stops there are on the way, timers have done the same at the same instants. */
Test(checkpoint, stopping_when_timers_are_due_makes_other_stops_harmless)
{
	static struct segment segments[LENGTH];
	static struct told told[2];
	uint64_t random = 3;

	for (uint64_t seed = 0; seed < 30; seed++) {
		for (int run = 0; run < 2; run++) {
			struct tracker *tracker = small_tracker(seed, &told[run]);

			told[run].length = 0;
			chatter(seed, segments);
			for (int i = 0; i < LENGTH; i++) {
				int64_t time = segments[i].time;
				int64_t due;

				while ((due = tracker_due(tracker)) != TIME_NONE && due <= time) {
					if (run == 1)
						tracker_advance(tracker,
						                due - 1 - next(&random, 1000000000));
					tracker_advance(tracker, due);
				}
				tracker_feed(tracker, &segments[i], 1);
			}
			tracker_free(tracker);
		}
		cr_assert_eq(told[0].length, told[1].length);
		cr_assert_eq(memcmp(told[0].bytes, told[1].bytes, told[0].length), 0);
	}
}
