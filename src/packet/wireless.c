/* wireless.c: IEEE 802.11 data frames (section 9.2), as they were on the air. */

#include <string.h>

#include "layer.h"

enum {
	TYPE_MASK = 0x0c,
	TYPE_DATA = 0x08,
	VERSION_MASK = 0x03,
	SUBTYPE_NO_DATA = 0x40,
	SUBTYPE_QOS = 0x80,
};

enum {
	TO_AND_FROM = 0x03, /* between access points, with a fourth address */
	PROTECTED = 0x40,
	ORDER = 0x80, /* with QoS: an HT control field */
};

enum {
	WLAN_HEADER = 24,
	FOURTH_ADDRESS = 6,
	QOS_CONTROL = 2,
	HT_CONTROL = 4,
	SEQUENCE_AT = 22,
	FRAGMENT_MASK = 0x0f,
	QOS_AGGREGATE = 0x80, /* A-MSDU: several frames in one, of which the first is read */
	SUBFRAME_HEADER = 14,
	CIPHER_HEADER = 8,
};

static const uint8_t snap[] = { 0xaa, 0xaa, 0x03 };

static bool snap_begins(const struct cursor *cursor)
{
	return cursor->captured >= sizeof(snap) && memcmp(cursor->head, snap, sizeof(snap)) == 0;
}

/* Some who decrypt leave the mark, or the cipher's header, in place. */
static struct next protected_next(struct packet *packet)
{
	struct cursor after = cursor_after(packet->cursor, CIPHER_HEADER);

	if (snap_begins(&packet->cursor))
		return next_is(llc_layer);
	if (!snap_begins(&after))
		return end_with(VERDICT_UNDECIPHERABLE);
	packet->cursor = after;
	return next_is(llc_layer);
}

static struct next subframe_next(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, SUBFRAME_HEADER);

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	cursor_shorten(&packet->cursor, read_u16(header + 12));
	return next_is(llc_layer);
}

static struct next read_data(struct packet *packet, const uint8_t *control, bool padded)
{
	bool qos = (control[0] & SUBTYPE_QOS) != 0;
	uint32_t size = WLAN_HEADER;
	uint32_t qos_at;
	const uint8_t *header;

	if ((control[1] & TO_AND_FROM) == TO_AND_FROM)
		size += FOURTH_ADDRESS;
	qos_at = size;
	if (qos)
		size += QOS_CONTROL + (control[1] & ORDER ? HT_CONTROL : 0u);
	if (padded)
		size = (size + 3) / 4 * 4;
	header = cursor_pull(&packet->cursor, size);
	if (!header)
		return end_with(VERDICT_LINK_CUT);
	if (header[SEQUENCE_AT] & FRAGMENT_MASK)
		return end_with(VERDICT_FRAGMENT_LOST);
	if (control[1] & PROTECTED)
		return protected_next(packet);
	if (qos && header[qos_at] & QOS_AGGREGATE)
		return subframe_next(packet);
	return next_is(llc_layer);
}

static struct next read_frame(struct packet *packet, const uint8_t *control, bool padded)
{
	if (control[0] & VERSION_MASK)
		return end_with(VERDICT_LINK_BAD);
	if ((control[0] & TYPE_MASK) != TYPE_DATA || control[0] & SUBTYPE_NO_DATA)
		return end_with(VERDICT_NOT_IP);
	return read_data(packet, control, padded);
}

struct next wlan_layer(struct packet *packet)
{
	if (packet->cursor.captured < 2)
		return end_with(VERDICT_LINK_CUT);
	return read_frame(packet, packet->cursor.head, false);
}

/* Some cards align what follows the header. */
struct next wlan_padded_layer(struct packet *packet)
{
	if (packet->cursor.captured < 2)
		return end_with(VERDICT_LINK_CUT);
	return read_frame(packet, packet->cursor.head, true);
}

/* Access points of one maker exchange the first two bytes on the way to their controller. */
struct next wlan_swapped_layer(struct packet *packet)
{
	const uint8_t *head = packet->cursor.head;

	if (packet->cursor.captured < 2)
		return end_with(VERDICT_LINK_CUT);
	return read_frame(packet, (const uint8_t[]){ head[1], head[0] }, false);
}
