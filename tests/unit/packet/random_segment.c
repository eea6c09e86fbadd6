/* random_segment.c: pseudo-random segments. */

#include "unit/packet/random_segment.h"

#include <string.h>

#include "packet/link.h"

static const uint16_t link_types[] = {
	LINK_NULL,      LINK_ETHERNET, LINK_RAW,  LINK_LOOP,
	LINK_LINUX_SLL, LINK_IPV4,     LINK_IPV6, LINK_LINUX_SLL2,
};

/* What quotes, with its codes: number 4 of type 3, and type 2 of ICMPv6, carry an MTU. */
static const uint8_t quoting[] = { 3, 4, 5, 11, 12 };

uint32_t random_next(struct random *random)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 7;
	random->state ^= random->state << 17;
	return (uint32_t)(random->state >> 32);
}

uint32_t random_below(struct random *random, uint32_t limit)
{
	return random_next(random) % limit;
}

uint16_t random_link_type(struct random *random)
{
	return link_types[random_below(random, sizeof(link_types) / sizeof(link_types[0]))];
}

static bool carries_tags(uint16_t link_type)
{
	return link_type == LINK_ETHERNET || link_type == LINK_LINUX_SLL ||
	       link_type == LINK_LINUX_SLL2;
}

static struct address random_address(struct random *random, uint8_t family)
{
	struct address address = { { 0 } };

	for (int i = 0; i < (family == FAMILY_IPV4 ? 4 : 16); i++)
		address.bytes[i] = (uint8_t)random_next(random);
	return address;
}

static uint8_t random_family(struct random *random, uint16_t link_type)
{
	if (link_type == LINK_IPV4)
		return FAMILY_IPV4;
	if (link_type == LINK_IPV6)
		return FAMILY_IPV6;
	return random_below(random, 2) ? FAMILY_IPV4 : FAMILY_IPV6;
}

/* Sequence numbers start just below 2^32. */
static void fill_tcp(struct random *random, struct segment *segment)
{
	segment->seq = 0xffffff00 + random_below(random, 512);
	segment->ack = random_next(random);
	segment->flags = (uint16_t)random_below(random, 0x200);
	segment->window = (uint16_t)random_next(random);
	segment->urgent = (uint16_t)random_next(random);
}

static void fill_options(struct random *random, struct segment *segment)
{
	segment->options_length = (uint8_t)(4 * random_below(random, 11));
	for (int i = 0; i < segment->options_length; i++)
		segment->options[i] = (uint8_t)random_next(random);
	if (segment->options_length > 0 && random_below(random, 8) == 0) {
		segment->options_cut = (uint8_t)(1 + random_below(random, segment->options_length));
		segment->options_length = (uint8_t)(segment->options_length - segment->options_cut);
		memset(segment->options + segment->options_length, 0, segment->options_cut);
	}
}

/* Rarely more than IP can say, as with segmentation offload. */
static void fill_payload(struct random *random, struct segment *segment)
{
	uint32_t limit = random_below(random, 16) == 0 ? 200000 : 2000;

	segment->payload = random_below(random, 4) == 0 ? 0 : random_below(random, limit);
	segment->captured = segment->payload;
	if (random_below(random, 4) == 0)
		segment->captured = random_below(random, segment->payload + 1);
	if (segment->captured > 2000)
		segment->captured = 2000;
	if (segment->options_cut)
		segment->captured = 0;
	if (segment->captured == segment->payload && !segment->options_cut)
		segment->checksum = (uint8_t)(CHECKSUM_GOOD + random_below(random, 3));
}

/* Takes away what a quote of its length cannot show. */
static void fill_tcp_quote(struct random *random, struct segment *segment)
{
	uint32_t quoted = 8 + random_below(random, 53);

	segment->icmp.quoted = (uint8_t)quoted;
	fill_tcp(random, segment);
	segment->payload = quoted < 13 ? 0 : random_below(random, 60000);
	if (quoted >= 20 && quoted % 4 == 0)
		segment->captured = random_below(random, 1000) % (segment->payload + 1);
	if (quoted < 12)
		segment->ack = 0;
	if (quoted < 14)
		segment->flags = 0;
	if (quoted < 16)
		segment->window = 0;
	if (quoted < 20)
		segment->urgent = 0;
}

static void fill_udp_quote(struct random *random, struct segment *segment)
{
	segment->icmp.quoted = 8;
	segment->payload = random_below(random, 60000);
	segment->captured = random_below(random, 1000) % (segment->payload + 1);
}

static void fill_icmp(struct random *random, struct segment *segment)
{
	struct icmp_error *icmp = &segment->icmp;

	icmp->reporter = random_address(random, segment->family);
	icmp->code = (uint8_t)random_below(random, 6);
	icmp->type = (uint8_t)(1 + random_below(random, 4));
	if (segment->family == FAMILY_IPV4)
		icmp->type = quoting[random_below(random, sizeof(quoting))];
	if (segment->family == FAMILY_IPV4 ? icmp->type == 3 && icmp->code == 4 : icmp->type == 2)
		icmp->mtu = (uint16_t)random_next(random);
}

static void fill_kind(struct random *random, struct segment *segment)
{
	switch (segment->kind) {
	case SEGMENT_TCP:
		fill_tcp(random, segment);
		fill_options(random, segment);
		fill_payload(random, segment);
		break;
	case SEGMENT_UDP:
		fill_payload(random, segment);
		break;
	case SEGMENT_TCP_QUOTE:
		fill_icmp(random, segment);
		fill_tcp_quote(random, segment);
		break;
	case SEGMENT_UDP_QUOTE:
		fill_icmp(random, segment);
		fill_udp_quote(random, segment);
		break;
	}
}

struct segment random_segment(struct random *random, uint16_t link_type)
{
	static const uint8_t kinds[] = {
		SEGMENT_TCP, SEGMENT_TCP, SEGMENT_TCP_QUOTE, SEGMENT_UDP, SEGMENT_UDP_QUOTE,
	};
	struct segment segment;

	memset(&segment, 0, sizeof(segment));
	segment.kind = kinds[random_below(random, sizeof(kinds))];
	segment.family = random_family(random, link_type);
	segment.source = random_address(random, segment.family);
	segment.destination = random_address(random, segment.family);
	segment.source_port = (uint16_t)random_next(random);
	segment.destination_port = (uint16_t)random_next(random);
	segment.ttl = (uint8_t)random_next(random);
	if (segment.family == FAMILY_IPV4)
		segment.ip_id = (uint16_t)random_next(random);
	if (carries_tags(link_type) && random_below(random, 3) == 0)
		segment.vlan = (uint16_t)(1 + random_below(random, 4094));
	fill_kind(random, &segment);
	return segment;
}
