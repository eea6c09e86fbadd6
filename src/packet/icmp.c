/* icmp.c: ICMP (RFC 792) and ICMPv6 (RFC 4443) errors, which quote the packet that met them. */

#include "layer.h"

#include "protocol.h"

/* clang-format off */
static const bool icmp_quotes[UINT8_MAX + 1] = {
	[ICMP_UNREACHABLE]       = true,
	[ICMP_SOURCE_QUENCH]     = true,
	[ICMP_REDIRECT]          = true,
	[ICMP_TIME_EXCEEDED]     = true,
	[ICMP_PARAMETER_PROBLEM] = true,
};

static const bool icmpv6_quotes[UINT8_MAX + 1] = {
	[ICMPV6_UNREACHABLE]       = true,
	[ICMPV6_PACKET_TOO_BIG]    = true,
	[ICMPV6_TIME_EXCEEDED]     = true,
	[ICMPV6_PARAMETER_PROBLEM] = true,
};
/* clang-format on */

/* What follows is the quoted packet, whose IP header takes the place of this one's in the segment. */
static struct next begin_quote(struct packet *packet, const uint8_t *header, layer_function *ip)
{
	struct segment *segment = packet->segment;

	packet->quoted = true;
	segment->icmp.reporter = segment->source;
	segment->icmp.type = header[0];
	segment->icmp.code = header[1];
	return next_is(ip);
}

struct next icmp_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, ICMP_HEADER);

	if (!header)
		return end_with(VERDICT_TRANSPORT_CUT);
	/* An error about an error is never sent (RFC 1122 section 3.2.2). */
	if (packet->quoted || !icmp_quotes[header[0]])
		return end_with(VERDICT_ICMP_OTHER);
	if (header[0] == ICMP_UNREACHABLE && header[1] == ICMP_FRAGMENTATION_NEEDED)
		packet->segment->icmp.mtu = read_u16(header + 6);
	return begin_quote(packet, header, ipv4_layer);
}

struct next icmpv6_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, ICMP_HEADER);

	if (!header)
		return end_with(VERDICT_TRANSPORT_CUT);
	if (packet->quoted || !icmpv6_quotes[header[0]])
		return end_with(VERDICT_ICMP_OTHER);
	if (header[0] == ICMPV6_PACKET_TOO_BIG)
		packet->segment->icmp.mtu = read_u32(header + 4) > UINT16_MAX
		                                    ? UINT16_MAX
		                                    : (uint16_t)read_u32(header + 4);
	return begin_quote(packet, header, ipv6_layer);
}
