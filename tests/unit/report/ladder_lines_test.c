/* ladder_lines_test.c: the lines of a ladder as whoever draws them gets them. */
#include "report/ladder.h"
#include "track/event.h"
#include "unit/diagnose/talk.h"

enum { RUNGS = 64, LINES = 64 };

/* A line as it was, its words and label kept. */
struct kept {
	struct ladder_line line;
	char words[256];
};

static struct talk talk;
static struct rung rungs[RUNGS];
static size_t count;
static struct page page;
static struct ladder_options options;
static struct kept lines[LINES];
static size_t line_count;

static void note_step(void *context, const struct event *event)
{
	(void)context;
	cr_assert(count < RUNGS);
	rungs[count++] = (struct rung){ .step = step_of(event) };
}

static void begin(void)
{
	talk = talk_new();
	tracker_listen(talk.tracker, event_bit(EVENT_SEGMENT) | event_bit(EVENT_ICMP_ERROR),
	               note_step, NULL);
	page = (struct page){ .tracker = talk.tracker };
	options = (struct ladder_options){ .time_wait = 60 * TIME_SECOND };
	count = 0;
}

static void finish(void)
{
	tracker_free(talk.tracker);
}

TestSuite(ladder_lines, .init = begin, .fini = finish);

static void keep(void *context, const struct ladder_line *line)
{
	struct kept *kept = &lines[line_count++];
	struct text words = text_over(kept->words, sizeof kept->words);
	struct ladder_label label;

	(void)context;
	cr_assert(line_count <= LINES);
	kept->line = *line;
	text_add(&words, line->words);
	if (line->kind != LADDER_ARROW)
		return;
	ladder_label_of(&label, line);
	ladder_label_add(&words, &label, 60, true);
}

static void draw(void)
{
	line_count = 0;
	ladder_lines(&page, talk_flow(&talk, 1), rungs, count, &options, keep, NULL);
}

/* The one line with these words. */
static const struct ladder_line *line_with(const char *words)
{
	const struct ladder_line *found = NULL;

	for (size_t i = 0; i < line_count; i++) {
		if (!strstr(lines[i].words, words))
			continue;
		cr_assert_null(found, "\"%s\" stands twice", words);
		found = &lines[i].line;
	}
	cr_assert_not_null(found, "no \"%s\"", words);
	return found;
}

static bool is_said(const char *words)
{
	for (size_t i = 0; i < line_count; i++) {
		if (strstr(lines[i].words, words))
			return true;
	}
	return false;
}

/* Four times 100 bytes and their ACKs: rungs 4 to 11, behind the first data. */
static void download(void)
{
	shake_hands(&talk);
	say(&talk, SERVER, MS, TCP_ACK, 1, 1, 100);
	for (uint32_t i = 1; i <= 4; i++) {
		say(&talk, SERVER, MS, TCP_ACK, 1 + 100 * i, 1, 100);
		say(&talk, CLIENT, MS, TCP_ACK, 1, 1 + 100 * i, 0);
	}
}

Test(ladder_lines, say_which_rungs_they_are_made_of)
{
	shake_hands(&talk);
	part(&talk, 0, 0);
	draw();
	cr_assert_eq(lines[0].line.kind, LADDER_ORIGIN);
	cr_assert_eq(lines[0].line.count, 0);
	for (size_t i = 0; i < 7; i++) {
		cr_assert_eq(lines[i + 1].line.kind, LADDER_ARROW);
		cr_assert_eq(lines[i + 1].line.first, i);
		cr_assert_eq(lines[i + 1].line.count, 1);
		cr_assert_eq(lines[i + 1].line.time, rungs[i].step.segment.time);
	}
	cr_assert_eq(lines[8].line.kind, LADDER_REMARK);
	cr_assert_eq(line_count, 9);
}

Test(ladder_lines, of_a_run_are_one_for_each_sender)
{
	const struct ladder_line *data, *acks;

	download();
	draw();
	data = line_with("400 bytes, 4 segments");
	acks = line_with("4 ACKs");
	cr_assert(data->is_heavy && acks->is_heavy);
	cr_assert_eq(data->side, SERVER);
	cr_assert_eq(acks->side, CLIENT);
	cr_assert_eq(data->first, 4);
	cr_assert_eq(data->count, 8);
	cr_assert_eq(acks->first, 4);
	cr_assert_eq(acks->count, 8);
	cr_assert_eq(acks->time, rungs[5].step.segment.time);
}

