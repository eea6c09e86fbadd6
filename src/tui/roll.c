/* roll.c: all flows of one moment, called up once, whoever asks. */

#include "tui/roll.h"

#include <stdlib.h>

#include "base/time.h"

/* From so many flows on, a walk costs more than a redraw may. */
enum { ROLL_LARGE = 200000, ROLL_ROOM = 1024 };

static struct moment moment_of(const struct tracker *tracker)
{
	const struct tracker_totals *totals = tracker_totals(tracker);

	return (struct moment){
		.tracker = tracker,
		.now = tracker_now(tracker),
		.heard = totals->segments + totals->datagrams + totals->icmp_errors +
		         totals->lone_parts + totals->unmatched_icmp + totals->ended,
	};
}

static bool is_same_moment(const struct moment *one, const struct moment *other)
{
	return one->tracker == other->tracker && one->now == other->now &&
	       one->heard == other->heard;
}

/* FNV-1a over whole numbers: only whether it stays the same matters. */
static uint64_t stirred(uint64_t traits, uint64_t number)
{
	return (traits ^ number) * UINT64_C(1099511628211);
}

static uint64_t traits_of(const struct flow *flow)
{
	uint64_t traits = UINT64_C(14695981039346656037);

	for (int side = CLIENT; side <= SERVER; side++) {
		const struct endpoint *end = &flow->ends[side];

		traits = stirred(traits, flow->sent[side].packets);
		traits = stirred(traits, flow->sent[side].payload);
		traits = stirred(traits, end->evidence);
		traits = stirred(traits, (uint64_t)end->state << 8 | end->certainty);
		traits = stirred(traits, (uint64_t)flow->time_wait[side]);
	}
	traits = stirred(traits, (uint64_t)flow->start);
	traits = stirred(traits, (uint64_t)flow->last);
	return stirred(traits, (uint64_t)flow->stage << 32 | flow->icmp_errors);
}

static bool is_closing(enum tcp_state state)
{
	return state >= ST_FIN_WAIT_1 && state <= ST_LAST_ACK;
}

static bool is_opening(enum tcp_state state)
{
	return state == ST_SYN_SENT || state == ST_SYN_RECEIVED;
}

static void count_flow(struct census *census, const struct flow *flow)
{
	enum tcp_state client = flow_state(flow, CLIENT);
	enum tcp_state server = flow_state(flow, SERVER);

	census->all++;
	if (flow->key.protocol != PROTOCOL_TCP || flow->stage == STAGE_KEPT)
		return;
	census->ends[client]++;
	census->ends[server] += !flow->self_connected;
	if (is_closing(client) || is_closing(server))
		census->closing++;
	else if (client == ST_TIME_WAIT || server == ST_TIME_WAIT)
		census->time_wait++;
	else if (is_opening(client) || is_opening(server))
		census->half_open++;
	else if (client == ST_ESTABLISHED || server == ST_ESTABLISHED)
		census->open++;
}

static bool make_room(struct roll *roll)
{
	size_t room = roll->room == 0 ? ROLL_ROOM : roll->room * 2;
	struct listed *flows;

	if (roll->count < roll->room)
		return true;
	flows = realloc(roll->flows, room * sizeof(*flows));
	if (!flows)
		return false;
	roll->flows = flows;
	roll->room = room;
	return true;
}

static bool may_wait(const struct roll *roll, const struct moment *moment, bool is_live)
{
	int64_t since = time_between(roll->moment.now, moment->now);

	return is_live && roll->count >= ROLL_LARGE && roll->moment.tracker == moment->tracker &&
	       since >= 0 && since < TIME_SECOND;
}

void roll_call(struct roll *roll, const struct tracker *tracker, bool is_live)
{
	struct moment moment = moment_of(tracker);
	const struct flow *flow = NULL;

	if (is_same_moment(&roll->moment, &moment) || may_wait(roll, &moment, is_live))
		return;
	roll->moment = moment;
	roll->version++;
	roll->count = 0;
	roll->census = (struct census){ 0 };
	while ((flow = tracker_next(tracker, flow)) && make_room(roll)) {
		roll->flows[roll->count++] = (struct listed){
			.flow = flow,
			.id = flow->id,
			.traits = traits_of(flow),
			.last = flow->last,
			.is_over = flow->stage == STAGE_KEPT || flow_is_over(flow),
		};
		count_flow(&roll->census, flow);
	}
}

void roll_free(struct roll *roll)
{
	free(roll->flows);
	*roll = (struct roll){ 0 };
}

const struct listed *roll_find(const struct roll *roll, uint64_t id)
{
	size_t low = 0, high = roll->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (roll->flows[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < roll->count && roll->flows[low].id == id ? &roll->flows[low] : NULL;
}
