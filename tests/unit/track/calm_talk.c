/* calm_talk.c: conversations as most are, made segment by segment. */

#include "unit/track/calm_talk.h"

#include <string.h>

#include "packet/option.h"

uint32_t draw(uint64_t *random, uint32_t limit)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return (uint32_t)(*random >> 32) % limit;
}

static uint32_t one_of(uint64_t *random, const uint32_t *values, uint32_t count)
{
	return values[draw(random, count)];
}

/* ---- Beginning ---- */

void talk_begin_plainly(struct talk *talk, uint16_t port)
{
	memset(talk, 0, sizeof(*talk));
	talk->family = FAMILY_IPV4;
	talk->port = port;
	talk->ip_id = 1;
	talk->iss[CLIENT] = PLAY_CLIENT_ISN;
	talk->iss[SERVER] = PLAY_SERVER_ISN;
	talk->window[CLIENT] = talk->window[SERVER] = 8000;
	talk->chunk = 1000;
	talk->left = 10;
	for (int side = CLIENT; side <= SERVER; side++) {
		talk->next[side] = talk->acked[other_side((enum side)side)] = talk->iss[side];
		talk->dress.scale[side] = NO_SCALE;
	}
}

static void put_on(struct dress *dress, uint64_t *random)
{
	static const uint32_t sizes[] = { 0, 536, 1000, 1460, 1460, 8960 };
	bool has_stamps = draw(random, 2), has_scales = draw(random, 2);

	for (int side = CLIENT; side <= SERVER; side++) {
		dress->mss[side] = (uint16_t)one_of(random, sizes, 6);
		dress->stamps[side] = has_stamps ^ (draw(random, 12) == 0);
		dress->scale[side] = has_scales ^ (draw(random, 12) == 0)
		                             ? (int8_t)draw(random, 16)
		                             : NO_SCALE;
	}
}

void talk_begin(struct talk *talk, uint64_t *random, uint16_t port)
{
	static const uint32_t chunks[] = { 1, 10, 100, 536 };

	talk_begin_plainly(talk, port);
	put_on(&talk->dress, random);
	talk->family = draw(random, 4) ? FAMILY_IPV4 : FAMILY_IPV6;
	talk->ip_id = draw(random, 3) ? (uint16_t)draw(random, UINT16_MAX) : 0;
	talk->chunk = (uint16_t)one_of(random, chunks, 4);
	talk->left = (int)draw(random, 40);
	talk->closer = draw(random, 2) ? CLIENT : SERVER;
	for (int side = CLIENT; side <= SERVER; side++) {
		talk->iss[side] -= draw(random, 3000);
		talk->next[side] = talk->acked[other_side((enum side)side)] = talk->iss[side];
		talk->is_cut[side] = draw(random, 6) == 0;
	}
}

/* ---- Segments ---- */

void talk_dress(struct talk *talk, struct segment *segment, enum side side)
{
	segment->options_length = 0;
	dress_put(&talk->dress, segment, side);
}

struct segment talk_say(const struct talk *talk, enum side side, unsigned flags, uint32_t payload)
{
	enum side peer = other_side(side);
	struct segment segment = {
		.kind = SEGMENT_TCP,
		.family = talk->family,
		.flags = (uint16_t)flags,
		.seq = talk->next[side],
		.ack = flags & TCP_ACK ? talk->next[peer] : 0,
		.payload = payload,
		.captured = talk->is_cut[side] ? payload / 2 : payload,
		.window = (uint16_t)talk->window[side],
		.ip_id = talk->ip_id,
		.ttl = side == CLIENT ? 64 : 57,
		.checksum = CHECKSUM_GOOD,
	};
	struct address ends[2] = { { { 192, 0, 2, 10 } }, { { 198, 51, 100, 80 } } };
	uint16_t ports[2] = { talk->port, PLAY_SERVICE };

	segment.source = ends[side];
	segment.destination = ends[peer];
	segment.source_port = ports[side];
	segment.destination_port = ports[peer];
	return segment;
}

void talk_note(struct talk *talk, const struct segment *segment, enum side side)
{
	uint32_t end = segment_end(segment);

	talk->latest[side] = *segment;
	if (talk->ip_id != 0)
		talk->ip_id++;
	if (segment_has(segment, TCP_RST))
		talk->is_over = true;
	if ((int32_t)(end - talk->next[side]) > 0)
		talk->next[side] = end;
	if (segment_has(segment, TCP_ACK) && (int32_t)(segment->ack - talk->acked[side]) > 0)
		talk->acked[side] = segment->ack;
	talk->is_open |= talk->has_syn[SERVER] && side == CLIENT;
	talk->has_talked |= talk->is_open && side == SERVER;
	talk->has_syn[side] |= segment_has(segment, TCP_SYN);
	talk->has_fin[side] |= segment_has(segment, TCP_FIN);
}

/* ---- What comes next ---- */

static uint32_t unacked(const struct talk *talk, enum side side)
{
	return talk->next[side] - talk->acked[other_side(side)];
}

/* Of nothing but what came; sometimes not of all that did. */
static struct segment acknowledge(const struct talk *talk, enum side side, uint64_t *random)
{
	struct segment segment = talk_say(talk, side, TCP_ACK, 0);
	uint32_t gain = unacked(talk, other_side(side));

	if (gain > 1 && draw(random, 3) == 0)
		segment.ack -= 1 + draw(random, gain - 1);
	return segment;
}

static struct segment speak(const struct talk *talk, enum side side, uint64_t *random)
{
	unsigned flags = draw(random, 2) ? TCP_ACK | TCP_PSH : TCP_ACK;
	struct segment segment = talk_say(talk, side, flags, 1 + draw(random, talk->chunk));

