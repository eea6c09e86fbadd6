/* decode.h: from a frame's bytes to a segment, or to a verdict that says why not. */
#ifndef PACKET_DECODE_H
#define PACKET_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/fragments.h"
#include "packet/frame.h"
#include "packet/segment.h"
#include "packet/tunnel.h"

/* name, segment filled, plain words. */
#define VERDICTS(X)                                                                                \
	X(TCP, true, "TCP segment")                                                                \
	X(TCP_CUT, true, "TCP header cut short")                                                   \
	X(TCP_BAD, true, "TCP header length impossible")                                           \
	X(UDP, true, "UDP datagram")                                                               \
	X(UDP_BAD, true, "UDP length impossible")                                                  \
	X(ICMP_ERROR, true, "ICMP error that quotes TCP or UDP")                                   \
	X(ICMP_OTHER, false, "other ICMP message")                                                 \
	X(OTHER_TRANSPORT, false, "IP, but neither TCP, UDP nor ICMP")                             \
	X(NOT_IP, false, "not IP")                                                                 \
	X(FRAGMENT, false, "IP fragment, of use when the rest came")                               \
	X(FRAGMENT_LOST, false, "IP fragment without the rest")                                    \
	X(UNDECIPHERABLE, false, "encrypted or compressed")                                        \
	X(TRANSPORT_CUT, false, "cut before the ports")                                            \
	X(IP_CUT, false, "IP header cut short")                                                    \
	X(IP_BAD, false, "IP header contradicts itself")                                           \
	X(LINK_CUT, false, "link header cut short")                                                \
	X(LINK_BAD, false, "link header contradicts itself")                                       \
	X(LINK_UNKNOWN, false, "link type not known")                                              \
	X(TOO_DEEP, false, "too many headers inside each other")

enum verdict {
#define X(name, has_segment, words) VERDICT_##name,
	VERDICTS(X)
#undef X
	VERDICT_COUNT
};

/* "tcp_cut", and "TCP header cut short". */
const char *verdict_name(enum verdict verdict);
const char *verdict_words(enum verdict verdict);

/* Whether a frame with this verdict filled its segment. */
bool verdict_has_segment(enum verdict verdict);

/* Whether the frame was understood to its end: nothing about it is missing or wrong. */
bool verdict_is_sound(enum verdict verdict);

enum { TUNNEL_PORTS_MAX = 16 };

struct tunnel_port {
	uint16_t port;
	uint8_t kind; /* enum tunnel_kind, one that takes a port */
};

/*
 * What decoding was told, and what it counted. Zeroed is a good start; then
 * storage can be lent. Without `fragments` datagrams are not put together: the
 * first fragment is read as far as it goes. Without `tunnels` packets are found in
 * tunnels, but all of them are number 0.
 */
struct decoder {
	bool ignore_checksums;
	bool has_link_override;
	uint16_t link_override;  /* what USER0 to USER15, and types without a row, are read as */
	struct fragments *fragments;
	struct tunnels *tunnels;
	uint32_t tunnel_port_count;
	struct tunnel_port tunnel_ports[TUNNEL_PORTS_MAX]; /* beside the well-known ones */
	uint64_t frames;
	uint64_t verdicts[VERDICT_COUNT];
	uint64_t cut_frames;     /* captured < length */
	uint16_t unknown_link;   /* the first link type without a row, where verdicts says there was one */
	const uint8_t *payload;  /* of the last frame that gave TCP or UDP, segment->captured bytes; else NULL */
};

/*
 * Reads at most frame->captured bytes. Fills `segment` where the verdict says
 * so and counts the verdict. Of packets in tunnels the innermost counts; a
 * datagram in fragments is the frame's that completes it. decoder->payload is
 * lent until the next call or until the frame is gone.
 */
enum verdict decoder_decode(struct decoder *decoder, const struct frame *frame,
                            struct segment *segment);

/*
 * The same for `count` frames; the segments come one after another. Returns how many there are. No
 * payload is lent.
 */
size_t decoder_decode_many(struct decoder *decoder, const struct frame *frames, size_t count,
                           struct segment *segments);

/*
 * After the last frame: fragments that still wait have lost the rest. Their
 * frames were counted as FRAGMENT, and now are FRAGMENT_LOST.
 */
void decoder_finish(struct decoder *decoder);

/*
 * The bytes of the payload of a frame that decodes to TCP or UDP on its own, within the
 * frame: returns how many were captured. For readers of text, not the hot path.
 */
uint32_t decode_payload(const struct frame *frame, const uint8_t **payload);

#endif
