/* guess.c: what bytes begin with, where no header says so. */

#include <string.h>

#include "layer.h"
#include "protocol.h"

enum { PPP_ADDRESS = 0xff, PPP_CONTROL = 0x03, HDLC_UNICAST = 0x0f, HDLC_BROADCAST = 0x8f };

static bool ipv4_begins(const struct cursor *cursor)
{
	const uint8_t *header = cursor->head;
	uint32_t size;

	if (cursor->captured < IPV4_HEADER || header[0] >> 4 != FAMILY_IPV4)
		return false;
	size = (header[0] & 0x0fu) * 4;
	return size >= IPV4_HEADER && read_u16(header + 2) >= size &&
	       read_u16(header + 2) <= cursor->length;
}

static bool ipv6_begins(const struct cursor *cursor)
{
	return cursor->captured >= IPV6_HEADER && cursor->head[0] >> 4 == FAMILY_IPV6 &&
	       read_u16(cursor->head + 4) + (uint32_t)IPV6_HEADER <= cursor->length;
}

bool ip_begins(const struct cursor *cursor)
{
	return ipv4_begins(cursor) || ipv6_begins(cursor);
}

bool ip_may_begin(const struct cursor *cursor)
{
	if (cursor->captured == 0)
		return cursor->length >= IPV4_HEADER;
	if (cursor->head[0] >> 4 == FAMILY_IPV6)
		return cursor->length >= IPV6_HEADER;
	return cursor->head[0] >= 0x45 && cursor->head[0] <= 0x4f && cursor->length >= IPV4_HEADER;
}

bool ethernet_begins(const struct cursor *cursor)
{
	struct cursor inner = *cursor;
	const uint8_t *header = cursor_pull(&inner, ETHERNET_HEADER);
	uint16_t type = header ? read_u16(header + 12) : 0;

	while (type == ETHERNET_VLAN || type == ETHERNET_SERVICE || type == ETHERNET_QINQ) {
		header = cursor_pull(&inner, VLAN_TAG);
		type = header ? read_u16(header + 2) : 0;
	}
	if (type == ETHERNET_IPV4)
		return ipv4_begins(&inner);
	if (type == ETHERNET_IPV6)
		return ipv6_begins(&inner);
	/* Hardware Ethernet, protocol IPv4. */
	return type == ETHERNET_ARP && inner.captured >= 4 &&
	       memcmp(inner.head, (const uint8_t[]){ 0, 1, 8, 0 }, 4) == 0;
}

/* A protocol number's first byte is even, its last odd (RFC 1661 section 2); one byte may be all. */
bool ppp_begins(const struct cursor *cursor)
{
	struct cursor inner = *cursor;

	if (inner.captured >= 2 && inner.head[0] == PPP_ADDRESS && inner.head[1] == PPP_CONTROL)
		return true;
	if (inner.captured < 2)
		return false;
	return inner.head[0] % 2 == 1 ? inner.head[0] == 0x21 || inner.head[0] == 0x57
	                              : inner.head[1] % 2 == 1;
}

static bool ppp_with_ip_begins(const struct cursor *cursor)
{
	struct cursor inner = *cursor;
	const uint8_t *header = inner.head;

	if (inner.captured >= 2 && header[0] == PPP_ADDRESS && header[1] == PPP_CONTROL)
		header = cursor_pull(&inner, 2) + 2;
	return cursor_pull(&inner, 2) &&
	       (read_u16(header) == PPP_IPV4 || read_u16(header) == PPP_IPV6) && ip_begins(&inner);
}

static bool cisco_hdlc_begins(const struct cursor *cursor)
{
	struct cursor inner = *cursor;
	const uint8_t *header = cursor_pull(&inner, 4);

	return header && (header[0] == HDLC_UNICAST || header[0] == HDLC_BROADCAST) &&
	       header[1] == 0 && ip_begins(&inner);
}

layer_function *layer_that_begins(const struct cursor *cursor)
{
	if (ethernet_begins(cursor))
		return ethernet_layer;
	if (ip_begins(cursor))
		return ip_layer;
	if (ppp_with_ip_begins(cursor))
		return ppp_layer;
	return cisco_hdlc_begins(cursor) ? cisco_hdlc_layer : NULL;
}
