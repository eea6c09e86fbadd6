/* layer.h: headers follow one another, and each names its successor. */
#ifndef PACKET_LAYER_H
#define PACKET_LAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "cursor.h"
#include "packet/decode.h"
#include "packet/segment.h"

/* A frame on its way to become a segment. */
struct packet {
	struct cursor cursor;
	struct segment *segment;
	const uint8_t *payload; /* of TCP or UDP, once they are reached */
	bool ignore_checksums;
	bool quoted;         /* inside an ICMP error */
	bool first_fragment; /* the transport header goes on, or its payload does, elsewhere */
	bool lengthless;     /* the IP header gives no length: jumbogram or segmentation offload */
};

/*
 * A layer eats its header from the cursor, notes in the segment what it
 * learned, and says what comes next: another layer, or, at the end, a verdict.
 */
struct next;
typedef struct next layer_function(struct packet *packet);

struct next {
	layer_function *layer; /* NULL at the end */
	enum verdict verdict;
};

static inline struct next next_is(layer_function *layer)
{
	return (struct next){ .layer = layer };
}

static inline struct next end_with(enum verdict verdict)
{
	return (struct next){ .verdict = verdict };
}

/* link.c: the layer of a link type, NULL without a row; the layer of an Ethernet type. */
layer_function *link_layer(uint16_t link_type);
struct next ethernet_type_next(uint16_t type);

/* ip.c: `ip_layer` reads the version first. An IP protocol number names the layer after IP. */
layer_function ip_layer;
layer_function ipv4_layer;
struct next protocol_next(uint8_t protocol);

/* The verdict when `count` bytes of an IP header could not be pulled. */
enum verdict ip_shortness(const struct packet *packet, uint32_t count);

/* ipv6.c: the fixed header and those that extend it. */
layer_function ipv6_layer;
layer_function hop_by_hop_layer;
layer_function destination_options_layer;
layer_function routing_layer;
layer_function fragment_layer;
layer_function extension_layer;
layer_function authentication_layer;

/* tcp.c, udp.c, icmp.c. */
layer_function tcp_layer;
layer_function udp_layer;
layer_function icmp_layer;
layer_function icmpv6_layer;

#endif
