/* judge_test.c: every scenario with acts, live: what the wire shows is what the kernel says. */

#include "app/judge.h"

#include <criterion/criterion.h>
#include <string.h>

#include "capture/live.h"
#include "capture/source.h"
#include "lab/sandbox.h"
#include "lab/scenario.h"
#include "packet/decode.h"

enum { PERFORMANCES_MAX = 64 };

/* Everything that a live test needs, in a network of its own. */
struct stage {
	struct source *source;
	struct tracker *tracker;
	struct judge *judge;
	struct performance *performances[PERFORMANCES_MAX];
	size_t count;
	size_t lines;       /* acts that were told */
	size_t frames;
	size_t fins_with_data;
	size_t zero_windows;
	struct error err;
};

static void hear_frame(void *context, const struct frame *frame)
{
	struct stage *stage = context;
	struct decoder decoder = { .frames = 0 };
	struct segment segment;

	stage->frames++;
	if (!verdict_has_segment(decoder_decode(&decoder, frame, &segment)))
		return;
	stage->fins_with_data += segment_has(&segment, TCP_FIN) && segment.payload > 0;
	stage->zero_windows += segment.window == 0 && !segment_has(&segment, TCP_RST);
}

static void hear_act(void *context, const struct performance *performance, size_t line)
{
	struct stage *stage = context;

	cr_expect_lt(line, performance_lines(performance));
	stage->lines++;
}

static void set_up(struct stage *stage, bool (*is_stopped)(void))
{
	struct live_options live = live_defaults("lo");
	struct tracker_options limits = tracker_defaults();
	struct judge_options options = {
		.acted = hear_act, .frame = hear_frame, .is_stopped = is_stopped, .context = stage
	};

	*stage = (struct stage){ .count = 0 };
	if (sandbox_enter(&stage->err) < 0)
		cr_skip_test("%s", stage->err.what);
	limits.max_flows = 16384;
	limits.keep = 16384;
	stage->tracker = tracker_new(&limits, &stage->err);
	cr_assert_not_null(stage->tracker, "%s", stage->err.what);
	live.buffer = 1 << 23;
	stage->source = source_open_live(&live, &stage->err);
	cr_assert_not_null(stage->source, "%s", stage->err.what);
	options.source = stage->source;
	options.tracker = stage->tracker;
	stage->judge = judge_new(&options, &stage->err);
	cr_assert_not_null(stage->judge, "%s", stage->err.what);
}

static void admit(struct stage *stage, const struct scenario *scenario,
                  const struct performance_options *options)
{
	struct performance *performance = performance_new(scenario, options, &stage->err);

	cr_assert_not_null(performance, "%s", stage->err.what);
	cr_assert_lt(stage->count, PERFORMANCES_MAX);
	stage->performances[stage->count++] = performance;
	cr_assert_eq(judge_admit(stage->judge, performance, &stage->err), 0, "%s",
	             stage->err.what);
}

static void run(struct stage *stage)
{
	cr_assert_eq(judge_run(stage->judge, &stage->err), 0, "%s", stage->err.what);
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

	cr_expect(judgement->is_over, "%s", judgement->failure.what);
	cr_expect_eq(judgement->agreed, judgement->moments, "%s: %s", scenario->name,
	             judgement->disagreement);
	cr_expect_gt(judgement->moments, 0, "%s: never quiet", scenario->name);
	cr_expect(judgement->is_as_told, "%s: %s", scenario->name, judgement->difference);
}

Test(judge, finds_every_live_scenario_as_the_kernel_has_it)
{
	struct stage stage;
	size_t count, lines = 0;
	const struct scenario *rows = scenarios(&count);

	set_up(&stage, NULL);
	for (size_t i = 0; i < count; i++)
		if (rows[i].steps != NULL)
			admit(&stage, &rows[i], NULL);
	cr_expect_gt(stage.count, 30);
	run(&stage);
	for (size_t i = 0; i < stage.count; i++) {
		expect_ruling(&stage, i);
		lines += performance_lines(stage.performances[i]);
	}
	cr_expect_eq(stage.lines, lines);
	tear_down(&stage);
}

