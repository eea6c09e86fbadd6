/* samples.c: the same reset behind every link header and inside every tunnel. */

#include "unit/packet/samples.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "packet/link.h"

#define SNAP "aaaa03 000000 0800"
#define DATA_FRAME "0801 0000 020000000001 020000000002 020000000003 1000"

/* clang-format off */
const struct sample samples[] = {
	{ "null", LINK_NULL, 4, 0, "", "02000000" RST_IPV4 },
	{ "null, big-endian", LINK_NULL, 4, 0, "", "00000002" RST_IPV4 },
	{ "null, Linux", LINK_NULL, 6, 0, "", "0a000000" RST_IPV6 },
	{ "null, BSD", LINK_NULL, 6, 0, "", "18000000" RST_IPV6 },
	{ "null, FreeBSD", LINK_NULL, 6, 0, "", "1c000000" RST_IPV6 },
	{ "null, Darwin", LINK_NULL, 6, 0, "", "0000001e" RST_IPV6 },
	{ "loop", LINK_LOOP, 4, 0, "", "00000002" RST_IPV4 },
	{ "loop", LINK_LOOP, 6, 0, "", "00000018" RST_IPV6 },
	{ "ethernet", LINK_ETHERNET, 4, 0, "", ETHERNET_RST },
	{ "ethernet", LINK_ETHERNET, 6, 0, "", STATIONS "86dd" RST_IPV6 },
	{ "802.1Q", LINK_ETHERNET, 4, 7, "", STATIONS "8100 6007 0800" RST_IPV4 },
	{ "802.1ad", LINK_ETHERNET, 6, 7, "", STATIONS "88a8 0007 8100 0008 86dd" RST_IPV6 },
	{ "three tags", LINK_ETHERNET, 4, 7, "", STATIONS "9100 0007 9200 0008 8100 0009 0800" RST_IPV4 },
	{ "802.3, SNAP", LINK_ETHERNET, 4, 0, "", STATIONS "[-2]" SNAP RST_IPV4 },
	{ "802.3, SNAP of 802.1H", LINK_ETHERNET, 4, 0, "", STATIONS "[-2] aaaa03 0000f8 0800" RST_IPV4 },
	{ "802.3, tagged", LINK_ETHERNET, 4, 3, "", STATIONS "8100 0003 [-2]" SNAP RST_IPV4 },
	{ "802.3, LLC", LINK_ETHERNET, 4, 0, "", STATIONS "[-2] 060603" RST_IPV4 },
	{ "802.3, bridged", LINK_ETHERNET, 4, 0, "", STATIONS "[-2] aaaa03 0080c2 0007" ETHERNET_RST },
	{ "ISL", LINK_ETHERNET, 4, 0, "", "01000c000000 020000000001 [-2] aaaa03 020000 0003 0000 0000" ETHERNET_RST },
	{ "802.1ah", LINK_ETHERNET, 4, 0, "", STATIONS "88e7 00000010" ETHERNET_RST },
	{ "802.1ah in itself", LINK_ETHERNET, 4, 0, "", STATIONS "88e7 00000010" STATIONS "88e7 00000011" ETHERNET_RST },
	{ "802.1AE, signed", LINK_ETHERNET, 4, 0, "", STATIONS "88e5 0000 00000001 0800" RST_IPV4 "01010101010101010101010101010101" },
	{ "802.1AE, with a channel", LINK_ETHERNET, 4, 0, "", STATIONS "88e5 2000 00000001 0200000000010001 0800" RST_IPV4 },
	{ "VN-Tag", LINK_ETHERNET, 4, 0, "", STATIONS "8926 00010002 0800" RST_IPV4 },
	{ "NSH", LINK_ETHERNET, 4, 0, "", STATIONS "894f 0fc2 0201 000001ff" RST_IPV4 },
	{ "MPLS", LINK_ETHERNET, 4, 0, "", STATIONS "8847 00010040 00011140" RST_IPV4 },
	{ "MPLS, upstream", LINK_ETHERNET, 6, 0, "", STATIONS "8848 00011140" RST_IPV6 },
	{ "MPLS pseudowire", LINK_ETHERNET, 4, 0, "", STATIONS "8847 00011140 00000000" ETHERNET_RST },
	{ "MPLS pseudowire, tagged IPv6", LINK_ETHERNET, 6, 9, "", STATIONS "8847 00011140 00000000" STATIONS "8100 0009 86dd" RST_IPV6 },
	{ "MPLS pseudowire, no control word", LINK_ETHERNET, 4, 0, "", STATIONS "8847 00011140" ETHERNET_RST },
	{ "MPLS pseudowire to a station that looks like IP", LINK_ETHERNET, 4, 0, "",
	  STATIONS "8847 00011140 450000000001 020000000001 0800" RST_IPV4 },
	{ "MPLS", LINK_MPLS, 4, 0, "", "00011140" RST_IPV4 },
	{ "PPPoE", LINK_ETHERNET, 4, 0, "", STATIONS "8864 11 00 0001 [-2] 0021" RST_IPV4 "0000" },
	{ "PPPoE", LINK_PPP_ETHER, 6, 0, "", "11 00 0001 [-2] 0057" RST_IPV6 },
	{ "PPP", LINK_PPP, 4, 0, "", "0021" RST_IPV4 },
	{ "PPP, framed", LINK_PPP, 6, 0, "", "ff03 0057" RST_IPV6 },
	{ "PPP, short protocol", LINK_PPP, 4, 0, "", "21" RST_IPV4 },
	{ "PPP, MPLS", LINK_PPP, 4, 0, "", "0281 00011140" RST_IPV4 },
	{ "PPP, bridged", LINK_PPP, 4, 0, "", "0031 0001" ETHERNET_RST },
	{ "PPP, multilink", LINK_PPP, 4, 0, "", "003d c0000001 0021" RST_IPV4 },
	{ "PPP with HDLC", LINK_PPP_HDLC, 4, 0, "", "ff03 0021" RST_IPV4 },
	{ "PPP with HDLC, Cisco", LINK_PPP_HDLC, 4, 0, "", "0f00 0800" RST_IPV4 },
	{ "PPP of pppd", LINK_PPP_PPPD, 4, 0, "", "0103 0021" RST_IPV4 },
	{ "PPP with direction", LINK_PPP_WITH_DIR, 4, 0, "", "00 ff03 0021" RST_IPV4 },
	{ "Cisco HDLC", LINK_C_HDLC, 6, 0, "", "8f00 86dd" RST_IPV6 },
	{ "Cisco HDLC with direction", LINK_C_HDLC_WITH_DIR, 4, 0, "", "01 0f00 0800" RST_IPV4 },
	{ "Frame Relay", LINK_FRAME_RELAY, 4, 0, "", "1841 03 cc" RST_IPV4 },
	{ "Frame Relay, padded", LINK_FRAME_RELAY, 6, 0, "", "1841 03 00 8e" RST_IPV6 },
	{ "Frame Relay, SNAP", LINK_FRAME_RELAY, 4, 0, "", "1841 03 00 80 000000 0800" RST_IPV4 },
	{ "Frame Relay, bridged", LINK_FRAME_RELAY, 4, 0, "", "1841 03 00 80 0080c2 0007" ETHERNET_RST },
	{ "Frame Relay, Cisco", LINK_FRAME_RELAY, 4, 0, "", "1841 0800" RST_IPV4 },
	{ "Frame Relay, four bytes of address", LINK_FRAME_RELAY, 4, 0, "", "18404041 03 cc" RST_IPV4 },
	{ "Frame Relay, PPP", LINK_FRAME_RELAY, 4, 0, "", "1841 03 cf 0021" RST_IPV4 },
	{ "Frame Relay with direction", LINK_FRAME_RELAY_WITH_DIR, 4, 0, "", "00 1841 03 cc" RST_IPV4 },
	{ "SLIP", LINK_SLIP, 4, 0, "", "00 40 0000000000000000000000000000" RST_IPV4 },
	{ "raw", LINK_RAW, 4, 0, "", RST_IPV4 },
	{ "raw", LINK_RAW, 6, 0, "", RST_IPV6 },
	{ "raw, 12", 12, 4, 0, "", RST_IPV4 },
	{ "raw, 14", 14, 6, 0, "", RST_IPV6 },
	{ "IPv4", LINK_IPV4, 4, 0, "", RST_IPV4 },
	{ "IPv6", LINK_IPV6, 6, 0, "", RST_IPV6 },
	{ "cooked", LINK_LINUX_SLL, 4, 0, "", "0000 0001 0006 0200000000010000 0800" RST_IPV4 },
	{ "cooked, tagged", LINK_LINUX_SLL, 6, 7, "", "0000 0001 0006 0200000000010000 8100 0007 86dd" RST_IPV6 },
	{ "cooked, LLC", LINK_LINUX_SLL, 4, 0, "", "0000 0001 0006 0200000000010000 0004" SNAP RST_IPV4 },
	{ "cooked, second version", LINK_LINUX_SLL2, 4, 0, "", "0800 0000 00000001 0001 00 06 0200000000010000" RST_IPV4 },
	{ "ATM", LINK_ATM_RFC1483, 4, 0, "", SNAP RST_IPV4 },
	{ "ATM, bridged and padded", LINK_ATM_RFC1483, 4, 0, "", "aaaa03 0080c2 0007 0000" ETHERNET_RST },
	{ "ATM", LINK_ATM_CLIP, 4, 0, "", SNAP RST_IPV4 },
	{ "802.11", LINK_IEEE802_11, 4, 0, "", DATA_FRAME SNAP RST_IPV4 },
	{ "802.11, QoS", LINK_IEEE802_11, 4, 0, "", "88" "01 0000 020000000001 020000000002 020000000003 1000 0000" SNAP RST_IPV4 },
	{ "802.11, QoS and HT", LINK_IEEE802_11, 4, 0, "", "88" "81 0000 020000000001 020000000002 020000000003 1000 0000 00000000" SNAP RST_IPV4 },
	{ "802.11, four addresses", LINK_IEEE802_11, 4, 0, "", "08" "03 0000 020000000001 020000000002 020000000003 1000 020000000004" SNAP RST_IPV4 },
	{ "802.11, aggregate", LINK_IEEE802_11, 4, 0, "", "88" "01 0000 020000000001 020000000002 020000000003 1000 8000" STATIONS "0030" SNAP RST_IPV4 "0000" },
	{ "802.11, deciphered", LINK_IEEE802_11, 4, 0, "", "08" "41 0000 020000000001 020000000002 020000000003 1000 0102002003040506" SNAP RST_IPV4 },
	{ "802.11, deciphered altogether", LINK_IEEE802_11, 4, 0, "", "08" "41 0000 020000000001 020000000002 020000000003 1000" SNAP RST_IPV4 },
	{ "radiotap", LINK_RADIOTAP, 4, 0, "", "0000 0800 00000000" DATA_FRAME SNAP RST_IPV4 },
	{ "radiotap, aligned", LINK_RADIOTAP, 4, 0, "", "0000 1900 03000080 00000000 00000000 0102030405060708 20" "88"
	  "01 0000 020000000001 020000000002 020000000003 1000 0000 0000" SNAP RST_IPV4 },
	{ "radiotap, FCS", LINK_RADIOTAP, 4, 0, "", "0000 0900 02000000 10" DATA_FRAME SNAP RST_IPV4 "01020304" },
	{ "Prism", LINK_PRISM, 4, 0, "", "00000044 10000000 0000000000000000" DATA_FRAME SNAP RST_IPV4 },
	{ "Prism that is AVS", LINK_PRISM, 4, 0, "", "80211001 00000010 0000000000000000" DATA_FRAME SNAP RST_IPV4 },
	{ "AVS", LINK_AVS, 4, 0, "", "80211002 0000000c 00000000" DATA_FRAME SNAP RST_IPV4 },
	{ "PPI", LINK_PPI, 4, 0, "", "0000 0c00 69000000 00000000" DATA_FRAME SNAP RST_IPV4 },
	{ "PPI, Ethernet", LINK_PPI, 4, 0, "", "0000 0800 01000000" ETHERNET_RST },
	{ "Token Ring", LINK_TOKEN_RING, 4, 0, "", "1040" STATIONS SNAP RST_IPV4 },
	{ "Token Ring, routed", LINK_TOKEN_RING, 4, 0, "", "1040 020000000002 820000000001 0630 0011 0020" SNAP RST_IPV4 },
	{ "FDDI", LINK_FDDI, 4, 0, "", "50" STATIONS SNAP RST_IPV4 },
	{ "ARCNET, BSD", LINK_ARCNET_BSD, 4, 0, "", "01 02 d4 00 0001" RST_IPV4 },
	{ "ARCNET, BSD, exception", LINK_ARCNET_BSD, 6, 0, "", "01 02 c4 ff ffff ff 00 0001" RST_IPV6 },
	{ "ARCNET, RFC 1051", LINK_ARCNET_BSD, 4, 0, "", "01 02 f0" RST_IPV4 },
	{ "ARCNET, Linux", LINK_ARCNET_LINUX, 4, 0, "", "01 02 0000 d4 00 0001" RST_IPV4 },
	{ "IP over InfiniBand", LINK_IPOIB, 4, 0, "", "0800 0000" RST_IPV4 },
	{ "IP over InfiniBand, address first", LINK_IPOIB, 6, 0, "", "0011223344556677889900112233445566778899 86dd 0000" RST_IPV6 },
	{ "IP over Fibre Channel", LINK_IP_OVER_FC, 4, 0, "", "1000020000000002 1000020000000001" SNAP RST_IPV4 },
	{ "FireWire", LINK_FIREWIRE, 4, 0, "", "0200000000020000 0200000000010000 0800" RST_IPV4 },
	{ "PFLOG", LINK_PFLOG, 4, 0, "", "3d 02 0000 00000000 00000000 00000000" "00000000 00000000 00000000 00000000"
	  "00000000 00000000 00000000 00000000" "00000000 00000000 00000000 00000000" RST_IPV4 },
	{ "NFLOG", LINK_NFLOG, 4, 0, "", "02 00 0000 0800 0100 08000301 0600 0a00 61620000 2c00 0900" RST_IPV4 },
	{ "NFLOG, big-endian", LINK_NFLOG, 6, 0, "", "0a 00 0000 0008 0001 86dd0301 0040 0009" RST_IPV6 },
	{ "ENC", LINK_ENC, 4, 0, "", "02000000 00000001 00000000" RST_IPV4 },
	{ "ENC, a tunnel", LINK_ENC, 4, 0, "ipip 10.0.0.1-10.0.0.2", "02000000 00000001 00000000" OUTER4("04") RST_IPV4 },
	{ "Juniper Ethernet", LINK_JUNIPER_ETHER, 4, 0, "", "4d4743 80 0006 010203040506" ETHERNET_RST },
	{ "Juniper Ethernet, no link header", LINK_JUNIPER_ETHER, 4, 0, "", "4d4743 02 00000002" RST_IPV4 },
	{ "Juniper PPP", LINK_JUNIPER_PPP, 4, 0, "", "4d4743 00 ff03 0021" RST_IPV4 },
	{ "Juniper Frame Relay", LINK_JUNIPER_FRAME_RELAY, 4, 0, "", "4d4743 01 1841 03 cc" RST_IPV4 },
	{ "Juniper Cisco HDLC", LINK_JUNIPER_C_HDLC, 4, 0, "", "4d4743 00 0f00 0800" RST_IPV4 },
	{ "Bluetooth", LINK_BLUETOOTH, 4, 0, "", "02 0b20 {-2} {-4} 4100 02 0800" RST_IPV4 },
	{ "Bluetooth, whole addresses", LINK_BLUETOOTH_DIRECTED, 6, 0, "", "00000001 02 0b20 {-2} {-4} 4100 00" STATIONS "86dd" RST_IPV6 },
	{ "Bluetooth, one address", LINK_BLUETOOTH, 4, 0, "", "02 0b20 {-2} {-4} 4100 03 020000000001 0800" RST_IPV4 },
	{ "netANALYZER", LINK_NETANALYZER, 4, 0, "", "01020304" ETHERNET_RST "01020304" },
	{ "netANALYZER, transparent", LINK_NETANALYZER_TRANSPARENT, 4, 0, "", "01020304 55555555555555d5" ETHERNET_RST },

	{ "IP in IP", LINK_RAW, 4, 0, "ipip 10.0.0.1-10.0.0.2", OUTER4("04") RST_IPV4 },
	{ "IP in IP, protocol 94", LINK_RAW, 4, 0, "ipip 10.0.0.1-10.0.0.2", OUTER4("5e") RST_IPV4 },
	{ "6in4", LINK_RAW, 6, 0, "6in4 10.0.0.1-10.0.0.2", OUTER4("29") RST_IPV6 },
	{ "6to4", LINK_RAW, 6, 0, "6to4 10.0.0.1-10.0.0.2", OUTER4("29")
	  "6000 0000 0014 06 40 20020a00000100000000000000000001 20010db8000000000000000000000002" RST_TCP "0000 0000" },
	{ "4in6", LINK_RAW, 4, 0, "4in6 2001:db8::a-2001:db8::b", OUTER6("04") RST_IPV4 },
	{ "6in6", LINK_RAW, 6, 0, "6in6 2001:db8::a-2001:db8::b", OUTER6("29") RST_IPV6 },
	{ "EtherIP", LINK_RAW, 4, 0, "etherip 10.0.0.1-10.0.0.2", OUTER4("61") "3000" ETHERNET_RST },
	{ "MPLS in IP", LINK_RAW, 4, 0, "mpls label 17 10.0.0.1-10.0.0.2", OUTER4("89") "00011140" RST_IPV4 },
	{ "MPLS in UDP", LINK_RAW, 4, 0, "mpls label 17 10.0.0.1-10.0.0.2", OUTER_UDP("d431", "19eb") "00011140" RST_IPV4 },
	{ "GRE", LINK_RAW, 4, 0, "gre 10.0.0.1-10.0.0.2", OUTER4("2f") "0000 0800" RST_IPV4 },
	{ "GRE with everything", LINK_RAW, 6, 0, "gre key 9 10.0.0.1-10.0.0.2",
	  OUTER4("2f") "b000 86dd 00000000 00000009 00000001" RST_IPV6 },
	{ "GRE over IPv6", LINK_RAW, 4, 0, "gre 2001:db8::a-2001:db8::b", OUTER6("2f") "0000 0800" RST_IPV4 },
	{ "GRE, bridging", LINK_RAW, 4, 0, "gre key 9 10.0.0.1-10.0.0.2", OUTER4("2f") "2000 6558 00000009" ETHERNET_RST },
	{ "GRE, MPLS", LINK_RAW, 4, 0, "gre 10.0.0.1-10.0.0.2", OUTER4("2f") "0000 8847 00011140" RST_IPV4 },
	{ "GRE, WCCP", LINK_RAW, 4, 0, "gre 10.0.0.1-10.0.0.2", OUTER4("2f") "0000 883e 00000000" RST_IPV4 },
	{ "GRE in UDP", LINK_RAW, 4, 0, "gre key 9 10.0.0.1-10.0.0.2", OUTER_UDP("d431", "1292") "2000 0800 00000009" RST_IPV4 },
	{ "NVGRE", LINK_RAW, 4, 0, "nvgre vsid 6001 10.0.0.1-10.0.0.2", OUTER4("2f") "2000 6558 00177107" ETHERNET_RST },
	{ "PPTP", LINK_RAW, 4, 0, "pptp call 5 10.0.0.1-10.0.0.2",
	  OUTER4("2f") "3081 880b 002c 0005 00000001 00000002 ff03 0021" RST_IPV4 },
	{ "ERSPAN I", LINK_RAW, 4, 0, "erspan 10.0.0.1-10.0.0.2", OUTER4("2f") "0000 88be" ETHERNET_RST },
	{ "ERSPAN II", LINK_RAW, 4, 0, "erspan session 5 10.0.0.1-10.0.0.2",
	  OUTER4("2f") "1000 88be 00000001 1001 0805 00000000" ETHERNET_RST },
	{ "ERSPAN III", LINK_RAW, 4, 0, "erspan session 5 10.0.0.1-10.0.0.2",
	  OUTER4("2f") "1000 22eb 00000001 2001 0005 00000000 0000 0001 0000000000000000" ETHERNET_RST },
	{ "VXLAN", LINK_RAW, 4, 0, "vxlan vni 7 10.0.0.1-10.0.0.2", OUTER_UDP("d431", "12b5") "08000000 00000700" ETHERNET_RST },
	{ "VXLAN of Linux, tagged inside", LINK_RAW, 4, 9, "vxlan vni 7 10.0.0.1-10.0.0.2",
	  OUTER_UDP("d431", "2118") "88400001 00000700" STATIONS "8100 0009 0800" RST_IPV4 },
	{ "VXLAN-GPE", LINK_RAW, 4, 0, "vxlan-gpe vni 7 10.0.0.1-10.0.0.2", OUTER_UDP("d431", "12b6") "0c000001 00000700" RST_IPV4 },
	{ "Geneve", LINK_RAW, 4, 0, "geneve vni 7 10.0.0.1-10.0.0.2", OUTER_UDP("d431", "17c1") "0100 6558 00000700 01020304" ETHERNET_RST },
	{ "Geneve, IP", LINK_RAW, 6, 0, "geneve vni 7 10.0.0.1-10.0.0.2", OUTER_UDP("d431", "17c1") "0000 86dd 00000700" RST_IPV6 },
	{ "GTP", LINK_RAW, 4, 0, "gtp teid 3 10.0.0.1-10.0.0.2", OUTER_UDP("0868", "0868") "30 ff [-6] 00000003" RST_IPV4 },
	{ "GTP, sequence number", LINK_RAW, 4, 0, "gtp teid 3 10.0.0.1-10.0.0.2",
	  OUTER_UDP("0868", "0868") "32 ff [-6] 00000003 0001 00 00" RST_IPV4 },
	{ "GTP, extensions", LINK_RAW, 6, 0, "gtp teid 3 10.0.0.1-10.0.0.2",
	  OUTER_UDP("0868", "0868") "34 ff [-6] 00000003 0000 00 85 01 0001 c0 02 0000 0000 0000 00" RST_IPV6 },
	{ "GTP, PPP", LINK_RAW, 4, 0, "gtp teid 3 10.0.0.1-10.0.0.2", OUTER_UDP("0868", "0868") "30 ff [-6] 00000003 ff03 0021" RST_IPV4 },
	{ "Teredo", LINK_RAW, 6, 0, "teredo 10.0.0.1-10.0.0.2", OUTER_UDP("0dd8", "1234") RST_IPV6 },
	{ "Teredo from a server", LINK_RAW, 6, 0, "teredo 10.0.0.1-10.0.0.2",
	  OUTER_UDP("0dd8", "1234") "0001 00 00 0102030405060708 00 0000 1234 0a000001" RST_IPV6 },
	{ "Teredo on any port", LINK_RAW, 6, 0, "teredo 10.0.0.1-10.0.0.2", OUTER_UDP("1111", "1234")
	  "6000 0000 0014 06 40 20010000000000000000000000000001 20010db8000000000000000000000002" RST_TCP "0000 0000" },
	{ "L2TP", LINK_RAW, 4, 0, "l2tp session 4 10.0.0.1-10.0.0.2", OUTER_UDP("06a5", "06a5") "0002 0003 0004 ff03 0021" RST_IPV4 },
	{ "L2TP with everything", LINK_RAW, 4, 0, "l2tp session 4 10.0.0.1-10.0.0.2",
	  OUTER_UDP("06a5", "06a5") "4a02 [2] 0003 0004 0001 0002 0002 0000 0021" RST_IPV4 },
	{ "L2TPv3", LINK_RAW, 4, 0, "l2tp session 4 10.0.0.1-10.0.0.2", OUTER4("73") "00000004 01020304" ETHERNET_RST },
	{ "L2TPv3, HDLC", LINK_RAW, 4, 0, "l2tp session 4 10.0.0.1-10.0.0.2", OUTER4("73") "00000004 0f00 0800" RST_IPV4 },
	{ "L2TPv3 in UDP", LINK_RAW, 4, 0, "l2tp session 4 10.0.0.1-10.0.0.2", OUTER_UDP("06a5", "06a5") "0003 0000 00000004 0021" RST_IPV4 },
	{ "AYIYA", LINK_RAW, 6, 0, "ayiya 10.0.0.1-10.0.0.2", OUTER_UDP("13d0", "13d0") "22 52 11 29 00000001 01020304"
	  "0102030405060708090a0b0c0d0e0f1011121314" RST_IPV6 },
	{ "CAPWAP, Ethernet", LINK_RAW, 4, 0, "capwap 10.0.0.1-10.0.0.2", OUTER_UDP("147f", "147f") "00 10 02 00 00000000" ETHERNET_RST },
	{ "CAPWAP, 802.11", LINK_RAW, 4, 0, "capwap 10.0.0.1-10.0.0.2",
	  OUTER_UDP("147f", "147f") "00 10 03 00 00000000" DATA_FRAME SNAP RST_IPV4 },
	{ "CAPWAP, 802.11 swapped", LINK_RAW, 4, 0, "capwap 10.0.0.1-10.0.0.2",
	  OUTER_UDP("147f", "147f") "00 10 03 00 00000000 0108 0000 020000000001 020000000002 020000000003 1000" SNAP RST_IPV4 },
	{ "AH", LINK_RAW, 4, 0, "", "4500 [2] 0001 0000 40 33 0000 c0000201 c0000202"
	  "06 04 0000 00000001 00000001 010203040506070809101112" RST_TCP "26ca 0000" },
	{ "AH, a tunnel", LINK_RAW, 4, 0, "ipip 10.0.0.1-10.0.0.2",
	  OUTER4("33") "04 04 0000 00000001 00000001 010203040506070809101112" RST_IPV4 },
	{ "ESP without a cipher", LINK_RAW, 4, 0, "", "4500 [2] 0001 0000 40 32 0000 c0000201 c0000202"
	  "00000007 00000001" RST_TCP "26ca 0000 0102 0206 010203040506070809101112" },
	{ "ESP without a cipher, a tunnel", LINK_RAW, 4, 0, "esp spi 7 10.0.0.1-10.0.0.2",
	  OUTER4("32") "00000007 00000001" RST_IPV4 "0102 0204 01020304050607080910111213141516" },
	{ "ESP without a cipher, IPv6", LINK_RAW, 6, 0, "esp spi 7 10.0.0.1-10.0.0.2",
	  OUTER4("32") "00000007 00000001" RST_IPV6 "0102 0229" },
	{ "ESP in UDP", LINK_RAW, 4, 0, "esp spi 7 10.0.0.1-10.0.0.2",
	  OUTER_UDP("1194", "1194") "00000007 00000001" RST_IPV4 "0102 0204 010203040506070809101112" },
	{ "GRE, then VXLAN", LINK_RAW, 4, 0, "gre 10.0.0.1-10.0.0.2, vxlan vni 7 10.0.0.1-10.0.0.2",
	  OUTER4("2f") "0000 0800" OUTER_UDP("d431", "12b5") "08000000 00000700" ETHERNET_RST },
};
/* clang-format on */

