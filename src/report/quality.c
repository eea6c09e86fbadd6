/* quality.c: what is wrong with a capture, and what it therefore cannot tell. */

/*
 * Damage and frames that could not be read are warnings of their own (page.c);
 * here is what a capture that was read to its end still does not show as it was
 * on the wire.
 */

#include "report/quality.h"

#include "report/units.h"

struct flaw {
	uint64_t (*count)(const struct page *page);
	const char *noun;
	const char *meaning;
};

static uint64_t total_mark(const struct page *page, enum mark mark)
{
	return tracker_totals(page->tracker)->marks[mark];
}

static uint64_t cut(const struct page *page)
{
	return page->decoder->cut_frames;
}

static uint64_t duplicates(const struct page *page)
{
	return total_mark(page, MARK_DUPLICATE);
}

static uint64_t missed(const struct page *page)
{
	return tracker_totals(page->tracker)->missed;
}

static uint64_t one_sided(const struct page *page)
{
	return tracker_totals(page->tracker)->one_sided;
}

static uint64_t midstream(const struct page *page)
{
	return tracker_totals(page->tracker)->openings[OPENING_MIDSTREAM];
}

static uint64_t bad_checksums(const struct page *page)
{
	return total_mark(page, MARK_BAD_CHECKSUM);
}

static uint64_t offloaded(const struct page *page)
{
	return total_mark(page, MARK_OFFLOADED);
}

static uint64_t super_segments(const struct page *page)
{
	return total_mark(page, MARK_SUPER_SEGMENT);
}

/* clang-format off */
static const struct flaw flaws[] = {
	{ missed,         "byte",       " acknowledged but not captured: a loss here may be the capture's" },
	{ one_sided,      "connection", " captured one way only: half of their states is inferred" },
	{ midstream,      "connection", " begun before the capture: their windows may be scaled" },
	{ duplicates,     "segment",    " captured twice: left out of the analysis" },
	{ cut,            "frame",      " cut by the snapshot length: payload counts are the headers'" },
	{ bad_checksums,  "segment",    " with a wrong checksum" },
	{ super_segments, "segment",    " larger than the MSS: put together by the network card" },
	{ offloaded,      "checksum",   " left to the network card: not verified" },
};
/* clang-format on */

bool quality_is_good(const struct page *page)
{
	if (page->input->damage || page->input->dropped > 0 ||
	    tracker_totals(page->tracker)->backwards > 0)
		return false;
	for (size_t i = 0; i < sizeof(flaws) / sizeof(flaws[0]); i++) {
		if (flaws[i].count(page) > 0)
			return false;
	}
	return true;
}

void quality_add(struct text *text, const struct page *page)
{
	const char *between = "";

	for (size_t i = 0; i < sizeof(flaws) / sizeof(flaws[0]); i++) {
		uint64_t count = flaws[i].count(page);

		if (count == 0)
			continue;
		text_add(text, between);
		add_counted(text, count, flaws[i].noun);
		text_add(text, flaws[i].meaning);
		between = "; ";
	}
}