/* Runs one scenario alone, as `demo` does. */
static const struct judgement *run_one(struct stage *stage, const struct scenario *scenario)
{
	set_up(stage, NULL);
	admit(stage, scenario, NULL);
	run(stage);
	return judge_ruling(stage->judge, 0);
}

Test(judge, compares_after_every_act)
{
	struct stage stage;
	const struct judgement *judgement = run_one(&stage, scenario_find("half-close"));

	expect_ruling(&stage, 0);
	cr_expect_geq(judgement->moments, performance_lines(stage.performances[0]));
	tear_down(&stage);
}

Test(judge, notices_a_kernel_that_disagrees)
{
	struct scenario strict = *scenario_find("deferred-accept");
	const struct judgement *judgement;
	struct stage stage;

	strict.allowed = NULL;
	judgement = run_one(&stage, &strict);
	cr_expect_lt(judgement->agreed, judgement->moments);
	cr_expect_not_null(strstr(judgement->disagreement,
	                          "is in ESTABLISHED, to the kernel SYN_RECEIVED"),
	                   "%s", judgement->disagreement);
	tear_down(&stage);
}

Test(judge, counts_and_names_what_the_row_allows)
{
	struct stage stage;
	const struct judgement *judgement = run_one(&stage, scenario_find("deferred-accept"));

	expect_ruling(&stage, 0);
	cr_expect_gt(judgement->deviations, 0);
	cr_assert_not_null(judgement->deviation);
	cr_expect_str_eq(judgement->deviation->kernel, "SYN_RECEIVED");
	tear_down(&stage);
}

Test(judge, notices_another_life_than_the_rows)
{
	struct scenario other = *scenario_find("echo");
	const struct judgement *judgement;
	struct stage stage;

	other.server = "LISTEN";
	judgement = run_one(&stage, &other);
	cr_expect_eq(judgement->agreed, judgement->moments);
	cr_expect(!judgement->is_as_told);
	cr_expect_str_eq(judgement->difference,
	                 "server: \"LISTEN SYN_RECEIVED ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED\" "
	                 "instead of \"LISTEN\"");
	tear_down(&stage);
}

/* ---- What makes a scenario worth its name ------------------------------------------------------- */

Test(judge, sees_fins_that_carry_data)
{
	struct stage stage;

	run_one(&stage, scenario_find("fin-with-data"));
	cr_expect_eq(stage.fins_with_data, 2);
	tear_down(&stage);
}

Test(judge, sees_a_close_in_three_segments)
{
	struct stage stage;
	const struct judgement *judgement = run_one(&stage, scenario_find("three-segment-close"));

	cr_assert_not_null(judgement->flow);
	cr_expect(judgement->flow->sent[SERVER].fin_acked_peers);
	cr_expect_eq(judgement->flow->sent[SERVER].packets, 3, "SYN-ACK, ACK, FIN");
	tear_down(&stage);
}

Test(judge, sees_data_on_the_syn_where_the_sandbox_allows_fast_open)
{
	struct stage stage;
	const struct judgement *judgement = run_one(&stage, scenario_find("fast-open"));

	cr_assert_not_null(judgement->flow);
	cr_expect_eq(judgement->flow->sent[CLIENT].syn_payload, 5);
	cr_expect(judgement->flow->oddities & ODD_FAST_OPEN);
	tear_down(&stage);
}

Test(judge, sees_a_window_close_and_open)
{
	struct stage stage;
	const struct judgement *judgement = run_one(&stage, scenario_find("zero-window"));

	cr_expect_gt(stage.zero_windows, 1);
	cr_assert_not_null(judgement->flow);
	cr_expect_neq(judgement->flow->sent[SERVER].window, 0);
	tear_down(&stage);
}

