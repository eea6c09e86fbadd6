/* session_inside.h: what the files of the session share. */
#ifndef APP_SESSION_INSIDE_H
#define APP_SESSION_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/intake.h"
#include "app/lent.h"
#include "app/options.h"
#include "app/overlap.h"
#include "app/progress.h"
#include "app/record.h"
#include "app/session.h"
#include "base/error.h"
#include "packet/decode.h"
#include "packet/segment.h"
#include "report/output.h"
#include "report/page.h"
#include "track/tracker.h"

struct source;
struct where;

enum { SAMPLE_MOST = 32, REMARKS_SHOWN = 5 };

struct sample {
	uint8_t length;
	char bytes[SAMPLE_MOST];
};

/* When a reading of an interface ends, and what is due meanwhile; instants of the wall clock. */
struct pace {
	bool is_live;
	int64_t end;    /* INT64_MAX: when it is interrupted */
	int64_t every;  /* a span; negative: nothing is due */
	int64_t due;
	session_ticker *tick;
	void *context;
	int64_t latest; /* time of the last frame */
};

struct session {
	const struct settings *settings;
	struct session_plan plan;
	struct tracker_options limits;
	struct intake intake;
	struct record record;
	struct where *where;
	struct source *source;
	struct tracker *tracker;
	struct lent lent;
	struct decoder decoder;
	struct overlap overlap;
	struct progress progress;

	struct pace pace;
	uint64_t taken; /* frames within since and until */

	bool has_origin; /* the first frame's time made since and until certain */
	int64_t since, until;

	size_t count; /* segments in the batch */
	struct segment batch[TRACKER_BATCH];
	struct sample samples[TRACKER_BATCH];

	bool was_quiet; /* all that was there has been read */
	bool was_interrupted;
	bool was_damaged;
	struct error damage;
	struct remark remarks[REMARKS_SHOWN];
	struct input input;
	struct page page;
	struct output output;
};

/* Whether -w waits for a second reading, which knows what --where selects. */
bool session_selects(const struct session *session);

/* Whether the frame lies within --since and --until. */
bool session_wants(struct session *session, const struct frame *frame);

/* Records the frame and decodes it; false where nothing in it is to be counted. */
bool session_take(struct session *session, const struct frame *frame, struct segment *segment);

/*
 * Another capture filter, "" for none: files are read again from their beginning; the tracker is
 * the caller's business. -1 and err: everything stays as it is.
 */
int session_refilter(struct session *session, const char *expression, struct error *err);
void session_free(struct session *session);

#endif
