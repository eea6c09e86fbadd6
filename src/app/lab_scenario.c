/* lab_scenario.c: `lab run`: performs a scenario on loopback, act by act. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/interrupt.h"
#include "app/judge.h"
#include "app/lab.h"
#include "base/text.h"
#include "capture/dump.h"
#include "capture/live.h"
#include "lab/performance.h"
#include "lab/sandbox.h"
#include "lab/scenario.h"
#include "lab/story.h"
#include "packet/link.h"
#include "track/tracker.h"

enum { COPIES_MOST = 1000 };

struct run {
	const struct settings *settings;
	const struct scenario *scenario;
	size_t copies;
	struct performance **performances;
	struct source *source; /* only while recording */
	struct tracker *tracker;
	struct judge *judge;
	struct dump *dump;
	bool has_failed;
	struct error err;
};

/* One copy tells every act; of many, only what went wrong is told. */
static void tell_act(void *context, const struct performance *performance, size_t line)
{
	struct run *run = context;
	char storage[256];
	struct text text = text_over(storage, sizeof storage);

	if (run->copies > 1)
		return;
	performance_line(performance, line, &text);
	puts(storage);
	fflush(stdout);
}

static void record(void *context, const struct frame *frame)
{
	struct run *run = context;

	if (run->dump && !run->has_failed)
		run->has_failed = dump_frame(run->dump, frame, &run->err) < 0;
}

/* What is recorded must be heard, and a judge who hears needs a tracker to ask. */
static int open_recording(struct run *run)
{
	struct live_options options = live_defaults("lo");
	struct tracker_options limits = tracker_defaults();

	if (!run->settings->record)
		return 0;
	options.snaplen = LIVE_SNAPLEN_WHOLE;
	limits.unpacked = true;
	run->source = source_open_live(&options, &run->err);
	if (!run->source)
		return -1;
	run->tracker = tracker_new(&limits, &run->err);
	run->dump = dump_open(run->settings->record, source_facts(run->source).link_type,
	                      LIVE_SNAPLEN_WHOLE, &run->err);
	return run->tracker && run->dump ? 0 : -1;
}

static int admit_all(struct run *run)
{
	struct performance_options options = { .flood = 0 };

	if (run->settings->count != UINT64_MAX)
		options.flood = (uint32_t)run->settings->count;
	run->performances = calloc(run->copies, sizeof run->performances[0]);
	if (!run->performances) {
		error_set(&run->err, "out of memory");
		return -1;
	}
	for (size_t i = 0; i < run->copies; i++) {
		run->performances[i] = performance_new(run->scenario, &options, &run->err);
		if (!run->performances[i] ||
		    judge_admit(run->judge, run->performances[i], &run->err) < 0)
			return -1;
	}
	return 0;
}

/* The first act that failed, if any did. */
static enum status conclude(const struct run *run)
{
	size_t over = 0;

	for (size_t i = 0; i < run->copies; i++) {
		const struct judgement *judgement = judge_ruling(run->judge, i);

		if (judgement->failure.what[0])
			return complain(&judgement->failure, STATUS_REFUSED);
		over += judgement->is_over;
	}
	if (run->copies > 1)
		printf("%zu of %zu copies done\n", over, run->copies);
	return STATUS_DONE;
}

static enum status perform(struct run *run)
{
	struct judge_options options = {
		.acted = tell_act,
		.frame = record,
		.is_stopped = interrupt_came,
		.context = run,
	};

	if (run->settings->sandbox && sandbox_enter(&run->err) < 0)
		return complain(&run->err, STATUS_REFUSED);
	if (open_recording(run) < 0)
		return complain(&run->err, STATUS_REFUSED);
	options.source = run->source;
	options.tracker = run->tracker;
	interrupt_expect();
	run->judge = judge_new(&options, &run->err);
	if (!run->judge || admit_all(run) < 0 || judge_run(run->judge, &run->err) < 0)
		return complain(&run->err, STATUS_REFUSED);
	return conclude(run);
}

/* A story can only be written down. */
static enum status write_story(struct run *run)
{
	struct story_options as_written = { .shift = { 0, 0 } };

	if (!run->settings->record) {
		error_set(&run->err, "%s: a story: it cannot be performed on loopback",
		          run->scenario->name);
		error_remedy(&run->err, "write its capture with --record FILE, or see it with "
		                        "'shakedown demo %s'", run->scenario->name);
		return complain(&run->err, STATUS_REFUSED);
	}
	run->dump = dump_open(run->settings->record, LINK_ETHERNET, LIVE_SNAPLEN_WHOLE, &run->err);
	if (!run->dump ||
	    story_play(run->scenario->story, &as_written, record, run, &run->err) < 0)
		return complain(&run->err, STATUS_REFUSED);
	return STATUS_DONE;
}

static void clean_up(struct run *run)
{
	judge_free(run->judge);
	for (size_t i = 0; run->performances && i < run->copies; i++)
		performance_free(run->performances[i]);
	free(run->performances);
	source_close(run->source);
	tracker_free(run->tracker);
}

enum status lab_run_scenario(const struct settings *settings, const char *const *words,
                             size_t count)
{
	struct run run = {
		.settings = settings,
		.scenario = scenario_find(words[0]),
		.copies = settings->copies != UINT64_MAX ? settings->copies : 1,
	};
	enum status status;

	(void)count;
	if (!run.scenario || run.copies == 0 || run.copies > COPIES_MOST) {
		error_set(&run.err, "lab run: no such scenario: %s", words[0]);
		error_remedy(&run.err, "'shakedown lab list' names them");
		if (run.scenario)
			error_set(&run.err, "--copies: from 1 to %d", COPIES_MOST);
		return complain(&run.err, STATUS_USAGE);
	}
	status = run.scenario->steps ? perform(&run) : write_story(&run);
	if (run.dump && dump_close(run.dump, &run.err) < 0)
		run.has_failed = true;
	if (run.has_failed)
		status = complain(&run.err, STATUS_REFUSED);
	clean_up(&run);
	return status;
}
