/* conversation.c: what the two ends of a story's connection send, and what they know. */

#include "lab/conversation.h"

#include <stddef.h>
#include <string.h>

#include "base/time.h"
#include "lab/story.h"
#include "packet/option.h"
#include "packet/seq.h"

enum {
	USUAL_SCALE = 7,
	QUOTED_BYTES = 8, /* RFC 792: the IP header and 64 bits of what follows */
	TIMESTAMP_BASE = 1000000,
};

/* As Linux advertises them before anything was received; open windows are scaled by USUAL_SCALE. */
struct windows {
	uint16_t mss, mss6;
	uint16_t syn[2];
	uint16_t open[2];
};

/* clang-format off */
static const struct windows windows[] = {
	[false] = { .mss = 1460,  .mss6 = 1440,  .syn = { 64240, 65160 }, .open = { 502, 509 } },
	[true]  = { .mss = 65495, .mss6 = 65475, .syn = { 65495, 65483 }, .open = { 512, 512 } },
};
/* clang-format on */

struct setup setup_usual(void)
{
	struct setup setup = {
		.port = { 50000, 80 },
		.isn = { UINT32_C(4294967290), UINT32_C(4294967200) },
		.round_trip = 30 * TIME_MILLISECOND,
		.family = FAMILY_IPV4,
		.ttl = { 64, 57 },
	};

	address_parse("192.0.2.10", &setup.address[ACTOR_CLIENT]);
	address_parse("198.51.100.80", &setup.address[ACTOR_SERVER]);
	return setup;
}

static bool is_one_socket(const struct setup *setup)
{
	return setup->port[0] == setup->port[1] &&
	       address_equal(&setup->address[0], &setup->address[1]);
}

enum actor conversation_player(const struct conversation *talk, enum actor actor)
{
	return is_one_socket(&talk->setup) ? ACTOR_CLIENT : actor;
}

static enum actor other(enum actor actor)
{
	return actor == ACTOR_CLIENT ? ACTOR_SERVER : ACTOR_CLIENT;
}

static enum memory_kind memory_kind(const struct line *line)
{
	if (line->flags & TCP_SYN)
		return MEMORY_SYN;
	if (line->flags & TCP_FIN)
		return MEMORY_FIN;
	return line_has(line, MARK_PAYLOAD) ? MEMORY_DATA : MEMORY_OTHER;
}

/* Whose last segment an ICMP error quotes: a router's hit the last one of all. */
static enum actor quoted_actor(const struct conversation *talk, const struct line *line)
{
	return line->actor == ACTOR_ROUTER ? talk->last_actor : other(line->actor);
}

const char *conversation_objects(const struct conversation *talk, const struct line *line)
{
	const struct party *party;

	if (line->error != NULL) {
		party = &talk->parties[conversation_player(talk, quoted_actor(talk, line))];
		return party->has_spoken ? NULL : "there is no segment to quote yet";
	}
	if (talk->setup.udp && line->flags != 0)
		return "a datagram has no flags";
	party = &talk->parties[conversation_player(talk, line->actor)];
	if (line_has(line, MARK_AGAIN) && !party->memory[memory_kind(line)].is_filled)
		return "that end sent nothing like it before";
	return NULL;
}

int64_t conversation_due(const struct conversation *talk, const struct line *line, int64_t now)
{
	int64_t soon = now + 20 * TIME_MICROSECOND;
	int64_t way = talk->setup.round_trip;
	int64_t due;

	if (line->actor == ACTOR_CLIENT || !talk->has_begun)
		return soon;
	if (line->actor == ACTOR_ROUTER || line_has(line, MARK_CROSSING))
		way /= 2;
	due = talk->parties[ACTOR_CLIENT].spoke + way;
	return due > soon ? due : soon;
}

static void add_number(struct segment *segment, uint8_t kind, uint32_t number, uint8_t bytes)
{
	uint8_t value[4];

	for (uint8_t i = 0; i < bytes; i++)
		value[i] = (uint8_t)(number >> 8 * (bytes - 1 - i));
	options_append(segment, kind, value, bytes);
}

static void add_timestamps(struct segment *segment, const struct conversation *talk,
                           enum actor player, int64_t now)
{
	uint32_t times[2] = {
		(uint32_t)((now - STORY_START) / TIME_MILLISECOND) + TIMESTAMP_BASE * (player + 1),
		talk->parties[player].echo,
	};
	uint8_t value[8];

	for (int i = 0; i < 8; i++)
		value[i] = (uint8_t)(times[i / 4] >> 8 * (3 - i % 4));
	options_append(segment, OPTION_TIMESTAMPS, value, sizeof(value));
}

