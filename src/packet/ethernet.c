/* ethernet.c: Ethernet, the tags behind its addresses, and IEEE 802.2. */

#include <string.h>

#include "layer.h"
#include "protocol.h"

enum { VLAN_ID_MASK = 0x0fff };

/* IEEE 802.2 service access points, and its control byte for unnumbered information. */
enum { SAP_IP = 0x06, SAP_SNAP = 0xaa, SAP_GLOBAL = 0xff, UNNUMBERED = 0x03 };

/* Organizations whose SNAP protocol numbers are Ethernet types: RFC 1042's, and 802.1H's. */
enum { OUI_ETHERNET = 0x000000, OUI_BRIDGED_ETHERNET = 0x0000f8, OUI_802_1 = 0x0080c2 };

/* How 802.1 bridges Ethernet frames over other media (RFC 2427, RFC 2684), with FCS or without. */
enum { BRIDGED_WITH_FCS = 0x0001, BRIDGED = 0x0007, BRIDGED_PAD = 2 };

enum { MACSEC_ENCRYPTED = 0x08, MACSEC_CHANGED = 0x04, MACSEC_HAS_SCI = 0x20 };

/* Cisco's ISL has its own header around an Ethernet frame. */
enum { ISL_HEADER = 26, BACKBONE_TAG = 4, VNTAG_TAG = 4 };

static layer_function length_layer, vlan_layer, backbone_layer, macsec_layer, vntag_layer;
static layer_function nsh_layer;

/* clang-format off */
static const struct {
	uint16_t type;
	layer_function *layer;
} ethernet_types[] = {
	{ ETHERNET_IPV4,          ipv4_layer },
	{ ETHERNET_IPV6,          ipv6_layer },
	{ ETHERNET_VLAN,          vlan_layer },
	{ ETHERNET_SERVICE,       vlan_layer },
	{ ETHERNET_QINQ,          vlan_layer },
	{ ETHERNET_QINQ_OTHER,    vlan_layer },
	{ ETHERNET_MPLS,          mpls_layer },
	{ ETHERNET_MPLS_UPSTREAM, mpls_layer },
	{ ETHERNET_PPPOE,         pppoe_layer },
	{ ETHERNET_BACKBONE,      backbone_layer },
	{ ETHERNET_MACSEC,        macsec_layer },
	{ ETHERNET_VNTAG,         vntag_layer },
	{ ETHERNET_NSH,           nsh_layer },
	{ ETHERNET_BRIDGING,      ethernet_layer },
	{ ETHERNET_PPP,           ppp_layer },
};

/* NSH's next protocols (RFC 8300 section 2.2). */
static layer_function *const nsh_protocols[] = {
	NULL, ipv4_layer, ipv6_layer, ethernet_layer, nsh_layer, mpls_layer,
};
/* clang-format on */

static bool is_isl(const uint8_t *header)
{
	static const uint8_t stations[] = { 0x00, 0x0c, 0x00, 0x00 };

	return (header[0] == 0x01 || header[0] == 0x0c) &&
	       memcmp(header + 1, stations, sizeof(stations)) == 0;
}

/* A length in place of a type: 802.3, with 802.2 behind it. */
static struct next length_layer(struct packet *packet)
{
	const uint8_t *header = packet->cursor.head - ETHERNET_HEADER;
	uint16_t length = read_u16(header + 12);

	if (length > ETHERNET_LENGTH_MAX)
		return end_with(VERDICT_NOT_IP);
	if (is_isl(header))
		return skip_to(packet, ISL_HEADER - (uint32_t)ETHERNET_HEADER, ethernet_layer);
	cursor_shorten(&packet->cursor, length);
	return next_is(llc_layer);
}

struct next ethernet_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, ETHERNET_HEADER);
	uint16_t type;

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	type = read_u16(header + 12);
	if (type < ETHERNET_TYPE_MIN)
		return next_is(length_layer);
	return ethernet_type_next(type);
}

