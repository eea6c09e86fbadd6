/* subject.c: what a page is about, and which flows a table of it shows. */

#include "report/subject.h"

#include "base/time.h"
#include "report/quality.h"
#include "report/units.h"

int64_t page_span(const struct page *page)
{
	const struct tracker_totals *totals = tracker_totals(page->tracker);

	if (totals->first == TIME_NONE || totals->last == TIME_NONE)
		return 0;
	return time_between(totals->first, totals->last);
}

uint64_t page_unsound(const struct page *page)
{
	uint64_t count = 0;

	for (int i = 0; i < VERDICT_COUNT; i++) {
		if (!verdict_is_sound((enum verdict)i))
			count += page->decoder->verdicts[i];
	}
	return count;
}

void add_subject(struct text *text, const struct page *page)
{
	uint64_t unsound = page_unsound(page);

	if (page->decoder->frames < page->input->frames) {
		add_grouped(text, page->decoder->frames);
		text_add(text, " of ");
	}
	add_counted(text, page->input->frames, "frame");
	text_add(text, ", ");
	time_add_span(text, page_span(page), page->ascii);
	if (unsound == 0) {
		text_add(text, quality_is_good(page) ? ", quality: good" : ", all decoded");
		return;
	}
	text_add(text, ", ");
	add_grouped(text, unsound);
	text_add(text, " not wholly decoded");
}

bool stat_wants_protocol(const struct stat_options *options, enum protocol protocol)
{
	if (!options->tcp && !options->udp)
		return true;
	return protocol == PROTOCOL_TCP ? options->tcp : options->udp;
}

bool stat_wants_family(const struct stat_options *options, enum family family)
{
	if (!options->ipv4 && !options->ipv6)
		return true;
	return family == FAMILY_IPV4 ? options->ipv4 : options->ipv6;
}

bool stat_wants(const struct page *page, const struct stat_options *options,
                const struct flow *flow)
{
	return stat_wants_protocol(options, (enum protocol)flow->key.protocol) &&
	       stat_wants_family(options, (enum family)flow->key.family) && page_wants(page, flow);
}

/* Good is said in the line above. */
static void write_quality(const struct page *page)
{
	char storage[1024];
	struct text text = text_over(storage, sizeof(storage));

	quality_add(&text, page);
	if (text.length == 0)
		return;
	output_add(page->output, "quality: ");
	output_add_text(page->output, &text);
	output_add_char(page->output, '\n');
}

void stat_head(const struct page *page, const char *what)
{
	char storage[256];
	struct text text = text_over(storage, sizeof(storage));

	add_subject(&text, page);
	output_add(page->output, what);
	output_add(page->output, page->input->name);
	output_add(page->output, " (");
	output_add_text(page->output, &text);
	output_add(page->output, ")\n");
	write_quality(page);
	page_warnings(page);
}
