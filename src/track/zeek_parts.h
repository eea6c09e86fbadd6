/* zeek_parts.h: the rooms of Zeek's rules, shared by them and by whoever handles a segment. */
#ifndef TRACK_ZEEK_PARTS_H
#define TRACK_ZEEK_PARTS_H

#include "packet/segment.h"
#include "track/flow.h"
#include "track/zeek.h"

/* Bits of zeek_end.letters. */
enum letter {
	LETTER_SYN = 1 << 0, /* S and H share one */
	LETTER_FIN = 1 << 1,
	LETTER_RST = 1 << 2,
	LETTER_FIN_RST = 1 << 3,
	LETTER_MANY = 1 << 4,
	LETTER_DATA = 1 << 5,
	LETTER_ACK = 1 << 6,
};

/* zeek.c: one segment or datagram, in the order in which Zeek looks at it. */
void zeek_take(struct flow *flow, const struct segment *segment, enum side side);
void zeek_take_datagram(struct flow *flow, const struct segment *segment, enum side side);

/* What an end seldom needs lies behind both ends. */
static inline const struct zeek_rare *zeek_rare_seen(const struct zeek_end *end)
{
	return &((const struct zeek *)(const void *)(end - end->side))->rare[end->side];
}

static inline struct zeek_rare *zeek_rare(struct zeek_end *end)
{
	return &((struct zeek *)(void *)(end - end->side))->rare[end->side];
}

/* zeek_history.c */
bool zeek_marks_at(uint32_t count); /* the 1st, 10th, 100th... */
void zeek_mark(struct zeek *zeek, enum side side, enum zeek_mark mark);
void zeek_note(struct zeek *zeek, enum side side, const struct segment *segment, int64_t seq);
void zeek_note_datagram(struct zeek *zeek, enum side side);
void zeek_flip(struct zeek *zeek);
bool zeek_has_data(const struct zeek_end *end);

/* zeek_stream.c: numbers, and which bytes came. */
int64_t zeek_relative(const struct zeek_end *end, uint32_t number, int64_t near);
int64_t zeek_size(const struct zeek *zeek, enum side side);
void zeek_acknowledge(struct zeek *zeek, enum side sender, int64_t ack);
void zeek_receive(struct zeek *zeek, enum side sender, int64_t position, uint32_t length);
bool zeek_is_pending(const struct zeek *zeek, enum side side);

/* zeek_state.c: moves the ends; returns whether this segment closes the sender's. */
bool zeek_move(struct zeek *zeek, enum side sender, const struct segment *segment, bool reverses);

/* zeek_ports.c: ports that Zeek's default scripts take for a server's. */
bool zeek_serves(enum protocol protocol, uint16_t port);

#endif
