/* watch_port.c: what the views are told, of an interface and of a capture alike. */
#include <stdlib.h>
#include <string.h>

#include "app/session_inside.h"
#include "app/watch_inside.h"

uint64_t watch_position(const struct watch *watch)
{
	return watch->kind == &watch_replay ? watch->replay.player.position
	                                    : store_count(watch->store);
}

void watch_look(struct watch *watch, struct scene *scene)
{
	const struct page *page = session_page(watch->session);

	*scene = (struct scene){
		.page = page,
		.source = page->input->name,
		.filter = watch->filter,
	};
}

/* What the tracker itself remembers of a flow, when its segments are gone. */
static size_t trail_copy(struct watch *watch, const struct flow *flow)
{
	struct step steps[TRAIL_FIRST + TRAIL_LAST];
	size_t count = tracker_trail(watch->session->tracker, flow, steps, TRAIL_FIRST + TRAIL_LAST);

	for (size_t i = 0; i < count; i++)
		watch->trail[i] = (struct rung){ .step = steps[i] };
	return count;
}

static const struct rung *rungs(void *context, const struct flow *flow, size_t *count,
                                bool *is_whole)
{
	struct watch *watch = context;
	const struct rung *rung = tape_rungs(&watch->tape, watch->store, &watch->session->limits,
	                                     flow, watch_position(watch), count);

	*is_whole = rung != NULL;
	if (rung)
		return rung;
	*count = trail_copy(watch, flow);
	return watch->trail;
}

int watch_refilter(struct watch *watch, const char *expression, struct error *err)
{
	char *copy = strdup(expression);

	if (!copy) {
		error_set(err, "out of memory");
		return -1;
	}
	if (session_refilter(watch->session, expression, err) < 0) {
		free(copy);
		return -1;
	}
	free(watch->filter);
	watch->filter = copy;
	watch->is_changed = true;
	return 0;
}

void watch_port_start(struct watch *watch)
{
	watch->wire = (struct wire_port){
		.context = watch,
		.rungs = rungs,
		.save_packets = watch_save_packets,
		.save_ladder = watch_save_ladder,
	};
}
