/* store_test.c: segments that are kept, found again, and forgotten; and frames that go round. */
#include "app/store.h"

#include <criterion/criterion.h>
#include <string.h>

#include "app/frame_ring.h"
#include "app/pulse.h"
#include "app/scrubber.h"
#include "base/time.h"
#include "track/flow.h"

enum { CHUNK = 65536 };

static struct segment numbered(uint64_t number)
{
	return (struct segment){
		.time = (int64_t)number * TIME_MILLISECOND,
		.frame = 2 * number + 1,
		.kind = SEGMENT_TCP,
		.family = FAMILY_IPV4,
		.source_port = (uint16_t)(number % 1000),
		.destination_port = 80,
	};
}

static struct store *store_of(uint64_t latest, uint64_t count)
{
	struct error err;
	struct store *store = store_new(latest, &err);

	for (uint64_t i = 0; i < count; i++) {
		struct segment segment = numbered(i);

		cr_assert_eq(store_add(store, &segment, &err), 0);
	}
	return store;
}

/* The first chunks are in memory, the later ones in a file. */
Test(store, keeps_everything_in_memory_and_beyond)
{
	uint64_t count = 18 * CHUNK + 5;
	struct store *store = store_of(0, count);

	cr_assert_eq(store_first(store), 0);
	cr_assert_eq(store_count(store), count);
	for (uint64_t i = 0; i < count; i += 1777) {
		struct segment segment = numbered(i);

		cr_assert_eq(memcmp(store_segment(store, i), &segment, sizeof segment), 0);
		cr_assert_eq(store_due(store, i), segment.time);
		cr_assert_eq(store_until(store, segment.time), i + 1);
		cr_assert_eq(store_until(store, segment.time - 1), i);
		cr_assert_eq(store_find_frame(store, segment.frame), i);
		cr_assert_eq(store_find_frame(store, segment.frame - 1), i);
	}
	cr_assert_eq(store_until(store, INT64_MAX), count);
	cr_assert_eq(store_until(store, INT64_MIN + 1), 0);
	store_free(store);
}

Test(store, says_where_there_is_no_room)
{
	struct store *store;
	struct segment segment = numbered(0);
	struct error err = { .what = "" };

	setenv("TMPDIR", "/nonexistent", 1);
	store = store_of(0, 16 * CHUNK);
	cr_assert_eq(store_add(store, &segment, &err), -1);
	cr_assert(strstr(err.what, "room"));
	cr_assert(strstr(err.remedy, "TMPDIR"));
	cr_assert_eq(store_count(store), 16 * CHUNK);
	store_free(store);
}

Test(store, holds_at_least_as_many_of_the_latest_as_was_said)
{
	struct store *store = store_of(3 * CHUNK, 2 * CHUNK);
	struct error err;

	for (uint64_t i = 2 * CHUNK; i < 20 * CHUNK + 7; i++) {
		struct segment segment = numbered(i);

		cr_assert_eq(store_add(store, &segment, &err), 0);
		if (i % 333 != 0)
			continue;
		cr_assert_leq(store_count(store) - store_first(store), 4 * CHUNK);
		cr_assert(store_first(store) == 0 || i - store_first(store) >= 3 * CHUNK);
		cr_assert_eq(store_segment(store, store_first(store))->time,
		             (int64_t)store_first(store) * TIME_MILLISECOND);
		cr_assert_eq(store_find_frame(store, 1), store_first(store));
		cr_assert_eq(store_find_frame(store, segment.frame), i);
	}
	store_free(store);
}

Test(store, plays_what_runs_backwards_at_once)
{
	static const int64_t times[] = { 10, 20, 15, 30, 5, 30, 40 };
	static const int64_t dues[] = { 10, 20, 20, 30, 30, 30, 40 };
	struct error err;
	struct store *store = store_new(0, &err);

	for (uint64_t i = 0; i < 7; i++) {
		struct segment segment = { .time = times[i], .frame = i + 1, .kind = SEGMENT_TCP };

		store_add(store, &segment, &err);
	}
	for (uint64_t i = 0; i < 7; i++)
		cr_assert_eq(store_due(store, i), dues[i]);
	cr_assert_eq(store_until(store, 9), 0);
	cr_assert_eq(store_until(store, 19), 1);
	cr_assert_eq(store_until(store, 20), 3);
	cr_assert_eq(store_until(store, 30), 6);
	store_clear(store);
	cr_assert_eq(store_count(store), 0);
	cr_assert_eq(store_until(store, 30), 0);
	store_free(store);
}