const size_t sample_count = sizeof(samples) / sizeof(samples[0]);

enum { COUNTS_MAX = 16, COUNT_SIZE = 2 };

struct count {
	uint32_t at;
	long before;
	bool little;
};

static void write_count(struct wire *wire, const struct count *count)
{
	long from = (long)count->at - count->before;
	uint32_t number;

	number = (uint32_t)((long)wire->captured - from);
	wire->bytes[count->at + !count->little] = (uint8_t)number;
	wire->bytes[count->at + count->little] = (uint8_t)(number >> 8);
}

struct wire wire_counted(uint16_t link_type, const char *hex)
{
	struct wire wire = { .link_type = link_type };
	struct count counts[COUNTS_MAX];
	size_t used = 0;
	char plain[3 * WIRE_MAX];
	size_t length = 0;

	/* Zeros stand where the counts go; digits tell how far it is to there. */
	uint32_t digits = 0;
	for (const char *at = hex; *at != '\0'; at++) {
		char *end;

		if (*at == ' ')
			continue;
		if (*at != '[' && *at != '{') {
			plain[length++] = *at;
			digits++;
			continue;
		}
		cr_assert(used < COUNTS_MAX && digits % 2 == 0);
		counts[used++] = (struct count){ digits / 2, strtol(at + 1, &end, 10), *at == '{' };
		at = end;
		memcpy(plain + length, "0000", 4);
		length += 4;
		digits += 4;
	}
	plain[length] = '\0';
	wire = wire_hex(link_type, plain);
	for (size_t i = 0; i < used; i++)
		write_count(&wire, &counts[i]);
	return wire;
}

struct wire sample_wire(const struct sample *sample)
{
	return wire_counted(sample->link_type, sample->hex);
}
