/* source_ops.h: what a kind of source must be able to do. */
#ifndef CAPTURE_SOURCE_OPS_H
#define CAPTURE_SOURCE_OPS_H

#include "base/error.h"
#include "capture/source.h"

struct remarks;

/* Contracts as in source.h. `close` also frees the source itself. */
struct source_ops {
	int (*visit)(struct source *source, int most, frames_visitor *visit, void *context,
	             struct error *err); /* as source_visit_many */
	int (*descriptor)(const struct source *source);
	struct source_facts (*facts)(const struct source *source);
	const char *(*note)(const struct source *source, size_t index); /* NULL: it has none */
	const struct remarks *(*remarks)(const struct source *source); /* the same */
	void (*close)(struct source *source);
};

/* A source lends no more frames at once. */
#define FRAMES_MOST 64

/* The first member of every kind of source. */
struct source {
	const struct source_ops *ops;
};

#endif
