/* judge_test.c: every scenario with acts, live: what the wire shows is what the kernel says. */

/*
 * A process with threads, as Criterion's are, cannot make a user namespace: so
 * every test is lived in a child, which reports through shared memory.
 */

#define _GNU_SOURCE /* MAP_ANONYMOUS, _exit */

#include "app/judge.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture/live.h"
#include "capture/source.h"
#include "lab/sandbox.h"
#include "lab/scenario.h"
#include "packet/decode.h"

enum { PERFORMANCES_MAX = 64 };

/* What the child has to say. */
struct report {
	bool is_finished;
	char skipped[512];
	char failures[8192];
};

/* Everything that a live test needs, in a network of its own. */
struct stage {
	struct report *report;
	struct source *source;
	struct tracker *tracker;
	struct judge *judge;
	struct performance *performances[PERFORMANCES_MAX];
	size_t count;
	size_t lines; /* acts that were told */
	size_t frames;
	size_t fins_with_data;
	size_t zero_windows;
	struct error err;
};

static void expect(struct stage *stage, bool is_so, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void expect(struct stage *stage, bool is_so, const char *format, ...)
{
	char *end = stage->report->failures + strlen(stage->report->failures);
	size_t room = sizeof(stage->report->failures) - strlen(stage->report->failures);
	va_list arguments;

	if (is_so)
		return;
	va_start(arguments, format);
	vsnprintf(end, room, format, arguments);
	va_end(arguments);
	strncat(stage->report->failures, "\n", room > strlen(end) + 1 ? 1 : 0);
}

/* There is no going on without it. */
static void require(struct stage *stage, bool is_so)
{
	expect(stage, is_so, "%s", stage->err.what);
	if (!is_so)
		_exit(1);
}

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

	expect(stage, line < performance_lines(performance), "line %zu", line);
	stage->lines++;
}

static void set_up(struct stage *stage, bool (*is_stopped)(void))
{
	struct live_options live = live_defaults("lo");
	struct tracker_options limits = tracker_defaults();
	struct judge_options options = {
		.acted = hear_act, .frame = hear_frame, .is_stopped = is_stopped, .context = stage
	};

	limits.max_flows = 16384;
	limits.keep = 16384;
	limits.unpacked = true;
	stage->tracker = tracker_new(&limits, &stage->err);
	require(stage, stage->tracker != NULL);
	live.buffer = 1 << 23;
	stage->source = source_open_live(&live, &stage->err);
	require(stage, stage->source != NULL);
	options.source = stage->source;
	options.tracker = stage->tracker;
	stage->judge = judge_new(&options, &stage->err);
	require(stage, stage->judge != NULL);
}

static void admit(struct stage *stage, const struct scenario *scenario,
                  const struct performance_options *options)
{
	struct performance *performance = performance_new(scenario, options, &stage->err);

	require(stage, performance != NULL && stage->count < PERFORMANCES_MAX);
	stage->performances[stage->count++] = performance;
	require(stage, judge_admit(stage->judge, performance, &stage->err) == 0);
}

static void run(struct stage *stage)
{
	require(stage, judge_run(stage->judge, &stage->err) == 0);
}

static void tear_down(struct stage *stage)
{
	judge_free(stage->judge);
	for (size_t i = 0; i < stage->count; i++)
		performance_free(stage->performances[i]);
	tracker_free(stage->tracker);
	source_close(stage->source);
}

static void live_as_child(struct report *report, void (*life)(struct stage *stage),
                          bool (*is_stopped)(void))
{
	struct stage stage = { .report = report };

	if (sandbox_enter(&stage.err) < 0) {
		snprintf(report->skipped, sizeof(report->skipped), "%s", stage.err.what);
		_exit(0);
	}
	set_up(&stage, is_stopped);
	life(&stage);
	tear_down(&stage);
	report->is_finished = true;
	_exit(0);
}

static void live(void (*life)(struct stage *stage), bool (*is_stopped)(void))
{
	struct report *report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE,
	                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();

	cr_assert_geq(child, 0);
	if (child == 0)
		live_as_child(report, life, is_stopped);
	waitpid(child, NULL, 0);
	if (report->skipped[0] != '\0')
		cr_skip_test("%s", report->skipped);
	cr_expect_str_empty(report->failures, "%s", report->failures);
	cr_expect(report->is_finished, "the child did not come to its end");
}

