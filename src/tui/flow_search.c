/* flow_search.c: searching for words on a ladder. */
#include "tui/flow_walk.h"

#include "tui/sought.h"

struct search {
	struct pass pass; /* first: the walk hands it back */
	const char *wanted;
	int from;                       /* the line that the cursor is on */
	int before, after, first, last; /* lines that have the words; -1: none */
};

static bool line_says(const struct ladder_line *line, const char *wanted)
{
	char storage[LADDER_WORDS_MOST];
	struct text text = text_over(storage, sizeof storage);
	struct ladder_label label;

	ladder_label_of(&label, line);
	if (line->kind == LADDER_ARROW)
		ladder_label_add(&text, &label, sizeof storage, false);
	else
		text_add(&text, line->words);
	for (int side = CLIENT; side <= SERVER; side++) {
		if (line->ends[side].is_new)
			text_format(&text, " %s", state_name(line->ends[side].state));
	}
	return has_sought(storage, wanted);
}

/* Words between the lifelines belong to the segment above them. */
static void take_words(struct pass *pass, const struct ladder_line *line)
{
	struct search *search = (struct search *)pass;
	int number = line_is_selectable(line) ? pass->lines : pass->lines - 1;

	if (number < 0 || !line_says(line, search->wanted))
		return;
	if (search->first < 0)
		search->first = number;
	if (number < search->from)
		search->before = number;
	if (number > search->from && search->after < 0)
		search->after = number;
	search->last = number;
}

uint64_t flow_ladder_search(const struct sight *sight, const char *wanted, bool backwards)
{
	struct search search = {
		.pass = pass_over(sight, NULL),
		.wanted = wanted,
		.before = -1,
		.after = -1,
		.first = -1,
		.last = -1,
	};
	int found;

	pass_measure(&search.pass);
	search.from = search.pass.cursor_line;
	pass_walk(&search.pass, take_words);
	found = backwards ? search.before : search.after;
	if (found < 0)
		found = backwards ? search.last : search.first;
	return found < 0 ? 0 : pass_frame(&search.pass, found);
}
