/* flow_sight.c: what the view of one flow looks at: its segments, and how they are to be shown. */
#include "tui/flow_parts.h"

#include "base/time.h"

static int64_t time_wait_span(const struct tracker *tracker, const struct flow *flow)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		int64_t end = tracker_time_wait_end(tracker, flow, (enum side)side);

		if (end != TIME_NONE)
			return time_between(flow->time_wait[side], end);
	}
	return tracker_defaults().time_wait;
}

static bool goes_on(const struct scene *scene)
{
	return scene->replay ? !scene->replay->is_at_end : scene->ended == NULL;
}

/* Trails keep how a flow began and how it goes on; what is lost lies between, or before all. */
static size_t gap_of(const struct flow *flow, const struct rung *rungs, size_t count)
{
	if (count == 0 || rungs[0].step.segment.frame != flow->first_frame)
		return 0;
	return count > TRAIL_FIRST ? TRAIL_FIRST : count;
}

bool sight_of(const struct tui *tui, struct sight *sight, bool ascii)
{
	const struct wire_port *wire = tui->options.wire;
	const struct scene *scene = &tui->scene;
	bool is_whole = true;

	*sight = (struct sight){ .view = &tui->flow, .flow = tui_flow(tui, tui->selected) };
	if (!sight->flow || !scene->page)
		return false;
	if (wire->rungs)
		sight->rungs = wire->rungs(wire->context, sight->flow, &sight->count, &is_whole);
	if (!sight->rungs)
		sight->count = 0;
	sight->page = *scene->page;
	sight->page.ascii = ascii;
	sight->start = sight->count > 0 ? sight->rungs[0].step.segment.time : sight->flow->start;
	sight->options = (struct ladder_options){
		.absolute_numbers = tui->flow.has_absolute_numbers,
		.unfolded = tui->flow.is_unfolded,
		.has_gap = !is_whole,
		.gap = gap_of(sight->flow, sight->rungs, sight->count),
		.goes_on = goes_on(scene),
		.now = scene->now,
		.time_wait = time_wait_span(scene->page->tracker, sight->flow),
	};
	return true;
}

size_t sight_rung(const struct sight *sight, uint64_t frame)
{
	size_t low = 0;
	size_t high = sight->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sight->rungs[middle].step.segment.frame < frame)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < sight->count && sight->rungs[low].step.segment.frame == frame)
		return low;
	return sight->count;
}

uint32_t sight_base(const struct sight *sight, int side)
{
	const struct flow *flow = sight->flow;
	const struct sending *sent = &flow->sent[flow->self_connected ? CLIENT : side];

	return sent->has_iss && !sight->options.absolute_numbers ? sent->iss : 0;
}

enum paint tone_paint(enum tone tone)
{
	/* clang-format off */
	static const enum paint paints[] = {
		[TONE_PLAIN]   = PAINT_PLAIN,
		[TONE_OPENING] = PAINT_OPENING,
		[TONE_CLOSING] = PAINT_CLOSING,
		[TONE_TROUBLE] = PAINT_TROUBLE,
		[TONE_DIM]     = PAINT_DIM,
		[TONE_STRONG]  = PAINT_STRONG,
	};
	/* clang-format on */

	return paints[tone];
}

/* Another flow was chosen: what was remembered of the last one says nothing about it. */
void flow_begin_anew(struct tui *tui)
{
	struct view_flow *view = &tui->flow;

	if (view->flow == tui->selected)
		return;
	view->flow = tui->selected;
	view->cursor = 0;
	view->first_plot = 0;
	for (int i = 0; i < FLOW_MARKS; i++)
		view->marks[i] = 0;
}
