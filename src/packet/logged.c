/* logged.c: headers that firewalls, IPsec and routers write in front of what they log. */

#include "layer.h"
#include "protocol.h"

/* The header's own length leaves out its padding. */
enum { PFLOG_LEAST = 8, PFLOG_ALIGNMENT = 4 };

/* Attributes of length, type and value; the length has the byte order of the machine that captured. */
enum { NFLOG_HEADER = 4, NFLOG_ATTRIBUTE = 4, NFLOG_PAYLOAD = 9, NFLOG_VERSION = 0 };

enum { ENC_HEADER = 12 };

/* "MGC", flags, and as many bytes of extensions as they say. */
enum {
	JUNIPER_MAGIC = 0x4d4743,
	JUNIPER_HEADER = 4,
	JUNIPER_NO_LINK = 0x02,
	JUNIPER_EXTENDED = 0x80
};

struct next pflog_layer(struct packet *packet)
{
	const uint8_t *header = packet->cursor.head;
	uint32_t size;

	if (packet->cursor.captured == 0)
		return end_with(VERDICT_LINK_CUT);
	size = (header[0] + PFLOG_ALIGNMENT - 1u) / PFLOG_ALIGNMENT * PFLOG_ALIGNMENT;
	if (size < PFLOG_LEAST)
		return end_with(VERDICT_LINK_BAD);
	return skip_to(packet, size, ip_layer);
}

struct nflog_attribute {
	uint32_t length; /* with the four bytes of these two */
	uint16_t type;
};

static struct nflog_attribute nflog_attribute(const struct cursor *cursor)
{
	uint16_t length = read_u16_little(cursor->head);

	if (length >= NFLOG_ATTRIBUTE && length <= cursor->length)
		return (struct nflog_attribute){ length, read_u16_little(cursor->head + 2) };
	return (struct nflog_attribute){ read_u16(cursor->head), read_u16(cursor->head + 2) };
}

struct next nflog_layer(struct packet *packet)
{
	struct cursor *cursor = &packet->cursor;
	const uint8_t *header = cursor_pull(cursor, NFLOG_HEADER);

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if (header[1] != NFLOG_VERSION)
		return end_with(VERDICT_LINK_BAD);
	while (cursor->captured >= NFLOG_ATTRIBUTE) {
		struct nflog_attribute attribute = nflog_attribute(cursor);

		if (attribute.length < NFLOG_ATTRIBUTE)
			return end_with(VERDICT_LINK_BAD);
		if (attribute.type == NFLOG_PAYLOAD) {
			cursor_shorten(cursor, attribute.length);
			return skip_to(packet, NFLOG_ATTRIBUTE, ip_layer);
		}
		if (!cursor_pull(cursor, (attribute.length + 3) / 4 * 4))
			return end_with(VERDICT_LINK_CUT);
	}
	return end_with(cursor->length > 0 ? VERDICT_LINK_CUT : VERDICT_NOT_IP);
}

/* Address family, security association and flags; what was encrypted on the wire stands here in the clear. */
struct next enc_layer(struct packet *packet)
{
	return skip_to(packet, ENC_HEADER, ip_layer);
}

/* False: `*verdict` says why not. */
static bool pull_juniper(struct packet *packet, uint8_t *flags, enum verdict *verdict)
{
	const uint8_t *header = cursor_pull(&packet->cursor, JUNIPER_HEADER);

	*verdict = VERDICT_LINK_CUT;
	if (!header)
		return false;
	if (read_u32(header) >> 8 != JUNIPER_MAGIC) {
		*verdict = VERDICT_LINK_BAD;
		return false;
	}
	*flags = header[3];
	if ((*flags & JUNIPER_EXTENDED) == 0)
		return true;
	header = cursor_pull(&packet->cursor, 2);
	return header && cursor_pull(&packet->cursor, read_u16(header));
}

/* Without a link header there are four bytes that name a protocol, which IP itself does better. */
static struct next juniper_next(struct packet *packet, layer_function *layer)
{
	enum verdict verdict;
	uint8_t flags;

	if (!pull_juniper(packet, &flags, &verdict))
		return end_with(verdict);
	if ((flags & JUNIPER_NO_LINK) == 0)
		return next_is(layer);
	return ip_begins(&packet->cursor) ? next_is(ip_layer) : skip_to(packet, 4, ip_layer);
}

struct next juniper_ethernet_layer(struct packet *packet)
{
	return juniper_next(packet, ethernet_layer);
}

struct next juniper_ppp_layer(struct packet *packet)
{
	return juniper_next(packet, ppp_layer);
}

struct next juniper_frame_relay_layer(struct packet *packet)
{
	return juniper_next(packet, frame_relay_layer);
}

struct next juniper_cisco_hdlc_layer(struct packet *packet)
{
	return juniper_next(packet, cisco_hdlc_layer);
}
