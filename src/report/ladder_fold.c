/* ladder_fold.c: many plain segments in a row become one line for each direction. */
#include "report/ladder_parts.h"

#include "base/time.h"

enum { FOLD_LEAST = 6 }; /* fewer are drawn one by one */

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

size_t fold_length(const struct rung *rungs, size_t count)
{
	size_t length = 0;

	while (length < count && rung_can_fold(&rungs[length])) {
		if (length > 0 && time_between(rungs[length - 1].step.segment.time,
		                               rungs[length].step.segment.time) >= TIME_SECOND)
			break;
		length++;
	}
	return length < FOLD_LEAST ? 0 : length;
}

static void fold_take(struct fold *fold, struct walk *walk, const struct rung *rung)
{
	const struct segment *segment = &rung->step.segment;
	struct note note = walk_take(walk, &rung->step);
	bool is_data = segment->payload > 0 || segment->kind == SEGMENT_UDP;
	int side = rung->step.side;

	if (fold->data[side] == 0 && (is_data || fold->bare[side] == 0))
		fold->first[side] = segment->time;
	fold->bytes[side] += segment->payload;
	if (is_data)
		fold->data[side]++;
	else
		fold->bare[side]++;
	if (note.novelty == NOVELTY_FILLS_HOLE)
		fold->late[side]++;
	if (note.novelty == NOVELTY_AFTER_HOLE)
		fold->holes[side]++;
}

void fold_label(struct ladder_label *label, const struct fold *fold, enum side side,
                const struct flow *flow)
{
	const char *noun = flow->key.protocol == PROTOCOL_UDP ? "datagram" : "segment";

	if (fold->data[side] > 0) {
		label_part(label, "%llu byte%s, %llu %s%s", (unsigned long long)fold->bytes[side],
		           plural(fold->bytes[side]), (unsigned long long)fold->data[side], noun,
		           plural(fold->data[side]));
	}
	if (fold->late[side] > 0)
		label_part(label, "%llu to fill gaps", (unsigned long long)fold->late[side]);
	if (fold->holes[side] > 0)
		label_part(label, "%llu gap%s", (unsigned long long)fold->holes[side],
		           plural(fold->holes[side]));
	if (fold->bare[side] > 0)
		label_part(label, "%llu ACK%s", (unsigned long long)fold->bare[side],
		           plural(fold->bare[side]));
	if (fold->late[side] + fold->holes[side] > 0)
		label->tone = TONE_TROUBLE;
}

void fold_give(struct ladder *ladder, const struct rung *rungs, size_t first, size_t count)
{
	struct fold fold = { .first = { 0, 0 } };
	struct ladder_source source = { .ladder = ladder, .fold = &fold };
	bool has[2];
	int leader;

	for (size_t i = first; i < first + count; i++)
		fold_take(&fold, &ladder->walk, &rungs[i]);
	for (int side = CLIENT; side <= SERVER; side++) {
		has[side] = fold.data[side] + fold.bare[side] > 0;
		ladder->ends[side].is_presumed = rungs[first + count - 1].step.presumed[side];
	}
	leader = has[CLIENT] && (!has[SERVER] || fold.first[CLIENT] <= fold.first[SERVER]) ? CLIENT
	                                                                                   : SERVER;
	for (int turn = 0; turn < 2; turn++) {
		enum side side = (enum side)(turn == 0 ? leader : !leader);
		struct ladder_line line = {
			.kind = LADDER_ARROW,
			.time = fold.first[side],
			.side = side,
			.is_heavy = true,
			.words = "",
			.first = first,
			.count = count,
			.source = &source,
		};

		if (has[side])
			ladder_give(ladder, &line, NULL);
	}
}
