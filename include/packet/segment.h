/* segment.h: one decoded TCP segment, UDP datagram or ICMP error, self-contained. */
#ifndef PACKET_SEGMENT_H
#define PACKET_SEGMENT_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "packet/address.h"

/* Flags of the TCP header's bytes 12 and 13 (RFC 9293 section 3.1; AE: RFC 9768). */
enum tcp_flag {
	TCP_FIN = 0x001,
	TCP_SYN = 0x002,
	TCP_RST = 0x004,
	TCP_PSH = 0x008,
	TCP_ACK = 0x010,
	TCP_URG = 0x020,
	TCP_ECE = 0x040,
	TCP_CWR = 0x080,
	TCP_AE = 0x100,
};

enum segment_kind {
	SEGMENT_NONE,
	SEGMENT_TCP,
	SEGMENT_TCP_PART,  /* ports are certain; the rest of the header is cut away or lies */
	SEGMENT_TCP_QUOTE, /* an ICMP error that quotes a TCP segment */
	SEGMENT_UDP,
	SEGMENT_UDP_QUOTE, /* an ICMP error that quotes a UDP datagram */
	SEGMENT_TCP_COPY,  /* the very frame before it once more: two files hold it */
	SEGMENT_UDP_COPY,
};

enum checksum {
	CHECKSUM_UNKNOWN, /* cut, fragmented, or not looked at */
	CHECKSUM_GOOD,
	CHECKSUM_BAD,
	CHECKSUM_OFFLOADED, /* only the pseudo-header is summed: the network card was to do the rest */
};

enum { TCP_OPTIONS_MAX = 40 };

/* The ICMP or ICMPv6 message around a quote (RFC 792, RFC 4443). */
struct icmp_error {
	struct address reporter; /* who sent the error */
	uint8_t type;
	uint8_t code;
	uint8_t quoted; /* bytes of the transport header in the quote, at most 255 */
	uint16_t mtu;   /* next hop's, with "fragmentation needed" and "packet too big"; else 0 */
};

/*
 * In a quote every field but `icmp` is the quoted segment's: source and
 * destination are those of the segment that met the error, not of the error.
 * What the quote, or the captured part of a SEGMENT_TCP_PART, is too short to
 * show is 0; so is the payload where TCP's data offset is not shown.
 */
struct segment {
	int64_t time;            /* the frame's */
	uint64_t frame;          /* its number */
	struct address source;
	struct address destination;
	uint16_t source_port;
	uint16_t destination_port;
	uint32_t seq;
	uint32_t ack;
	uint32_t payload;        /* bytes, from the IP length: never from what was captured */
	uint32_t captured;       /* bytes of the payload that were captured */
	uint32_t tunnel;         /* 0: none; else a row of packet/tunnel.h */
	uint16_t flags;          /* enum tcp_flag */
	uint16_t window;         /* as in the header, not scaled */
	uint16_t urgent;
	uint16_t ip_id;          /* IPv4's identification; 0 for IPv6 */
	uint8_t kind;            /* enum segment_kind */
	uint8_t family;          /* enum family */
	uint8_t ttl;             /* or hop limit */
	uint8_t checksum;        /* enum checksum, of TCP or UDP */
	uint16_t vlan;           /* outermost VLAN id, 0 if none */
	uint8_t options_length;  /* bytes of options that were captured */
	uint8_t options_cut;     /* not 0: the header says there are more */
	union {
		uint8_t options[TCP_OPTIONS_MAX]; /* raw, see packet/option.h; only SEGMENT_TCP */
		struct icmp_error icmp;           /* only quotes */
	};
};

static_assert(sizeof(struct segment) <= 128, "a segment is two cache lines");

static inline bool segment_has(const struct segment *segment, unsigned flags)
{
	return (segment->flags & flags) == flags;
}

static inline bool segment_has_any(const struct segment *segment, unsigned flags)
{
	return (segment->flags & flags) != 0;
}

/* Sequence space taken: the payload, and one each for SYN and FIN. */
static inline uint32_t segment_space(const struct segment *segment)
{
	return segment->payload + segment_has(segment, TCP_SYN) + segment_has(segment, TCP_FIN);
}

static inline uint32_t segment_end(const struct segment *segment)
{
	return segment->seq + segment_space(segment);
}

#endif
