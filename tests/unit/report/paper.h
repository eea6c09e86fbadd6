/* paper.h: a page whose output stays in memory, over a conversation. */
#ifndef TESTS_REPORT_PAPER_H
#define TESTS_REPORT_PAPER_H

#include "report/page.h"
#include "unit/diagnose/talk.h"

struct paper {
	struct talk talk;
	struct input input;
	struct decoder decoder;
	struct output output;
	struct page page;
};

/* The paper must stay where it is: its page points into it. */
static inline void paper_start(struct paper *paper)
{
	paper->talk = talk_new();
	paper->input = (struct input){ .name = "talk.pcap", .container = "pcap", .link_type = 1 };
	paper->decoder = (struct decoder){ .frames = 0 };
	paper->page = (struct page){ .output = &paper->output,
		                     .input = &paper->input,
		                     .decoder = &paper->decoder,
		                     .tracker = paper->talk.tracker };
	output_start(&paper->output, -1);
}

/* As if a capture had held just what was said. */
static inline void paper_count(struct paper *paper)
{
	paper->input.frames = paper->talk.frame;
	paper->input.bytes = paper->talk.frame * 60;
	paper->decoder.frames = paper->talk.frame;
	paper->decoder.verdicts[VERDICT_TCP] = paper->talk.frame;
}

static inline const char *paper_text(struct paper *paper)
{
	output_add_char(&paper->output, '\0');
	return paper->output.bytes;
}

static inline void paper_expect(struct paper *paper, const char *expected)
{
	cr_expect_str_eq(paper_text(paper), expected, "got:\n%s\nexpected:\n%s",
	                 paper->output.bytes, expected);
	output_start(&paper->output, -1);
}

static inline void paper_end(struct paper *paper)
{
	tracker_free(paper->talk.tracker);
}

/* Another client port: the next connection. */
static inline void paper_turn(struct paper *paper, uint16_t port)
{
	paper->talk.port[CLIENT] = port;
}

#endif
