/* udp_tunnel.c: tunnels that UDP carries. A port is a hint; the bytes must agree. */

#include <assert.h>

#include "gre.h"
#include "layer.h"
#include "protocol.h"

/* Leaves the packet's cursor anywhere when it is no such tunnel. */
typedef bool tunnel_opener(struct packet *packet, struct next *next);

static tunnel_opener open_vxlan, open_vxlan_gpe, open_geneve, open_gtp, open_teredo, open_l2tp;
static tunnel_opener open_ayiya, open_capwap, open_gre, open_mpls, open_esp;

/* clang-format off */
static tunnel_opener *const openers[TUNNEL_KIND_COUNT] = {
	[TUNNEL_VXLAN]     = open_vxlan,
	[TUNNEL_VXLAN_GPE] = open_vxlan_gpe,
	[TUNNEL_GENEVE]    = open_geneve,
	[TUNNEL_GTP]       = open_gtp,
	[TUNNEL_TEREDO]    = open_teredo,
	[TUNNEL_L2TP]      = open_l2tp,
	[TUNNEL_AYIYA]     = open_ayiya,
	[TUNNEL_CAPWAP]    = open_capwap,
	[TUNNEL_GRE]       = open_gre,
	[TUNNEL_MPLS]      = open_mpls,
	[TUNNEL_ESP]       = open_esp,
};

/* port, kind. */
#define WELL_KNOWN(X)                                                                              \
	X(1701, L2TP)                                                                              \
	X(2152, GTP)                                                                               \
	X(3544, TEREDO)                                                                            \
	X(4500, ESP) /* RFC 3948 */                                                                \
	X(4754, GRE) /* RFC 8086 */                                                                \
	X(4789, VXLAN)                                                                             \
	X(4790, VXLAN_GPE)                                                                         \
	X(5072, AYIYA)                                                                             \
	X(5247, CAPWAP)                                                                            \
	X(6081, GENEVE)                                                                            \
	X(6635, MPLS) /* RFC 7510 */                                                               \
	X(8472, VXLAN) /* Linux, before there was a number */

/* What VXLAN-GPE's next protocol names. */
static layer_function *const gpe_protocols[] = { NULL, ipv4_layer, ipv6_layer, ethernet_layer };
/* clang-format on */

enum { VXLAN_HEADER = 8, VXLAN_HAS_VNI = 0x08, VXLAN_POLICY = 0x80, GPE_HAS_PROTOCOL = 0x04 };
enum { GENEVE_HEADER = 8, GENEVE_VERSION = 0xc0, GENEVE_OPTIONS = 0x3f };

enum {
	GTP_HEADER = 8,
	GTP_VERSION_MASK = 0xf8, /* version, protocol type and a spare bit */
	GTP_VERSION = 0x30,
	GTP_HAS_MORE = 0x07, /* any of these: four bytes more */
	GTP_HAS_EXTENSION = 0x04,
	GTP_PACKET = 255,
};

/* Teredo (RFC 4380): what its servers write before the packet. */
enum { TEREDO_AUTHENTICATION = 0x0001, TEREDO_ORIGIN = 0x0000, TEREDO_PREFIX = 0x20010000 };

enum {
	L2TP_CONTROL = 0x8000,
	L2TP_LENGTH = 0x4000,
	L2TP_SEQUENCE = 0x0800,
	L2TP_OFFSET = 0x0200,
	L2TP_RESERVED = 0x34f0,
	L2TP_VERSION = 0x000f,
};

enum { AYIYA_HEADER = 8, AYIYA_FORWARD = 1 };
enum { CAPWAP_LEAST = 8, CAPWAP_NATIVE = 0x01, CAPWAP_FRAGMENT = 0x80, CAPWAP_KEEP_ALIVE = 0x08 };
enum { CAPWAP_WLAN = 1, WLAN_DATA_MASK = 0x0f, WLAN_DATA = 0x08 };

static bool enter(struct packet *packet, struct next *next, struct tunnel_mark mark,
                  layer_function *layer)
{
	*next = tunnel_enter(packet, mark, layer);
	return true;
}

