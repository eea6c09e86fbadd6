/* lan.c: local networks that are not Ethernet: token ring, FDDI, ARCNET, InfiniBand, Fibre Channel, FireWire. */

#include "layer.h"
#include "protocol.h"

enum {
	TOKEN_RING_HEADER = 14,
	TOKEN_RING_SOURCE = 8,
	TOKEN_RING_TYPE_MASK = 0xc0,
	TOKEN_RING_LLC = 0x40,
	ROUTED = 0x80, /* in the source address: a routing field follows */
	ROUTE_SIZE_MASK = 0x1f,
};

enum { FDDI_HEADER = 13, FDDI_TYPE_MASK = 0x70, FDDI_LLC = 0x50 };

/* RFC 1051's protocols have no header of their own; RFC 1201's and RFC 2497's may be split. */
enum {
	ARCNET_IPV4_OLD = 240,
	ARCNET_IPV4 = 212,
	ARCNET_IPV6 = 196,
	ARCNET_EXCEPTION =
		0xff, /* in place of the split flag: four bytes more, the real one after them */
};

enum { IPOIB_HEADER = 4 };
enum { FIBRE_CHANNEL_HEADER = 16, FIREWIRE_HEADER = 18 };

struct next token_ring_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, TOKEN_RING_HEADER);
	uint32_t route;

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if ((header[1] & TOKEN_RING_TYPE_MASK) != TOKEN_RING_LLC)
		return end_with(VERDICT_NOT_IP);
	if ((header[TOKEN_RING_SOURCE] & ROUTED) == 0)
		return next_is(llc_layer);
	if (packet->cursor.captured == 0)
		return end_with(VERDICT_LINK_CUT);
	route = packet->cursor.head[0] & ROUTE_SIZE_MASK;
	if (route < 2)
		return end_with(VERDICT_LINK_BAD);
	return skip_to(packet, route, llc_layer);
}

/* Whether the addresses' bits are turned round does not matter here. */
struct next fddi_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, FDDI_HEADER);

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	return (header[0] & FDDI_TYPE_MASK) == FDDI_LLC ? next_is(llc_layer)
	                                                : end_with(VERDICT_NOT_IP);
}

/* Split flag and sequence number; odd flags begin a split packet, other even ones go on with it. */
static struct next split_next(struct packet *packet, layer_function *layer)
{
	const uint8_t *header = cursor_pull(&packet->cursor, 3);

	if (header && header[0] == ARCNET_EXCEPTION) {
		cursor_pull(&packet->cursor, 1);
		header = cursor_pull(&packet->cursor, 3);
	}
	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if (header[0] != 0 && header[0] % 2 == 0)
		return end_with(VERDICT_FRAGMENT_LOST);
	return next_is(layer);
}

static struct next arcnet_next(struct packet *packet, uint32_t header_size)
{
	const uint8_t *header = cursor_pull(&packet->cursor, header_size);

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	switch (header[header_size - 1]) {
	case ARCNET_IPV4_OLD:
		return next_is(ipv4_layer);
	case ARCNET_IPV4:
		return split_next(packet, ipv4_layer);
	case ARCNET_IPV6:
		return split_next(packet, ipv6_layer);
	default:
		return end_with(VERDICT_NOT_IP);
	}
}

/* Source, destination, protocol. */
struct next arcnet_bsd_layer(struct packet *packet)
{
	return arcnet_next(packet, 3);
}

/* Linux has two bytes of offset before the protocol. */
struct next arcnet_linux_layer(struct packet *packet)
{
	return arcnet_next(packet, 5);
}

/* RFC 4391's header of type and zeros; some capture a hardware address or a routing header before it. */
struct next ipoib_layer(struct packet *packet)
{
	static const uint8_t before[] = { 0, 20, 40 };
	const uint8_t *header;

	for (size_t i = 0; i < COUNT(before); i++) {
		struct cursor cursor = cursor_after(packet->cursor, before[i]);
		struct cursor inside = cursor_after(cursor, IPOIB_HEADER);
		uint16_t type = cursor.captured >= IPOIB_HEADER ? read_u16(cursor.head) : 0;

		if ((type == ETHERNET_IPV4 || type == ETHERNET_IPV6) &&
		    read_u16(cursor.head + 2) == 0 && ip_may_begin(&inside)) {
			packet->cursor = inside;
			return next_is(ip_layer);
		}
	}
	header = cursor_pull(&packet->cursor, IPOIB_HEADER);
	return header ? ethernet_type_next(read_u16(header)) : end_with(VERDICT_LINK_CUT);
}

/* RFC 2625: two network addresses, then 802.2. */
struct next fibre_channel_layer(struct packet *packet)
{
	return skip_to(packet, FIBRE_CHANNEL_HEADER, llc_layer);
}

/* Apple's: two addresses of eight bytes, then an Ethernet type. */
struct next firewire_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, FIREWIRE_HEADER);

	return header ? ethernet_type_next(read_u16(header + 16)) : end_with(VERDICT_LINK_CUT);
}
