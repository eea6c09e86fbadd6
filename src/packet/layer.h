/* layer.h: headers follow one another, and each names its successor. */
#ifndef PACKET_LAYER_H
#define PACKET_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cursor.h"
#include "packet/decode.h"
#include "packet/segment.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A frame on its way to become a segment. */
struct packet {
	struct cursor cursor;
	struct segment *segment;
	struct decoder *decoder; /* whose storage may be used; NULL: nobody's */
	const uint8_t *payload;  /* of TCP or UDP, once they are reached */
	uint32_t missing;        /* bytes that the IP header counts and the frame had no room for */
	uint16_t link_type;      /* as the frame says, or a header inside it */
	uint8_t tunnels;         /* how many it is inside of */
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

/* Eats `count` bytes that say nothing. */
static inline struct next skip_to(struct packet *packet, uint32_t count, layer_function *layer)
{
	return cursor_pull(&packet->cursor, count) ? next_is(layer) : end_with(VERDICT_LINK_CUT);
}

/* link.c: the layer of a link type; a type without a row ends with LINK_UNKNOWN. */
layer_function link_layer;

/* ethernet.c: what an Ethernet type names. */
struct next ethernet_type_next(uint16_t type);
layer_function ethernet_layer, llc_layer;

/* mpls.c. */
layer_function mpls_layer;

/* ppp.c: PPP and its neighbours on serial lines. */
layer_function ppp_layer, ppp_hdlc_layer, pppoe_layer, cisco_hdlc_layer, frame_relay_layer;
layer_function slip_layer, multilink_layer;

/* wireless.c: IEEE 802.11; radio.c: what was noted of its reception, before it. */
layer_function wlan_layer, wlan_padded_layer, wlan_swapped_layer;
layer_function radiotap_layer, prism_layer, avs_layer, ppi_layer;

/* lan.c: the other local networks. */
layer_function token_ring_layer, fddi_layer, arcnet_bsd_layer, arcnet_linux_layer, ipoib_layer;
layer_function fibre_channel_layer, firewire_layer;

/* logged.c: headers of those who logged the packet. */
layer_function pflog_layer, nflog_layer, enc_layer, juniper_ethernet_layer, juniper_ppp_layer;
layer_function juniper_frame_relay_layer, juniper_cisco_hdlc_layer;

/* bluetooth.c. */
layer_function bluetooth_layer, bluetooth_directed_layer;

/* ip.c: `ip_layer` reads the version first. An IP protocol number names the layer after IP. */
layer_function ip_layer;
layer_function ipv4_layer;
struct next protocol_next(uint8_t protocol);

/*
 * What IP carries has `length` bytes. A frame that had no room for them lost
 * their end before it was captured; a quote may be as short as it likes.
 */
static inline void ip_limit(struct packet *packet, uint32_t length)
{
	packet->missing = 0;
	if (length <= packet->cursor.length || packet->quoted)
		cursor_limit(&packet->cursor, length);
	else
		packet->missing = length - packet->cursor.length;
}

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

/* fragments.c: where a fragment belongs. What it carries is what the cursor holds. */
struct piece {
	uint32_t id;
	uint32_t offset;
	bool more;
	uint8_t key;      /* IPv4's protocol, which tells datagrams apart; 0 for IPv6 */
	uint8_t protocol; /* what follows, if this is the first one */
};

/* Keeps the fragment; goes on with the whole datagram when this was its last missing one. */
struct next fragments_take(struct packet *packet, const struct piece *piece);
bool fragments_wanted(const struct packet *packet);

/* tcp.c, udp.c, icmp.c. */
layer_function tcp_layer;
layer_function udp_layer;
layer_function icmp_layer;
layer_function icmpv6_layer;

/* esp.c: IPsec. `esp_open` is false, and the cursor no longer of use, when it is encrypted. */
layer_function esp_layer;
bool esp_open(struct packet *packet, struct next *next);

/* gre.c and ip_tunnel.c: tunnels that IP carries. */
layer_function gre_layer;
layer_function four_in_layer, six_in_layer, etherip_layer, mpls_in_ip_layer, l2tp_3_layer;

/* False when nothing inside can be recognised. */
bool l2tp_3_open(struct packet *packet, struct next *next);

/*
 * udp_tunnel.c: whether the datagram whose header and more the cursor holds is a
 * tunnel's; if so, `*next` goes on inside, else nothing is eaten.
 */
bool udp_tunnel_open(struct packet *packet, struct next *next);

/* tunnel.c: from here on packets are inside of this; what IP noted of the outside is its address. */
struct tunnel_mark {
	uint32_t key; /* where has_key */
	uint32_t id;  /* where has_id */
	bool has_key;
	bool has_id;
	uint8_t kind; /* enum tunnel_kind */
};

/* More than any honest packet is inside of. */
enum { TUNNEL_DEPTH_MAX = 8 };

/* Goes on with `layer`, or ends where tunnels are too deep in each other. */
struct next tunnel_enter(struct packet *packet, struct tunnel_mark mark, layer_function *layer);

/*
 * Each direction may have its own key: a connection of which one was seen in one tunnel, and now the
 * other in another, shows that the two are the same. Then the segment is in the first.
 */
void tunnel_settle(struct tunnels *tunnels, struct segment *segment);

/*
 * guess.c: where no header says what comes next. An IP packet begins here as
 * far as is captured; certainly so: the whole of its header agrees with what is there.
 */
bool ip_may_begin(const struct cursor *cursor);
bool ip_begins(const struct cursor *cursor);
bool ethernet_begins(const struct cursor *cursor);
bool ppp_begins(const struct cursor *cursor);

/* The layer that certainly begins here; NULL where none does. */
layer_function *layer_that_begins(const struct cursor *cursor);

#endif
