/* cast.c: which segments and flows a performance made. */

#include "app/cast.h"

bool cast_has_segment(const struct performance *performance, const struct segment *segment)
{
	bool is_udp = segment->kind == SEGMENT_UDP || segment->kind == SEGMENT_UDP_QUOTE;
	uint8_t protocol = is_udp ? PROTOCOL_UDP : PROTOCOL_TCP;

	return performance_is_at(performance, protocol, &segment->source, segment->source_port) &&
	       performance_is_at(performance, protocol, &segment->destination,
	                         segment->destination_port);
}

bool cast_has_flow(const struct performance *performance, const struct flow *flow)
{
	for (int side = 0; side < 2; side++)
		if (!performance_is_at(performance, flow->key.protocol, &flow->key.address[side],
		                       flow->key.port[side]))
			return false;
	return true;
}

const struct flow *cast_subject(const struct performance *performance,
                                const struct tracker *tracker)
{
	const struct lab_end *subject = performance_subject(performance);
	const struct flow *flow = NULL, *found = NULL;

	while (subject != NULL && (flow = tracker_next(tracker, flow)) != NULL)
		if (flow->key.port[CLIENT] == subject->port &&
		    address_equal(&flow->key.address[CLIENT], &subject->address) &&
		    cast_has_flow(performance, flow))
			found = flow;
	return found;
}