/* The order is Linux's. */
static void add_options(struct segment *segment, const struct conversation *talk, enum actor player,
                        const struct line *line, int64_t now)
{
	const unsigned named = MARK_SACK | MARK_TIMESTAMPS | MARK_FAST_OPEN;
	const struct windows *usual = &windows[talk->setup.loopback];
	bool bare = !line_has(line, named) && !line_gives(line, NUMBER_MSS) &&
	            !line_gives(line, NUMBER_SCALE);
	bool plain = bare && segment_has(segment, TCP_SYN);

	if (line_gives(line, NUMBER_MSS))
		add_number(segment, OPTION_MSS, line->numbers[NUMBER_MSS], 2);
	else if (plain)
		add_number(segment, OPTION_MSS,
		           talk->setup.family == FAMILY_IPV6 ? usual->mss6 : usual->mss, 2);
	if (line_has(line, MARK_SACK) || plain)
		options_append(segment, OPTION_SACK_PERMITTED, NULL, 0);
	if (line_has(line, MARK_TIMESTAMPS) || talk->parties[player].has_timestamps)
		add_timestamps(segment, talk, player, now);
	if (line_gives(line, NUMBER_SCALE) || plain)
		add_number(segment, OPTION_WINDOW_SCALE,
		           plain ? USUAL_SCALE : line->numbers[NUMBER_SCALE], 1);
	if (line_has(line, MARK_FAST_OPEN))
		options_append(segment, OPTION_FAST_OPEN, line->cookie, line->cookie_length);
	options_pad(segment);
}

static uint16_t usual_window(const struct conversation *talk, const struct segment *segment,
                             enum actor actor)
{
	const struct windows *usual = &windows[talk->setup.loopback];

	if (segment_has(segment, TCP_RST))
		return 0;
	return segment_has(segment, TCP_SYN) ? usual->syn[actor] : usual->open[actor];
}

static void address_segment(struct segment *segment, const struct conversation *talk,
                            struct party *party, const struct line *line)
{
	const struct setup *setup = &talk->setup;
	enum actor from = line->actor, to = other(from);

	segment->kind = setup->udp ? SEGMENT_UDP : SEGMENT_TCP;
	segment->family = setup->family;
	segment->source = setup->address[from];
	segment->destination = setup->address[to];
	segment->source_port = setup->port[from];
	segment->destination_port = setup->port[to];
	segment->vlan = setup->vlan;
	segment->ttl = setup->ttl[from];
	if (line_gives(line, NUMBER_TTL))
		segment->ttl = (uint8_t)line->numbers[NUMBER_TTL];
	if (setup->family == FAMILY_IPV4)
		segment->ip_id = (uint16_t)(0x1000 * (from + 1) + party->ip_id++);
	segment->checksum = CHECKSUM_GOOD;
}

static uint16_t flags_of(const struct line *line)
{
	if (line->payload == 0 || line->flags & (TCP_SYN | TCP_RST))
		return line->flags != 0 ? line->flags : TCP_ACK;
	return line->flags | TCP_PSH | TCP_ACK;
}

static uint32_t relative_seq(const struct party *party, const struct line *line)
{
	if (line_gives(line, NUMBER_SEQ))
		return line->numbers[NUMBER_SEQ];
	if (line_has(line, MARK_AGAIN))
		return party->memory[memory_kind(line)].seq;
	return line->flags & TCP_SYN ? 0 : party->next;
}

static uint32_t isn_of(const struct conversation *talk, enum actor player)
{
	return talk->setup.isn[player] + talk->shift[player];
}

/* An end without a connection refuses with seq 0 (RFC 9293 section 3.10.7.1), whatever its ISN. */
static uint32_t absolute_seq(const struct conversation *talk, enum actor player,
                             const struct line *line, uint32_t seq)
{
	bool has_none = line->flags & TCP_RST && !talk->parties[player].has_spoken &&
	                !line_gives(line, NUMBER_SEQ);

	return has_none ? 0 : isn_of(talk, player) + seq;
}

static uint32_t relative_ack(const struct party *party, const struct line *line)
{
	if (line_gives(line, NUMBER_ACK))
		return line->numbers[NUMBER_ACK];
	return line_has(line, MARK_CROSSING) ? party->got_before : party->got;
}

