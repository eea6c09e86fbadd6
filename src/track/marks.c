/* marks.c: counting the marks of segments, and the artefacts of capturing among them. */

#include "track/inside.h"

#include <string.h>

const char *mark_words(enum mark mark)
{
	static const char *const words[MARK_COUNT] = {
#define X(name, words, meaning) words,
		MARKS(X)
#undef X
	};

	return words[mark];
}

const char *mark_meaning(enum mark mark)
{
	static const char *const meanings[MARK_COUNT] = {
#define X(name, words, meaning) meaning,
		MARKS(X)
#undef X
	};

	return meanings[mark];
}

/* A flow finds its record without the tracker, and the arena may still move: so it is a distance. */
struct aside *aside_of(struct tracker *tracker, struct flow *flow)
{
	struct aside *aside;

	if (flow->aside != 0)
		return (void *)((char *)flow + flow->aside);
	aside = pool_at(&tracker->asides, pool_take(&tracker->asides));
	memset(aside, 0, sizeof(*aside));
	flow->aside = (char *)aside - (char *)flow;
	return aside;
}

void aside_release(struct tracker *tracker, struct flow *flow)
{
	if (flow->aside != 0)
		pool_give_back(&tracker->asides, (char *)flow + flow->aside);
	flow->aside = 0;
}

/*
 * What a repeated segment counts, before the rules have found out that it is one. Who has
 * nothing aside is asked for itself, which costs less than to look.
 */
void marks_prefetch(const struct flow *flow)
{
	enum { LINE = 64 };
	const char *aside = (const char *)flow + flow->aside;

	__builtin_prefetch(aside);
	__builtin_prefetch(aside + LINE);
}

static bool is_super_segment(const struct flow *flow, const struct turn *turn)
{
	return marks_exceeds(flow->mss[receiver_of(flow, turn->side)], turn->segment->payload);
}

/* Wireshark has a new stream for a SYN on known ports, if its number is another. */
static bool reuses_ports(const struct flow *flow, const struct segment *segment)
{
	return segment_has(segment, TCP_SYN) && flow->last_frame == flow->first_frame &&
	       flow->incarnation > 0;
}

void marks_find_artefacts(struct tracker *tracker, const struct flow *flow, struct turn *turn)
{
	const struct segment *segment = turn->segment;
	if (!tracker->options.keep_duplicates &&
	    duplicates_has(tracker, (uint32_t)flow->id, turn->side, segment)) {
		turn->marks = mark_bit(MARK_DUPLICATE);
		return;
	}
	if (segment->checksum == CHECKSUM_BAD)
		turn->marks |= mark_bit(MARK_BAD_CHECKSUM);
	if (segment->checksum == CHECKSUM_OFFLOADED)
		turn->marks |= mark_bit(MARK_OFFLOADED);
	if (is_super_segment(flow, turn))
		turn->marks |= mark_bit(MARK_SUPER_SEGMENT);
	if (segment->captured < segment->payload)
		turn->marks |= mark_bit(MARK_CUT);
	if (segment->time < tracker->totals.last)
		turn->marks |= mark_bit(MARK_BACKWARDS);
	if (reuses_ports(flow, segment))
		turn->marks |= mark_bit(MARK_REUSED_PORTS);
}

void marks_count(struct tracker *tracker, struct flow *flow, const struct turn *turn)
{
	uint32_t rest = turn->marks & ~mark_bit(MARK_CUT);
	struct aside *aside;

	if (turn->marks != rest) {
		flow->cut[turn->side]++;
		tracker->totals.marks[MARK_CUT]++;
	}
	if (rest == 0)
		return;
	aside = aside_of(tracker, flow);
	for (; rest != 0; rest &= rest - 1) {
		int mark = __builtin_ctz(rest);

		aside->marks[mark][turn->side]++;
		tracker->totals.marks[mark]++;
	}
}

static const struct aside *aside_seen(const struct flow *flow)
{
	static const struct aside none;

	return flow->aside ? (const void *)((const char *)flow + flow->aside) : &none;
}

uint32_t flow_marks(const struct flow *flow, enum side side, enum mark mark)
{
	return mark == MARK_CUT ? flow->cut[side] : aside_seen(flow)->marks[mark][side];
}

uint64_t flow_repeated_bytes(const struct flow *flow, enum side side)
{
	return aside_seen(flow)->repeated[side];
}

uint32_t flow_repeated_packets(const struct flow *flow, enum side side)
{
	return aside_seen(flow)->repeated_packets[side];
}

uint64_t flow_missed_bytes(const struct flow *flow, enum side side)
{
	return aside_seen(flow)->missed[side];
}
