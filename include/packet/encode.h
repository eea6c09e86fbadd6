/* encode.h: the inverse of decode, for stories and property tests. */
#ifndef PACKET_ENCODE_H
#define PACKET_ENCODE_H

#include <stddef.h>
#include <stdint.h>

#include "packet/segment.h"

enum { ENCODE_HEADERS_MAX = 256 };

/*
 * Writes the frame that decodes to `segment`: link, IP and transport headers
 * with good checksums (unless segment->checksum says BAD or OFFLOADED), then
 * segment->captured bytes of payload from `payload` (NULL: zeros). A quote
 * becomes the ICMP or ICMPv6 error from segment->icmp.reporter to the quoted
 * source. Ethernet addresses are made from the IP addresses; segment->vlan
 * adds an 802.1Q tag. Knows the link types of enum link_type.
 *
 * Returns the bytes written; 0 when `size` is too small or the link type has
 * no encoder. `*length` is what the frame would be had all the payload been
 * captured.
 */
size_t encode(const struct segment *segment, uint16_t link_type, const uint8_t *payload,
              uint8_t *out, size_t size, uint32_t *length);

#endif