	if (draw(random, 5) == 0)
		segment.ack = talk->acked[side];
	return segment;
}

static struct segment leave(const struct talk *talk, enum side side, uint64_t *random)
{
	uint32_t payload = draw(random, 4) || talk->is_cut[side] ? 0 : 1 + draw(random, talk->chunk);

	return talk_say(talk, side, TCP_FIN | TCP_ACK, payload);
}

static struct segment shake(const struct talk *talk, uint64_t *random)
{
	if (!talk->has_syn[CLIENT])
		return talk_say(talk, CLIENT, TCP_SYN, 0);
	if (!talk->has_syn[SERVER])
		return talk_say(talk, SERVER, TCP_SYN | TCP_ACK, 0);
	return talk_say(talk, CLIENT, TCP_ACK, draw(random, 4) ? 0 : talk->chunk);
}

/* An end that has left only acknowledges. */
static struct segment go_on(const struct talk *talk, uint64_t *random)
{
	enum side side = draw(random, 2) ? CLIENT : SERVER;

	if (talk->has_fin[side] || !talk->has_talked)
		side = talk->has_fin[side] ? other_side(side) : SERVER;
	if (unacked(talk, side) > 5000 || (unacked(talk, other_side(side)) > 0 && draw(random, 2)))
		return acknowledge(talk, unacked(talk, side) > 5000 ? other_side(side) : side, random);
	return speak(talk, side, random);
}

static struct segment take_leave(const struct talk *talk, uint64_t *random)
{
	enum side x = talk->closer, y = other_side(x);

	if (talk->is_cut[x] && !talk->has_fin[x] && unacked(talk, x) > 0)
		return talk_say(talk, y, TCP_ACK, 0);
	if (!talk->has_fin[x])
		return leave(talk, x, random);
	if (unacked(talk, y) > 0 && (talk->has_fin[y] || talk->is_cut[y] || draw(random, 4) == 0))
		return acknowledge(talk, x, random);
	if (unacked(talk, x) > 0 && draw(random, 3))
		return acknowledge(talk, y, random);
	return draw(random, 2) ? leave(talk, y, random) : speak(talk, y, random);
}

static struct segment next_of(struct talk *talk, uint64_t *random)
{
	if (!talk->is_open)
		return shake(talk, random);
	if (talk->left-- > 0 || !talk->has_talked)
		return go_on(talk, random);
	return take_leave(talk, random);
}

static bool has_ended(const struct talk *talk)
{
	return talk->has_fin[CLIENT] && talk->has_fin[SERVER] && unacked(talk, CLIENT) == 0 &&
	       unacked(talk, SERVER) == 0;
}

static enum side side_of(const struct segment *segment)
{
	return segment->source_port == PLAY_SERVICE ? SERVER : CLIENT;
}

struct segment talk_next(struct talk *talk, uint64_t *random)
{
	struct segment segment = next_of(talk, random);
	enum side side = side_of(&segment);

	segment.window = (uint16_t)(talk->window[side] - draw(random, 3));
	talk_note(talk, &segment, side);
	talk->is_over |= has_ended(talk);
	return segment;
}

/* ---- What is said ---- */

const char *const ways[CALM_PHASES] = {
	[CALM_ASKED] = "s",
	[CALM_ANSWERED] = "sS",
	[CALM_OPEN] = "sSad",
	[CALM_TALK] = "sSadADdD",
	[CALM_CLIENT_ENDS] = "sSadDf",
	[CALM_CLIENT_ENDED] = "sSadDfA",
	[CALM_SERVER_LEAVES] = "sSadDfDaF",
	[CALM_CLIENT_LAST] = "sSadDfAFa",
	[CALM_SERVER_ENDS] = "sSadDaF",
	[CALM_SERVER_ENDED] = "sSadDaFa",
	[CALM_CLIENT_LEAVES] = "sSadDaFdAf",
	[CALM_SERVER_LAST] = "sSadDaFafA",
	[CALM_CLIENT_RESETS] = "sSadDdAr",
	[CALM_SERVER_RESETS] = "sSadDdDaR",
	[CALM_REFUSED] = "sX",
};

/* As servers refuse: with the number 0. */
static struct segment refuse(const struct talk *talk, enum side side)
{
	struct segment segment = talk_say(talk, side, TCP_RST | TCP_ACK, 0);

	segment.seq = 0;
	segment.window = 0;
	return segment;
}

static struct segment segment_of(const struct talk *talk, char letter)
{
	enum side side = letter < 'a' ? SERVER : CLIENT;
	unsigned syn = side == SERVER ? TCP_SYN | TCP_ACK : TCP_SYN;

	switch (letter | 0x20) {
	case 's':
		return talk_say(talk, side, syn, 0);
	case 'd':
		return talk_say(talk, side, TCP_PSH | TCP_ACK, 10);
	case 'f':
		return talk_say(talk, side, TCP_FIN | TCP_ACK, 0);
	case 'r':
		return talk_say(talk, side, TCP_RST, 0);
	case 'x':
		return refuse(talk, side);
	default:
		return talk_say(talk, side, TCP_ACK, 0);
	}
}

void talk_hear(struct talk *talk, struct pair *pair, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		struct segment segment = segment_of(talk, *letters);
		enum side side = side_of(&segment);

		segment.time = pair->play.time += PLAY_STEP;
		segment.frame = ++pair->play.frame;
		if (!segment_has(&segment, TCP_RST))
			talk_dress(talk, &segment, side);
		talk_note(talk, &segment, side);
		pair_feed(pair, &segment);
	}
}
