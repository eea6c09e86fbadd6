/* page.c: tones, and what a reader must know about the capture before trusting a page. */

#include "report/page.h"

#include "base/time.h"
#include "packet/link.h"
#include "packet/tunnel.h"
#include "report/units.h"
#include "report/where.h"

/* clang-format off */
static const char *const paint[] = {
	[TONE_PLAIN]   = "\033[0m",
	[TONE_OPENING] = "\033[32m",
	[TONE_CLOSING] = "\033[33m",
	[TONE_TROUBLE] = "\033[31m",
	[TONE_DIM]     = "\033[2m",
	[TONE_STRONG]  = "\033[1m",
};
/* clang-format on */

void page_tone(const struct page *page, enum tone tone)
{
	if (page->colour)
		output_add(page->output, paint[tone]);
}

bool page_wants(const struct page *page, const struct flow *flow)
{
	return page->where == NULL || where_accepts(page->where, flow);
}

static void warn(const struct page *page, const struct text *text)
{
	page_tone(page, TONE_TROUBLE);
	output_add_text(page->output, text);
	page_tone(page, TONE_PLAIN);
	output_add_char(page->output, '\n');
}

/* What a verdict says is the reader's business only where something is missing or wrong. */
static void warn_of_verdicts(const struct page *page)
{
	const struct decoder *decoder = page->decoder;
	char storage[1024];
	struct text text = text_over(storage, sizeof(storage));
	uint64_t total = 0;

	for (int i = 0; i < VERDICT_COUNT; i++)
		total += verdict_is_sound((enum verdict)i) ? 0 : decoder->verdicts[i];
	if (total == 0)
		return;
	add_counted(&text, total, "frame");
	text_add(&text, " not wholly decoded:");
	for (int i = 0; i < VERDICT_COUNT; i++) {
		if (verdict_is_sound((enum verdict)i) || decoder->verdicts[i] == 0)
			continue;
		text_add_char(&text, ' ');
		text_add(&text, verdict_words((enum verdict)i));
		text_add(&text, " (");
		add_grouped(&text, decoder->verdicts[i]);
		text_add_char(&text, ')');
		total -= decoder->verdicts[i];
		if (total > 0)
			text_add_char(&text, ',');
	}
	if (decoder->verdicts[VERDICT_LINK_UNKNOWN] > 0) {
		const char *name = link_type_name(decoder->unknown_link);

		text_format(&text, " (link type %u%s%s)", decoder->unknown_link,
		            name != NULL ? ", " : "", name != NULL ? name : "");
	}
	warn(page, &text);
}

static void warn_of_count(const struct page *page, uint64_t count, const char *noun,
                          const char *consequence)
{
	char storage[256];
	struct text text = text_over(storage, sizeof(storage));

	if (count == 0)
		return;
	add_counted(&text, count, noun);
	text_add(&text, consequence);
	warn(page, &text);
}

static void warn_of_damage(const struct page *page)
{
	char storage[640];
	struct text text = text_over(storage, sizeof(storage));

	if (page->input->damage == NULL)
		return;
	text_add(&text, "reading stopped early: ");
	text_add(&text, page->input->damage);
	warn(page, &text);
}

static void warn_of_backwards(const struct page *page, const struct tracker_totals *totals)
{
	char storage[256];
	struct text text = text_over(storage, sizeof(storage));

	if (totals->backwards == 0)
		return;
	text_add(&text, "time ran backwards before ");
	add_counted(&text, totals->backwards, "segment");
	text_add(&text, ", by up to ");
	time_add_span(&text, totals->backwards_most, page->ascii);
	text_add(&text, ": their order may not be that of the wire");
	warn(page, &text);
}

void page_warnings(const struct page *page)
{
	const struct tracker_totals *totals = tracker_totals(page->tracker);

	warn_of_damage(page);
	warn_of_verdicts(page);
	warn_of_count(page, page->input->dropped, "frame",
	              " lost while capturing: gaps here may not be gaps on the wire");
	warn_of_backwards(page, totals);
	warn_of_count(page, page->decoder->tunnels ? tunnels_crowded(page->decoder->tunnels) : 0,
	              "frame", " in tunnels beyond the number that can be told apart");
	warn_of_count(page, totals->evicted, "connection",
	              " ended early for want of room (see --max-flows)");
	warn_of_count(page, totals->lone_parts, "segment",
	              " with cut or impossible headers on no connection");
}