static struct next vlan_layer(struct packet *packet)
{
	const uint8_t *tag = cursor_pull(&packet->cursor, VLAN_TAG);
	uint16_t type;

	if (!tag)
		return end_with(VERDICT_LINK_CUT);
	if (packet->segment->vlan == 0)
		packet->segment->vlan = read_u16(tag) & VLAN_ID_MASK;
	type = read_u16(tag + 2);
	return type <= ETHERNET_LENGTH_MAX ? next_is(llc_layer) : ethernet_type_next(type);
}

/* A provider's backbone carries whole Ethernet frames, which may be another's. */
static struct next backbone_layer(struct packet *packet)
{
	return skip_to(packet, BACKBONE_TAG, ethernet_layer);
}

/* IEEE 802.1AE: some only sign what they send. */
static struct next macsec_layer(struct packet *packet)
{
	const uint8_t *tag = cursor_pull(&packet->cursor, 6);
	const uint8_t *type;

	if (!tag)
		return end_with(VERDICT_LINK_CUT);
	if (tag[0] & (MACSEC_ENCRYPTED | MACSEC_CHANGED))
		return end_with(VERDICT_UNDECIPHERABLE);
	if (tag[0] & MACSEC_HAS_SCI && !cursor_pull(&packet->cursor, 8))
		return end_with(VERDICT_LINK_CUT);
	type = cursor_pull(&packet->cursor, 2);
	return type ? ethernet_type_next(read_u16(type)) : end_with(VERDICT_LINK_CUT);
}

static struct next vntag_layer(struct packet *packet)
{
	const uint8_t *tag = cursor_pull(&packet->cursor, VNTAG_TAG + 2);

	return tag ? ethernet_type_next(read_u16(tag + VNTAG_TAG)) : end_with(VERDICT_LINK_CUT);
}

/* Network service header: its length is in words, the base header's two included (RFC 8300). */
static struct next nsh_layer(struct packet *packet)
{
	const uint8_t *header = packet->cursor.head;
	uint32_t size;

	if (packet->cursor.captured < 4)
		return end_with(VERDICT_LINK_CUT);
	size = (header[1] & 0x3fu) * 4;
	if (size < 8)
		return end_with(VERDICT_LINK_BAD);
	if (header[3] >= COUNT(nsh_protocols) || !nsh_protocols[header[3]])
		return end_with(VERDICT_NOT_IP);
	return skip_to(packet, size, nsh_protocols[header[3]]);
}

static struct next bridged_next(struct packet *packet)
{
	struct cursor padded = cursor_after(packet->cursor, BRIDGED_PAD);

	if (!ethernet_begins(&packet->cursor) && ethernet_begins(&padded))
		packet->cursor = padded;
	return next_is(ethernet_layer);
}

static struct next snap_next(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, 5);
	uint32_t organization;
	uint16_t type;

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	organization = read_u32(header) >> 8;
	type = read_u16(header + 3);
	if (organization == OUI_ETHERNET || organization == OUI_BRIDGED_ETHERNET)
		return ethernet_type_next(type);
	if (organization == OUI_802_1 && (type == BRIDGED || type == BRIDGED_WITH_FCS))
		return bridged_next(packet);
	return end_with(VERDICT_NOT_IP);
}

struct next llc_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, 3);

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if (header[2] != UNNUMBERED)
		return end_with(VERDICT_NOT_IP);
	if (header[0] == SAP_SNAP && header[1] == SAP_SNAP)
		return snap_next(packet);
	return header[0] == SAP_IP ? next_is(ip_layer) : end_with(VERDICT_NOT_IP);
}

struct next ethernet_type_next(uint16_t type)
{
	for (size_t i = 0; i < COUNT(ethernet_types); i++)
		if (ethernet_types[i].type == type)
			return next_is(ethernet_types[i].layer);
	return end_with(VERDICT_NOT_IP);
}
