/* udp.c: the UDP header (RFC 768). */

#include "layer.h"

#include "checksum.h"
#include "protocol.h"

static inline uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * Returns false when the length is impossible. Zero is a jumbogram (RFC 2675
 * section 4); in a first fragment the length is that of the whole datagram.
 */
static bool limit_to_length(struct packet *packet, uint32_t length)
{
	if (length == 0)
		return true;
	if (length < UDP_HEADER)
		return false;
	if (length > packet->cursor.length)
		return packet->first_fragment || length <= packet->cursor.length + packet->missing;
	cursor_limit(&packet->cursor, length);
	return true;
}

/* Over IPv4 a sender may leave the checksum out, and writes zero for that. */
static bool can_judge(const struct packet *packet, uint16_t field)
{
	if (packet->ignore_checksums || packet->quoted || packet->first_fragment)
		return false;
	if (packet->missing > 0)
		return false;
	if (packet->cursor.captured < packet->cursor.length)
		return false;
	return field != 0 || packet->segment->family == FAMILY_IPV6;
}

static void read_payload(struct segment *segment, const struct cursor *cursor)
{
	segment->payload = cursor->length - least(cursor->length, UDP_HEADER);
	segment->captured = cursor->captured - least(cursor->captured, UDP_HEADER);
}

struct next udp_layer(struct packet *packet)
{
	struct cursor *cursor = &packet->cursor;
	struct segment *segment = packet->segment;
	const uint8_t *header = cursor->head;
	struct next inside;
	bool bad;

	if (cursor->captured < (packet->quoted ? QUOTE_MIN : 4))
		return end_with(VERDICT_TRANSPORT_CUT);
	bad = cursor->length + packet->missing < UDP_HEADER ||
	      (cursor->captured >= 6 && !limit_to_length(packet, read_u16(header + 4)));
	if (!bad && cursor->captured > UDP_HEADER && udp_tunnel_open(packet, &inside))
		return inside;

	segment->kind = packet->quoted ? SEGMENT_UDP_QUOTE : SEGMENT_UDP;
	segment->source_port = read_u16(header);
	segment->destination_port = read_u16(header + 2);
	read_payload(segment, cursor);
	if (packet->quoted) {
		segment->icmp.quoted = UDP_HEADER;
		return end_with(VERDICT_ICMP_ERROR);
	}
	packet->payload = header + least(cursor->captured, UDP_HEADER);
	if (bad)
		return end_with(VERDICT_UDP_BAD);
	if (cursor->captured >= UDP_HEADER && can_judge(packet, read_u16(header + 6)))
		segment->checksum = (uint8_t)checksum_judge(segment, PROTOCOL_UDP, header,
		                                            cursor->length, read_u16(header + 6));
	return end_with(VERDICT_UDP);
}
