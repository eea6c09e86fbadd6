/* facts.c: what a capture is, and how far it can be trusted. */

#include "report/facts.h"

#include "base/time.h"
#include "packet/link.h"
#include "report/quality.h"
#include "report/subject.h"
#include "report/units.h"

enum { LABEL_WIDTH = 9, LINE_MAX = 1024, REMARK_COLUMNS = 160 };

/* Takes the next word, with the blank before it. */
static const char *take_word(struct text *word, const char *rest)
{
	do
		text_add_char(word, *rest++);
	while (*rest != '\0' && *rest != ' ');
	return rest;
}

/* One line of facts after a label; a long one goes on below, past the label. */
static void write_fact(const struct page *page, const char *label, const struct text *fact)
{
	size_t limit = page->width > 0 ? (size_t)page->width : SIZE_MAX;
	size_t used = LABEL_WIDTH;
	const char *rest = fact->start;

	page_tone(page, TONE_STRONG);
	output_add(page->output, label);
	page_tone(page, TONE_PLAIN);
	output_spaces(page->output, LABEL_WIDTH - text_columns(label));
	while (*rest != '\0') {
		char storage[LINE_MAX];
		struct text word = text_over(storage, sizeof(storage));

		rest = take_word(&word, rest);
		if (used + text_columns(storage) > limit && used > LABEL_WIDTH) {
			output_add_char(page->output, '\n');
			output_spaces(page->output, LABEL_WIDTH - 1);
			used = LABEL_WIDTH - 1;
		}
		output_add_text(page->output, &word);
		used += text_columns(storage);
	}
	output_add_char(page->output, '\n');
}

static void write_what(const struct page *page)
{
	const char *link = link_type_name(page->input->link_type);
	char storage[LINE_MAX];
	struct text text = text_over(storage, sizeof(storage));

	text_add(&text, page->input->name);
	if (page->input->container != NULL) {
		text_add(&text, ", ");
		text_add(&text, page->input->container);
	}
	if (link != NULL && page->input->container != NULL) {
		text_add(&text, ", ");
		text_add(&text, link);
	}
	write_fact(page, "capture", &text);
	text_clear(&text);
	add_counted(&text, page->input->frames, "frame");
	text_add(&text, ", ");
	add_size(&text, page->input->bytes);
	if (page->decoder->frames < page->input->frames) {
		text_add(&text, "; the filter chose ");
		add_grouped(&text, page->decoder->frames);
	}
	write_fact(page, "frames", &text);
}

static void write_time(const struct page *page)
{
	const struct tracker_totals *totals = tracker_totals(page->tracker);
	char storage[LINE_MAX];
	struct text text = text_over(storage, sizeof(storage));

	if (totals->first == TIME_NONE)
		return;
	time_add_span(&text, page_span(page), page->ascii);
	text_add(&text, ", ");
	time_add_date(&text, totals->first, 3);
	text_add(&text, " to ");
	time_add_date(&text, totals->last, 3);
	text_add(&text, " UTC");
	write_fact(page, "time", &text);
}

static void write_protocols(const struct page *page)
{
	const struct tracker_totals *totals = tracker_totals(page->tracker);
	char storage[LINE_MAX];
	struct text text = text_over(storage, sizeof(storage));

	add_counted(&text, totals->flows[0], "connection");
	text_add(&text, ", ");
	add_counted(&text, totals->segments, "segment");
	text_add(&text, ", ");
	add_size(&text, totals->payload);
	text_add(&text, " of payload");
	write_fact(page, "TCP", &text);
	text_clear(&text);
	if (totals->flows[1] == 0)
		return;
	add_counted(&text, totals->flows[1], "conversation");
	text_add(&text, ", ");
	add_counted(&text, totals->datagrams, "datagram");
	write_fact(page, "UDP", &text);
}

/* Sound frames that are neither TCP nor UDP. */
static void write_others(const struct page *page)
{
	static const enum verdict others[] = { VERDICT_ICMP_ERROR, VERDICT_ICMP_OTHER,
		                               VERDICT_OTHER_TRANSPORT, VERDICT_NOT_IP };
	char storage[LINE_MAX];
	struct text text = text_over(storage, sizeof(storage));

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		uint64_t count = page->decoder->verdicts[others[i]];

		if (count == 0)
			continue;
		if (text.length > 0)
			text_add(&text, ", ");
		text_add(&text, verdict_words(others[i]));
		text_add(&text, " (");
		add_grouped(&text, count);
		text_add_char(&text, ')');
	}
	if (text.length > 0)
		write_fact(page, "other", &text);
}

static void write_quality(const struct page *page)
{
	char storage[LINE_MAX + 128], flaw_storage[LINE_MAX];
	struct text text = text_over(storage, sizeof(storage));
	struct text flaws = text_over(flaw_storage, sizeof(flaw_storage));
	uint64_t unsound = page_unsound(page);

	quality_add(&flaws, page);
	if (unsound > 0) {
		add_grouped(&text, unsound);
		text_add(&text, " of ");
		add_counted(&text, page->decoder->frames, "frame");
		text_add(&text, " not wholly decoded, see below");
	} else if (flaws.length == 0) {
		text_add(&text, quality_is_good(page) ? "good: " : "");
		text_add(&text, "every frame was decoded");
	}
	if (unsound > 0 && flaws.length > 0)
		text_add(&text, "; ");
	text_add(&text, flaws.start);
	write_fact(page, "quality", &text);
	page_warnings(page);
}

/* Whoever captured knew why. */
static void write_remark(const struct page *page, const struct remark *remark)
{
	char storage[LINE_MAX];
	struct text text = text_over(storage, sizeof(storage));

	if (remark->about == REMARK_CAPTURE)
		text_add(&text, "on the capture: ");
	else
		text_format(&text, "on %s %llu: ",
		            remark->about == REMARK_FRAME ? "frame" : "interface",
		            (unsigned long long)remark->number);
	if (!text_add_foreign(&text, remark->text, REMARK_COLUMNS, page->ascii))
		text_add(&text, "...");
	write_fact(page, "comment", &text);
}

static void write_remarks(const struct page *page)
{
	const struct input *input = page->input;
	uint64_t left = input->remark_total - (uint64_t)input->remark_count;
	char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	for (int i = 0; i < input->remark_count; i++)
		write_remark(page, &input->remarks[i]);
	if (left == 0)
		return;
	text_add(&text, "and ");
	add_grouped(&text, left);
	text_add(&text, " more");
	write_fact(page, "comment", &text);
}

void facts_write(const struct page *page)
{
	write_what(page);
	write_time(page);
	write_protocols(page);
	write_others(page);
	write_remarks(page);
	write_quality(page);
}
