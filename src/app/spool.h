/* spool.h: an input that can be read more than once. */
#ifndef APP_SPOOL_H
#define APP_SPOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "capture/source.h"

struct spool {
	struct source_plan plan;
	bool is_seekable_input; /* standard input, but a file */
	bool is_copied;
	off_t start; /* where standard input stood */
	void *bytes; /* the copy; NULL if it is empty */
	uint64_t count;
};

/*
 * Standard input, FIFOs and the like are copied to a file without a name when
 * they must be read `twice`. The plan's paths are lent until spool_close.
 */
int spool_open(struct spool *spool, const struct source_plan *plan, bool twice,
               struct error *err);

/* From the beginning; to be closed before the spool. */
struct source *spool_source(struct spool *spool, struct error *err);
void spool_close(struct spool *spool);

#endif
