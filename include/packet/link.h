/* link.h: the table of link types. */
#ifndef PACKET_LINK_H
#define PACKET_LINK_H

#include <stddef.h>
#include <stdint.h>

/* LINKTYPE_ values of the savefile registry (https://www.tcpdump.org/linktypes.html). */
enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_LINUX_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_LINUX_SLL2 = 276,
};

/* "EN10MB", as libpcap and Wireshark spell it; NULL for a number without a row or a known name. */
const char *link_type_name(uint16_t link_type);

#endif
