/* progress.h: how far a long read has come. */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Shown only on a terminal, only after a second, and erased at the end. Zeroed, it shows nothing. */
struct progress {
	bool enabled;
	bool shown;
	int64_t start; /* instants of the monotonic clock */
	int64_t next;
};

struct progress progress_start(bool wanted);

struct progress_facts {
	uint64_t bytes, total; /* 0 where nobody knows it */
	uint64_t frames, dropped;
};

/* Whether it is time to tell it: what the facts cost is only spent then. */
bool progress_is_due(const struct progress *progress);
void progress_tell(struct progress *progress, const struct progress_facts *facts);
void progress_end(struct progress *progress);

#endif
