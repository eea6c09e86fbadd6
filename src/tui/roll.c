/* roll.c: all flows of one moment, called up once, whoever asks. */

#include "tui/roll.h"

#include <stdlib.h>

#include "base/time.h"

enum { ROLL_ROOM = 1024 };

/*
 * With so many flows a roll may be so old. A key should not wait for a walk through many when the
 * latest redraw, 100 ms ago at most, made one; and very many are too much for every redraw.
 */
/* clang-format off */
static const struct {
	size_t flows;
	int64_t age;
} patience[] = {
	{ 200000, TIME_SECOND },
	{  20000, 90 * TIME_MILLISECOND },
};
/* clang-format on */

static struct moment moment_of(const struct tracker *tracker)
{
	const struct tracker_totals *totals = tracker_totals(tracker);

	return (struct moment){
		.tracker = tracker,
		.now = tracker_now(tracker),
		.due = tracker_due(tracker),
		.heard = totals->segments + totals->datagrams + totals->icmp_errors +
		         totals->lone_parts + totals->unmatched_icmp + totals->ended,
	};
}

static bool is_same_moment(const struct moment *one, const struct moment *other)
{
	return one->tracker == other->tracker && one->now == other->now &&
	       one->heard == other->heard;
}

/* Time alone changes no flow until a timer goes off. */
static bool is_quiet_since(const struct moment *one, const struct moment *other)
{
	return one->tracker == other->tracker && one->heard == other->heard &&
	       one->now != TIME_NONE && one->now <= other->now &&
	       (one->due == TIME_NONE || other->now < one->due);
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

static bool may_wait(const struct roll *roll, const struct moment *moment)
{
	int64_t since = time_between(roll->moment.now, moment->now);

	if (roll->moment.tracker != moment->tracker || since < 0)
		return false;
	for (size_t i = 0; i < sizeof(patience) / sizeof(patience[0]); i++) {
		if (roll->count >= patience[i].flows)
			return since < patience[i].age;
	}
	return false;
}

static void walk(struct roll *roll, const struct tracker *tracker)
{
	const struct flow *flow = NULL;

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

void roll_call(struct roll *roll, const struct tracker *tracker, bool is_live)
{
	struct moment moment = moment_of(tracker);

	if (is_same_moment(&roll->moment, &moment) || (is_live && may_wait(roll, &moment)))
		return;
	if (!is_quiet_since(&roll->moment, &moment))
		walk(roll, tracker);
	roll->moment = moment;
	roll->version++;
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