/* A byte depends only on its place in the stream (the first is 1): repeated ones are the same. */
static void write_payload(uint8_t *payload, uint32_t count, uint32_t seq, const char *text)
{
	if (text != NULL) {
		memcpy(payload, text, count);
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		payload[i] = (uint8_t)('a' + (seq + 25 + i) % 26);
}

static bool absorb_early(struct party *party)
{
	for (int i = 0; i < EARLY_MAX; i++) {
		struct range *early = &party->early[i];

		if (early->start == early->end || seq_after(early->start, party->got))
			continue;
		if (seq_after(early->end, party->got))
			party->got = early->end;
		early->start = early->end;
		return true;
	}
	return false;
}

static void keep_early(struct party *party, struct range range)
{
	for (int i = 0; i < EARLY_MAX; i++) {
		if (party->early[i].start != party->early[i].end)
			continue;
		party->early[i] = range;
		return;
	}
}

static void party_get(struct party *party, struct range range)
{
	party->got_before = party->got;
	if (range.start == range.end)
		return;
	keep_early(party, range);
	while (absorb_early(party))
		;
}

static void party_remember(struct party *party, const struct line *line, struct range range)
{
	party->memory[memory_kind(line)] = (struct memory){
		.is_filled = true,
		.seq = range.start,
		.payload = line->payload,
		.text = line->text,
	};
	if (seq_after(range.end, party->next))
		party->next = range.end;
	if (line->flags & TCP_SYN && line_has(line, MARK_TIMESTAMPS))
		party->has_timestamps = true;
	party->has_spoken = true;
}

static void make_segment(struct conversation *talk, const struct line *line, int64_t now,
                         uint32_t seq, struct segment *segment)
{
	enum actor player = conversation_player(talk, line->actor);
	enum actor peer = conversation_player(talk, other(line->actor));
	struct party *party = &talk->parties[player];

	*segment = (struct segment){ .time = now, .payload = line->payload };
	segment->captured = segment->payload;
	address_segment(segment, talk, party, line);
	if (talk->setup.udp)
		return;
	segment->flags = flags_of(line);
	segment->seq = absolute_seq(talk, player, line, seq);
	if (segment_has(segment, TCP_ACK))
		segment->ack = isn_of(talk, peer) + relative_ack(party, line);
	segment->window = usual_window(talk, segment, line->actor);
	if (line_gives(line, NUMBER_WINDOW))
		segment->window = (uint16_t)line->numbers[NUMBER_WINDOW];
	add_options(segment, talk, player, line, now);
}

static void exchange(struct conversation *talk, const struct line *line,
                     const struct segment *segment, struct range range)
{
	enum actor player = conversation_player(talk, line->actor);
	struct party *peer = &talk->parties[conversation_player(talk, other(line->actor))];
	struct tcp_options options;

	party_remember(&talk->parties[player], line, range);
	if (line_has(line, MARK_LOST))
		return;
	party_get(peer, range);
	options_parse(segment, &options);
	if (options.has_timestamps)
		peer->echo = options.timestamp;
}

static void make_quote(const struct conversation *talk, const struct line *line, int64_t now,
                       struct segment *segment)
{
	bool is_ipv6 = talk->setup.family == FAMILY_IPV6;
	const char *router = is_ipv6 ? "2001:db8::1" : "192.0.2.1";

	*segment = talk->last[conversation_player(talk, quoted_actor(talk, line))];
	segment->kind = segment->kind == SEGMENT_UDP ? SEGMENT_UDP_QUOTE : SEGMENT_TCP_QUOTE;
	segment->time = now;
	segment->captured = 0;
	segment->options_length = 0;
	segment->icmp = (struct icmp_error){
		.type = is_ipv6 ? line->error->type6 : line->error->type,
		.code = is_ipv6 ? line->error->code6 : line->error->code,
		.quoted = QUOTED_BYTES,
		.mtu = (uint16_t)line->numbers[NUMBER_MTU],
	};
	if (line->actor == ACTOR_ROUTER)
		address_parse(router, &segment->icmp.reporter);
	else
		segment->icmp.reporter = talk->setup.address[line->actor];
}

void conversation_say(struct conversation *talk, const struct line *line, int64_t now,
                      struct segment *segment, uint8_t *payload)
{
	struct line said = *line;
	struct party *party;
	struct range range;

	if (line->error != NULL) {
		make_quote(talk, line, now, segment);
		return;
	}
	party = &talk->parties[conversation_player(talk, line->actor)];
	if (line_has(line, MARK_AGAIN) && !line_has(line, MARK_PAYLOAD)) {
		said.payload = party->memory[memory_kind(line)].payload;
		said.text = party->memory[memory_kind(line)].text;
	}
	range.start = relative_seq(party, line);
	make_segment(talk, &said, now, range.start, segment);
	range.end = range.start + segment_space(segment);
	write_payload(payload, said.payload, range.start + talk->setup.udp, said.text);
	if (!line_has(line, MARK_STRAY))
		exchange(talk, &said, segment, range);
	party->spoke = now;
	talk->has_begun = true;
	talk->last[conversation_player(talk, line->actor)] = *segment;
	talk->last_actor = line->actor;
}
