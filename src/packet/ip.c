/* ip.c: IPv4 (RFC 791), and the table of what IP carries. */

#include "layer.h"

#include <string.h>

#include "protocol.h"

enum {
	IPV4_MORE_FRAGMENTS = 0x2000,
	IPV4_OFFSET_MASK = 0x1fff,
};

static layer_function compressed_layer;

/* clang-format off */
static layer_function *const protocols[UINT8_MAX + 1] = {
	[PROTOCOL_TCP]                 = tcp_layer,
	[PROTOCOL_UDP]                 = udp_layer,
	[PROTOCOL_ICMP]                = icmp_layer,
	[PROTOCOL_ICMPV6]              = icmpv6_layer,
	[PROTOCOL_HOP_BY_HOP]          = hop_by_hop_layer,
	[PROTOCOL_ROUTING]             = routing_layer,
	[PROTOCOL_FRAGMENT]            = fragment_layer,
	[PROTOCOL_DESTINATION_OPTIONS] = destination_options_layer,
	[PROTOCOL_MOBILITY]            = extension_layer,
	[PROTOCOL_HIP]                 = extension_layer,
	[PROTOCOL_SHIM6]               = extension_layer,
	[PROTOCOL_AH]                  = authentication_layer,
	[PROTOCOL_ESP]                 = esp_layer,
	[PROTOCOL_IPCOMP]              = compressed_layer,
	[PROTOCOL_IPV4]                = four_in_layer,
	[PROTOCOL_IPIP]                = four_in_layer,
	[PROTOCOL_IPV6]                = six_in_layer,
	[PROTOCOL_GRE]                 = gre_layer,
	[PROTOCOL_ETHERIP]             = etherip_layer,
	[PROTOCOL_L2TP]                = l2tp_3_layer,
	[PROTOCOL_MPLS]                = mpls_in_ip_layer,
};
/* clang-format on */

static struct next compressed_layer(struct packet *packet)
{
	(void)packet;
	return end_with(VERDICT_UNDECIPHERABLE);
}

static void set_ipv4(struct address *address, const uint8_t *bytes)
{
	memset(address, 0, sizeof(*address));
	memcpy(address->bytes, bytes, 4);
}

/* A total length of 0 is a frame that the sender's network card was still to divide. */
static bool limit_to_total(struct packet *packet, uint32_t total, uint32_t header_length)
{
	if (total >= header_length)
		ip_limit(packet, total - header_length);
	else
		packet->missing = 0;
	return total >= header_length || total == 0;
}

static struct next take_fragment(struct packet *packet, const uint8_t *header)
{
	uint16_t fragment = read_u16(header + 6);

	if (fragments_wanted(packet))
		return fragments_take(packet, &(struct piece){
						      .id = packet->segment->ip_id,
						      .offset = (fragment & IPV4_OFFSET_MASK) * 8u,
						      .more = (fragment & IPV4_MORE_FRAGMENTS) != 0,
						      .key = header[9],
						      .protocol = header[9],
					      });
	if (fragment & IPV4_OFFSET_MASK)
		return end_with(VERDICT_FRAGMENT_LOST);
	packet->first_fragment = true;
	return protocol_next(header[9]);
}

enum verdict ip_shortness(const struct packet *packet, uint32_t count)
{
	return packet->cursor.length + packet->missing < count ? VERDICT_IP_BAD : VERDICT_IP_CUT;
}

struct next protocol_next(uint8_t protocol)
{
	layer_function *layer = protocols[protocol];

	return layer ? next_is(layer) : end_with(VERDICT_OTHER_TRANSPORT);
}

struct next ipv4_layer(struct packet *packet)
{
	struct segment *segment = packet->segment;
	const uint8_t *header = cursor_pull(&packet->cursor, IPV4_HEADER);
	uint32_t options;

	if (!header)
		return end_with(VERDICT_IP_CUT);
	if (header[0] >> 4 != FAMILY_IPV4 || (header[0] & 0x0f) * 4 < IPV4_HEADER)
		return end_with(VERDICT_IP_BAD);
	options = (uint32_t)((header[0] & 0x0f) * 4 - IPV4_HEADER);
	if (options > 0 && !cursor_pull(&packet->cursor, options))
		return end_with(ip_shortness(packet, options));
	if (!limit_to_total(packet, read_u16(header + 2), IPV4_HEADER + options))
		return end_with(VERDICT_IP_BAD);

	packet->lengthless = read_u16(header + 2) == 0;
	packet->first_fragment = false;
	segment->family = FAMILY_IPV4;
	segment->ip_id = read_u16(header + 4);
	segment->ttl = header[8];
	set_ipv4(&segment->source, header + 12);
	set_ipv4(&segment->destination, header + 16);

	if (read_u16(header + 6) & (IPV4_MORE_FRAGMENTS | IPV4_OFFSET_MASK))
		return take_fragment(packet, header);
	return protocol_next(header[9]);
}

struct next ip_layer(struct packet *packet)
{
	if (packet->cursor.captured == 0)
		return end_with(VERDICT_IP_CUT);
	switch (packet->cursor.head[0] >> 4) {
	case FAMILY_IPV4:
		return next_is(ipv4_layer);
	case FAMILY_IPV6:
		return next_is(ipv6_layer);
	default:
		return end_with(VERDICT_IP_BAD);
	}
}
