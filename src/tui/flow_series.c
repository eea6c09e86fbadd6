/* flow_series.c: how round trips, windows and data in flight went, segment by segment. */
#include "tui/flow_parts.h"

#include "base/time.h"
#include "packet/seq.h"

enum { WAITING_MOST = 128 };

/* Data that waits for its acknowledgment. */
struct waiting {
	uint32_t end; /* one past its last number */
	int64_t time;
	bool is_repeated; /* its acknowledgment could be that of either (RFC 6298 section 3) */
};

struct sender {
	bool has_next, has_acked;
	uint32_t next;                        /* one past the highest number it sent */
	uint32_t acked;                       /* the highest number it acknowledged */
	struct waiting waiting[WAITING_MOST]; /* a ring, oldest first */
	unsigned first, count;
};

struct course {
	const struct flow *flow;
	struct sender senders[2];
	struct point point;
};

static struct waiting *waiting_at(struct sender *sender, unsigned number)
{
	return &sender->waiting[(sender->first + number) % WAITING_MOST];
}

static void wait_for(struct sender *sender, const struct segment *segment)
{
	if (sender->count == WAITING_MOST) {
		sender->first = (sender->first + 1) % WAITING_MOST;
		sender->count--;
	}
	*waiting_at(sender, sender->count++) = (struct waiting){
		.end = segment_end(segment),
		.time = segment->time,
	};
}

static void repeat(struct sender *sender, const struct segment *segment)
{
	for (unsigned i = 0; i < sender->count; i++) {
		struct waiting *waiting = waiting_at(sender, i);

		if (seq_after(waiting->end, segment->seq))
			waiting->is_repeated = true;
	}
}

/* A FIN has a number of its own, but is no byte. */
static uint32_t bytes_between(const struct segment *segment, uint32_t from, uint32_t to)
{
	return to - from - (segment_has(segment, TCP_FIN) ? 1 : 0);
}

static void take_numbers(struct course *course, const struct segment *segment, int side)
{
	struct sender *sender = &course->senders[side];
	uint32_t end = segment_end(segment);

	if (segment_has(segment, TCP_RST) || segment_space(segment) == 0)
		return;
	if (sender->has_next && !seq_after(end, sender->next)) {
		repeat(sender, segment);
		return;
	}
	if (sender->has_next)
		course->point.sent[side] += bytes_between(segment, sender->next, end);
	else
		course->point.sent[side] += segment->payload;
	sender->next = end;
	sender->has_next = true;
	if (segment->payload > 0)
		wait_for(sender, segment);
}

/* The sample is that of the latest segment that is covered whole. */
static void take_ack(struct course *course, const struct segment *segment, int side)
{
	struct sender *peer = &course->senders[!side];
	struct sender *sender = &course->senders[side];

	if (!segment_has(segment, TCP_ACK) || segment_has(segment, TCP_RST))
		return;
	if (!sender->has_acked || seq_after(segment->ack, sender->acked))
		sender->acked = segment->ack;
	sender->has_acked = true;
	while (peer->count > 0 && !seq_after(waiting_at(peer, 0)->end, segment->ack)) {
		const struct waiting *waiting = waiting_at(peer, 0);

		if (!waiting->is_repeated)
			course->point.rtt = time_between(waiting->time, segment->time);
		peer->first = (peer->first + 1) % WAITING_MOST;
		peer->count--;
	}
}

/* RFC 7323 section 2.2: the window of a SYN is never scaled. */
static void take_window(struct course *course, const struct segment *segment, int side)
{
	const struct flow *flow = course->flow;
	int scale = flow->sent[flow->self_connected ? CLIENT : side].window_scale;
	bool is_scaled = scale > 0 && !segment_has(segment, TCP_SYN);

	if (segment_has(segment, TCP_RST))
		return;
	course->point.window[side] = (uint32_t)segment->window << (is_scaled ? scale : 0);
	course->point.has_window[side] = true;
}

static void settle(struct course *course)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		const struct sender *sender = &course->senders[side];
		const struct sender *peer = &course->senders[!side];
		bool is_known = sender->has_next && peer->has_acked;

		course->point.has_flight[side] = is_known;
		course->point.in_flight[side] = is_known && seq_after(sender->next, peer->acked)
		                                        ? sender->next - peer->acked
		                                        : 0;
	}
}

void flow_series(const struct flow *flow, const struct rung *rungs, size_t count,
                 point_visitor *visit, void *context)
{
	struct course course = { .flow = flow };

	for (size_t i = 0; i < count; i++) {
		const struct step *step = &rungs[i].step;
		const struct segment *segment = &step->segment;

		if (segment->kind != SEGMENT_TCP && segment->kind != SEGMENT_UDP)
			continue;
		course.point.time = segment->time;
		course.point.side = (enum side)step->side;
		course.point.rtt = TIME_NONE;
		if (segment->kind == SEGMENT_UDP) {
			course.point.sent[step->side] += segment->payload;
		} else {
			take_ack(&course, segment, step->side);
			take_numbers(&course, segment, step->side);
			take_window(&course, segment, step->side);
			settle(&course);
		}
		for (int side = CLIENT; side <= SERVER; side++)
			course.point.sent[side] += step->folded_payload[side];
		visit(context, &course.point);
	}
}
