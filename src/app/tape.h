/* tape.h: the segments of one flow, wound out of a store. */
#ifndef APP_TAPE_H
#define APP_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/rungs.h"
#include "app/selection.h"
#include "app/store.h"
#include "report/ladder.h"
#include "track/tracker.h"

/*
 * A small tracker of its own hears what passed between the flow's addresses and ports: so steps
 * are what they were, though the store holds nothing but segments. Zeroed, it is of no flow.
 */
struct tape {
	struct tracker *tracker; /* NULL: of no flow */
	struct flow_key key;
	uint64_t first_frame;
	bool by_vlan;
	bool is_alone;   /* what passed before the flow's first frame is left out */
	uint32_t digest;
	uint64_t wound;  /* the store's segments before this one were looked at */
	uint64_t heard;  /* segments of the flow */
	struct collection collection;
};

/*
 * The flow's rungs among the first `end` segments of the store; lent until the next call. NULL when
 * the store does not hold all of them any more, or memory is short.
 */
const struct rung *tape_rungs(struct tape *tape, const struct store *store,
                              const struct tracker_options *limits, const struct flow *flow,
                              uint64_t end, size_t *count);

/* The numbers of the flow's frames so far, those that the store still holds. False when memory is short. */
bool tape_frames(const struct store *store, const struct flow *flow, bool by_vlan,
                 struct selection *frames);

/* Of no flow again: the store was filled anew. */
void tape_clear(struct tape *tape);

#endif
