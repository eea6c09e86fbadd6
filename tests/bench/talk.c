/* talk.c: invented conversations, a segment at a time. */

#include "bench/talk.h"

#include <ctype.h>
#include <string.h>

#include "packet/address.h"
#include "packet/option.h"

enum { CLIENTS = 50000, SERVERS = 4000, PORTS = 28000, MSS = 1448 };

/*
 * A letter is a segment, a capital one the client's: S SYN, A nothing but an ACK, D data, F FIN, R
 * reset; J is data that is lost, X sends again what was lost, or else the latest data.
 */
struct script {
	unsigned weight;
	const char *letters;
};

/* clang-format off */
static const struct script usual[] = {
	{ 232, "SsADaddAddAddAFfA"        },
	{ 298, "SsADadAFafA"              },
	{ 170, "SsADadADadADadADadAfFa"   },
	{ 100, "SsADDadddAdddAddFafA"     },
	{  60, "SsADadADadADadADadAR"     },
	{  40, "SsADaddAxAddAFfA"         },
	{  30, "SsADXadAddAFafA"          },
	{  25, "SsADajdAdAdAxAddAFfA"     },
	{  15, "SsADadr"                  },
	{  20, "Sr"                       },
	{  10, "SSS"                      },
};
static const struct script brief[] = {
	{   1, "SsADdFfA"                 },
};
static const struct script never_closed[] = {
	{   1, "SsADd"                    },
};
static const struct script flood[] = {
	{   1, "S"                        },
};

static const struct mix {
	const struct script *scripts;
	size_t count;
	unsigned weight;
} mixes[] = {
	[MIX_USUAL] = { usual, sizeof(usual) / sizeof(usual[0]), 1000 },
	[MIX_SHORT] = { brief, 1, 1 },
	[MIX_OPEN] = { never_closed, 1, 1 },
	[MIX_FLOOD] = { flood, 1, 1 },
};

static const uint16_t flags_of[128] = {
	['S'] = TCP_SYN,
	['A'] = TCP_ACK,
	['D'] = TCP_ACK | TCP_PSH,
	['J'] = TCP_ACK,
	['X'] = TCP_ACK | TCP_PSH,
	['F'] = TCP_ACK | TCP_FIN,
	['R'] = TCP_ACK | TCP_RST,
};
/* clang-format on */

/* SplitMix64. */
uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static const char *choose_script(const struct mix *mix, uint64_t random)
{
	unsigned left = (unsigned)(random % mix->weight);
	size_t row = 0;

	while (row + 1 < mix->count && left >= mix->scripts[row].weight)
		left -= mix->scripts[row++].weight;
	return mix->scripts[row].letters;
}

/* 10.0.0.0/8 and 198.18.0.0/15, or documentation prefixes of IPv6. */
static struct address address_of(uint8_t family, bool is_server, uint64_t number)
{
	struct address address = { .bytes = { is_server ? 198 : 10, is_server ? 18 : 0 } };
	uint8_t *low = address.bytes + 1;

	if (family == FAMILY_IPV6) {
		memcpy(address.bytes, (uint8_t[]){ 0x20, 0x01, 0x0d, 0xb8, is_server }, 5);
		low = address.bytes + 13;
	}
	low[0] = (uint8_t)(low[0] + (number >> 16));
	low[1] = (uint8_t)(number >> 8);
	low[2] = (uint8_t)number;
	return address;
}

void talk_start(struct talk *talk, enum talk_mix mix, uint64_t number)
{
	static const uint16_t services[] = { 443, 443, 443, 443, 80, 80, 22, 8080 };
	/* A flood has as many sources as segments; others have few, with many ports each. */
	uint64_t clients = mix == MIX_FLOOD ? 1 << 24 : CLIENTS;
	uint64_t servers = mix == MIX_FLOOD ? 1 : SERVERS;
	uint64_t random;

	*talk = (struct talk){ .random = number + 1 };
	random = random_next(&talk->random);
	talk->script = choose_script(&mixes[mix], random >> 32);
	talk->family = mix != MIX_FLOOD && number % 10 == 9 ? FAMILY_IPV6 : FAMILY_IPV4;
	for (int side = 0; side < 2; side++) {
		struct talker *end = &talk->ends[side];
		uint64_t which = side == 0 ? number % clients : random % servers;

		end->address = address_of(talk->family, side == 1, which + 1);
		end->iss = (uint32_t)random_next(&talk->random);
		end->clock = end->iss / 7;
		end->ip_id = (uint16_t)end->iss;
	}
	talk->ends[0].port = (uint16_t)(32768 + number / clients * 61 % PORTS);
	talk->ends[1].port = mix == MIX_FLOOD ? 80 : services[random >> 16 & 7];
}

