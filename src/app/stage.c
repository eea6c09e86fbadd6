/* stage.c: where a scenario is shown: what was heard, and the ladder of it. */
#include "app/stage.h"

#include <unistd.h>

#include "app/terminal.h"
#include "lab/story.h"
#include "report/ladder.h"
#include "report/stat.h"
#include "report/where.h"

static bool wants_all(const void *choice, uint64_t id)
{
	(void)choice;
	(void)id;
	return true;
}

int stage_open(struct stage *stage, const struct settings *settings, const char *name,
               struct error *err)
{
	struct tracker_options limits = tracker_defaults();

	limits.key = hash_key_random();
	limits.unpacked = true;
	stage->tracker = tracker_new(&limits, err);
	if (!stage->tracker)
		return -1;
	stage->decoder = (struct decoder){ .frames = 0 };
	stage->heard = (struct collection){ .wants = wants_all };
	stage->input = (struct input){ .name = name, .is_live = true };
	output_start(&stage->output, STDOUT_FILENO);
	stage->page = (struct page){
		.output = &stage->output,
		.input = &stage->input,
		.decoder = &stage->decoder,
		.tracker = stage->tracker,
		.colour = terminal_wants_colour(settings),
		.ascii = terminal_wants_ascii(settings),
		.width = terminal_width(settings),
	};
	tracker_listen(stage->tracker, collection_kinds(), collection_take, &stage->heard);
	return 0;
}

void stage_close(struct stage *stage)
{
	collection_free(&stage->heard);
	tracker_free(stage->tracker);
	stage->tracker = NULL;
}

static void hear_frame(void *context, const struct frame *frame)
{
	struct stage *stage = context;
	struct segment segment;

	stage->input.frames++;
	if (verdict_has_segment(decoder_decode(&stage->decoder, frame, &segment)))
		tracker_feed(stage->tracker, &segment, 1);
}

int stage_tell_story(struct stage *stage, const struct scenario *scenario, struct error *err)
{
	return story_play(scenario->story, NULL, hear_frame, stage, err);
}

void stage_announce(struct stage *stage, const struct scenario *scenario, const char *where)
{
	output_format(&stage->output, "%s: %s  (%s)\n\n", scenario->name, scenario->summary, where);
}

static const struct rungs *rungs_of(const struct stage *stage, const struct flow *flow)
{
	for (size_t i = 0; i < stage->heard.count; i++) {
		if (stage->heard.flows[i].id == flow->id)
			return &stage->heard.flows[i];
	}
	return NULL;
}

/* A scenario's other connections go to the same port. */
static void show_others(struct stage *stage, const struct flow *flow)
{
	char expression[32];
	struct text text = text_over(expression, sizeof expression);
	struct stat_options options = { .tcp = false };
	const struct flow *other = NULL;
	struct where *where;
	struct error err;
	size_t count = 0;

	text_format(&text, "port:%u", flow->key.port[SERVER]);
	where = where_new(expression, &err);
	if (!where)
		return;
	while ((other = tracker_next(stage->tracker, other)))
		count += where_accepts(where, other);
	if (count > 1) {
		stage->page.where = where;
		output_add_char(&stage->output, '\n');
		stat_connections(&stage->page, &options);
		stage->page.where = NULL;
	}
	where_free(where);
}

void stage_show(struct stage *stage, const struct flow *flow)
{
	struct ladder_options options = { .time_wait = tracker_defaults().time_wait };
	const struct rungs *rungs = rungs_of(stage, flow);

	if (rungs)
		ladder_write(&stage->page, flow, rungs->rung, rungs->count, &options);
	show_others(stage, flow);
}
