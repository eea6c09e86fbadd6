/* usual.c: the frames that most captures consist of, read in one go: Ethernet, IPv4 or IPv6, TCP. */

/*
 * The layers say the same of them, header by header; this only saves the way from one to the next.
 * Whatever is not quite as usual (a tag, an IP option, a fragment, something cut) is left to them.
 */

#include "usual.h"

#include <string.h>

#include "checksum.h"
#include "cursor.h"
#include "packet/link.h"
#include "protocol.h"

enum { IP_AT = ETHERNET_HEADER, TCP_IN_4 = IP_AT + IPV4_HEADER, TCP_IN_6 = IP_AT + IPV6_HEADER };
enum { ROUND = 64 };
enum { VERSION_AND_LENGTH = 0x45, FRAGMENT_MASK = 0x3fff };

/* Where TCP begins in a frame, and how many bytes it had on the wire. */
struct extent {
	uint32_t at;
	uint32_t length;
};

/* All of TCP's header is here, and TCP ends within the frame. */
static inline bool is_whole(const struct frame *frame, struct extent tcp)
{
	uint32_t header = (uint32_t)(frame->bytes[tcp.at + 12] >> 4) * 4;

	return header >= TCP_HEADER && header <= tcp.length &&
	       tcp.at + tcp.length <= frame->length && tcp.at + header <= frame->captured;
}

static inline bool is_in_ipv4(const struct frame *frame, struct extent *tcp)
{
	const uint8_t *ip;
	uint32_t total;

	if (frame->captured < TCP_IN_4 + TCP_HEADER || read_u16(frame->bytes + 12) != ETHERNET_IPV4)
		return false;
	ip = frame->bytes + IP_AT;
	total = read_u16(ip + 2);
	if (ip[0] != VERSION_AND_LENGTH || ip[9] != PROTOCOL_TCP || total < IPV4_HEADER ||
	    read_u16(ip + 6) & FRAGMENT_MASK)
		return false;
	*tcp = (struct extent){ TCP_IN_4, total - IPV4_HEADER };
	return is_whole(frame, *tcp);
}

static inline bool is_in_ipv6(const struct frame *frame, struct extent *tcp)
{
	const uint8_t *ip;

	if (frame->captured < TCP_IN_6 + TCP_HEADER || read_u16(frame->bytes + 12) != ETHERNET_IPV6)
		return false;
	ip = frame->bytes + IP_AT;
	if (ip[0] >> 4 != FAMILY_IPV6 || ip[6] != PROTOCOL_TCP)
		return false;
	*tcp = (struct extent){ TCP_IN_6, read_u16(ip + 4) };
	return is_whole(frame, *tcp);
}

static inline void read_ip(struct segment *segment, const uint8_t *ip, bool is_ipv4)
{
	if (is_ipv4) {
		segment->source = segment->destination = (struct address){ { 0 } };
		memcpy(segment->source.bytes, ip + 12, 4);
		memcpy(segment->destination.bytes, ip + 16, 4);
	} else {
		memcpy(segment->source.bytes, ip + 8, 16);
		memcpy(segment->destination.bytes, ip + 24, 16);
	}
	segment->family = is_ipv4 ? FAMILY_IPV4 : FAMILY_IPV6;
	segment->ip_id = is_ipv4 ? read_u16(ip + 4) : 0;
	segment->ttl = ip[is_ipv4 ? 8 : 7];
}

/* Three words hold the timestamps, which is what nearly every segment has and no more. */
static inline void read_options(struct segment *segment, const uint8_t *options, uint32_t length)
{
	memset(segment->options, 0, sizeof(segment->options));
	if (length == 12) {
		memcpy(segment->options, options, 12);
		return;
	}
	for (uint32_t at = 0; at < length; at += 4)
		memcpy(segment->options + at, options + at, 4);
}

