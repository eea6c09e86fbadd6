/* ip_tunnel.c: tunnels that IP carries by a protocol number of their own. */

#include "layer.h"
#include "protocol.h"

enum { SIX_TO_FOUR_PREFIX = 0x2002, ETHERIP_HEADER = 2, ETHERIP_VERSION = 3 };

/* L2TPv3 (RFC 3931): the session, then what its ends agreed on: a cookie and a sublayer. */
enum { L2TP_SESSION = 4, L2TP_AGREED_MAX = 12, L2TP_WORD = 4 };

/* RFC 2003, RFC 2473. */
struct next four_in_layer(struct packet *packet)
{
	bool in_six = packet->segment->family == FAMILY_IPV6;
	struct tunnel_mark mark = { .kind = in_six ? TUNNEL_FOUR_IN_SIX : TUNNEL_IPIP };

	return tunnel_enter(packet, mark, ipv4_layer);
}

/* One end's address is made from its IPv4 address (RFC 3056). */
static bool is_six_to_four(const struct cursor *cursor)
{
	return cursor->captured >= IPV6_HEADER &&
	       (read_u16(cursor->head + 8) == SIX_TO_FOUR_PREFIX ||
	        read_u16(cursor->head + 24) == SIX_TO_FOUR_PREFIX);
}

/* RFC 4213, RFC 2473. */
struct next six_in_layer(struct packet *packet)
{
	struct tunnel_mark mark = { .kind = TUNNEL_SIX_IN_FOUR };

	if (packet->segment->family == FAMILY_IPV6)
		mark.kind = TUNNEL_SIX_IN_SIX;
	else if (is_six_to_four(&packet->cursor))
		mark.kind = TUNNEL_SIX_TO_FOUR;
	return tunnel_enter(packet, mark, ipv6_layer);
}

/* RFC 3378. */
struct next etherip_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, ETHERIP_HEADER);

	if (!header)
		return end_with(VERDICT_TRANSPORT_CUT);
	if (header[0] >> 4 != ETHERIP_VERSION)
		return end_with(VERDICT_OTHER_TRANSPORT);
	return tunnel_enter(packet, (struct tunnel_mark){ .kind = TUNNEL_ETHERIP }, ethernet_layer);
}

/* RFC 4023. A label is one direction's. */
struct next mpls_in_ip_layer(struct packet *packet)
{
	struct tunnel_mark mark = { .kind = TUNNEL_MPLS };

	if (packet->cursor.captured < 4)
		return end_with(VERDICT_TRANSPORT_CUT);
	mark.has_id = true;
	mark.id = read_u32(packet->cursor.head) >> 12;
	return tunnel_enter(packet, mark, mpls_layer);
}

bool l2tp_3_open(struct packet *packet, struct next *next)
{
	struct tunnel_mark mark = { .kind = TUNNEL_L2TP, .has_id = true };
	const uint8_t *session = packet->cursor.head;

	if (packet->cursor.captured < L2TP_SESSION || read_u32(session) == 0)
		return false;
	mark.id = read_u32(session);
	for (uint32_t agreed = 0; agreed <= L2TP_AGREED_MAX; agreed += L2TP_WORD) {
		struct cursor inside = cursor_after(packet->cursor, L2TP_SESSION + agreed);
		layer_function *layer = layer_that_begins(&inside);

		if (!layer)
			continue;
		packet->cursor = inside;
		*next = tunnel_enter(packet, mark, layer);
		return true;
	}
	return false;
}

struct next l2tp_3_layer(struct packet *packet)
{
	struct next next;

	if (packet->cursor.captured < L2TP_SESSION)
		return end_with(VERDICT_TRANSPORT_CUT);
	return l2tp_3_open(packet, &next) ? next : end_with(VERDICT_OTHER_TRANSPORT);
}
