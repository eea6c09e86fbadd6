/* tcp.c: the TCP header (RFC 9293 section 3.1). */

#include "layer.h"

#include <string.h>

#include "checksum.h"
#include "protocol.h"

static inline uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static inline uint32_t data_offset(const uint8_t *header)
{
	return (uint32_t)(header[12] >> 4) * 4;
}

/* Only as far as `count` bytes go; the caller has seen to the first four. */
static inline void read_fields(struct segment *segment, const uint8_t *header, uint32_t count)
{
	segment->source_port = read_u16(header);
	segment->destination_port = read_u16(header + 2);
	if (count < 8)
		return;
	segment->seq = read_u32(header + 4);
	if (count < 12)
		return;
	segment->ack = read_u32(header + 8);
	if (count < 14)
		return;
	segment->flags = read_u16(header + 12) & TCP_FLAGS_MASK;
	if (count < 16)
		return;
	segment->window = read_u16(header + 14);
	if (count < TCP_HEADER)
		return;
	segment->urgent = read_u16(header + 18);
}

/* The data offset was captured and fits into what IP carries. */
static bool offset_holds(const struct cursor *cursor)
{
	return cursor->captured >= TCP_OFFSET_END && data_offset(cursor->head) >= TCP_HEADER &&
	       data_offset(cursor->head) <= cursor->length;
}

/* A first fragment may end anywhere, and so may a frame: then the header is cut, and does not lie. */
static enum verdict part_verdict(const struct packet *packet)
{
	const struct cursor *cursor = &packet->cursor;
	bool offset_known = cursor->captured >= TCP_OFFSET_END;

	if (offset_known && data_offset(cursor->head) < TCP_HEADER)
		return VERDICT_TCP_BAD;
	if (packet->first_fragment || packet->missing > 0)
		return VERDICT_TCP_CUT;
	if (cursor->length < TCP_HEADER || (offset_known && !offset_holds(cursor)))
		return VERDICT_TCP_BAD;
	return VERDICT_TCP_CUT;
}

static struct next read_part(struct packet *packet)
{
	struct cursor *cursor = &packet->cursor;
	struct segment *segment = packet->segment;

	if (cursor->captured < 4)
		return end_with(VERDICT_TRANSPORT_CUT);
	segment->kind = SEGMENT_TCP_PART;
	read_fields(segment, cursor->head, least(cursor->captured, TCP_HEADER));
	if (offset_holds(cursor))
		segment->payload = cursor->length - data_offset(cursor->head);
	return end_with(part_verdict(packet));
}

/* A quote ends where the router thought fit, often after eight bytes. */
static struct next read_quote(struct packet *packet)
{
	struct cursor *cursor = &packet->cursor;
	struct segment *segment = packet->segment;
	uint32_t header_length = TCP_HEADER;

	if (cursor->captured < QUOTE_MIN)
		return end_with(VERDICT_TRANSPORT_CUT);
	segment->kind = SEGMENT_TCP_QUOTE;
	read_fields(segment, cursor->head, least(cursor->captured, TCP_HEADER));
	if (offset_holds(cursor)) {
		header_length = data_offset(cursor->head);
		segment->payload = cursor->length - header_length;
		segment->captured = cursor->captured - least(cursor->captured, header_length);
	}
	segment->icmp.quoted = (uint8_t)least(cursor->captured, header_length);
	return end_with(VERDICT_ICMP_ERROR);
}

static void read_options(struct segment *segment, const uint8_t *header, uint32_t header_length,
                         uint32_t captured)
{
	uint32_t there = least(captured, header_length) - TCP_HEADER;

	memcpy(segment->options, header + TCP_HEADER, there);
	segment->options_length = (uint8_t)there;
	segment->options_cut = (uint8_t)(header_length - TCP_HEADER - there);
}

struct next tcp_layer(struct packet *packet)
{
	struct cursor *cursor = &packet->cursor;
	struct segment *segment = packet->segment;
	const uint8_t *header = cursor->head;
	uint32_t header_length;

	if (packet->quoted)
		return read_quote(packet);
	if (cursor->captured < TCP_HEADER || !offset_holds(cursor))
		return read_part(packet);

	header_length = data_offset(header);
	segment->kind = SEGMENT_TCP;
	read_fields(segment, header, TCP_HEADER);
	if (header_length > TCP_HEADER)
		read_options(segment, header, header_length, cursor->captured);
	segment->payload = cursor->length - header_length;
	segment->captured = cursor->captured - least(cursor->captured, header_length);
	packet->payload = header + least(cursor->captured, header_length);

	if (cursor->captured == cursor->length && !packet->first_fragment && packet->missing == 0 &&
	    !packet->ignore_checksums)
		segment->checksum = (uint8_t)checksum_judge(segment, PROTOCOL_TCP, header,
		                                            cursor->length, read_u16(header + 16));
	return end_with(VERDICT_TCP);
}
