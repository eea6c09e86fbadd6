/* calm_reset.c: a reset as it should be: out of the talk, or in answer to a SYN. */

#include "track/calm.h"

static bool has_place(const struct calm *calm, const struct segment *segment)
{
	uint64_t frames = segment->frame - calm->first_frame;

	return calm_since(calm, segment) >> MOMENT_TIME == 0 && frames > 0 &&
	       frames >> MOMENT_FRAME == 0;
}

/* Exactly the next number, which nobody doubts (RFC 5961 section 3), and no news beside it. */
static bool is_usual_reset(const struct calm *calm, const struct segment *segment, enum side side)
{
	const struct calm_end *sender = &calm->ends[side];
	bool has_ack = segment_has(segment, TCP_ACK);

	return calm->phase == CALM_TALK && !segment_has_any(segment, TCP_SYN | TCP_FIN) &&
	       segment->seq == sender->next && segment->ack == (has_ack ? sender->acked : 0) &&
	       segment->payload == 0 && segment->options_length == 0 && has_place(calm, segment) &&
	       calm_is_summed_as(segment, sender->heard.is) && calm_has_room(calm);
}

static void note_reset(struct tracker *tracker, struct found found, const struct segment *segment,
                       enum side side, enum calm_phase phase)
{
	struct calm *calm = found.calm;
	struct calm_end *sender = &calm->ends[side];

	sender->packets++;
	sender->heard.window = segment->window;
	sender->heard.time = calm_since(calm, segment) & MOMENT_TIME_MASK;
	if (!segment_has(segment, TCP_ACK))
		sender->heard.is |= IS_BARE_RESET;
	calm->seen |= segment_has(segment, TCP_ACK) ? SEEN_RST | SEEN_ACK : SEEN_RST;
	calm->last_frame = (segment->frame - calm->first_frame) & MOMENT_FRAME_MASK;
	calm_letter_once(calm, side, CALM_R);
	calm_enter(tracker, found, phase);
	tracker->totals.sent[side]++;
	tracker->totals.marks[MARK_OFFLOADED] += segment->checksum == CHECKSUM_OFFLOADED;
	duplicates_has(tracker, found.calm->id, side, segment);
}

bool calm_reset(struct tracker *tracker, struct found found, const struct segment *segment,
                enum side side)
{
	const struct calm *calm = found.calm;

	if (!is_usual_reset(calm, segment, side))
		return false;
	note_reset(tracker, found, segment, side,
	           side == CLIENT ? CALM_CLIENT_RESETS : CALM_SERVER_RESETS);
	tracker->totals.established_resets++;
	return true;
}

/* RFC 9293 section 3.10.7.1. */
bool calm_refuse(struct tracker *tracker, struct found found, const struct segment *segment)
{
	struct calm *calm = found.calm;
	uint32_t next = (calm->has & IS_SEED ? calm->syn.seq : calm->iss[CLIENT]) + 1;

	if ((segment->flags & (TCP_SYN | TCP_ACK | TCP_FIN)) != TCP_ACK || segment->ack == 0 ||
	    segment->ack != next || segment->payload != 0 ||
	    segment->options_length != 0 || !has_place(calm, segment))
		return false;
	found.calm = calm = calm_grow(tracker, found.number);
	calm->iss[SERVER] = segment->seq - 1;
	if (segment->checksum == CHECKSUM_OFFLOADED)
		calm->ends[SERVER].heard.is = IS_OFFLOADED;
	calm->ttl[SERVER] = segment->ttl;
	calm->ends[SERVER].next = segment->seq;
	calm->ends[SERVER].acked = segment->ack;
	note_reset(tracker, found, segment, SERVER, CALM_REFUSED);
	tracker->totals.failed_attempts++;
	return true;
}
