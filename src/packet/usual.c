/* usual.c: the frame that most captures consist of, read in one go: Ethernet, IPv4, TCP. */

/*
 * The layers say the same of it, header by header; this only saves the way from one to the next.
 * Whatever is not quite as usual (a tag, an IP option, a fragment, something cut) is left to them.
 */

#include "layer.h"

#include <string.h>

#include "checksum.h"
#include "packet/link.h"
#include "protocol.h"

enum { HEADERS = 14 + 20 + 20, IP_AT = 14, TCP_AT = IP_AT + 20 };
enum { VERSION_AND_LENGTH = 0x45, FRAGMENT_MASK = 0x3fff, PROTOCOL_AT = IP_AT + 9 };

static bool is_usual(const struct frame *frame)
{
	const uint8_t *bytes = frame->bytes;
	uint32_t total, header;

	if (frame->link_type != LINK_ETHERNET || frame->captured < HEADERS ||
	    read_u16(bytes + 12) != ETHERNET_IPV4 || bytes[IP_AT] != VERSION_AND_LENGTH ||
	    bytes[PROTOCOL_AT] != PROTOCOL_TCP || read_u16(bytes + IP_AT + 6) & FRAGMENT_MASK)
		return false;
	total = read_u16(bytes + IP_AT + 2);
	header = (uint32_t)(bytes[TCP_AT + 12] >> 4) * 4;
	return header >= TCP_HEADER && total >= IPV4_HEADER + header &&
	       IP_AT + total <= frame->length && TCP_AT + header <= frame->captured &&
	       frame->captured <= frame->length;
}

static void read_addresses(struct segment *segment, const uint8_t *ip)
{
	memcpy(segment->source.bytes, ip + 12, 4);
	memcpy(segment->destination.bytes, ip + 16, 4);
	segment->source_port = read_u16(ip + 20);
	segment->destination_port = read_u16(ip + 22);
}

static void read_tcp(struct segment *segment, const uint8_t *tcp, uint32_t header)
{
	segment->seq = read_u32(tcp + 4);
	segment->ack = read_u32(tcp + 8);
	segment->flags = read_u16(tcp + 12) & TCP_FLAGS_MASK;
	segment->window = read_u16(tcp + 14);
	segment->urgent = read_u16(tcp + 18);
	segment->options_length = (uint8_t)(header - TCP_HEADER);
	memcpy(segment->options, tcp + TCP_HEADER, header - TCP_HEADER);
}

bool usual_read(struct packet *packet, const struct frame *frame)
{
	struct segment *segment = packet->segment;
	const uint8_t *ip = frame->bytes + IP_AT, *tcp = frame->bytes + TCP_AT;
	uint32_t header, length, captured;

	if (!is_usual(frame))
		return false;
	header = (uint32_t)(tcp[12] >> 4) * 4;
	length = read_u16(ip + 2) - (uint32_t)IPV4_HEADER;
	captured = frame->captured - TCP_AT < length ? frame->captured - TCP_AT : length;
	segment->kind = SEGMENT_TCP;
	segment->family = FAMILY_IPV4;
	segment->ip_id = read_u16(ip + 4);
	segment->ttl = ip[8];
	read_addresses(segment, ip);
	read_tcp(segment, tcp, header);
	segment->payload = length - header;
	segment->captured = captured - header;
	packet->payload = tcp + header;
	if (captured == length && !packet->ignore_checksums)
		segment->checksum = (uint8_t)checksum_judge(segment, PROTOCOL_TCP, tcp, length,
		                                            read_u16(tcp + 16));
	return true;
}
