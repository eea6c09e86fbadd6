/* judge.h: runs performances, watches them on the wire, and asks the kernel whether we understood. */
#ifndef APP_JUDGE_H
#define APP_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "capture/source.h"
#include "lab/performance.h"
#include "track/tracker.h"

/*
 * Several performances may run at once; each one's next act waits until the
 * moment after its last one was judged. Without a source they are only run.
 * Callbacks may be NULL.
 */
struct judge_options {
	struct source *source; /* live on lo; lent. NULL: nobody watches */
	struct tracker *
		tracker; /* fed with all but the judge's own datagrams; `unpacked`; lent. NULL without a source */

	/* An act is done; performance_line says which. */
	void (*acted)(void *context, const struct performance *performance, size_t line);
	/* Every frame but the judge's own, before the tracker hears of it: to record it. */
	frame_visitor *frame;
	/* Asked in every round: whether to end early. */
	bool (*is_stopped)(void);
	void *context;
};

/* What became of one performance. Texts are empty where there is nothing to complain of. */
struct judgement {
	unsigned moments;    /* of quiet, at which every end was compared with the kernel's own */
	unsigned agreed;     /* moments without a difference but those that the row allows */
	unsigned deviations; /* ends, summed over moments, that differed as the row allows */
	const struct deviation *deviation; /* the latest of these */
	char disagreement[256];            /* the first one */
	const struct flow
		*flow;        /* what the scenario is about, lent by the tracker; NULL: not seen */
	bool is_as_told;      /* paths, opening and closing are the row's own */
	char difference[256]; /* the first one of these */
	bool is_over;         /* all acts were done */
	struct error failure; /* of an act */
};

struct judge;

/* NULL and err where loopback or the kernel's tables cannot be used. */
struct judge *judge_new(const struct judge_options *options, struct error *err);
void judge_free(struct judge *judge);

/* Before judge_run. The performance is lent until judge_free; -1 and err when memory is short. */
int judge_admit(struct judge *judge, struct performance *performance, struct error *err);

/* Until all are over, and judged. -1 and err when the capture failed; a failed act is only a judgement. */
int judge_run(struct judge *judge, struct error *err);

/* In the order of admission; lent until judge_free. */
const struct judgement *judge_ruling(const struct judge *judge, size_t number);

#endif