static inline void read_tcp(struct segment *segment, const uint8_t *tcp, uint32_t header)
{
	segment->source_port = read_u16(tcp);
	segment->destination_port = read_u16(tcp + 2);
	segment->seq = read_u32(tcp + 4);
	segment->ack = read_u32(tcp + 8);
	segment->flags = read_u16(tcp + 12) & TCP_FLAGS_MASK;
	segment->window = read_u16(tcp + 14);
	segment->urgent = read_u16(tcp + 18);
	segment->options_length = (uint8_t)(header - TCP_HEADER);
	segment->options_cut = 0;
	read_options(segment, tcp + TCP_HEADER, header - TCP_HEADER);
}

/* Every field is written once, which costs less than zeros first. */
static inline void read_segment(struct segment *segment, const struct frame *frame,
                                struct extent extent)
{
	const uint8_t *tcp = frame->bytes + extent.at;
	uint32_t header = (uint32_t)(tcp[12] >> 4) * 4;
	uint32_t captured = frame->captured - extent.at;

	if (captured > extent.length)
		captured = extent.length;
	segment->time = frame->time;
	segment->frame = frame->number;
	segment->kind = SEGMENT_TCP;
	segment->tunnel = 0;
	segment->vlan = 0;
	segment->checksum = CHECKSUM_UNKNOWN;
	read_ip(segment, frame->bytes + IP_AT, extent.at == TCP_IN_4);
	read_tcp(segment, tcp, header);
	segment->payload = extent.length - header;
	segment->captured = captured - header;
}

static inline const uint8_t *tcp_of(const struct segment *segment, const struct frame *frame)
{
	return frame->bytes + (segment->family == FAMILY_IPV4 ? TCP_IN_4 : TCP_IN_6);
}

/* The addresses stand right before TCP's header: one sum goes over both. */
static inline enum checksum judge(const struct segment *segment, const uint8_t *tcp)
{
	uint32_t addresses = segment->family == FAMILY_IPV4 ? 8 : 32;
	uint32_t length = (uint32_t)TCP_HEADER + segment->options_length + segment->payload;
	uint64_t sum = checksum_add(0, tcp - addresses, addresses + length);

	if (checksum_holds(checksum_add_number(sum, length + PROTOCOL_TCP)))
		return CHECKSUM_GOOD;
	return checksum_judge(segment, PROTOCOL_TCP, tcp, length, read_u16(tcp + 16));
}

/*
 * Whether a frame was cut is as good as random, and a wrong guess of the processor costs more than
 * all the rest: so those that were not are listed without a branch, and their turn comes last.
 */
struct round {
	size_t whole;
	uint64_t cut;
	uint8_t wholes[ROUND];
};

static size_t read_round(const struct frame *frames, size_t count, struct segment *segments,
                         struct round *round)
{
	size_t i;

	for (i = 0; i < count && frames[i].link_type == LINK_ETHERNET; i++) {
		struct extent tcp;

		if (!is_in_ipv4(&frames[i], &tcp) && !is_in_ipv6(&frames[i], &tcp))
			break;
		read_segment(&segments[i], &frames[i], tcp);
		round->wholes[round->whole] = (uint8_t)i;
		round->whole += segments[i].captured == segments[i].payload;
		round->cut += frames[i].captured < frames[i].length;
	}
	return i;
}

static size_t take_round(struct decoder *decoder, const struct frame *frames, size_t count,
                         struct segment *segments)
{
	struct round round = { .whole = 0 };
	size_t read = read_round(frames, count, segments, &round);

	for (size_t i = 0; i < round.whole && !decoder->ignore_checksums; i++) {
		struct segment *segment = &segments[round.wholes[i]];

		segment->checksum =
			(uint8_t)judge(segment, tcp_of(segment, &frames[round.wholes[i]]));
	}
	decoder->frames += read;
	decoder->verdicts[VERDICT_TCP] += read;
	decoder->cut_frames += round.cut;
	return read;
}

size_t usual_read(struct decoder *decoder, const struct frame *frames, size_t count,
                  struct segment *segments)
{
	size_t read = 0, round;

	do {
		size_t left = count - read;

		round = take_round(decoder, frames + read, left < ROUND ? left : ROUND,
		                   segments + read);
		read += round;
	} while (round == ROUND);
	if (read > 0)
		decoder->payload = tcp_of(&segments[read - 1], &frames[read - 1]) + TCP_HEADER +
		                   segments[read - 1].options_length;
	return read;
}
