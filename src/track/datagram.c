/* datagram.c: UDP conversations: who asked, whether anybody replied. */

#include "track/inside.h"

#include "track/zeek_parts.h"

void datagram_feed(struct tracker *tracker, const struct segment *segment, uint64_t hash)
{
	enum side side = CLIENT;
	struct flow *flow = table_find(tracker, segment, hash, &side);
	struct turn turn = { .segment = segment, .side = side };
	struct sending *sent;

	tracker->totals.datagrams++;
	if (!flow) {
		flow = table_open(tracker, segment, hash, CLIENT);
		tracker_tell(tracker, flow, EVENT_FLOW_OPENED, &turn);
	}
	sent = &flow->sent[side];
	if (sent->packets++ == 0)
		flow->ttl[side] = segment->ttl;
	sent->payload += segment->payload;
	zeek_take_datagram(flow, segment, side);
	flow->last = segment->time;
	flow->last_frame = segment->frame;
	flow->touched = tracker->now;
	flow->saw_reply |= side == SERVER;
	timers_place(tracker, flow);
	tracker_tell(tracker, flow, EVENT_SEGMENT, &turn);
}
