/*
 * stages.c: what each stage of the program costs, on one file: nanoseconds of processor time per frame.
 *
 * usage: stages FILE [ROUNDS]
 *
 * Each stage is the ones before it and one thing more; what it adds is its share. Analyses are
 * left out by the linker: it is told to --wrap their entrances, which lie in other objects than their
 * callers. So nothing in src/ knows of this, and what is measured is what is shipped. Rounds alternate
 * the stages; the median counts.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "capture/source.h"
#include "packet/decode.h"
#include "packet/fragments.h"
#include "packet/tunnel.h"
#include "track/inside.h"
#include "track/tracker.h"
#include "track/zeek_parts.h"

enum { ROUNDS_MOST = 99, DATAGRAMS = 1024, TUNNELS = 65536 };

struct stage {
	const char *words;
	bool decodes, tracks, follows_zeek, analyses;
};

/* clang-format off */
static const struct stage stages[] = {
	{ "reading",                    false, false, false, false },
	{ "and decoding",               true,  false, false, false },
	{ "and following states",       true,  true,  false, false },
	{ "and Zeek's rules",           true,  true,  true,  false },
	{ "and sequence analysis: all", true,  true,  true,  true  },
};
/* clang-format on */

enum { STAGES = sizeof(stages) / sizeof(stages[0]), ZEEK = 3, SEQUENCE = 4 };

/* The wrapped functions have no other way to know. */
static const struct stage *current;

void __real_sequence_take(struct tracker *tracker, struct flow *flow, struct turn *turn);
void __wrap_sequence_take(struct tracker *tracker, struct flow *flow, struct turn *turn);
void __real_zeek_take(struct flow *flow, const struct segment *segment, enum side side);
void __wrap_zeek_take(struct flow *flow, const struct segment *segment, enum side side);

void __wrap_sequence_take(struct tracker *tracker, struct flow *flow, struct turn *turn)
{
	if (current->analyses)
		__real_sequence_take(tracker, flow, turn);
}

void __wrap_zeek_take(struct flow *flow, const struct segment *segment, enum side side)
{
	if (current->follows_zeek)
		__real_zeek_take(flow, segment, side);
}

struct bench {
	struct source *source;
	struct tracker *tracker;
	struct decoder decoder;
	void *fragments, *tunnels;
	struct segment batch[TRACKER_BATCH];
	size_t count;
	uint64_t bytes; /* a reader that looks at nothing at all could be optimised away */
};

static void take(void *context, const struct frame *frames, size_t count)
{
	struct bench *bench = context;

	for (size_t i = 0; i < count; i++)
		bench->bytes += frames[i].captured;
	if (current->decodes)
		bench->count += decoder_decode_many(&bench->decoder, frames, count,
		                                    bench->batch + bench->count);
}

static void fail(const struct error *err)
{
	fprintf(stderr, "stages: %s\n", err->what);
	exit(EXIT_FAILURE);
}

static void start(struct bench *bench, const char *path)
{
	struct source_plan plan = { .paths = &path, .count = 1 };
	struct tracker_options options = tracker_defaults();
	struct error err = { .what = "out of memory" };

	options.key = hash_key_random();
	*bench = (struct bench){
		.source = source_open_plan(&plan, &err),
		.tracker = tracker_new(&options, &err),
		.fragments = calloc(1, fragments_size(DATAGRAMS)),
		.tunnels = calloc(1, tunnels_size(TUNNELS)),
	};
	if (!bench->source || !bench->tracker || !bench->fragments || !bench->tunnels)
		fail(&err);
	bench->decoder.fragments =
		fragments_start(bench->fragments, fragments_size(DATAGRAMS), &options.key);
	bench->decoder.tunnels = tunnels_start(bench->tunnels, tunnels_size(TUNNELS), &options.key);
}

static void finish(struct bench *bench)
{
	source_close(bench->source);
	tracker_free(bench->tracker);
	free(bench->fragments);
	free(bench->tunnels);
}

static double processor_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Nanoseconds per frame of the current stage. */
static double run(const char *path)
{
	double began = processor_now();
	int outcome = SOURCE_END;
	struct bench bench;
	struct error err;
	uint64_t frames;

	start(&bench, path);
	while ((outcome = source_visit_many(bench.source, TRACKER_BATCH, take, &bench, &err)) > 0) {
		if (current->tracks)
			tracker_feed(bench.tracker, bench.batch, bench.count);
		bench.count = 0;
	}
	if (outcome == SOURCE_FAILED)
		fail(&err);
	if (current->tracks)
		tracker_finish(bench.tracker);
	frames = source_facts(bench.source).frames;
	finish(&bench);
	return (processor_now() - began) / (double)(frames > 0 ? frames : 1);
}

static int compare(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;

	return (difference > 0) - (difference < 0);
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[2]) : 5;
	double costs[STAGES][ROUNDS_MOST];
	double before = 0, whole;

	if (argc < 2 || rounds < 1 || rounds > ROUNDS_MOST) {
		fprintf(stderr, "usage: stages FILE [ROUNDS]\n");
		return 2;
	}
	for (int round = 0; round < rounds; round++) {
		for (int stage = 0; stage < STAGES; stage++) {
			current = &stages[stage];
			costs[stage][round] = run(argv[1]);
		}
	}
	for (int stage = 0; stage < STAGES; stage++)
		qsort(costs[stage], (size_t)rounds, sizeof(double), compare);
	whole = costs[STAGES - 1][rounds / 2];
	printf("%-28s %8s %8s %6s\n", "stage", "ns/frame", "adds", "share");
	for (int stage = 0; stage < STAGES; stage++) {
		double cost = costs[stage][rounds / 2];

		printf("%-28s %8.1f %8.1f %5.0f%%\n", stages[stage].words, cost, cost - before,
		       100 * (cost - before) / whole);
		before = cost;
	}
	printf("sequence analysis: %.0f %% of the whole, Zeek's rules: %.0f %%\n",
	       100 * (whole - costs[SEQUENCE - 1][rounds / 2]) / whole,
	       100 * (costs[ZEEK][rounds / 2] - costs[ZEEK - 1][rounds / 2]) / whole);
	return EXIT_SUCCESS;
}
