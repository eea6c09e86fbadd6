/* demo.c: the command that runs a scenario on loopback while capturing it, and shows what was understood. */
#include <errno.h>
#include <stdio.h>

#include "app/command.h"
#include "app/interrupt.h"
#include "app/judge.h"
#include "app/stage.h"
#include "capture/live.h"
#include "lab/performance.h"
#include "lab/sandbox.h"
#include "lab/scenario.h"

#define USUAL "half-close"

struct demo {
	const struct settings *settings;
	const struct scenario *scenario;
	struct stage stage;
	struct source *source;
	struct performance *performance;
	struct judge *judge;
};

static enum status finish(struct demo *demo, enum status status)
{
	struct error err;

	if (output_flush(&demo->stage.output, &err) < 0 && demo->stage.output.failed != EPIPE)
		return complain(&err, STATUS_REFUSED);
	return status;
}

static const struct flow *flow_number(const struct tracker *tracker, int number)
{
	const struct flow *flow = tracker_next(tracker, NULL);

	while (flow && number-- > 0)
		flow = tracker_next(tracker, flow);
	return flow;
}

static enum status tell_story(struct demo *demo, struct error *err)
{
	const struct flow *flow;

	if (!demo->scenario->story) {
		error_set(err, "%s: it has no recording that could be shown instead",
		          demo->scenario->name);
		return complain(err, STATUS_REFUSED);
	}
	if (stage_tell_story(&demo->stage, demo->scenario, err) < 0)
		return complain(err, STATUS_REFUSED);
	stage_announce(&demo->stage, demo->scenario, "recorded");
	flow = flow_number(demo->stage.tracker, demo->scenario->flow);
	if (flow)
		stage_show(&demo->stage, flow);
	return finish(demo, STATUS_DONE);
}

/* "the kernel agreed at 9 of 9 moments", and where not, why. */
static bool write_verdict(struct demo *demo, const struct judgement *judgement)
{
	struct output *output = &demo->stage.output;

	output_format(output, "\nthe kernel agreed at %u of %u moments\n", judgement->agreed,
	              judgement->moments);
	if (judgement->deviation && judgement->deviations > 0)
		output_format(output, "(at %u ends it rightly saw more than the wire: %s)\n",
		              judgement->deviations, judgement->deviation->why);
	if (demo->scenario->live)
		output_format(output, "(live it goes another way than told: %s)\n",
		              demo->scenario->live->why);
	if (judgement->disagreement[0])
		output_format(output, "it disagreed: %s\n", judgement->disagreement);
	if (judgement->difference[0])
		output_format(output, "other than expected: %s\n", judgement->difference);
	return judgement->agreed == judgement->moments && judgement->is_as_told;
}

static int open_live(struct demo *demo, struct error *err)
{
	struct live_options options = live_defaults("lo");

	demo->source = source_open_live(&options, err);
	return demo->source ? 0 : -1;
}

static int perform(struct demo *demo, struct error *err)
{
	struct judge_options options = {
		.source = demo->source,
		.tracker = demo->stage.tracker,
		.is_stopped = interrupt_came,
	};

	demo->performance = performance_new(demo->scenario, NULL, err);
	if (!demo->performance)
		return -1;
	demo->judge = judge_new(&options, err);
	if (!demo->judge || judge_admit(demo->judge, demo->performance, err) < 0)
		return -1;
	return judge_run(demo->judge, err);
}

static enum status show_live(struct demo *demo, struct error *err)
{
	const struct judgement *judgement;
	char where[64];
	struct text text = text_over(where, sizeof where);

	if (perform(demo, err) < 0)
		return complain(err, STATUS_REFUSED);
	judgement = judge_ruling(demo->judge, 0);
	if (!judgement->is_over) {
		if (judgement->failure.what[0])
			return complain(&judgement->failure, STATUS_REFUSED);
		error_set(err, "%s: interrupted", demo->scenario->name);
		complain(err, STATUS_DONE);
	}
	text_add(&text, "live on lo");
	if (judgement->flow)
		text_format(&text, ", port %u", judgement->flow->key.port[SERVER]);
	stage_announce(&demo->stage, demo->scenario, where);
	if (judgement->flow)
		stage_show(&demo->stage, judgement->flow);
	return finish(demo, write_verdict(demo, judgement) ? STATUS_DONE : STATUS_REFUSED);
}

static enum status show(struct demo *demo)
{
	struct error err = { .what = "" };

	if (demo->settings->sandbox && sandbox_enter(&err) < 0)
		return complain(&err, STATUS_REFUSED);
	if (stage_open(&demo->stage, demo->settings, "lo", &err) < 0)
		return complain(&err, STATUS_REFUSED);
	if (!demo->scenario->steps)
		return tell_story(demo, &err);
	interrupt_expect();
	if (open_live(demo, &err) == 0)
		return show_live(demo, &err);
	complain(&err, STATUS_DONE);
	fprintf(stderr, "shakedown: so here is the recording of the same scenario\n");
	return tell_story(demo, &err);
}

enum status demo_run(const struct settings *settings)
{
	const char *name = settings->word_count > 0 ? settings->words[0] : USUAL;
	struct demo demo = { .settings = settings, .scenario = scenario_find(name) };
	struct error err = { .remedy = "" };
	enum status status;

	if (!demo.scenario) {
		error_set(&err, "demo: no such scenario: %s", name);
		error_remedy(&err, "'shakedown lab list' names them");
		return complain(&err, STATUS_USAGE);
	}
	status = show(&demo);
	judge_free(demo.judge);
	performance_free(demo.performance);
	source_close(demo.source);
	stage_close(&demo.stage);
	return status;
}
