/* rungs.h: collects the segments of chosen flows while the tracker reads. */
#ifndef APP_RUNGS_H
#define APP_RUNGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/session.h"
#include "report/ladder.h"
#include "track/event.h"

/* One chosen flow. */
struct rungs {
	uint64_t id;
	struct rung *rung;
	size_t count, room;
	bool is_forgotten; /* the tracker has reused its memory: `flow` is how it was at last */
	struct flow flow;
};

typedef bool flow_choice(const void *choice, uint64_t id);

struct collection {
	const struct session *session; /* NULL: no samples */
	flow_choice *wants;
	const void *choice;  /* for `wants` */
	struct rungs *flows; /* by ascending id */
	size_t count, room;
	size_t total; /* rungs of all flows */
	bool is_short_of_memory;
};

/* The events that collection_take wants to hear of. */
uint32_t collection_kinds(void);
void collection_take(void *collection, const struct event *event);
void collection_free(struct collection *collection);

#endif