Test(ladder_lines, are_as_many_as_segments_when_unfolded)
{
	download();
	options.unfolded = true;
	options.goes_on = true;
	options.now = talk.now;
	draw();
	cr_assert_eq(line_count, 1 + count);
	cr_assert_eq(lines[12].line.first, 11);
	cr_assert_not(lines[12].line.is_heavy);
}

Test(ladder_lines, tell_what_is_proven_from_what_is_presumed)
{
	shake_hands(&talk);
	say(&talk, SERVER, MS, TCP_ACK, 1, 1, 100);
	draw();
	cr_assert(lines[0].line.ends[SERVER].is_presumed); /* LISTEN? */
	cr_assert(lines[0].line.ends[SERVER].is_doubtful);
	cr_assert_not(lines[2].line.ends[SERVER].is_presumed); /* its SYN-ACK */
	cr_assert_eq(lines[3].line.ends[SERVER].state, ST_ESTABLISHED);
	cr_assert(lines[3].line.ends[SERVER].is_new);
	cr_assert(lines[3].line.ends[SERVER].is_presumed); /* the ACK may be lost */
	cr_assert_not(lines[4].line.ends[SERVER].is_new);
	cr_assert_not(lines[4].line.ends[SERVER].is_presumed); /* its data proves it */
}

Test(ladder_lines, of_a_run_tell_what_it_proves)
{
	shake_hands(&talk);
	say(&talk, CLIENT, MS, TCP_ACK, 1, 1, 10);
	for (uint32_t i = 1; i <= 4; i++) {
		say(&talk, CLIENT, MS, TCP_ACK, 1 + 10 * i, 1, 10);
		say(&talk, SERVER, MS, TCP_ACK, 1, 1 + 10 * i, 0);
	}
	draw();
	cr_assert(line_with("10 bytes  seq 1")->ends[SERVER].is_presumed);
	cr_assert_not(line_with("40 bytes, 4 segments")->ends[SERVER].is_presumed);
}

Test(ladder_lines, say_where_segments_were_forgotten)
{
	const struct ladder_line *gap;

	download();
	/* Rungs 4 to 7 are lost. */
	memmove(&rungs[4], &rungs[8], 4 * sizeof rungs[0]);
	count -= 4;
	options.has_gap = true;
	options.gap = 4;
	draw();
	gap = line_with("4 segments are not remembered here");
	cr_assert_eq(gap->kind, LADDER_WORDS);
	cr_assert_eq(gap, &lines[5].line);
	cr_assert_not(is_said("after a gap"));
}

Test(ladder_lines, make_no_run_across_what_was_forgotten)
{
	download();
	options.has_gap = true;
	options.gap = 8;
	draw();
	cr_assert(is_said("some segments are not remembered here"));
	cr_assert_not(is_said("4 segments"));
}

Test(ladder_lines, say_that_all_was_forgotten)
{
	shake_hands(&talk);
	count = 0;
	options.has_gap = true;
	draw();
	cr_assert(is_said("3 segments are not remembered here"));
}

Test(ladder_lines, let_a_wait_grow_while_the_flow_goes_on)
{
	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	options.goes_on = true;
	options.now = talk.now + 7 * TIME_SECOND;
	draw();
	cr_assert(is_said("no answer for 7 s"));
	cr_assert_not(is_said("The capture ends here"));
	options.goes_on = false;
	draw();
	cr_assert_not(is_said("no answer"));
	cr_assert(is_said("The capture ends here"));
}

Test(ladder_lines, let_nothing_wait_once_all_is_over)
{
	shake_hands(&talk);
	part(&talk, 0, 0);
	options.goes_on = true;
	options.now = talk.now + 7 * TIME_SECOND;
	draw();
	cr_assert_not(is_said("for 7 s"));
}

Test(ladder_lines, of_an_icmp_error_stand_between_the_ends)
{
	say(&talk, CLIENT, 0, TCP_SYN, 0, 0, 0);
	complain(&talk, MS, 3, 1);
	draw();
	cr_assert_eq(line_with("host unreachable")->kind, LADDER_WORDS);
	cr_assert_eq(line_with("host unreachable")->first, 1);
	cr_assert_eq(line_with("host unreachable")->count, 1);
	cr_assert_eq(line_with("host unreachable")->ends[CLIENT].state, ST_CLOSED);
}