/* RFC 7348; the other flags are those of the group policy extension. */
static bool open_vxlan(struct packet *packet, struct next *next)
{
	const uint8_t *header = cursor_pull(&packet->cursor, VXLAN_HEADER);

	if (!header || (header[0] & ~VXLAN_POLICY) != VXLAN_HAS_VNI || header[7] != 0)
		return false;
	if ((header[0] & VXLAN_POLICY) == 0 && (read_u32(header) & 0xffffff) != 0)
		return false;
	return enter(packet, next,
	             (struct tunnel_mark){
			     .kind = TUNNEL_VXLAN,
			     .has_key = true,
			     .key = read_u32(header + 4) >> 8,
		     },
	             ethernet_layer);
}

/* RFC 9638 tells of it. */
static bool open_vxlan_gpe(struct packet *packet, struct next *next)
{
	const uint8_t *header = cursor_pull(&packet->cursor, VXLAN_HEADER);
	layer_function *layer = ethernet_layer;

	if (!header || (header[0] & VXLAN_HAS_VNI) == 0 || header[1] || header[2] || header[7])
		return false;
	if (header[0] & GPE_HAS_PROTOCOL)
		layer = header[3] < COUNT(gpe_protocols) ? gpe_protocols[header[3]] : NULL;
	if (!layer)
		return false;
	return enter(packet, next,
	             (struct tunnel_mark){
			     .kind = TUNNEL_VXLAN_GPE,
			     .has_key = true,
			     .key = read_u32(header + 4) >> 8,
		     },
	             layer);
}

/* RFC 8926. */
static bool open_geneve(struct packet *packet, struct next *next)
{
	const uint8_t *header = cursor_pull(&packet->cursor, GENEVE_HEADER);
	struct next inside;

	if (!header || (header[0] & GENEVE_VERSION) || header[7] != 0 ||
	    !cursor_pull(&packet->cursor, (header[0] & GENEVE_OPTIONS) * 4u))
		return false;
	inside = ethernet_type_next(read_u16(header + 2));
	if (!inside.layer)
		return false;
	return enter(packet, next,
	             (struct tunnel_mark){
			     .kind = TUNNEL_GENEVE,
			     .has_key = true,
			     .key = read_u32(header + 4) >> 8,
		     },
	             inside.layer);
}

/* Extension headers count words, and end with the type of the next (3GPP TS 29.281 section 5.2.1). */
static bool skip_gtp_extensions(struct cursor *cursor, uint8_t type)
{
	while (type != 0) {
		uint32_t size = cursor->captured > 0 ? cursor->head[0] * 4u : 0;
		const uint8_t *header = size > 0 ? cursor_pull(cursor, size) : NULL;

		if (!header)
			return false;
		type = header[size - 1];
	}
	return true;
}

static bool open_gtp(struct packet *packet, struct next *next)
{
	struct cursor *cursor = &packet->cursor;
	const uint8_t *header = cursor_pull(cursor, GTP_HEADER);
	const uint8_t *more;

	if (!header || (header[0] & GTP_VERSION_MASK) != GTP_VERSION || header[1] != GTP_PACKET)
		return false;
	if (read_u16(header + 2) > cursor->length + packet->missing)
		return false;
	cursor_shorten(cursor, read_u16(header + 2));
	if (header[0] & GTP_HAS_MORE) {
		more = cursor_pull(cursor, 4);
		if (!more ||
		    (header[0] & GTP_HAS_EXTENSION && !skip_gtp_extensions(cursor, more[3])))
			return false;
	}
	if (!ip_may_begin(cursor) && !ppp_begins(cursor))
		return false;
	return enter(packet, next,
	             (struct tunnel_mark){
			     .kind = TUNNEL_GTP,
			     .has_id = true,
			     .id = read_u32(header + 4),
		     },
	             ip_may_begin(cursor) ? ip_layer : ppp_layer);
}

