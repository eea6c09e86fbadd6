/* zeek_history.c: the letters of Zeek's history, upper case for the originator. */

#include "track/zeek_parts.h"

#include <ctype.h>

static void append(struct zeek *zeek, char letter)
{
	if (zeek->history_length == ZEEK_HISTORY_MAX) {
		zeek->history[ZEEK_HISTORY_MAX - 1] = '+';
		return;
	}
	zeek->history[zeek->history_length++] = letter;
}

static void append_of(struct zeek *zeek, enum side side, char letter)
{
	append(zeek, side == zeek->originator ? letter : (char)tolower(letter));
}

/* Returns whether it was there before. */
static bool append_once(struct zeek *zeek, enum side side, enum letter bit, char letter)
{
	struct zeek_end *end = &zeek->ends[side];
	bool was_there = (end->letters & bit) != 0;

	if (!was_there)
		append_of(zeek, side, letter);
	end->letters |= (uint8_t)bit;
	return was_there;
}

bool zeek_marks_at(uint32_t count)
{
	while (count % 10 == 0 && count > 0)
		count /= 10;
	return count == 1;
}

void zeek_mark(struct zeek *zeek, enum side side, enum zeek_mark mark)
{
	static const char letters[ZEEK_MARKS] = {
		[ZEEK_CHECKSUM] = 'C',
		[ZEEK_GAP] = 'G',
		[ZEEK_RETRANSMISSION] = 'T',
		[ZEEK_ZERO_WINDOW] = 'W',
	};

	if (zeek_marks_at(++zeek->ends[side].marks[mark]))
		append_of(zeek, side, letters[mark]);
}

static void append_control(struct zeek *zeek, enum side side, enum zeek_control control,
                           char letter, int64_t seq)
{
	static const enum letter bits[ZEEK_CONTROLS] = {
		[ZEEK_SYN] = LETTER_SYN,
		[ZEEK_FIN] = LETTER_FIN,
		[ZEEK_RST] = LETTER_RST,
	};
	uint32_t *latest = &zeek->rare[side].controls[control];

	if (append_once(zeek, side, bits[control], letter) && *latest != (uint32_t)seq)
		append_of(zeek, side, letter);
	*latest = (uint32_t)seq;
}

/*
 * A SYN-ACK that comes first may be a stealth scan's. What follows it, from
 * either side, shows that it was not: the roles were the wrong way round.
 */
static void flip_lone_syn_ack(struct zeek *zeek)
{
	if (zeek->history_length != 1 || zeek->history[0] != 'H')
		return;
	zeek->history_length = 0;
	zeek_flip(zeek);
	append(zeek, 'h');
}

static void note_plain(struct zeek *zeek, enum side side, const struct segment *segment)
{
	if (segment->payload == 0 && !segment_has(segment, TCP_ACK))
		return;
	flip_lone_syn_ack(zeek);
	if (segment->payload > 0)
		append_once(zeek, side, LETTER_DATA, 'D');
	else
		append_once(zeek, side, LETTER_ACK, 'A');
}

void zeek_note(struct zeek *zeek, enum side side, const struct segment *segment, int64_t seq)
{
	switch (segment->flags & (TCP_SYN | TCP_FIN | TCP_RST)) {
	case 0:
		note_plain(zeek, side, segment);
		break;
	case TCP_SYN:
		append_control(zeek, side, ZEEK_SYN, segment_has(segment, TCP_ACK) ? 'H' : 'S',
		               seq);
		break;
	case TCP_FIN:
		append_control(zeek, side, ZEEK_FIN, 'F', seq + segment->payload);
		break;
	case TCP_RST:
		append_control(zeek, side, ZEEK_RST, 'R', seq);
		break;
	default:
		if (segment_has(segment, TCP_FIN | TCP_RST))
			append_once(zeek, side, LETTER_FIN_RST, 'I');
		else
			append_once(zeek, side, LETTER_MANY, 'Q');
	}
}

void zeek_note_datagram(struct zeek *zeek, enum side side)
{
	append_once(zeek, side, LETTER_DATA, 'D');
}

bool zeek_has_data(const struct zeek_end *end)
{
	return (end->letters & LETTER_DATA) != 0;
}

void zeek_flip(struct zeek *zeek)
{
	zeek->originator = zeek->originator == CLIENT ? SERVER : CLIENT;
	append(zeek, '^');
}

const char *zeek_history(const struct flow *flow)
{
	return flow->zeek.history;
}
