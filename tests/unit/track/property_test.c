/* property_test.c: what must hold for any segments whatever, pseudo-random ones here. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "unit/track/inspect.h"
#include "unit/track/play.h"

enum { CONVERSATIONS = 200, LENGTH = 60, DUMP = 1 << 18 };

/* xorshift64: the same start gives the same segments. */
static uint32_t next(uint64_t *random, uint32_t limit)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return (uint32_t)(*random >> 32) % limit;
}

/* Numbers near what the other side expects, so that many segments mean something. */
static void random_step(uint64_t *random, char *step, size_t size, int ports)
{
	static const char *const flags[] = { "S", "SA", "A", "A",  "A",  "PA", "FA",  "FA",
		                             "R", "RA", "F", "SF", "RS", "-",  "FPU", "D" };
	static const int seqs[] = { 0, 0, 1, 1, 1, 2, 2, 3, 11, 12, 500, 9000, 9001 };
	static const int spans[] = { 0, 1, 10, 10, 30, 1000, -20, 6000, 61000 };
	const char *quote = next(random, 25) == 0 ? "!3/1 " : "";

	snprintf(step, size, "+%d :%u %s%c %s %d %d %u", spans[next(random, 9)],
	         1 + next(random, (uint32_t)ports), quote, next(random, 2) ? '>' : '<',
	         flags[next(random, 16)], seqs[next(random, 13)], seqs[next(random, 13)],
	         next(random, 3) ? 0 : next(random, 3) * 5);
}

static int random_segments(struct play *play, uint64_t seed, int ports, struct segment *segments)
{
	uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;

	for (int i = 0; i < LENGTH; i++) {
		char step[128];

		random_step(&random, step, sizeof(step), ports);
		segments[i] = play_segment(play, step);
	}
	return LENGTH;
}

/* A run with its own numbers, key and batches, as text. */
struct run {
	uint32_t shift[2];
	struct hash_key key;
	size_t batch;
	int ports;
	uint32_t max_flows;
};

static void run(const struct run *how, uint64_t seed, char *dump)
{
	struct tracker_options options = play_options();
	struct segment segments[LENGTH];
	struct play p;
	size_t count;

	options.key = how->key;
	options.max_flows = how->max_flows;
	options.keep = 3;
	play_begin_with(&p, &options);
	p.isn[CLIENT] += how->shift[CLIENT];
	p.isn[SERVER] += how->shift[SERVER];
	count = (size_t)random_segments(&p, seed, how->ports, segments);
	for (size_t at = 0; at < count; at += how->batch)
		tracker_feed(p.tracker, segments + at,
		             count - at < how->batch ? count - at : how->batch);
	tracker_finish(p.tracker);
	inspect_dump(p.tracker, dump, DUMP);
	play_end(&p);
}

static const struct run usual = { .batch = 1, .ports = 1, .max_flows = 100 };

Test(property, shifting_all_sequence_numbers_changes_nothing)
{
	static const uint32_t shifts[][2] = {
		{ 1, 0 },
		{ 6, 96 },
		{ 3000000000u, 7 },
		{ 0x80000000u, 0x80000000u },
	};
	static char expected[DUMP], shifted[DUMP];

	for (uint64_t seed = 0; seed < CONVERSATIONS; seed++) {
		struct run how = usual;

		run(&how, seed, expected);
		memcpy(how.shift, shifts[seed % 4], sizeof(how.shift));
		run(&how, seed, shifted);
		cr_assert_str_eq(shifted, expected, "seed %llu", (unsigned long long)seed);
	}
}

Test(property, neither_key_nor_batches_change_anything)
{
	static const size_t batches[] = { 1, 7, 64, LENGTH };
	static char expected[DUMP], other[DUMP];

	for (uint64_t seed = 0; seed < CONVERSATIONS; seed++) {
		struct run how = { .batch = 1, .ports = 9, .max_flows = 6 };

		run(&how, seed, expected);
		how.key = hash_key_random();
		how.batch = batches[seed % 4];
		run(&how, seed, other);
		cr_assert_str_eq(other, expected, "seed %llu", (unsigned long long)seed);
	}
}

/* After every segment of any conversation, in little room, the tracker is whole. */
Test(property, any_prefix_leaves_the_tracker_whole)
{
	for (uint64_t seed = 0; seed < CONVERSATIONS; seed++) {
		struct tracker_options options = play_options();
		struct segment segments[LENGTH];
		struct play p;
		int count;

		options.max_flows = 1 + (uint32_t)seed % 7;
		options.keep = (uint32_t)seed % 3;
		options.trails = (uint32_t)seed % 4;
		play_begin_with(&p, &options);
		count = random_segments(&p, seed, 1 + (int)seed % 12, segments);
		for (int i = 0; i < count; i++) {
			play_feed(&p, &segments[i]);
			inspect_tracker(p.tracker);
		}
		tracker_finish(p.tracker);
		play_end(&p);
	}
}

/* Every field random: nothing may crash, leak or hang. */
Test(property, any_segments_are_safe)
{
	static const uint8_t kinds[] = { SEGMENT_TCP,      SEGMENT_TCP,       SEGMENT_TCP,
		                         SEGMENT_TCP_PART, SEGMENT_TCP_QUOTE, SEGMENT_UDP,
		                         SEGMENT_UDP_QUOTE };
	struct tracker_options options = play_options();
	uint64_t random = 7;
	struct play p;

	options.max_flows = 20;
	options.keep = 5;
	play_begin_with(&p, &options);
	for (int i = 0; i < 50000; i++) {
		struct segment segment = { .frame = (uint64_t)i + 1 };

		segment.kind = kinds[next(&random, 7)];
		segment.family = next(&random, 2) ? FAMILY_IPV4 : FAMILY_IPV6;
		segment.source.bytes[0] = (uint8_t)next(&random, 2);
		segment.destination.bytes[0] = (uint8_t)next(&random, 2);
		segment.source_port = (uint16_t)next(&random, 3);
		segment.destination_port = (uint16_t)next(&random, 3);
		segment.flags = (uint16_t)next(&random, 0x200);
		segment.seq = next(&random, 4) ? next(&random, 20) : next(&random, UINT32_MAX);
		segment.ack = next(&random, 4) ? next(&random, 20) : next(&random, UINT32_MAX);
		segment.payload = next(&random, 5) ? 0 : next(&random, 70000);
		segment.options_length = (uint8_t)next(&random, TCP_OPTIONS_MAX + 1);
		for (int byte = 0; byte < TCP_OPTIONS_MAX; byte++)
			segment.options[byte] = (uint8_t)next(&random, 40);
		segment.time = PLAY_START + (int64_t)i * TIME_MILLISECOND * next(&random, 200);
		play_feed(&p, &segment);
		if (i % 64 == 0)
			inspect_tracker(p.tracker);
	}
	tracker_finish(p.tracker);
	play_end(&p);
}

Test(property, times_at_the_ends_of_the_scale_are_safe)
{
	static const int64_t times[] = { INT64_MAX, INT64_MIN + 1, 0, -1, INT64_MAX - 1 };
	struct play p;

	play_begin(&p);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
			struct segment segment = play_segment(&p, i % 2 ? "> S 0" : "< RA =0 1");

			segment.time = times[(i + (size_t)round) % 5];
			play_feed(&p, &segment);
			inspect_tracker(p.tracker);
		}
	}
	play_end(&p);
}
