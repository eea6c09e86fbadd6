/* rehearsal.c: a lab of few rows for views, whose acts are scripts that the scene hears. */

#include "unit/tui/rehearsal.h"

#include <stdio.h>
#include <string.h>

static const struct lab_row rows[REHEARSAL_ROWS] = {
	[REHEARSAL_ECHO] = { .name = "echo", .summary = "a client says hello, the server says it back",
	                     .has_states = true },
	[REHEARSAL_REFUSED] = { .name = "refused", .summary = "nobody listens" },
	[REHEARSAL_TOLD] = { .name = "crossing-fins", .summary = "both ends close at once",
	                     .obstacle = "a recording only", .brief = "recording" },
	[REHEARSAL_CHAT] = { .name = "chat", .summary = "passes each line on", .is_service = true },
	[REHEARSAL_FILES] = { .name = "files", .summary = "sends files", .is_service = true,
	                      .obstacle = "needs a folder: --folder DIR", .brief = "--folder DIR" },
};

/* What people read, and what passes. */
static const struct {
	const char *line, *wire;
} acts[] = {
	{ "server listens on 127.0.0.1:8000", "" },
	{ "client connects to 127.0.0.1:8000", HANDSHAKE },
	{ "client says \"hello\"", "> PA 1 1 5; < A 1 6" },
	{ "client closes", "> FA 6 1; < A 1 7" },
	{ "server reads end of file", "" },
	{ "server closes", "< FA 1 7; > A 7 2" },
};

enum { ACTS = sizeof(acts) / sizeof(acts[0]) };

static void note_call(struct rehearsal *rehearsal, const char *words, size_t number)
{
	size_t used = strlen(rehearsal->scene->calls);

	snprintf(rehearsal->scene->calls + used, sizeof(rehearsal->scene->calls) - used, "%s %zu; ",
	         words, number);
}

static size_t count(void *context)
{
	(void)context;
	return REHEARSAL_ROWS;
}

static void show_row(void *context, size_t number, struct lab_row *row)
{
	const struct rehearsal *rehearsal = context;

	*row = rows[number];
	row->place = "";
	if (number == REHEARSAL_CHAT && rehearsal->serves) {
		row->is_running = true;
		row->place = "127.0.0.1:7008";
	}
	if (number == rehearsal->script.row) {
		row->is_failed = rehearsal->script.failure[0] != '\0';
		row->is_running = !rehearsal->script.is_over && !row->is_failed;
	}
}

static int run(void *context, size_t number, bool stepwise, struct error *err)
{
	struct rehearsal *rehearsal = context;

	note_call(rehearsal, stepwise ? "step" : "run", number);
	if (rehearsal->refusal != NULL || rows[number].obstacle != NULL) {
		error_set(err, "%s: %s", rows[number].name,
		          rehearsal->refusal != NULL ? rehearsal->refusal : rows[number].obstacle);
		return -1;
	}
	if (rows[number].is_service)
		rehearsal->serves = true;
	else
		rehearsal->script = (struct lab_script){
			.row = number,
			.lines = ACTS,
			.is_stepwise = stepwise,
			.is_quiet = true,
			.failure = "",
		};
	return 0;
}

static void stop(void *context, size_t number)
{
	struct rehearsal *rehearsal = context;

	note_call(rehearsal, "stop", number);
	if (number == REHEARSAL_CHAT)
		rehearsal->serves = false;
	else
		rehearsal->script.is_over = true;
}

void rehearsal_act(struct rehearsal *rehearsal)
{
	struct lab_script *script = &rehearsal->script;

	scene_hear(rehearsal->scene, acts[script->done].wire);
	script->done++;
	script->flow = play_flow(&rehearsal->scene->play, 1);
	script->is_over = script->done == ACTS;
	script->is_quiet = false;
}

void rehearsal_settle(struct rehearsal *rehearsal)
{
	rehearsal->script.is_quiet = true;
}

static void next_act(void *context)
{
	struct rehearsal *rehearsal = context;

	note_call(rehearsal, "next", rehearsal->script.done);
	rehearsal_act(rehearsal);
}

static void show_script(void *context, struct lab_script *script)
{
	const struct rehearsal *rehearsal = context;

	*script = rehearsal->script;
}

static void show_line(void *context, size_t line, struct text *text)
{
	(void)context;
	text_add(text, acts[line].line);
}

static bool owns(void *context, const struct flow *flow)
{
	const struct rehearsal *rehearsal = context;

	return flow == rehearsal->script.flow;
}

void rehearsal_begin(struct rehearsal *rehearsal, struct scene_play *scene)
{
	*rehearsal = (struct rehearsal){
		.scene = scene,
		.script = { .row = SIZE_MAX, .is_quiet = true, .failure = "" },
	};
	scene->has_lab = true;
	scene->lab = (struct lab_port){
		.context = rehearsal,
		.count = count,
		.row = show_row,
		.run = run,
		.stop = stop,
		.next_act = next_act,
		.script = show_script,
		.line = show_line,
		.owns = owns,
	};
}
