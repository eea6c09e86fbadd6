/* ppp.c: PPP (RFC 1661) and what else runs on serial lines. */

#include "layer.h"
#include "protocol.h"

enum { PPP_ADDRESS = 0xff, PPP_CONTROL = 0x03, HDLC_UNICAST = 0x0f, HDLC_BROADCAST = 0x8f };

enum { PPPOE_HEADER = 6, PPPOE_VERSION = 0x11, PPPOE_SESSION = 0 };

/* RFC 2427: the network layer protocol after frame relay's address. */
enum { NLPID_SNAP = 0x80, NLPID_IPV6 = 0x8e, NLPID_IPV4 = 0xcc, NLPID_PPP = 0xcf };
enum { ADDRESS_LAST = 0x01, ADDRESS_MAX = 4, FRAME_RELAY_CONTROL = 0x03 };

/* Both flags: the fragment is the whole packet (RFC 1990 section 3). */
enum { MULTILINK_WHOLE = 0xc0 };

static layer_function squeezed_layer, bridging_layer;

/* clang-format off */
static const struct {
	uint16_t protocol;
	layer_function *layer;
} ppp_protocols[] = {
	{ PPP_IPV4,             ipv4_layer },
	{ PPP_IPV6,             ipv6_layer },
	{ PPP_MPLS,             mpls_layer },
	{ PPP_BRIDGING,         bridging_layer },
	{ PPP_MULTILINK,        multilink_layer },
	{ PPP_COMPRESSED_TCP,   squeezed_layer },
	{ PPP_UNCOMPRESSED_TCP, squeezed_layer },
	{ PPP_COMPRESSED,       squeezed_layer },
	{ PPP_ENCRYPTED,        squeezed_layer },
};

static const struct {
	uint8_t id;
	layer_function *layer;
} network_protocols[] = {
	{ NLPID_IPV4, ipv4_layer },
	{ NLPID_IPV6, ipv6_layer },
	{ NLPID_PPP,  ppp_layer },
};
/* clang-format on */

/* What must be known to read it went by in earlier packets. */
static struct next squeezed_layer(struct packet *packet)
{
	(void)packet;
	return end_with(VERDICT_UNDECIPHERABLE);
}

/* Flags and the kind of medium come first; Ethernet is 1 (RFC 3518 section 4.2). */
static struct next bridging_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, 2);

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	return header[1] == 1 ? next_is(ethernet_layer) : end_with(VERDICT_NOT_IP);
}

struct next multilink_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, 4);

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if ((header[0] & MULTILINK_WHOLE) != MULTILINK_WHOLE)
		return end_with(VERDICT_FRAGMENT_LOST);
	return next_is(ppp_layer);
}

static struct next ppp_protocol_next(uint16_t protocol)
{
	for (size_t i = 0; i < COUNT(ppp_protocols); i++)
		if (ppp_protocols[i].protocol == protocol)
			return next_is(ppp_protocols[i].layer);
	return end_with(VERDICT_NOT_IP);
}

/* The address and control bytes may be left out, and a zero in front of the protocol too. */
struct next ppp_layer(struct packet *packet)
{
	struct cursor *cursor = &packet->cursor;
	const uint8_t *header;

	if (cursor->captured >= 2 && cursor->head[0] == PPP_ADDRESS &&
	    cursor->head[1] == PPP_CONTROL)
		cursor_pull(cursor, 2);
	if (cursor->captured >= 1 && cursor->head[0] % 2 == 1)
		return ppp_protocol_next(*cursor_pull(cursor, 1));
	header = cursor_pull(cursor, 2);
	return header ? ppp_protocol_next(read_u16(header)) : end_with(VERDICT_LINK_CUT);
}

struct next cisco_hdlc_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, 4);

	return header ? ethernet_type_next(read_u16(header + 2)) : end_with(VERDICT_LINK_CUT);
}

/* The first byte tells PPP from Cisco's framing (RFC 1547 section 4.3.1). */
struct next ppp_hdlc_layer(struct packet *packet)
{
	if (packet->cursor.captured == 0)
		return end_with(VERDICT_LINK_CUT);
	switch (packet->cursor.head[0]) {
	case HDLC_UNICAST:
	case HDLC_BROADCAST:
		return next_is(cisco_hdlc_layer);
	default:
		return next_is(ppp_layer);
	}
}

/* RFC 2516. */
struct next pppoe_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, PPPOE_HEADER);

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if (header[0] != PPPOE_VERSION)
		return end_with(VERDICT_LINK_BAD);
	if (header[1] != PPPOE_SESSION)
		return end_with(VERDICT_NOT_IP);
	cursor_shorten(&packet->cursor, read_u16(header + 4));
	return next_is(ppp_layer);
}

static struct next snap_next(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, 5);

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if (read_u32(header) >> 8 == 0)
		return ethernet_type_next(read_u16(header + 3));
	return ethernet_begins(&packet->cursor) ? next_is(ethernet_layer)
	                                        : end_with(VERDICT_NOT_IP);
}

static struct next network_protocol_next(struct packet *packet)
{
	const uint8_t *id = cursor_pull(&packet->cursor, 1);

	/* A zero aligns what follows. */
	if (id && *id == 0)
		id = cursor_pull(&packet->cursor, 1);
	if (!id)
		return end_with(VERDICT_LINK_CUT);
	for (size_t i = 0; i < COUNT(network_protocols); i++)
		if (network_protocols[i].id == *id)
			return next_is(network_protocols[i].layer);
	return *id == NLPID_SNAP ? snap_next(packet) : end_with(VERDICT_NOT_IP);
}

/* An address of two to four bytes (Q.922), then RFC 2427, or an Ethernet type where Cisco had its way. */
struct next frame_relay_layer(struct packet *packet)
{
	const uint8_t *byte = cursor_pull(&packet->cursor, 1);

	for (int i = 1; byte && (*byte & ADDRESS_LAST) == 0; i++) {
		if (i == ADDRESS_MAX)
			return end_with(VERDICT_LINK_BAD);
		byte = cursor_pull(&packet->cursor, 1);
	}
	if (!byte || packet->cursor.captured == 0)
		return end_with(VERDICT_LINK_CUT);
	if (packet->cursor.head[0] == FRAME_RELAY_CONTROL) {
		cursor_pull(&packet->cursor, 1);
		return network_protocol_next(packet);
	}
	byte = cursor_pull(&packet->cursor, 2);
	return byte ? ethernet_type_next(read_u16(byte)) : end_with(VERDICT_LINK_CUT);
}

/* A direction, then what RFC 1144 made of the headers (or IP, untouched), then zeros up to 16 bytes. */
struct next slip_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, 16);

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if (header[1] & 0x80 || header[1] >> 4 == 7)
		return end_with(VERDICT_UNDECIPHERABLE);
	return next_is(ip_layer);
}
