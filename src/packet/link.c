/* link.c: the headers below IP, and the tables that name them. */

#include "packet/link.h"

#include "layer.h"
#include "protocol.h"

enum { VLAN_ID_MASK = 0x0fff };

static layer_function loopback_layer, ethernet_layer, vlan_layer, sll_layer, sll2_layer;

struct link_row {
	const char *name;
	layer_function *layer;
};

/* clang-format off */
static const struct link_row links[] = {
	[LINK_NULL]      = { "NULL",       loopback_layer },
	[LINK_ETHERNET]  = { "EN10MB",     ethernet_layer },
	[12]             = { "RAW",        ip_layer },  /* DLT_RAW of most systems, as some tools write it */
	[14]             = { "RAW",        ip_layer },  /* DLT_RAW of OpenBSD */
	[LINK_RAW]       = { "RAW",        ip_layer },
	[LINK_LOOP]      = { "LOOP",       loopback_layer },
	[LINK_LINUX_SLL] = { "LINUX_SLL",  sll_layer },
	[LINK_IPV4]      = { "IPV4",       ipv4_layer },
	[LINK_IPV6]      = { "IPV6",       ipv6_layer },
	[LINK_LINUX_SLL2] = { "LINUX_SLL2", sll2_layer },
};

static const struct {
	uint16_t type;
	layer_function *layer;
} ethernet_types[] = {
	{ ETHERNET_IPV4,    ipv4_layer },
	{ ETHERNET_IPV6,    ipv6_layer },
	{ ETHERNET_VLAN,    vlan_layer },
	{ ETHERNET_SERVICE, vlan_layer },
	{ ETHERNET_QINQ,    vlan_layer },
};

static const struct {
	uint32_t family;
	layer_function *layer;
} loopback_families[] = {
	{ LOOPBACK_IPV4,         ipv4_layer },
	{ LOOPBACK_IPV6_LINUX,   ipv6_layer },
	{ LOOPBACK_IPV6_BSD,     ipv6_layer },
	{ LOOPBACK_IPV6_FREEBSD, ipv6_layer },
	{ LOOPBACK_IPV6_DARWIN,  ipv6_layer },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* NULL has the byte order of the machine that captured, which only the small value tells; LOOP has ours. */
static struct next loopback_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, LOOPBACK_HEADER);
	uint32_t family;

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	family = read_u32(header);
	if (family > UINT16_MAX)
		family = (uint32_t)header[1] << 8 | header[0];
	for (size_t i = 0; i < COUNT(loopback_families); i++)
		if (loopback_families[i].family == family)
			return next_is(loopback_families[i].layer);
	return end_with(VERDICT_NOT_IP);
}

static struct next ethernet_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, ETHERNET_HEADER);

	return header ? ethernet_type_next(read_u16(header + 12)) : end_with(VERDICT_LINK_CUT);
}

static struct next vlan_layer(struct packet *packet)
{
	const uint8_t *tag = cursor_pull(&packet->cursor, VLAN_TAG);

	if (!tag)
		return end_with(VERDICT_LINK_CUT);
	if (packet->segment->vlan == 0)
		packet->segment->vlan = read_u16(tag) & VLAN_ID_MASK;
	return ethernet_type_next(read_u16(tag + 2));
}

static struct next sll_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, SLL_HEADER);

	return header ? ethernet_type_next(read_u16(header + 14)) : end_with(VERDICT_LINK_CUT);
}

static struct next sll2_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, SLL2_HEADER);

	return header ? ethernet_type_next(read_u16(header)) : end_with(VERDICT_LINK_CUT);
}

layer_function *link_layer(uint16_t link_type)
{
	return link_type < COUNT(links) ? links[link_type].layer : NULL;
}

struct next ethernet_type_next(uint16_t type)
{
	for (size_t i = 0; i < COUNT(ethernet_types); i++)
		if (ethernet_types[i].type == type)
			return next_is(ethernet_types[i].layer);
	return end_with(VERDICT_NOT_IP);
}

const char *link_type_name(uint16_t link_type)
{
	return link_type < COUNT(links) ? links[link_type].name : NULL;
}
