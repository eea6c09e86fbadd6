/* ipv6.c: IPv6 and its extension headers (RFC 8200). */

#include "layer.h"

#include <string.h>

#include "protocol.h"

/* Options of the hop-by-hop and destination headers; a single zero byte is padding. */
enum {
	OPTION_PAD_1 = 0x00,
	OPTION_JUMBO = 0xc2,        /* RFC 2675 */
	OPTION_HOME_ADDRESS = 0xc9, /* RFC 6275 section 6.3 */
};

enum {
	FRAGMENT_OFFSET_MASK = 0xfff8,
	FRAGMENT_MORE = 0x0001,
};

enum { EXTENSION_UNIT = 8 };

/* Where the packet goes in the end, which the transport checksum and both ends go by. */
enum final_address { FINAL_NONE, FINAL_FIRST, FINAL_LAST };

/* clang-format off */
static const enum final_address routing_types[UINT8_MAX + 1] = {
	[0] = FINAL_LAST,   /* RFC 2460, deprecated by RFC 5095 */
	[2] = FINAL_FIRST,  /* the home address, RFC 6275 section 6.4 */
	[4] = FINAL_FIRST,  /* segment routing lists its segments backwards, RFC 8754 */
};
/* clang-format on */

/* Returns the header, `*size` bytes of it; NULL when it is not all there, with the verdict. */
static const uint8_t *pull_extension(struct packet *packet, uint32_t unit, uint32_t extra,
                                     uint32_t *size, enum verdict *verdict)
{
	const uint8_t *header = packet->cursor.head;

	*size = 2;
	if (packet->cursor.captured >= 2)
		*size = header[1] * unit + extra;
	header = cursor_pull(&packet->cursor, *size);
	if (!header)
		*verdict = ip_shortness(packet, *size);
	return header;
}

/* The value of the first option of `type` with `length` bytes of value, or NULL. */
static const uint8_t *find_option(const uint8_t *header, uint32_t size, uint8_t type,
                                  uint32_t length)
{
	uint32_t at = 2;

	while (at < size) {
		uint32_t value;

		if (header[at] == OPTION_PAD_1) {
			at++;
			continue;
		}
		if (size - at < 2)
			return NULL;
		value = header[at + 1];
		if (value > size - at - 2)
			return NULL;
		if (header[at] == type && value == length)
			return header + at + 2;
		at += 2 + value;
	}
	return NULL;
}

struct next ipv6_layer(struct packet *packet)
{
	struct segment *segment = packet->segment;
	const uint8_t *header = cursor_pull(&packet->cursor, IPV6_HEADER);
	uint16_t length;

	if (!header)
		return end_with(VERDICT_IP_CUT);
	if (header[0] >> 4 != FAMILY_IPV6)
		return end_with(VERDICT_IP_BAD);
	length = read_u16(header + 4);
	packet->missing = 0;
	if (length > 0)
		ip_limit(packet, length);

	packet->lengthless = length == 0;
	packet->first_fragment = false;
	segment->family = FAMILY_IPV6;
	segment->ip_id = 0;
	segment->ttl = header[7];
	memcpy(segment->source.bytes, header + 8, 16);
	memcpy(segment->destination.bytes, header + 24, 16);
	return protocol_next(header[6]);
}

struct next hop_by_hop_layer(struct packet *packet)
{
	enum verdict verdict;
	const uint8_t *jumbo;
	uint32_t size;
	const uint8_t *header =
		pull_extension(packet, EXTENSION_UNIT, EXTENSION_UNIT, &size, &verdict);

	if (!header)
		return end_with(verdict);
	jumbo = packet->lengthless ? find_option(header, size, OPTION_JUMBO, 4) : NULL;
	if (jumbo) {
		if (read_u32(jumbo) < size)
			return end_with(VERDICT_IP_BAD);
		ip_limit(packet, read_u32(jumbo) - size);
	}
	return protocol_next(header[0]);
}

struct next destination_options_layer(struct packet *packet)
{
	enum verdict verdict;
	const uint8_t *home;
	uint32_t size;
	const uint8_t *header =
		pull_extension(packet, EXTENSION_UNIT, EXTENSION_UNIT, &size, &verdict);

	if (!header)
		return end_with(verdict);
	home = find_option(header, size, OPTION_HOME_ADDRESS, 16);
	if (home)
		memcpy(packet->segment->source.bytes, home, 16);
	return protocol_next(header[0]);
}

struct next routing_layer(struct packet *packet)
{
	enum verdict verdict;
	uint32_t size;
	const uint8_t *header =
		pull_extension(packet, EXTENSION_UNIT, EXTENSION_UNIT, &size, &verdict);
	enum final_address final;

	if (!header)
		return end_with(verdict);
	final = routing_types[header[2]];
	if (header[3] > 0 && size >= 24 && final != FINAL_NONE)
		memcpy(packet->segment->destination.bytes,
		       final == FINAL_FIRST ? header + 8 : header + size - 16, 16);
	return protocol_next(header[0]);
}

struct next fragment_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, EXTENSION_UNIT);
	uint16_t fragment;

	if (!header)
		return end_with(ip_shortness(packet, EXTENSION_UNIT));
	fragment = read_u16(header + 2);
	/* Neither offset nor more to come: an atomic fragment is a whole packet (RFC 6946). */
	if (!(fragment & (FRAGMENT_OFFSET_MASK | FRAGMENT_MORE)))
		return protocol_next(header[0]);
	if (fragments_wanted(packet))
		return fragments_take(packet, &(struct piece){
						      .id = read_u32(header + 4),
						      .offset = fragment & FRAGMENT_OFFSET_MASK,
						      .more = (fragment & FRAGMENT_MORE) != 0,
						      .protocol = header[0],
					      });
	if (fragment & FRAGMENT_OFFSET_MASK)
		return end_with(VERDICT_FRAGMENT_LOST);
	packet->first_fragment = true;
	return protocol_next(header[0]);
}

struct next extension_layer(struct packet *packet)
{
	enum verdict verdict;
	uint32_t size;
	const uint8_t *header =
		pull_extension(packet, EXTENSION_UNIT, EXTENSION_UNIT, &size, &verdict);

	return header ? protocol_next(header[0]) : end_with(verdict);
}

/* Counts in units of four bytes, less two (RFC 4302 section 2.2). */
struct next authentication_layer(struct packet *packet)
{
	enum verdict verdict;
	uint32_t size;
	const uint8_t *header = pull_extension(packet, 4, 8, &size, &verdict);

	return header ? protocol_next(header[0]) : end_with(verdict);
}