/* False when a header of a server's is cut. */
static bool skip_teredo_headers(struct cursor *cursor)
{
	if (cursor->captured >= 4 && read_u16(cursor->head) == TEREDO_AUTHENTICATION &&
	    !cursor_pull(cursor, 4u + cursor->head[2] + cursor->head[3] + 9))
		return false;
	if (cursor->captured >= 2 && read_u16(cursor->head) == TEREDO_ORIGIN)
		return cursor_pull(cursor, 8) != NULL;
	return true;
}

static bool open_teredo(struct packet *packet, struct next *next)
{
	const struct cursor *cursor = &packet->cursor;

	if (!skip_teredo_headers(&packet->cursor) || !ip_begins(cursor) ||
	    cursor->head[0] >> 4 != FAMILY_IPV6 ||
	    read_u16(cursor->head + 4) + (uint32_t)IPV6_HEADER != cursor->length)
		return false;
	return enter(packet, next, (struct tunnel_mark){ .kind = TUNNEL_TEREDO }, ipv6_layer);
}

/* RFC 2661 section 3.1: what is there depends on the flags. */
static bool open_l2tp_2(struct packet *packet, struct next *next, uint16_t flags)
{
	struct cursor *cursor = &packet->cursor;
	const uint8_t *length = flags & L2TP_LENGTH ? cursor_pull(cursor, 2) : cursor->head;
	const uint8_t *ids = length ? cursor_pull(cursor, 4) : NULL;
	const uint8_t *offset;

	if (!ids || (flags & L2TP_SEQUENCE && !cursor_pull(cursor, 4)))
		return false;
	if (flags & L2TP_OFFSET) {
		offset = cursor_pull(cursor, 2);
		if (!offset || !cursor_pull(cursor, read_u16(offset)))
			return false;
	}
	if (!ppp_begins(cursor))
		return false;
	return enter(packet, next,
	             (struct tunnel_mark){
			     .kind = TUNNEL_L2TP,
			     .has_id = true,
			     .id = read_u16(ids + 2),
		     },
	             ppp_layer);
}

static bool open_l2tp(struct packet *packet, struct next *next)
{
	const uint8_t *header = cursor_pull(&packet->cursor, 2);
	uint16_t flags = header ? read_u16(header) : L2TP_CONTROL;

	if (flags & (L2TP_CONTROL | L2TP_RESERVED))
		return false;
	switch (flags & L2TP_VERSION) {
	case 2:
		return open_l2tp_2(packet, next, flags);
	case 3:
		return cursor_pull(&packet->cursor, 2) && l2tp_3_open(packet, next);
	default:
		return false;
	}
}

/* draft-massar-v6ops-ayiya: sizes of identity and signature come first. */
static bool open_ayiya(struct packet *packet, struct next *next)
{
	const uint8_t *header = cursor_pull(&packet->cursor, AYIYA_HEADER);
	uint32_t size;

	if (!header || (header[2] & 0x0f) != AYIYA_FORWARD)
		return false;
	size = (1u << (header[0] >> 4)) + (header[1] >> 4) * 4u;
	if (!cursor_pull(&packet->cursor, size) || !ip_begins(&packet->cursor))
		return false;
	if (header[3] != PROTOCOL_IPV6 && header[3] != PROTOCOL_IPV4)
		return false;
	return enter(packet, next, (struct tunnel_mark){ .kind = TUNNEL_AYIYA }, ip_layer);
}

/* Which of the first two bytes is 802.11's first. */
static layer_function *capwap_wlan(const struct cursor *cursor)
{
	if (cursor->captured < 2)
		return NULL;
	if ((cursor->head[0] & WLAN_DATA_MASK) == WLAN_DATA)
		return wlan_layer;
	return (cursor->head[1] & WLAN_DATA_MASK) == WLAN_DATA ? wlan_swapped_layer : NULL;
}

