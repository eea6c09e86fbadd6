/* source.c: asks the kind of source that it is. */

#include "capture/source.h"

#include <assert.h>
#include <stddef.h>

#include "capture/source_ops.h"

struct single {
	frame_visitor *visit;
	void *context;
};

static void frames_part(void *context, const struct frame *frames, size_t count)
{
	const struct single *single = context;

	for (size_t i = 0; i < count; i++)
		single->visit(single->context, &frames[i]);
}

int source_visit_many(struct source *source, int most, frames_visitor *visit, void *context,
                      struct error *err)
{
	assert(most > 0);
	return source->ops->visit(source, most, visit, context, err);
}

int source_visit(struct source *source, int most, frame_visitor *visit, void *context,
                 struct error *err)
{
	struct single single = { visit, context };

	return source_visit_many(source, most, frames_part, &single, err);
}

int source_descriptor(const struct source *source)
{
	return source->ops->descriptor(source);
}

struct source_facts source_facts(const struct source *source)
{
	return source->ops->facts(source);
}

const char *source_note(const struct source *source, size_t index)
{
	return source->ops->note ? source->ops->note(source, index) : NULL;
}

void source_close(struct source *source)
{
	if (source)
		source->ops->close(source);
}
