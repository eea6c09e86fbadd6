/* link.h: the table of link types. */
#ifndef PACKET_LINK_H
#define PACKET_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* LINKTYPE_ values of the savefile registry (https://www.tcpdump.org/linktypes.html). */
enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_TOKEN_RING = 6,
	LINK_ARCNET_BSD = 7,
	LINK_SLIP = 8,
	LINK_PPP = 9,
	LINK_FDDI = 10,
	LINK_PPP_HDLC = 50,
	LINK_PPP_ETHER = 51,
	LINK_ATM_RFC1483 = 100,
	LINK_RAW = 101,
	LINK_C_HDLC = 104,
	LINK_IEEE802_11 = 105,
	LINK_ATM_CLIP = 106,
	LINK_FRAME_RELAY = 107,
	LINK_LOOP = 108,
	LINK_ENC = 109,
	LINK_LINUX_SLL = 113,
	LINK_PFLOG = 117,
	LINK_PRISM = 119,
	LINK_IP_OVER_FC = 122,
	LINK_RADIOTAP = 127,
	LINK_ARCNET_LINUX = 129,
	LINK_FIREWIRE = 138,
	LINK_USER0 = 147,
	LINK_USER15 = 162,
	LINK_AVS = 163,
	LINK_PPP_PPPD = 166,
	LINK_JUNIPER_ETHER = 178,
	LINK_JUNIPER_PPP = 179,
	LINK_JUNIPER_FRAME_RELAY = 180,
	LINK_JUNIPER_C_HDLC = 181,
	LINK_BLUETOOTH = 187,
	LINK_PPI = 192,
	LINK_BLUETOOTH_DIRECTED = 201,
	LINK_PPP_WITH_DIR = 204,
	LINK_C_HDLC_WITH_DIR = 205,
	LINK_FRAME_RELAY_WITH_DIR = 206,
	LINK_MPLS = 219,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_NFLOG = 239,
	LINK_NETANALYZER = 240,
	LINK_NETANALYZER_TRANSPARENT = 241,
	LINK_IPOIB = 242,
	LINK_LINUX_SLL2 = 276,
};

/* "EN10MB", as libpcap and Wireshark spell it; NULL for a number without a known name. */
const char *link_type_name(uint16_t link_type);

/* Whether frames of it can be read. */
bool link_type_is_known(uint16_t link_type);

#endif