/* RFC 5415 section 4.3. Its own fragments, and what DTLS protects, are left alone. */
static bool open_capwap(struct packet *packet, struct next *next)
{
	const uint8_t *header = packet->cursor.head;
	layer_function *layer = ethernet_layer;

	if (packet->cursor.captured < CAPWAP_LEAST || header[0] != 0 ||
	    header[3] & (CAPWAP_FRAGMENT | CAPWAP_KEEP_ALIVE) || header[1] >> 3 < 2 ||
	    !cursor_pull(&packet->cursor, (header[1] >> 3) * 4u))
		return false;
	if (header[2] & CAPWAP_NATIVE)
		layer = (header[2] >> 1 & 0x1f) == CAPWAP_WLAN ? capwap_wlan(&packet->cursor)
		                                               : NULL;
	else if (!ethernet_begins(&packet->cursor))
		layer = NULL;
	return layer && enter(packet, next, (struct tunnel_mark){ .kind = TUNNEL_CAPWAP }, layer);
}

static bool open_gre(struct packet *packet, struct next *next)
{
	struct gre gre;

	if (gre_read(&packet->cursor, &gre) != GRE_IS_READ || !gre_is_plausible(&gre))
		return false;
	*next = gre_next(packet, &gre);
	return true;
}

static bool open_mpls(struct packet *packet, struct next *next)
{
	struct cursor inside = packet->cursor;
	const uint8_t *label = cursor_pull(&inside, 4);

	while (label && (label[2] & 1) == 0)
		label = cursor_pull(&inside, 4);
	if (!label || !layer_that_begins(&inside))
		return false;
	*next = mpls_in_ip_layer(packet);
	return true;
}

/* Four zeros would be a key exchange. */
static bool open_esp(struct packet *packet, struct next *next)
{
	if (packet->cursor.captured < 4 || read_u32(packet->cursor.head) == 0)
		return false;
	return esp_open(packet, next);
}

/* A switch, so that the many datagrams on other ports pass quickly. */
static enum tunnel_kind well_known_kind(uint16_t port)
{
	switch (port) {
#define X(number, kind)                                                                            \
	case number:                                                                               \
		return TUNNEL_##kind;
		WELL_KNOWN(X)
#undef X
	default:
		return TUNNEL_NONE;
	}
}

/* The ports that somebody told of go first. */
static enum tunnel_kind port_kind(const struct decoder *decoder, uint16_t port)
{
	uint32_t count = decoder ? decoder->tunnel_port_count : 0;

	for (uint32_t i = 0; i < count; i++)
		if (decoder->tunnel_ports[i].port == port)
			return (enum tunnel_kind)decoder->tunnel_ports[i].kind;
	return well_known_kind(port);
}

static bool open_kind(struct packet *packet, enum tunnel_kind kind, struct next *next)
{
	struct cursor datagram = packet->cursor;

	assert(openers[kind]);
	cursor_pull(&packet->cursor, UDP_HEADER);
	if (openers[kind](packet, next))
		return true;
	packet->cursor = datagram;
	return false;
}

/* On whatever port: nobody else has these addresses. */
static bool teredo_begins(const struct cursor *datagram)
{
	const uint8_t *payload = datagram->head + UDP_HEADER;

	return payload[0] >> 4 == FAMILY_IPV6 && datagram->captured >= UDP_HEADER + IPV6_HEADER &&
	       (read_u32(payload + 8) == TEREDO_PREFIX || read_u32(payload + 24) == TEREDO_PREFIX);
}

bool udp_tunnel_open(struct packet *packet, struct next *next)
{
	const uint8_t *header = packet->cursor.head;
	enum tunnel_kind back = port_kind(packet->decoder, read_u16(header));
	enum tunnel_kind there = port_kind(packet->decoder, read_u16(header + 2));

	if (teredo_begins(&packet->cursor) && open_kind(packet, TUNNEL_TEREDO, next))
		return true;
	if (there != TUNNEL_NONE && open_kind(packet, there, next))
		return true;
	return back != TUNNEL_NONE && open_kind(packet, back, next);
}

bool tunnel_takes_port(enum tunnel_kind kind)
{
	return openers[kind] != NULL;
}
