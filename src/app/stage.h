/* stage.h: where a scenario is shown: what was heard, and the ladder of it. */
#ifndef APP_STAGE_H
#define APP_STAGE_H

#include <stdbool.h>

#include "app/options.h"
#include "app/rungs.h"
#include "base/error.h"
#include "lab/scenario.h"
#include "packet/decode.h"
#include "report/page.h"
#include "track/tracker.h"

struct stage {
	struct tracker *tracker;
	struct decoder decoder; /* of a story; live frames are decoded elsewhere */
	struct collection heard;
	struct input input;
	struct output output;
	struct page page;
};

/* An audience for one scenario: a tracker that collects every segment. */
int stage_open(struct stage *stage, const struct settings *settings, const char *name,
               struct error *err);
void stage_close(struct stage *stage);

/* The written form of the scenario instead of a live one. */
int stage_tell_story(struct stage *stage, const struct scenario *scenario, struct error *err);

/* "half-close: the client stops sending...   (live on lo, port 8000)". */
void stage_announce(struct stage *stage, const struct scenario *scenario, const char *where);

/* Of `flow`, which the tracker lends; others that the same port served follow in a table. */
void stage_show(struct stage *stage, const struct flow *flow);

#endif