static void expect_ruling(struct stage *stage, size_t number)
{
	const struct judgement *judgement = judge_ruling(stage->judge, number);
	const char *name = performance_scenario(stage->performances[number])->name;

	expect(stage, judgement->is_over, "%s", judgement->failure.what);
	expect(stage, judgement->agreed == judgement->moments, "%s: %s", name,
	       judgement->disagreement);
	expect(stage, judgement->moments > 0, "%s: never quiet", name);
	expect(stage, judgement->is_as_told, "%s: %s", name, judgement->difference);
}

static void live_all(struct stage *stage)
{
	size_t count, lines = 0;
	const struct scenario *rows = scenarios(&count);

	for (size_t i = 0; i < count; i++)
		if (rows[i].steps != NULL)
			admit(stage, &rows[i], NULL);
	expect(stage, stage->count > 30, "only %zu scenarios", stage->count);
	run(stage);
	for (size_t i = 0; i < stage->count; i++) {
		expect_ruling(stage, i);
		lines += performance_lines(stage->performances[i]);
	}
	expect(stage, stage->lines == lines, "%zu of %zu acts were told", stage->lines, lines);
}

Test(judge, finds_every_live_scenario_as_the_kernel_has_it)
{
	live(live_all, NULL);
}

static void live_one(struct stage *stage)
{
	size_t lines;

	admit(stage, scenario_find("half-close"), NULL);
	run(stage);
	expect_ruling(stage, 0);
	lines = performance_lines(stage->performances[0]);
	expect(stage, judge_ruling(stage->judge, 0)->moments >= lines, "too few moments");
}

Test(judge, compares_after_every_act)
{
	live(live_one, NULL);
}

static void live_strictly(struct stage *stage)
{
	const struct scenario *lenient = scenario_find("deferred-accept");
	struct scenario strict = *lenient;
	const struct judgement *judgement;

	strict.allowed = NULL;
	admit(stage, &strict, NULL);
	admit(stage, lenient, NULL);
	run(stage);
	judgement = judge_ruling(stage->judge, 0);
	expect(stage, judgement->agreed < judgement->moments, "nothing was noticed");
	expect(stage,
	       strstr(judgement->disagreement, "is in ESTABLISHED, to the kernel SYN_RECEIVED"),
	       "%s", judgement->disagreement);
	expect_ruling(stage, 1);
	judgement = judge_ruling(stage->judge, 1);
	expect(stage,
	       judgement->deviations > 0 &&
	               strcmp(judgement->deviation->kernel, "SYN_RECEIVED") == 0,
	       "the deviation was not counted");
}

Test(judge, notices_a_kernel_that_disagrees_and_names_what_the_row_allows)
{
	live(live_strictly, NULL);
}

static void live_otherwise(struct stage *stage)
{
	struct scenario other = *scenario_find("echo");
	const struct judgement *judgement;

	other.server = "LISTEN";
	admit(stage, &other, NULL);
	run(stage);
	judgement = judge_ruling(stage->judge, 0);
	expect(stage, judgement->agreed == judgement->moments, "%s", judgement->disagreement);
	expect(stage, !judgement->is_as_told, "nothing was noticed");
	expect(stage,
	       strcmp(judgement->difference,
	              "server: \"LISTEN SYN_RECEIVED ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED\" "
	              "instead of \"LISTEN\"") == 0,
	       "%s", judgement->difference);
}

Test(judge, notices_another_life_than_the_rows)
{
	live(live_otherwise, NULL);
}

/* ---- What makes a scenario worth its name ------------------------------------------------------- */

static bool closes_in_three_segments(const struct flow *flow)
{
	/* SYN-ACK, the ACK of the data, and a FIN that is also the ACK of the FIN. */
	return flow->sent[SERVER].fin_acked_peers && flow->sent[SERVER].packets == 3;
}

static bool has_data_on_its_syn(const struct flow *flow)
{
	return flow->sent[CLIENT].syn_payload == 5 && (flow->oddities & ODD_FAST_OPEN) != 0;
}

static bool has_all_though_some_came_twice(const struct flow *flow)
{
	const struct sending *sent = &flow->sent[CLIENT];

	return sent->repeats > 0 && sent->next - sent->iss == 3002;
}

