/* watch_lab_run.c: one scenario, act by act, at a pace that a person can follow. */

#include "app/watch_lab_inside.h"

#include <stdlib.h>
#include <string.h>

#include "app/cast.h"
#include "base/text.h"
#include "base/time.h"
#include "capture/live.h"

/* Linux may delay the ACK of a FIN by 40 ms, and the capture comes late. */
#define QUIET (LIVE_DELAY + 60 * TIME_MILLISECOND)
/* Who is never quiet is looked at all the same. */
#define QUIET_AT_LAST (2 * TIME_SECOND)
/* Between two acts of a run that nobody steps through. */
#define PACE (300 * TIME_MILLISECOND)

void run_init(struct run *run, const struct tracker *tracker)
{
	*run = (struct run){
		.tracker = tracker,
		.row = SIZE_MAX,
		.acted = TIME_NONE,
		.heard = TIME_NONE,
		.was_quiet = true,
		.wait = { .descriptor = -1, .due = TIME_NONE },
	};
}

bool run_is_on(const struct run *run)
{
	return run->performance != NULL && !run->is_over && run->failure.what[0] == '\0';
}

/* What it said and where it was outlives the sockets, for those who still look at it. */
static void keep_memory(struct run *run)
{
	size_t count = performance_lines(run->performance);
	const struct lab_end *ends = performance_ends(run->performance, &run->end_count);

	memcpy(run->ends, ends, run->end_count * sizeof *ends);
	run->done = performance_done(run->performance);
	run->lines = calloc(count, sizeof *run->lines);
	run->line_count = run->lines != NULL ? count : 0;
	for (size_t i = 0; i < run->line_count; i++) {
		struct text text = text_over(run->lines[i], sizeof run->lines[i]);

		performance_line(run->performance, i, &text);
	}
}

void run_stop(struct run *run)
{
	if (run->performance == NULL)
		return;
	keep_memory(run);
	performance_free(run->performance);
	run->performance = NULL;
	run->is_over = true;
	run->is_acting = run->is_asked = false;
	run->acted = run->now;
}

void run_free(struct run *run)
{
	performance_free(run->performance);
	free(run->lines);
	run_init(run, run->tracker);
}

int run_start(struct run *run, const struct scenario *scenario, size_t row, bool stepwise,
              struct error *err)
{
	struct performance *performance = performance_new(scenario, NULL, err);
	int64_t now = run->now;

	if (performance == NULL)
		return -1;
	run_free(run);
	run->performance = performance;
	run->row = row;
	run->is_stepwise = stepwise;
	run->now = now;
	return 0;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* When the wire will have been silent for long enough; TIME_NONE: nothing was done yet. */
static int64_t quiet_due(const struct run *run)
{
	int64_t due;

	if (run->acted == TIME_NONE)
		return TIME_NONE;
	if (run->tracker == NULL)
		return run->acted;
	due = later(run->acted, run->heard) + QUIET;
	return due < run->acted + QUIET_AT_LAST ? due : run->acted + QUIET_AT_LAST;
}

static bool is_quiet(const struct run *run)
{
	int64_t due = quiet_due(run);

	return !run->is_acting && !run->is_asked && (due == TIME_NONE || run->now >= due);
}

/* When the next act of a run without steps may begin. A flood would only be slowed down. */
static int64_t pace_due(const struct run *run)
{
	int64_t due = quiet_due(run);

	if (due == TIME_NONE || performance_scenario(run->performance)->needs_raw_sockets)
		return run->now;
	return due < run->acted + PACE ? due : run->acted + PACE;
}

static bool may_act(const struct run *run)
{
	if (!run_is_on(run))
		return false;
	if (run->is_acting || run->is_asked)
		return true;
	return !run->is_stepwise && run->now >= pace_due(run);
}

/* Returns whether the script has changed. */
static bool act(struct run *run)
{
	struct performance *performance = run->performance;
	enum performance_outcome outcome =
		performance_step(performance, run->now, &run->wait, &run->failure);

	run->is_asked = false;
	run->is_acting = outcome == PERFORMANCE_WAITS;
	if (run->is_acting)
		return false;
	run->acted = run->now;
	run->is_over = outcome == PERFORMANCE_OVER ||
	               (outcome == PERFORMANCE_ACTED &&
	                performance_done(performance) == performance_lines(performance));
	return true;
}

bool run_step(struct run *run, int64_t now)
{
	bool has_changed = false;
	bool quiet;

	run->now = now;
	if (run->was_heard)
		run->heard = now;
	run->was_heard = false;
	while (may_act(run)) {
		has_changed |= act(run);
		if (run->is_acting)
			break;
	}
	quiet = is_quiet(run);
	has_changed |= quiet != run->was_quiet;
	run->was_quiet = quiet;
	return has_changed;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a == TIME_NONE || (b != TIME_NONE && b < a) ? b : a;
}

bool run_wait(const struct run *run, struct wait *wait)
{
	*wait = (struct wait){ .descriptor = -1, .due = TIME_NONE };
	if (run->is_acting)
		*wait = run->wait;
	else if (run->is_asked)
		wait->due = run->now;
	else if (run_is_on(run) && !run->is_stepwise)
		wait->due = pace_due(run);
	if (!run->is_acting && !is_quiet(run))
		wait->due = earlier(wait->due, quiet_due(run));
	return wait->descriptor >= 0 || wait->due != TIME_NONE;
}

void run_hear(struct run *run, const struct segment *segment)
{
	if (run->performance == NULL || !cast_has_segment(run->performance, segment))
		return;
	run->was_heard = true;
	run->has_news = true;
}

static bool was_at(const struct run *run, const struct flow_key *key, enum side side)
{
	for (size_t i = 0; i < run->end_count; i++)
		if (run->ends[i].port == key->port[side] &&
		    run->ends[i].protocol == key->protocol &&
		    address_equal(&run->ends[i].address, &key->address[side]))
			return true;
	return false;
}

bool run_owns(const struct run *run, const struct flow *flow)
{
	if (run->performance != NULL)
		return cast_has_flow(run->performance, flow);
	return was_at(run, &flow->key, CLIENT) && was_at(run, &flow->key, SERVER);
}

/* Ports of long ago come again: only a flow with the same id is still the same one. */
static const struct flow *find_flow(struct run *run)
{
	if (run->tracker == NULL)
		return NULL;
	if (run->performance != NULL && run->has_news) {
		run->has_news = false;
		run->flow = cast_subject(run->performance, run->tracker);
		run->flow_id = run->flow != NULL ? run->flow->id : 0;
	}
	if (run->flow != NULL &&
	    (run->flow->stage == STAGE_FREE || run->flow->id != run->flow_id))
		run->flow = NULL;
	return run->flow;
}

void run_script(struct run *run, struct lab_script *script)
{
	bool has_acts = run->performance != NULL;

	*script = (struct lab_script){
		.row = run->row,
		.lines = has_acts ? performance_lines(run->performance) : run->line_count,
		.done = has_acts ? performance_done(run->performance) : run->done,
		.is_stepwise = run->is_stepwise,
		.is_over = run->is_over,
		.is_quiet = is_quiet(run),
		.failure = run->failure.what,
		.flow = find_flow(run),
	};
}

void run_line(const struct run *run, size_t line, struct text *text)
{
	if (run->performance != NULL)
		performance_line(run->performance, line, text);
	else if (line < run->line_count)
		text_add(text, run->lines[line]);
}
