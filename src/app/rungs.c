/* rungs.c: collects the segments of chosen flows while the tracker reads. */
#include "app/rungs.h"

#include <stdlib.h>
#include <string.h>

/*
 * Beyond the first limit of one flow, plain data is folded into the rung before
 * it; beyond the second one, or the limit of all flows, everything is.
 */
enum { PLAIN_MOST = 20000, FLOW_MOST = 100000, TOTAL_MOST = 2000000 };

uint32_t collection_kinds(void)
{
	return event_bit(EVENT_SEGMENT) | event_bit(EVENT_ICMP_ERROR) |
	       event_bit(EVENT_FLOW_FORGOTTEN);
}

/* Room for one more; NULL when memory is short. */
static void *grown(void *array, size_t count, size_t *room, size_t size)
{
	size_t wanted = *room ? *room * 2 : 16;
	void *larger;

	if (count < *room)
		return array;
	larger = realloc(array, wanted * size);
	if (larger)
		*room = wanted;
	return larger;
}

/* Flows are added in the order of their ids: where `id` is, or belongs. */
static size_t place_of(const struct collection *collection, uint64_t id)
{
	size_t low = 0;
	size_t high = collection->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (collection->flows[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct rungs *rungs_of(struct collection *collection, uint64_t id)
{
	size_t place = place_of(collection, id);
	struct rungs *flows;

	if (place < collection->count && collection->flows[place].id == id)
		return &collection->flows[place];
	if (!collection->wants(collection->choice, id))
		return NULL;
	flows = grown(collection->flows, collection->count, &collection->room, sizeof *flows);
	if (!flows) {
		collection->is_short_of_memory = true;
		return NULL;
	}
	collection->flows = flows;
	memmove(&flows[place + 1], &flows[place], (collection->count - place) * sizeof *flows);
	collection->count++;
	flows[place] = (struct rungs){ .id = id };
	return &flows[place];
}

static bool must_fold(const struct collection *collection, const struct rungs *rungs,
                      const struct step *step)
{
	if (rungs->count == 0)
		return false;
	if (rungs->count >= FLOW_MOST || collection->total >= TOTAL_MOST)
		return true;
	return rungs->count >= PLAIN_MOST && !step_is_notable(step);
}

static void rungs_fold(struct rungs *rungs, const struct step *step)
{
	struct step *last = &rungs->rung[rungs->count - 1].step;

	last->folded++;
	last->folded_payload[step->side] += step->segment.payload;
}

static void rungs_add(struct collection *collection, struct rungs *rungs, const struct event *event)
{
	struct rung *rung = grown(rungs->rung, rungs->count, &rungs->room, sizeof *rung);
	const char *sample;
	size_t length = 0;

	if (!rung) {
		collection->is_short_of_memory = true;
		return;
	}
	rungs->rung = rung;
	rung += rungs->count++;
	collection->total++;
	*rung = (struct rung){ .step = step_of(event) };
	if (collection->session)
		length = session_sample(collection->session, event->segment, &sample);
	if (length > sizeof rung->sample)
		length = sizeof rung->sample;
	if (length > 0)
		memcpy(rung->sample, sample, length);
	rung->sample_length = (uint8_t)length;
}

void collection_take(void *context, const struct event *event)
{
	struct collection *collection = context;
	struct rungs *rungs = rungs_of(collection, event->flow->id);
	struct step step;

	if (!rungs)
		return;
	if (event->kind == EVENT_FLOW_FORGOTTEN) {
		rungs->flow = *event->flow;
		rungs->is_forgotten = true;
		return;
	}
	step = step_of(event);
	if (must_fold(collection, rungs, &step))
		rungs_fold(rungs, &step);
	else
		rungs_add(collection, rungs, event);
}

void collection_free(struct collection *collection)
{
	for (size_t i = 0; i < collection->count; i++)
		free(collection->flows[i].rung);
	free(collection->flows);
}
