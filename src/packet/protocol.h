/* protocol.h: numbers and sizes that decoding and encoding share. */
#ifndef PACKET_PROTOCOL_H
#define PACKET_PROTOCOL_H

/* IANA "Protocol Numbers". */
enum protocol {
	PROTOCOL_HOP_BY_HOP = 0,
	PROTOCOL_ICMP = 1,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_ROUTING = 43,
	PROTOCOL_FRAGMENT = 44,
	PROTOCOL_ESP = 50,
	PROTOCOL_AH = 51,
	PROTOCOL_ICMPV6 = 58,
	PROTOCOL_DESTINATION_OPTIONS = 60,
	PROTOCOL_IPCOMP = 108,
	PROTOCOL_MOBILITY = 135,
	PROTOCOL_HIP = 139,
	PROTOCOL_SHIM6 = 140,
};

/* IEEE "EtherType". */
enum ethernet_type {
	ETHERNET_IPV4 = 0x0800,
	ETHERNET_VLAN = 0x8100, /* 802.1Q */
	ETHERNET_IPV6 = 0x86dd,
	ETHERNET_SERVICE = 0x88a8, /* 802.1ad */
	ETHERNET_QINQ = 0x9100,    /* before 802.1ad */
};

/* What BSD loopback headers call IPv6 differs by system; all call IPv4 2. */
enum loopback_family {
	LOOPBACK_IPV4 = 2,
	LOOPBACK_IPV6_LINUX = 10,
	LOOPBACK_IPV6_BSD = 24,
	LOOPBACK_IPV6_FREEBSD = 28,
	LOOPBACK_IPV6_DARWIN = 30,
};

/* RFC 792, RFC 4443. */
enum icmp_type {
	ICMP_UNREACHABLE = 3,
	ICMP_SOURCE_QUENCH = 4,
	ICMP_REDIRECT = 5,
	ICMP_TIME_EXCEEDED = 11,
	ICMP_PARAMETER_PROBLEM = 12,
	ICMP_FRAGMENTATION_NEEDED = 4, /* a code of ICMP_UNREACHABLE */
	ICMPV6_UNREACHABLE = 1,
	ICMPV6_PACKET_TOO_BIG = 2,
	ICMPV6_TIME_EXCEEDED = 3,
	ICMPV6_PARAMETER_PROBLEM = 4,
};

/* Bytes of headers without options. */
enum header_size {
	ETHERNET_HEADER = 14,
	VLAN_TAG = 4,
	LOOPBACK_HEADER = 4,
	SLL_HEADER = 16,
	SLL2_HEADER = 20,
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	TCP_HEADER = 20,
	UDP_HEADER = 8,
	ICMP_HEADER = 8,
};

/* An ICMP error quotes at least this much of the transport header (RFC 792). */
enum { QUOTE_MIN = 8 };

/* TCP's data offset is known once this much of its header is. */
enum { TCP_OFFSET_END = 13 };

#endif
