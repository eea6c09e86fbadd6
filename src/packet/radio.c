/* radio.c: notes about reception in front of an 802.11 frame: radiotap, Prism, AVS, PPI. */

#include "layer.h"

enum { RADIOTAP_HEADER = 8, PPI_HEADER = 8 };

/* Bits of radiotap's first word. Its fields stand in their order, each aligned to its size. */
enum {
	RADIOTAP_TIMER = 0x01,
	RADIOTAP_FLAGS = 0x02,
	RADIOTAP_MORE_WORDS = 0x80,
	RADIOTAP_FLAG_PADDED = 0x20,
};

enum { AVS_MAGIC = 0x80211000 >> 4 };

/* Of `size` bytes; those that were not captured say nothing. */
static bool radiotap_says_padded(const uint8_t *header, uint32_t size)
{
	uint32_t at = 4;

	while (at + 4 <= size && header[at + 3] & RADIOTAP_MORE_WORDS)
		at += 4;
	at += 4;
	if ((header[4] & RADIOTAP_FLAGS) == 0)
		return false;
	if (header[4] & RADIOTAP_TIMER)
		at = (at + 7) / 8 * 8 + 8;
	return at < size && header[at] & RADIOTAP_FLAG_PADDED;
}

struct next radiotap_layer(struct packet *packet)
{
	const uint8_t *header = packet->cursor.head;
	uint32_t size;

	if (packet->cursor.captured < RADIOTAP_HEADER)
		return end_with(VERDICT_LINK_CUT);
	size = read_u16_little(header + 2);
	if (header[0] != 0 || size < RADIOTAP_HEADER)
		return end_with(VERDICT_LINK_BAD);
	if (!cursor_pull(&packet->cursor, size))
		return end_with(VERDICT_LINK_CUT);
	return next_is(radiotap_says_padded(header, size) ? wlan_padded_layer : wlan_layer);
}

struct next avs_layer(struct packet *packet)
{
	const uint8_t *header = packet->cursor.head;
	uint32_t size;

	if (packet->cursor.captured < 8)
		return end_with(VERDICT_LINK_CUT);
	size = read_u32(header + 4);
	if (read_u32(header) >> 4 != AVS_MAGIC || size < 8)
		return end_with(VERDICT_LINK_BAD);
	return skip_to(packet, size, wlan_layer);
}

/* Some drivers that say Prism write AVS. The length has the byte order of the machine that captured. */
struct next prism_layer(struct packet *packet)
{
	const uint8_t *header = packet->cursor.head;
	uint32_t size;

	if (packet->cursor.captured < 8)
		return end_with(VERDICT_LINK_CUT);
	if (read_u32(header) >> 4 == AVS_MAGIC)
		return next_is(avs_layer);
	size = read_u32_little(header + 4);
	if (size > UINT16_MAX)
		size = read_u32(header + 4);
	return size < 8 ? end_with(VERDICT_LINK_BAD) : skip_to(packet, size, wlan_layer);
}

/* Per-packet information names the link type of what it stands before. */
struct next ppi_layer(struct packet *packet)
{
	const uint8_t *header = packet->cursor.head;
	uint32_t size;
	uint32_t type;

	if (packet->cursor.captured < PPI_HEADER)
		return end_with(VERDICT_LINK_CUT);
	size = read_u16_little(header + 2);
	type = read_u32_little(header + 4);
	if (header[0] != 0 || size < PPI_HEADER || type > UINT16_MAX)
		return end_with(VERDICT_LINK_BAD);
	packet->link_type = (uint16_t)type;
	return skip_to(packet, size, link_layer);
}
