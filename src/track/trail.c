/* trail.c: the first and the last notable segments of some flows. */

#include "track/inside.h"

#include <string.h>

/*
 * The first steps stay, later ones go round in a ring: how a connection began
 * and how it ended is what people look at.
 */
struct trail {
	uint32_t flow;
	uint32_t count; /* notable steps ever */
	struct step steps[TRAIL_FIRST + TRAIL_LAST];
};

size_t trails_size(uint32_t trails)
{
	return trails * sizeof(struct trail);
}

struct step step_of(const struct event *event)
{
	const struct flow *flow = event->flow;
	struct step step = {
		.segment = *event->segment,
		.side = (uint8_t)event->side,
		.oddity = event->oddity,
		.is_repeat = event->is_repeat,
		.marks = event->marks,
		.duplicate_acks = event->duplicate_acks,
	};

	for (int side = CLIENT; side <= SERVER; side++) {
		step.before[side] = (uint8_t)event->before[side];
		step.after[side] = (uint8_t)flow_state(flow, (enum side)side);
		step.doubtful[side] = flow_state_is_doubtful(flow, (enum side)side);
		step.presumed[side] = flow_state_is_presumed(flow, (enum side)side);
	}
	step.is_first_data = event->kind == EVENT_SEGMENT && step.segment.payload > 0 &&
	                     flow->sent[event->side].payload == step.segment.payload;
	return step;
}

bool step_is_notable(const struct step *step)
{
	const struct segment *segment = &step->segment;

	return segment->kind == SEGMENT_TCP_QUOTE || segment->kind == SEGMENT_UDP_QUOTE ||
	       segment_has_any(segment, TCP_SYN | TCP_FIN | TCP_RST) || step->oddity != 0 ||
	       step->is_first_data || step->is_repeat ||
	       step->before[CLIENT] != step->after[CLIENT] ||
	       step->before[SERVER] != step->after[SERVER];
}

static uint32_t place_of(uint32_t number)
{
	if (number < TRAIL_FIRST)
		return number;
	return TRAIL_FIRST + (number - TRAIL_FIRST) % TRAIL_LAST;
}

/* NULL where the flow never had one, or another flow has it now. */
static struct trail *trail_of(const struct tracker *tracker, const struct flow *flow)
{
	struct trail *trail;

	if (flow->trail == NONE)
		return NULL;
	trail = &tracker->trails[flow->trail - 1];
	return trail->flow == flow->number ? trail : NULL;
}

/* When all trails are given out, the one given out longest ago changes hands. */
static struct trail *trail_take(struct tracker *tracker, struct flow *flow)
{
	uint32_t number = tracker->trail_count++ % tracker->options.trails;
	struct trail *trail = &tracker->trails[number];

	trail->flow = flow->number;
	trail->count = 0;
	flow->trail = number + 1;
	return trail;
}

static void fold(struct trail *trail, const struct step *step)
{
	struct step *last;

	if (trail->count == 0)
		return;
	last = &trail->steps[place_of(trail->count - 1)];
	last->folded++;
	last->folded_payload[step->side] += step->segment.payload;
}

void trails_record(struct tracker *tracker, struct flow *flow, const struct event *event)
{
	struct trail *trail = trail_of(tracker, flow);
	struct step step = step_of(event);

	if (!trail)
		trail = trail_take(tracker, flow);
	if (step_is_notable(&step))
		trail->steps[place_of(trail->count++)] = step;
	else
		fold(trail, &step);
}

size_t tracker_trail(const struct tracker *tracker, const struct flow *flow, struct step *steps,
                     size_t count)
{
	const struct trail *trail = trail_of(tracker, flow);
	uint32_t skipped = 0;
	size_t filled = 0;

	if (!trail)
		return 0;
	if (trail->count > TRAIL_FIRST + TRAIL_LAST)
		skipped = trail->count - TRAIL_FIRST - TRAIL_LAST;
	for (uint32_t number = 0; number < trail->count && filled < count; number++) {
		if (number == TRAIL_FIRST)
			number += skipped;
		steps[filled++] = trail->steps[place_of(number)];
	}
	return filled;
}
