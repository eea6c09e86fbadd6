/* memory.c: a savefile that is already in memory. */

#include "capture/source.h"

#include <stdlib.h>
#include <string.h>

#include "capture/pump.h"
#include "capture/remarks.h"
#include "capture/source_ops.h"

struct memory {
	struct source source;
	struct pump pump;
	struct remarks remarks;
	const uint8_t *bytes;
	uint64_t count;
	uint64_t taken;
};

static ptrdiff_t memory_fill(void *origin, void *space, size_t size, struct error *err)
{
	struct memory *memory = origin;
	uint64_t left = memory->count - memory->taken;

	(void)err;
	if (size > left)
		size = (size_t)left;
	if (size)
		memcpy(space, memory->bytes + memory->taken, size);
	memory->taken += size;
	return (ptrdiff_t)size;
}

static int memory_visit(struct source *source, int most, frames_visitor *visit, void *context,
                        struct error *err)
{
	return pump_visit(&((struct memory *)source)->pump, most, visit, context, err);
}

static int memory_descriptor(const struct source *source)
{
	(void)source;
	return -1;
}

static struct source_facts memory_facts(const struct source *source)
{
	const struct memory *memory = (const struct memory *)source;
	struct source_facts facts = pump_facts(&memory->pump);

	facts.bytes_total = memory->count;
	return facts;
}

static const struct remarks *memory_remarks(const struct source *source)
{
	return &((const struct memory *)source)->remarks;
}

static void memory_close(struct source *source)
{
	struct memory *memory = (struct memory *)source;

	pump_close(&memory->pump);
	remarks_free(&memory->remarks);
	free(memory);
}

static const struct source_ops memory_ops = {
	.visit = memory_visit,
	.descriptor = memory_descriptor,
	.facts = memory_facts,
	.remarks = memory_remarks,
	.close = memory_close,
};

struct source *source_open_memory(const char *name, const void *bytes, uint64_t count,
                                  struct error *err)
{
	struct memory *memory = calloc(1, sizeof(*memory));

	if (!memory) {
		error_set(err, "%s: out of memory", name);
		return NULL;
	}
	memory->source.ops = &memory_ops;
	memory->bytes = bytes;
	memory->count = count;
	if (pump_open(&memory->pump, name, memory_fill, memory, err) < 0) {
		free(memory);
		return NULL;
	}
	parser_remember(memory->pump.parser, &memory->remarks, 0);
	if (pump_prime(&memory->pump, err) < 0) {
		memory_close(&memory->source);
		return NULL;
	}
	return &memory->source;
}
