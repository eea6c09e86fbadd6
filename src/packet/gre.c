/* gre.c: GRE (RFC 2784, RFC 2890), PPTP's variant (RFC 2637), and ERSPAN. */

#include "gre.h"

#include "protocol.h"

enum {
	GRE_CHECKSUM = 0x8000,
	GRE_ROUTING = 0x4000,
	GRE_KEY = 0x2000,
	GRE_SEQUENCE = 0x1000,
	GRE_RESERVED = 0x0f78,
	GRE_ACK = 0x0080, /* version 1 */
	GRE_VERSION = 0x0007,
};

enum { GRE_HEADER = 4, GRE_FIELD = 4 };

/*
 * NVGRE (RFC 7637) keeps a subnet of 24 bits and a flow of 8 in the key.
 * Subnets begin at 4096; keys that people choose themselves are smaller.
 */
enum { NVGRE_KEY_MIN = 0x1000 << 8 };

enum { WCCP = 0x883e, WCCP_HEADER = 4 };

enum {
	ERSPAN_2_HEADER = 8,
	ERSPAN_2_VERSION = 1,
	ERSPAN_3_HEADER = 12,
	ERSPAN_3_PLATFORM = 8,
	ERSPAN_SESSION_MASK = 0x3ff,
};

static struct next erspan_next(struct packet *packet, const struct gre *gre)
{
	struct tunnel_mark mark = { .kind = TUNNEL_ERSPAN };
	const uint8_t *header = packet->cursor.head;
	bool third = gre->type == ETHERNET_ERSPAN_3;

	/* The first type has no header, and no sequence numbers either. */
	if (!third && (gre->flags & GRE_SEQUENCE) == 0)
		return tunnel_enter(packet, mark, ethernet_layer);
	if (packet->cursor.captured < ERSPAN_2_HEADER)
		return end_with(VERDICT_TRANSPORT_CUT);
	if (!third && header[0] >> 4 != ERSPAN_2_VERSION)
		return tunnel_enter(packet, mark, ethernet_layer);
	mark.has_id = true;
	mark.id = read_u16(header + 2) & ERSPAN_SESSION_MASK;
	if (!cursor_pull(&packet->cursor, third ? ERSPAN_3_HEADER : ERSPAN_2_HEADER))
		return end_with(VERDICT_TRANSPORT_CUT);
	if (third && header[ERSPAN_3_HEADER - 1] & 1 &&
	    !cursor_pull(&packet->cursor, ERSPAN_3_PLATFORM))
		return end_with(VERDICT_TRANSPORT_CUT);
	return tunnel_enter(packet, mark, ethernet_layer);
}

static struct next pptp_next(struct packet *packet, const struct gre *gre)
{
	struct tunnel_mark mark = {
		.kind = TUNNEL_PPTP,
		.has_id = true,
		.id = gre->key & UINT16_MAX,
	};

	/* Without a sequence number it only acknowledges. */
	if ((gre->flags & GRE_SEQUENCE) == 0 || gre->type != ETHERNET_PPP)
		return end_with(VERDICT_NOT_IP);
	cursor_shorten(&packet->cursor, gre->key >> 16);
	return tunnel_enter(packet, mark, ppp_layer);
}

static struct next plain_next(struct packet *packet, const struct gre *gre)
{
	struct tunnel_mark mark = {
		.kind = TUNNEL_GRE,
		.has_key = (gre->flags & GRE_KEY) != 0,
		.key = gre->key,
	};
	struct next next = ethernet_type_next(gre->type);

	if (gre->type == ETHERNET_BRIDGING && mark.has_key && mark.key >= NVGRE_KEY_MIN) {
		mark.kind = TUNNEL_NVGRE;
		mark.key >>= 8;
	}
	if (gre->type == WCCP) {
		/* The second version of web cache redirection has a header of its own. */
		if (!ip_begins(&packet->cursor) && !cursor_pull(&packet->cursor, WCCP_HEADER))
			return end_with(VERDICT_TRANSPORT_CUT);
		next = next_is(ip_layer);
	}
	return next.layer ? tunnel_enter(packet, mark, next.layer) : next;
}

enum gre_reading gre_read(struct cursor *cursor, struct gre *gre)
{
	const uint8_t *header = cursor_pull(cursor, GRE_HEADER);
	const uint8_t *field;

	*gre = (struct gre){ .flags = 0 };
	if (!header)
		return GRE_IS_CUT;
	gre->flags = read_u16(header);
	gre->type = read_u16(header + 2);
	if ((gre->flags & GRE_VERSION) > 1 || gre->flags & GRE_ROUTING)
		return GRE_IS_STRANGE;
	if (gre->flags & GRE_CHECKSUM && !cursor_pull(cursor, GRE_FIELD))
		return GRE_IS_CUT;
	if (gre->flags & GRE_KEY) {
		field = cursor_pull(cursor, GRE_FIELD);
		if (!field)
			return GRE_IS_CUT;
		gre->key = read_u32(field);
	}
	if (gre->flags & GRE_SEQUENCE && !cursor_pull(cursor, GRE_FIELD))
		return GRE_IS_CUT;
	if ((gre->flags & GRE_VERSION) == 1 && gre->flags & GRE_ACK &&
	    !cursor_pull(cursor, GRE_FIELD))
		return GRE_IS_CUT;
	return GRE_IS_READ;
}

bool gre_is_plausible(const struct gre *gre)
{
	return (gre->flags & (GRE_RESERVED | GRE_VERSION | GRE_ACK)) == 0 &&
	       (gre->type == ETHERNET_ERSPAN || gre->type == ETHERNET_ERSPAN_3 ||
	        ethernet_type_next(gre->type).layer);
}

struct next gre_next(struct packet *packet, const struct gre *gre)
{
	if ((gre->flags & GRE_VERSION) == 1)
		return pptp_next(packet, gre);
	if (gre->type == ETHERNET_ERSPAN || gre->type == ETHERNET_ERSPAN_3)
		return erspan_next(packet, gre);
	return plain_next(packet, gre);
}

struct next gre_layer(struct packet *packet)
{
	struct gre gre;

	switch (gre_read(&packet->cursor, &gre)) {
	case GRE_IS_READ:
		return gre_next(packet, &gre);
	case GRE_IS_CUT:
		return end_with(VERDICT_TRANSPORT_CUT);
	default:
		return end_with(VERDICT_OTHER_TRANSPORT);
	}
}
