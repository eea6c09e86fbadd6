/* decode.h: from a frame's bytes to a segment, or to a verdict that says why not. */
#ifndef PACKET_DECODE_H
#define PACKET_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "packet/frame.h"
#include "packet/segment.h"

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
	X(FRAGMENT, false, "IP fragment")                                                          \
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

/* What decoding was told, and what it counted. Zeroed is a good start. */
struct decoder {
	bool ignore_checksums;
	uint64_t frames;
	uint64_t verdicts[VERDICT_COUNT];
	uint64_t cut_frames;     /* captured < length */
	uint16_t unknown_link;   /* the first link type without a row, where verdicts says there was one */
};

/*
 * Reads at most frame->captured bytes. Fills `segment` where the verdict says
 * so and counts the verdict.
 */
enum verdict decoder_decode(struct decoder *decoder, const struct frame *frame,
                            struct segment *segment);

/*
 * The bytes of the payload of a frame that decoded to TCP or UDP, within the
 * frame: returns how many were captured. For readers of text, not the hot path.
 */
uint32_t decode_payload(const struct frame *frame, const uint8_t **payload);

#endif
