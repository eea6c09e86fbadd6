/* filtered.c: lets through what a filter accepts. */

#include "capture/source.h"

#include <stdbool.h>
#include <stdlib.h>

#include "capture/filter.h"
#include "capture/source_ops.h"

struct filtered {
	struct source source;
	struct source *inner;
	struct filter *filter; /* lent */
	frames_visitor *visit;
	void *context;
	bool stuck; /* the filter made no sense on a frame */
	struct error failure;
};

static void frames_offer(void *context, const struct frame *frames, size_t count)
{
	struct filtered *filtered = context;
	struct frame passed[FRAMES_MOST];
	size_t passes = 0;

	for (size_t i = 0; i < count && !filtered->stuck; i++) {
		int accepted = filter_accepts(filtered->filter, &frames[i], &filtered->failure);

		filtered->stuck = accepted < 0;
		if (accepted > 0)
			passed[passes++] = frames[i];
	}
	if (passes > 0)
		filtered->visit(filtered->context, passed, passes);
}

/*
 * Counts what was read, not what was accepted: a filter that refuses a whole
 * file must neither keep the caller waiting for its end nor look quiet.
 */
static int filtered_visit(struct source *source, int most, frames_visitor *visit, void *context,
                          struct error *err)
{
	struct filtered *filtered = (struct filtered *)source;
	int outcome;

	if (filtered->stuck)
		return SOURCE_END;
	filtered->visit = visit;
	filtered->context = context;
	outcome = source_visit_many(filtered->inner, most, frames_offer, filtered, err);
	if (!filtered->stuck)
		return outcome;
	*err = filtered->failure;
	return SOURCE_FAILED;
}

static int filtered_descriptor(const struct source *source)
{
	return source_descriptor(((const struct filtered *)source)->inner);
}

static struct source_facts filtered_facts(const struct source *source)
{
	return source_facts(((const struct filtered *)source)->inner);
}

static const char *filtered_note(const struct source *source, size_t index)
{
	return source_note(((const struct filtered *)source)->inner, index);
}

static const struct remarks *filtered_remarks(const struct source *source)
{
	const struct source *inner = ((const struct filtered *)source)->inner;

	return inner->ops->remarks ? inner->ops->remarks(inner) : NULL;
}

static void filtered_close(struct source *source)
{
	source_close(((struct filtered *)source)->inner);
	free(source);
}

static const struct source_ops filtered_ops = {
	.visit = filtered_visit,
	.descriptor = filtered_descriptor,
	.facts = filtered_facts,
	.note = filtered_note,
	.remarks = filtered_remarks,
	.close = filtered_close,
};

struct source *source_filtered(struct source *inner, struct filter *filter, struct error *err)
{
	struct filtered *filtered = calloc(1, sizeof(*filtered));

	if (!filtered) {
		error_set(err, "%s: out of memory", source_facts(inner).name);
		source_close(inner);
		return NULL;
	}
	filtered->source.ops = &filtered_ops;
	filtered->inner = inner;
	filtered->filter = filter;
	return &filtered->source;
}