Test(judge, sees_what_was_lost_sent_again)
{
	struct stage stage;
	const struct judgement *judgement = run_one(&stage, scenario_find("lossy"));

	cr_assert_not_null(judgement->flow);
	cr_expect_gt(judgement->flow->sent[CLIENT].repeats, 0);
	cr_expect_eq(judgement->flow->sent[CLIENT].next - judgement->flow->sent[CLIENT].iss, 3002);
	tear_down(&stage);
}

Test(judge, sees_a_syn_repeated_with_back_off)
{
	struct stage stage;
	const struct judgement *judgement = run_one(&stage, scenario_find("black-hole"));

	cr_assert_not_null(judgement->flow);
	cr_expect_geq(judgement->flow->sent[CLIENT].syns, 3);
	tear_down(&stage);
}

Test(judge, sees_every_half_open_connection_of_a_flood)
{
	const struct performance_options options = { .flood = 3000 };
	struct scenario flood = *scenario_find("syn-flood");
	const struct listener *listener;
	struct stage stage;

	set_up(&stage, NULL);
	admit(&stage, &flood, &options);
	run(&stage);
	cr_expect(judge_ruling(stage.judge, 0)->is_as_told);
	cr_expect_eq(tracker_totals(stage.tracker)->flows[0], 3000);
	listener = tracker_next_listener(stage.tracker, NULL);
	cr_assert_not_null(listener);
	cr_expect_gt(listener->half_open, 0);
	tear_down(&stage);
}

/* ---- The loop ----------------------------------------------------------------------------------- */

Test(judge, runs_copies_at_once_without_mixing_them_up)
{
	struct stage stage;

	set_up(&stage, NULL);
	for (int i = 0; i < 20; i++)
		admit(&stage, scenario_find(i % 2 == 0 ? "half-close" : "aborted"), NULL);
	run(&stage);
	for (size_t i = 0; i < stage.count; i++)
		expect_ruling(&stage, i);
	tear_down(&stage);
}

Test(judge, uses_the_port_that_it_was_told)
{
	const struct performance_options options = { .port = 8000 };
	struct stage stage;

	set_up(&stage, NULL);
	admit(&stage, scenario_find("port-reuse"), &options);
	run(&stage);
	expect_ruling(&stage, 0);
	cr_assert_not_null(judge_ruling(stage.judge, 0)->flow);
	cr_expect_eq(judge_ruling(stage.judge, 0)->flow->key.port[SERVER], 8000);
	tear_down(&stage);
}

Test(judge, tells_which_act_failed_and_goes_on_with_the_others)
{
	const struct performance_options options = { .port = 8000 };
	struct stage stage;

	set_up(&stage, NULL);
	admit(&stage, scenario_find("echo"), &options);
	admit(&stage, scenario_find("echo"), &options);
	run(&stage);
	expect_ruling(&stage, 0);
	cr_expect(!judge_ruling(stage.judge, 1)->is_over);
	cr_expect_str_eq(judge_ruling(stage.judge, 1)->failure.what,
	                 "echo: server listens on 127.0.0.1:8000: bind: Address already in use");
	tear_down(&stage);
}

static bool at_once(void)
{
	return true;
}

Test(judge, ends_early_when_it_is_told_to)
{
	struct stage stage;

	set_up(&stage, at_once);
	admit(&stage, scenario_find("black-hole"), NULL);
	run(&stage);
	cr_expect(!judge_ruling(stage.judge, 0)->is_over);
	tear_down(&stage);
}

Test(judge, runs_without_anybody_watching)
{
	struct judge_options options = { .source = NULL };
	struct performance *performance;
	struct judge *judge;
	struct error err = { 0 };

	judge = judge_new(&options, &err);
	performance = performance_new(scenario_find("many-clients"), NULL, &err);
	cr_assert_not_null(performance);
	cr_assert_eq(judge_admit(judge, performance, &err), 0);
	cr_assert_eq(judge_run(judge, &err), 0, "%s", err.what);
	cr_expect(judge_ruling(judge, 0)->is_over, "%s", judge_ruling(judge, 0)->failure.what);
	cr_expect_eq(judge_ruling(judge, 0)->moments, 0);
	judge_free(judge);
	performance_free(performance);
}