static bool has_an_open_window_again(const struct flow *flow)
{
	return flow->sent[SERVER].window > 0;
}

static bool has_repeated_syns(const struct flow *flow)
{
	return flow->sent[CLIENT].syns >= 3;
}

static bool is_a_second_life(const struct flow *flow)
{
	return (flow->oddities & ODD_REUSED_PORT) != 0;
}

static const struct {
	const char *name;
	bool (*is_shown)(const struct flow *flow);
} shows[] = {
	{ "three-segment-close", closes_in_three_segments },
	{ "fast-open", has_data_on_its_syn },
	{ "lossy", has_all_though_some_came_twice },
	{ "zero-window", has_an_open_window_again },
	{ "black-hole", has_repeated_syns },
	{ "port-reuse", is_a_second_life },
	{ "fin-with-data", NULL },
};

enum { SHOWS = sizeof(shows) / sizeof(shows[0]) };

static void live_to_show(struct stage *stage)
{
	for (size_t i = 0; i < SHOWS; i++)
		admit(stage, scenario_find(shows[i].name), NULL);
	run(stage);
	for (size_t i = 0; i < SHOWS; i++) {
		const struct flow *flow = judge_ruling(stage->judge, i)->flow;

		expect(stage,
		       flow != NULL && (shows[i].is_shown == NULL || shows[i].is_shown(flow)), "%s",
		       shows[i].name);
	}
	expect(stage, stage->fins_with_data == 2, "%zu FINs with data", stage->fins_with_data);
	expect(stage, stage->zero_windows > 1, "%zu zero windows", stage->zero_windows);
}

Test(judge, sees_what_each_scenario_is_for)
{
	live(live_to_show, NULL);
}

static void live_through_a_flood(struct stage *stage)
{
	const struct performance_options options = { .flood = 3000 };
	const struct listener *listener;

	admit(stage, scenario_find("syn-flood"), &options);
	run(stage);
	expect(stage, judge_ruling(stage->judge, 0)->is_as_told, "%s",
	       judge_ruling(stage->judge, 0)->difference);
	expect(stage, tracker_totals(stage->tracker)->flows[0] == 3000, "%zu flows",
	       (size_t)tracker_totals(stage->tracker)->flows[0]);
	listener = tracker_next_listener(stage->tracker, NULL);
	expect(stage, listener != NULL && listener->half_open > 0, "nothing is half-open");
}

Test(judge, sees_every_half_open_connection_of_a_flood)
{
	live(live_through_a_flood, NULL);
}

/* ---- The loop ----------------------------------------------------------------------------------- */

static void live_in_copies(struct stage *stage)
{
	for (int i = 0; i < 20; i++)
		admit(stage, scenario_find(i % 2 == 0 ? "half-close" : "aborted"), NULL);
	run(stage);
	for (size_t i = 0; i < stage->count; i++)
		expect_ruling(stage, i);
}

Test(judge, runs_copies_at_once_without_mixing_them_up)
{
	live(live_in_copies, NULL);
}

static void live_at_one_port(struct stage *stage)
{
	const struct performance_options options = { .port = 8000 };
	const struct judgement *judgement;

	admit(stage, scenario_find("port-reuse"), &options);
	admit(stage, scenario_find("echo"), &options);
	run(stage);
	expect_ruling(stage, 0);
	judgement = judge_ruling(stage->judge, 0);
	expect(stage, judgement->flow != NULL && judgement->flow->key.port[SERVER] == 8000,
	       "another port");
	judgement = judge_ruling(stage->judge, 1);
	expect(stage, !judgement->is_over, "two listen on one port");
	expect(stage,
	       strcmp(judgement->failure.what, "echo: server listens on 127.0.0.1:8000: bind: "
	                                       "Address already in use") == 0,
	       "%s", judgement->failure.what);
}

Test(judge, uses_the_port_that_it_was_told_and_goes_on_when_one_act_fails)
{
	live(live_at_one_port, NULL);
}

static bool is_stopped_at_once(void)
{
	return true;
}

static void live_shortly(struct stage *stage)
{
	admit(stage, scenario_find("black-hole"), NULL);
	run(stage);
	expect(stage, !judge_ruling(stage->judge, 0)->is_over, "it went on");
}

Test(judge, ends_early_when_it_is_told_to)
{
	live(live_shortly, is_stopped_at_once);
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
