/* judge_test.c: every scenario with acts, live: what the wire shows is what the kernel says. */

#include "app/judge.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/live.h"
#include "capture/source.h"
#include "lab/sandbox.h"
#include "lab/scenario.h"

enum { PERFORMANCES_MAX = 64 };

/* Everything that a live test needs, in a network of its own. */
struct stage {
	struct source *source;
	struct tracker *tracker;
	struct judge *judge;
	struct performance *performances[PERFORMANCES_MAX];
	size_t count;
	struct error err;
};

static void set_up(struct stage *stage)
{
	struct live_options live = live_defaults("lo");
	struct tracker_options limits = tracker_defaults();
	struct judge_options options = { .source = NULL };

	*stage = (struct stage){ .count = 0 };
	if (sandbox_enter(&stage->err) < 0)
		cr_skip_test("%s", stage->err.what);
	limits.max_flows = 4096;
	limits.keep = 4096;
	stage->tracker = tracker_new(&limits, &stage->err);
	cr_assert_not_null(stage->tracker, "%s", stage->err.what);
	live.buffer = 1 << 22;
	stage->source = source_open_live(&live, &stage->err);
	cr_assert_not_null(stage->source, "%s", stage->err.what);
	options.source = stage->source;
	options.tracker = stage->tracker;
	stage->judge = judge_new(&options, &stage->err);
	cr_assert_not_null(stage->judge, "%s", stage->err.what);
}

static void admit(struct stage *stage, const struct scenario *scenario)
{
	struct performance *performance = performance_new(scenario, NULL, &stage->err);

	cr_assert_not_null(performance, "%s", stage->err.what);
	cr_assert_lt(stage->count, PERFORMANCES_MAX);
	stage->performances[stage->count++] = performance;
	cr_assert_eq(judge_admit(stage->judge, performance, &stage->err), 0, "%s",
	             stage->err.what);
}

static void tear_down(struct stage *stage)
{
	judge_free(stage->judge);
	for (size_t i = 0; i < stage->count; i++)
		performance_free(stage->performances[i]);
	tracker_free(stage->tracker);
	source_close(stage->source);
}

static void expect_ruling(const struct stage *stage, size_t number)
{
	const struct judgement *judgement = judge_ruling(stage->judge, number);
	const struct performance *performance = stage->performances[number];
	const struct scenario *scenario = performance_scenario(performance);

	if (getenv("LIVE_VERBOSE") != NULL)
		fprintf(stderr, "%s: %u of %u moments, %u deviations\n", scenario->name,
		        judgement->agreed, judgement->moments, judgement->deviations);
	cr_expect(judgement->is_over, "%s", judgement->failure.what);
	cr_expect_eq(judgement->agreed, judgement->moments, "%s: %s", scenario->name,
	             judgement->disagreement);
	cr_expect_gt(judgement->moments, 0, "%s: never quiet", scenario->name);
	cr_expect(judgement->is_as_told, "%s: %s", scenario->name, judgement->difference);
}

Test(judge, finds_every_live_scenario_as_the_kernel_has_it)
{
	struct stage stage;
	size_t count;
	const struct scenario *rows = scenarios(&count);

	set_up(&stage);
	for (size_t i = 0; i < count; i++)
		if (rows[i].steps != NULL && (getenv("LIVE_ONLY") == NULL || strcmp(getenv("LIVE_ONLY"), rows[i].name) == 0))
			admit(&stage, &rows[i]);
	cr_assert_eq(judge_run(stage.judge, &stage.err), 0, "%s", stage.err.what);
	for (size_t i = 0; i < stage.count; i++)
		expect_ruling(&stage, i);
	tear_down(&stage);
}