static void add_u32(struct segment *segment, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		segment->options[segment->options_length++] = (uint8_t)(value >> shift);
}

/* In Linux's order. */
static void add_options(struct segment *segment, const struct talker *from, const struct talker *to)
{
	bool is_syn = segment_has(segment, TCP_SYN);

	if (segment_has(segment, TCP_RST))
		return;
	if (is_syn)
		add_u32(segment, OPTION_MSS << 24 | 4 << 16 | 1460);
	add_u32(segment,
	        is_syn ? OPTION_SACK_PERMITTED << 24 | 2 << 16 | OPTION_TIMESTAMPS << 8 | 10
	               : OPTION_NOP << 24 | OPTION_NOP << 16 | OPTION_TIMESTAMPS << 8 | 10);
	add_u32(segment, from->clock);
	add_u32(segment, segment_has(segment, TCP_ACK) ? to->clock : 0);
	if (is_syn)
		add_u32(segment, OPTION_NOP << 24 | OPTION_WINDOW_SCALE << 16 | 3 << 8 | 7);
}

static uint32_t bytes_of_data(struct talk *talk, bool is_server)
{
	uint64_t random = random_next(&talk->random);

	if (!is_server)
		return 150 + (uint32_t)(random >> 8) % 600;
	return random % 4 > 0 ? MSS : 1 + (uint32_t)(random >> 8) % MSS;
}

/* Where it begins, and how much it carries. */
static void place(struct talk *talk, struct talker *from, char letter, struct segment *segment)
{
	bool is_server = from == &talk->ends[1];

	segment->seq = from->next;
	switch (letter) {
	case 'S':
		segment->seq = from->iss;
		from->next = from->iss + 1;
		break;
	case 'D':
	case 'J':
		segment->payload = from->last_bytes = bytes_of_data(talk, is_server);
		from->next += segment->payload;
		break;
	case 'X':
		segment->payload = from->hole_bytes > 0 ? from->hole_bytes : from->last_bytes;
		segment->seq = from->hole_bytes > 0 ? from->hole : from->next - from->last_bytes;
		from->hole_bytes = 0;
		break;
	case 'F':
		from->next++;
		break;
	default:
		break;
	}
	if (letter == 'J') {
		from->hole = segment->seq;
		from->hole_bytes = segment->payload;
	}
}

static void fill(struct talk *talk, char letter, int64_t time, struct segment *segment)
{
	bool is_server = islower((unsigned char)letter);
	struct talker *from = &talk->ends[is_server];
	struct talker *to = &talk->ends[!is_server];
	char capital = (char)toupper((unsigned char)letter);

	*segment = (struct segment){
		.time = time,
		.kind = SEGMENT_TCP,
		.family = talk->family,
		.source = from->address,
		.destination = to->address,
		.source_port = from->port,
		.destination_port = to->port,
		.flags = flags_of[(unsigned char)capital],
		.window = capital == 'S' ? 64240 : 502,
		.ttl = is_server ? 57 : 64,
		.ip_id = ++from->ip_id,
	};
	if (letter == 's')
		segment->flags |= TCP_ACK;
	place(talk, from, capital, segment);
	if (segment_has(segment, TCP_ACK))
		segment->ack = to->hole_bytes > 0 ? to->hole : to->next;
	from->clock = talk->ends[is_server].iss / 7 + (uint32_t)(time / 1000000);
	add_options(segment, from, to);
	segment->captured = segment->payload;
}

bool talk_next(struct talk *talk, int64_t time, struct segment *segment)
{
	bool is_lost = true;

	while (is_lost && *talk->script != '\0') {
		is_lost = *talk->script == 'j' || *talk->script == 'J';
		fill(talk, *talk->script++, time, segment);
	}
	return !is_lost;
}
