/* calm_random_test.c: thousands of conversations, most of them as usual. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "unit/track/calm_talk.h"
#include "unit/track/inspect.h"

enum { TALKS = 6, LENGTH = 200, RUNS = 150, WOKEN_EACH = 32 };

/* How a run is to be. */
struct manner {
	uint32_t odd;       /* one of so many segments is a surprise; 0: none */
	uint32_t max_flows;
	uint32_t keep;
	uint32_t kinds;
	bool keep_duplicates;
	bool by_vlan;
};

struct run {
	struct pair pair;
	struct talk talks[TALKS];
	uint64_t random;
	uint16_t port;
	uint32_t odd;
};

/* Milliseconds, mostly; nobody waits for long. */
static int64_t draw_span(uint64_t *random)
{
	static const int64_t spans[] = { 1,        700,           TIME_MILLISECOND, 3 * TIME_MILLISECOND,
		                         3000001,  TIME_SECOND,   20000000,         35 * TIME_MILLISECOND };

	if (draw(random, 400) == 0)
		return (int64_t)(1 + draw(random, 9)) * 1000 * TIME_MILLISECOND;
	if (draw(random, 1500) == 0)
		return 70 * TIME_SECOND;
	return draw(random, 12) ? spans[draw(random, 8)] : 0;
}

static void begin_talk(struct run *run, struct talk *talk)
{
	bool is_reused = talk->port != 0 && draw(&run->random, 10) == 0;

	talk_begin(talk, &run->random, is_reused ? talk->port : ++run->port);
}

static void feed(struct run *run, struct segment *segment)
{
	struct play *play = &run->pair.play;

	segment->time = play->time += draw_span(&run->random);
	segment->frame = ++play->frame;
	pair_feed(&run->pair, segment);
}

/* What is wrong with the clock rather than with the segment. */
static void disturb_clock(struct run *run)
{
	struct play *play = &run->pair.play;

	switch (draw(&run->random, 40)) {
	case 0:
		play->time -= TIME_MILLISECOND;
		break;
	case 1:
		play->time += INT64_C(1) << 40;
		break;
	case 2:
		play->frame += 1 << 24;
		break;
	case 3:
		pair_wait(&run->pair, 1 + draw(&run->random, 70000));
		break;
	default:
		break;
	}
}

static void surprise_them(struct run *run, struct talk *talk)
{
	struct talk before = *talk;
	struct segment segment = talk_next(talk, &run->random);
	enum side side = segment.source_port == PLAY_SERVICE ? SERVER : CLIENT;
	const struct surprise_row *row = &surprises[draw(&run->random, (uint32_t)surprise_count)];

	if (draw(&run->random, 2))
		*talk = before;
	talk_dress(talk, &segment, side);
	row->make(&before, &segment, side);
	disturb_clock(run);
	feed(run, &segment);
}

static void step(struct run *run)
{
	struct talk *talk = &run->talks[draw(&run->random, TALKS)];
	struct segment segment;

	if (talk->port == 0 || (talk->is_over && draw(&run->random, 4) == 0))
		begin_talk(run, talk);
	if (run->odd > 0 && draw(&run->random, run->odd) == 0) {
		surprise_them(run, talk);
		return;
	}
	if (talk->is_over)
		return;
	segment = talk_next(talk, &run->random);
	talk_dress(talk, &segment, segment.source_port == PLAY_SERVICE ? SERVER : CLIENT);
	feed(run, &segment);
}

static void begin(struct run *run, const struct manner *manner, uint64_t seed)
{
	struct tracker_options options = pair_options();

	options.max_flows = manner->max_flows;
	options.keep = manner->keep;
	options.keep_duplicates = manner->keep_duplicates;
	options.by_vlan = manner->by_vlan;
	memset(run, 0, sizeof(*run));
	run->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	run->odd = manner->odd;
	run->port = 40000;
	pair_begin_with(&run->pair, &options, manner->kinds);
}

/* Looking at them all may change nothing, but that they are awake then. */
static void look_at_all(struct pair *pair)
{
	inspect_tracker(pair->play.tracker);
	pair_compare(pair);
}

static void run_one(struct run *run)
{
	for (int i = 1; i <= LENGTH; i++) {
		step(run);
		if (i % WOKEN_EACH == 0)
			pair_compare_woken(&run->pair);
		if (run->odd > 0 && draw(&run->random, 500) == 0)
			look_at_all(&run->pair);
	}
}

/* Returns how many of a thousand segments woke nobody. */
static int converse(const struct manner *manner, uint64_t first)
{
	struct run *run = malloc(sizeof(*run));
	uint64_t segments = 0, calm = 0;

	for (uint64_t seed = first; seed < first + RUNS; seed++) {
		begin(run, manner, seed);
		run_one(run);
		pair_finish(&run->pair);
		segments += run->pair.segments;
		calm += run->pair.taken_calmly;
		pair_end(&run->pair);
	}
	free(run);
	return (int)(calm * 1000 / segments);
}

Test(calm_random, usual_conversations_are_calm_to_their_end)
{
	struct manner manner = { .max_flows = 40, .keep = 40, .kinds = PAIR_KINDS };
	int share = converse(&manner, 1);

	cr_expect_geq(share, 970, "%d of 1000", share);
}

Test(calm_random, surprises_now_and_then_change_nothing)
{
	struct manner manner = { .odd = 40, .max_flows = 40, .keep = 40, .kinds = PAIR_KINDS };
	int share = converse(&manner, 10001);

	cr_expect_geq(share, 600, "%d of 1000", share);
}

Test(calm_random, many_surprises_change_nothing)
{
	struct manner manner = { .odd = 8, .max_flows = 40, .keep = 40, .kinds = PAIR_KINDS };
	int share = converse(&manner, 20001);

	cr_expect_geq(share, 200, "%d of 1000", share);
}

Test(calm_random, a_record_that_nobody_hears_changes_nothing)
{
	struct manner manner = { .odd = 40, .max_flows = 40, .keep = 3 };
	int share = converse(&manner, 30001);

	cr_expect_geq(share, 600, "%d of 1000", share);
}

Test(calm_random, those_who_go_for_want_of_room_go_all_the_same)
{
	struct manner manner = { .odd = 100, .max_flows = 6, .keep = 2, .kinds = PAIR_KINDS };
	int share = converse(&manner, 40001);

	cr_expect_geq(share, 400, "%d of 1000", share);
}

Test(calm_random, packets_may_count_twice_and_vlans_tell_them_apart)
{
	struct manner manner = { .odd = 30, .max_flows = 12, .keep = 1, .kinds = PAIR_KINDS,
		                 .keep_duplicates = true, .by_vlan = true };
	int share = converse(&manner, 50001);

	cr_expect_geq(share, 400, "%d of 1000", share);
}
