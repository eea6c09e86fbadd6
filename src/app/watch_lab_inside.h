/* watch_lab_inside.h: what the files of the watch view's lab share. */
#ifndef APP_WATCH_LAB_INSIDE_H
#define APP_WATCH_LAB_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "lab/performance.h"
#include "lab/wait.h"
#include "packet/segment.h"
#include "track/tracker.h"
#include "tui/port.h"

enum { RUN_LINE_MOST = 160 };

/* The scenario that runs, or ran last. Once it was stopped, its words and ends remain. */
struct run {
	const struct tracker *tracker; /* NULL: nobody listens */
	struct performance *performance; /* NULL: none, or it was stopped */
	size_t row;                    /* SIZE_MAX: none yet */
	bool is_stepwise;
	bool is_asked;                 /* the next act is due at once */
	bool is_acting;                /* part of an act is done; `wait` says for what it waits */
	bool is_over;
	bool was_quiet;                /* as of the latest step */
	struct wait wait;
	struct error failure;
	int64_t now;                   /* of the latest step */
	int64_t acted;                 /* when an act was done last; TIME_NONE: none was */
	int64_t heard;                 /* when a segment of it came last; TIME_NONE: none did */
	bool was_heard;                /* a segment of it came since the latest step */
	bool has_news;                 /* ...and since its flow was looked for */
	const struct flow *flow;       /* as found last; it may have been forgotten since */
	uint64_t flow_id;

	size_t line_count, done;       /* of a run that was stopped */
	char (*lines)[RUN_LINE_MOST];
	struct lab_end ends[PERFORMANCE_ENDS_MAX];
	size_t end_count;
};

void run_init(struct run *run, const struct tracker *tracker);

/* Frees the run before. -1 and err: it goes on. */
int run_start(struct run *run, const struct scenario *scenario, size_t row, bool stepwise,
              struct error *err);
void run_stop(struct run *run);
void run_free(struct run *run);

/* Whether acts are left, and none has failed. */
bool run_is_on(const struct run *run);

/* Returns whether there is something new to show. */
bool run_step(struct run *run, int64_t now);

/* False: it waits for nothing. */
bool run_wait(const struct run *run, struct wait *wait);

void run_hear(struct run *run, const struct segment *segment);
bool run_owns(const struct run *run, const struct flow *flow);
void run_script(struct run *run, struct lab_script *script);
void run_line(const struct run *run, size_t line, struct text *text);

#endif
