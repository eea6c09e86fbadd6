/* ladder_walk.c: how each segment stands to those before it. */
#include "report/ladder_parts.h"

#include "packet/seq.h"

struct walk walk_start(const struct flow *flow, bool absolute_numbers)
{
	struct walk walk = { .base = { 0, 0 } };

	for (int side = CLIENT; side <= SERVER; side++) {
		const struct sending *sent = &flow->sent[flow->self_connected ? CLIENT : side];

		walk.ends[side].iss = sent->iss;
		if (sent->has_iss && !absolute_numbers)
			walk.base[side] = sent->iss;
	}
	return walk;
}

static void hole_remove(struct walk_end *end, int index)
{
	end->holes[index] = end->holes[--end->holes_count];
}

static void hole_add(struct walk_end *end, uint32_t left, uint32_t right)
{
	if (end->holes_count < WALK_HOLES)
		end->holes[end->holes_count++] = (struct hole){ left, right };
}

/* Returns whether [left, right) brought anything that was missing. */
static bool holes_fill(struct walk_end *end, uint32_t left, uint32_t right)
{
	bool filled = false;

	for (int i = end->holes_count - 1; i >= 0; i--) {
		struct hole hole = end->holes[i];

		if (!seq_before(left, hole.right) || !seq_after(right, hole.left))
			continue;
		filled = true;
		hole_remove(end, i);
		if (seq_before(hole.left, left))
			hole_add(end, hole.left, left);
		if (seq_before(right, hole.right))
			hole_add(end, right, hole.right);
	}
	return filled;
}

/*
 * RFC 9293 section 3.8.4: a keep-alive repeats the last byte that the peer has
 * already acknowledged, or only its number.
 */
static bool is_keep_alive(const struct walk_end *end, const struct walk_end *peer,
                          const struct segment *segment)
{
	return end->known && !end->has_fin && segment->payload <= 1 &&
	       !segment_has_any(segment, TCP_SYN | TCP_FIN | TCP_RST) &&
	       segment->seq == end->next - 1 && peer->has_acked && peer->acked == end->next;
}

/*
 * A SYN begins the numbers of its end, repeats itself, or is a stray that moves
 * nothing. When both ends call at once, the SYN-ACK has the number of the SYN
 * but says something new.
 */
static enum novelty novelty_of_syn(struct walk_end *end, const struct segment *segment)
{
	bool is_first_syn_ack = segment_has(segment, TCP_ACK) && !end->has_syn_ack;

	if (end->known && segment->seq != end->iss)
		return NOVELTY_NEW;
	if (segment_has(segment, TCP_ACK))
		end->has_syn_ack = true;
	if (end->known && !is_first_syn_ack)
		return NOVELTY_AGAIN;
	if (!end->known)
		end->next = segment_end(segment);
	end->known = true;
	return NOVELTY_NEW;
}

static enum novelty novelty_of(struct walk_end *end, const struct segment *segment)
{
	uint32_t past = segment_end(segment);

	if (segment_space(segment) == 0 || segment_has(segment, TCP_RST))
		return NOVELTY_NEW;
	if (segment_has(segment, TCP_SYN))
		return novelty_of_syn(end, segment);
	if (!end->known) {
		end->known = true;
		end->next = past;
		return NOVELTY_NEW;
	}
	if (seq_after(segment->seq, end->next)) {
		end->missing = segment->seq - end->next;
		hole_add(end, end->next, segment->seq);
		end->next = past;
		return NOVELTY_AFTER_HOLE;
	}
	if (seq_after(past, end->next)) {
		end->next = past;
		return NOVELTY_NEW;
	}
	return holes_fill(end, segment->seq, past) ? NOVELTY_FILLS_HOLE : NOVELTY_AGAIN;
}

static void note_ack(struct note *note, struct walk_end *end, const struct segment *segment)
{
	bool is_bare = segment_space(segment) == 0 && !segment_has(segment, TCP_RST);
	bool has_same_window = end->has_acked && segment->window == end->window;

	note->window_opens = end->has_acked && end->window == 0 && segment->window != 0;
	note->ack_moved = !end->has_acked || seq_after(segment->ack, end->acked);
	note->ack_repeated =
		is_bare && end->has_acked && segment->ack == end->acked && has_same_window;
	if (note->ack_moved)
		end->acked = segment->ack;
	end->has_acked = true;
	end->window = segment->window;
}

void walk_forget(struct walk *walk)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		walk->ends[side].known = false;
		walk->ends[side].has_acked = false;
		walk->ends[side].holes_count = 0;
	}
}

struct note walk_take(struct walk *walk, const struct step *step)
{
	const struct segment *segment = &step->segment;
	struct walk_end *end = &walk->ends[step->side];
	const struct walk_end *peer = &walk->ends[!step->side];
	struct note note = { .novelty = NOVELTY_NEW };

	if (segment->kind != SEGMENT_TCP)
		return note;
	if (is_keep_alive(end, peer, segment))
		note.novelty = peer->window == 0 ? NOVELTY_WINDOW_PROBE : NOVELTY_KEEP_ALIVE;
	else
		note.novelty = novelty_of(end, segment);
	note.missing = note.novelty == NOVELTY_AFTER_HOLE ? end->missing : 0;
	if (segment_has(segment, TCP_ACK) && !segment_has(segment, TCP_RST))
		note_ack(&note, end, segment);
	if (segment_has(segment, TCP_FIN))
		end->has_fin = true;
	/* What was folded away before us may have moved the numbers: start afresh. */
	if (step->folded > 0)
		walk_forget(walk);
	return note;
}

bool rung_can_fold(const struct rung *rung)
{
	const struct segment *segment = &rung->step.segment;
	if (rung->step.folded > 0)
		return false;
	if (segment->kind == SEGMENT_TCP && segment->window == 0)
		return false;
	return (segment->kind == SEGMENT_TCP || segment->kind == SEGMENT_UDP) &&
	       !step_is_notable(&rung->step);
}