Test(store, finds_both_directions_by_one_digest)
{
	struct segment there = {
		.kind = SEGMENT_TCP,
		.family = FAMILY_IPV6,
		.source.bytes = { 0x20, 1, [15] = 1 },
		.destination.bytes = { 0x20, 1, [15] = 2 },
		.source_port = 40000,
		.destination_port = 80,
	};
	struct segment back = there, other = there;
	struct flow_key key = {
		.address = { there.source, there.destination },
		.port = { 40000, 80 },
		.family = FAMILY_IPV6,
	};
	struct store *store;
	struct error err;

	back.source = there.destination;
	back.destination = there.source;
	back.source_port = 80;
	back.destination_port = 40000;
	other.destination.bytes[15] = 3;
	cr_assert_eq(digest_of_segment(&there), digest_of_segment(&back));
	cr_assert_eq(digest_of_segment(&there), digest_of_key(&key));
	cr_assert_neq(digest_of_segment(&there), digest_of_segment(&other));

	store = store_of(0, 2 * CHUNK - 1);
	store_add(store, &other, &err);
	store_add(store, &back, &err);
	cr_assert_eq(store_find_digest(store, 0, 2 * CHUNK, digest_of_key(&key)), 2 * CHUNK);
	cr_assert_eq(store_find_digest(store, 5, 2 * CHUNK + 1, digest_of_key(&key)), 2 * CHUNK);
	store_free(store);
}

Test(frame_ring, gives_back_the_latest_frames_whole)
{
	enum { SIZE = 4096, FRAMES = 2000 };
	struct error err;
	struct frame_ring *ring = frame_ring_new(SIZE, &err);
	uint8_t bytes[300];
	struct frame frame;

	for (uint64_t i = 1; i <= FRAMES; i++) {
		uint32_t length = (uint32_t)(20 + i * 37 % 280);

		memset(bytes, (int)(i % 251), sizeof bytes);
		frame = (struct frame){ .bytes = bytes, .number = 3 * i, .captured = length };
		frame_ring_add(ring, &frame);
		memset(bytes, 0xff, sizeof bytes);
		for (uint64_t j = i > 12 ? i - 12 : 1; j <= i; j++) {
			cr_assert(frame_ring_find(ring, 3 * j, &frame), "%d of %d", (int)j, (int)i);
			cr_assert_eq(frame.captured, 20 + j * 37 % 280);
			for (uint32_t k = 0; k < frame.captured; k++)
				cr_assert_eq(frame.bytes[k], j % 251);
		}
	}
	cr_assert_not(frame_ring_find(ring, 3, &frame));
	cr_assert_not(frame_ring_find(ring, 3 * FRAMES - 1, &frame));
	cr_assert_not(frame_ring_find(ring, 3 * FRAMES + 3, &frame));
	frame_ring_free(ring);
	frame_ring_free(NULL);
}

Test(pulse, counts_in_the_second_in_which_it_happened)
{
	struct pulse_meter meter = pulse_start();
	struct segment segments[3] = {
		{ .time = 100 * TIME_SECOND },
		{ .time = 103 * TIME_SECOND + 5 },
		{ .time = 101 * TIME_SECOND }, /* late */
	};
	struct event opened = { .kind = EVENT_FLOW_OPENED, .time = 103 * TIME_SECOND };
	struct event reset = { .kind = EVENT_RESET, .time = 20 * TIME_SECOND };

	pulse_count_segments(&meter, segments, 3);
	pulse_hear(&meter, &opened);
	pulse_hear(&meter, &reset); /* too long ago */
	cr_assert_eq(meter.pulse.packets[PULSE_SECONDS - 1], 1);
	cr_assert_eq(meter.pulse.packets[PULSE_SECONDS - 3], 1);
	cr_assert_eq(meter.pulse.packets[PULSE_SECONDS - 4], 1);
	cr_assert_eq(meter.pulse.opens[PULSE_SECONDS - 1], 1);
	pulse_advance(&meter, 104 * TIME_SECOND);
	cr_assert_eq(meter.pulse.opens[PULSE_SECONDS - 2], 1);
	cr_assert_eq(meter.pulse.opens[PULSE_SECONDS - 1], 0);
	pulse_advance(&meter, 1000 * TIME_SECOND);
	for (int i = 0; i < PULSE_SECONDS; i++)
		cr_assert_eq(meter.pulse.opens[i] + meter.pulse.packets[i] + meter.pulse.resets[i],
		             0);
}

/* Spans from nothing to years: what was counted stays counted, in the right part. */
Test(scrubber, divides_any_span_into_parts)
{
	static const int64_t gaps[] = { 1, 999, 50 * TIME_MICROSECOND, TIME_SECOND,
		                        INT64_C(40) * 86400 * TIME_SECOND };
	struct tracker_options limits = tracker_defaults();

	for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++) {
		struct error err;
		struct store *store = store_new(0, &err);
		struct scrubber *scrubber = scrubber_new(&limits, store, &err);
		struct cluster clusters[10];
		uint32_t sum = 0;

		for (uint64_t j = 0; j < 1000; j++) {
			struct segment segment = numbered(j);

			segment.time = (int64_t)j * gaps[i];
			segment.flags = TCP_SYN;
			store_add(store, &segment, &err);
			if (j % 7 == 0)
				cr_assert_eq(scrubber_read(scrubber, &err), 0);
		}
		scrubber_read(scrubber, &err);
		scrubber_clusters(scrubber, clusters, 10);
		for (size_t j = 0; j < 10; j++) {
			sum += clusters[j].opens;
			cr_assert(gaps[i] < 1000 || (clusters[j].opens >= 95 && clusters[j].opens <= 105),
			          "%d %d %u", (int)i, (int)j, clusters[j].opens);
		}
		cr_assert(gaps[i] < 1000 || sum == 1000);
		scrubber_free(scrubber);
		store_free(store);
	}
}
