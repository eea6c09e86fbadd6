/* bluetooth.c: Ethernet over Bluetooth (BNEP), where one HCI packet holds all of a frame. */

/*
 * Which channel carries BNEP was said when it was opened. This reader keeps
 * nothing from packet to packet, so it goes by what the bytes look like.
 */

#include "layer.h"
#include "protocol.h"

enum { DIRECTION = 4, HCI_ACL = 0x02, ACL_HEADER = 5, ACL_CONTINUED = 0x10, L2CAP_HEADER = 4 };
enum { DYNAMIC_CHANNELS = 0x0040 };

/* Bytes of addresses before the Ethernet type, by BNEP type; -1: it carries no frame. */
static const int8_t bnep_addresses[] = { 12, -1, 0, 6, 6 };

static struct next bnep_next(struct packet *packet)
{
	const uint8_t *type = cursor_pull(&packet->cursor, 1);
	const uint8_t *header;
	uint32_t size;

	if (!type)
		return end_with(VERDICT_LINK_CUT);
	if (*type >= COUNT(bnep_addresses) || bnep_addresses[*type] < 0)
		return end_with(VERDICT_NOT_IP);
	size = (uint32_t)bnep_addresses[*type];
	header = cursor_pull(&packet->cursor, size + 2);
	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if (!ip_begins(&packet->cursor))
		return end_with(VERDICT_NOT_IP);
	return ethernet_type_next(read_u16(header + size));
}

struct next bluetooth_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, 1);

	if (header && *header != HCI_ACL)
		return end_with(VERDICT_NOT_IP);
	header = header ? cursor_pull(&packet->cursor, ACL_HEADER - 1) : NULL;
	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if (header[1] & ACL_CONTINUED)
		return end_with(VERDICT_NOT_IP);
	header = cursor_pull(&packet->cursor, L2CAP_HEADER);
	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if (read_u16_little(header + 2) < DYNAMIC_CHANNELS)
		return end_with(VERDICT_NOT_IP);
	cursor_shorten(&packet->cursor, read_u16_little(header));
	return bnep_next(packet);
}

struct next bluetooth_directed_layer(struct packet *packet)
{
	return skip_to(packet, DIRECTION, bluetooth_layer);
}
