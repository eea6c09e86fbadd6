/* outcomes.c: how many connections came to which end. */

#include "report/outcomes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "report/units.h"

enum { WORDS_WIDTH = 12, NUMBER_WIDTH = 11 };

static struct outcome_row *row_of(struct outcomes *outcomes, const char *words)
{
	for (size_t i = 0; i < outcomes->count; i++) {
		if (strcmp(outcomes->rows[i].words, words) == 0)
			return &outcomes->rows[i];
	}
	assert(outcomes->count < OUTCOMES_MAX);
	outcomes->rows[outcomes->count] = (struct outcome_row){ .words = words };
	return &outcomes->rows[outcomes->count++];
}

void outcomes_count(struct outcomes *outcomes, const struct flow *flow, enum severity severity)
{
	struct outcome_row *row = row_of(outcomes, flow_outcome(flow));

	row->count[flow->key.protocol == PROTOCOL_TCP ? 0 : 1]++;
	if (severity > row->worst)
		row->worst = severity;
}

static int compare(const void *left, const void *right)
{
	const struct outcome_row *a = left;
	const struct outcome_row *b = right;
	uint64_t count_a = a->count[0] + a->count[1];
	uint64_t count_b = b->count[0] + b->count[1];

	if (a->worst != b->worst)
		return a->worst > b->worst ? -1 : 1;
	if (count_a != count_b)
		return count_a > count_b ? -1 : 1;
	return strcmp(a->words, b->words);
}

static void add_right(struct output *output, const char *string)
{
	output_spaces(output, NUMBER_WIDTH - text_columns(string));
	output_add(output, string);
}

static void add_number(struct output *output, uint64_t number)
{
	char storage[32];
	struct text text = text_over(storage, sizeof(storage));

	if (number == 0)
		text_add_char(&text, '-');
	else
		add_grouped(&text, number);
	add_right(output, storage);
}

static bool has_protocol(const struct outcomes *outcomes, int protocol)
{
	for (size_t i = 0; i < outcomes->count; i++) {
		if (outcomes->rows[i].count[protocol] > 0)
			return true;
	}
	return false;
}

static enum tone tone_of(enum severity severity)
{
	return severity == SEVERITY_FAILURE   ? TONE_TROUBLE
	       : severity == SEVERITY_WARNING ? TONE_CLOSING
	                                      : TONE_PLAIN;
}

static void write_row(const struct page *page, const struct outcome_row *row, const bool shown[2])
{
	enum tone tone = tone_of(row->worst);

	if (tone != TONE_PLAIN)
		page_tone(page, tone);
	output_add(page->output, row->words);
	if (tone != TONE_PLAIN)
		page_tone(page, TONE_PLAIN);
	output_spaces(page->output, WORDS_WIDTH - text_columns(row->words));
	for (int i = 0; i < 2; i++) {
		if (shown[i])
			add_number(page->output, row->count[i]);
	}
	output_add_char(page->output, '\n');
}

void outcomes_write(const struct page *page, struct outcomes *outcomes)
{
	static const char *const titles[] = { "TCP", "UDP" };
	bool shown[] = { has_protocol(outcomes, 0), has_protocol(outcomes, 1) };

	if (outcomes->count == 0)
		return;
	qsort(outcomes->rows, outcomes->count, sizeof(outcomes->rows[0]), compare);
	output_add_char(page->output, '\n');
	page_tone(page, TONE_STRONG);
	output_add(page->output, "Outcome     ");
	for (int i = 0; i < 2; i++) {
		if (shown[i])
			add_right(page->output, titles[i]);
	}
	page_tone(page, TONE_PLAIN);
	output_add_char(page->output, '\n');
	for (size_t i = 0; i < outcomes->count; i++)
		write_row(page, &outcomes->rows[i], shown);
}
