/* link.c: the table of link types, and those that need little more than their row. */

#include "packet/link.h"

#include "layer.h"
#include "protocol.h"

/* In a cooked header, where an Ethernet type would stand: 802.2 follows (Linux's ETH_P_802_2). */
enum { SLL_LLC = 0x0004 };

/* A netANALYZER's header, and what it leaves of the wire: preamble and start. */
enum { NETANALYZER_HEADER = 4, NETANALYZER_PREAMBLE = 8 };

static layer_function loopback_layer, sll_layer, sll2_layer, directed_ppp_layer;
static layer_function directed_cisco_hdlc_layer, directed_frame_relay_layer;
static layer_function netanalyzer_layer, netanalyzer_transparent_layer;

struct link_row {
	const char *name;
	layer_function *layer; /* NULL: only the name is known */
};

/* clang-format off */
static const struct link_row links[] = {
	[LINK_NULL]        = { "NULL",        loopback_layer },
	[LINK_ETHERNET]    = { "EN10MB",      ethernet_layer },
	[3]                = { "AX25",        NULL },
	[LINK_TOKEN_RING]  = { "IEEE802",     token_ring_layer },
	[LINK_ARCNET_BSD]  = { "ARCNET",      arcnet_bsd_layer },
	[LINK_SLIP]        = { "SLIP",        slip_layer },
	[LINK_PPP]         = { "PPP",         ppp_layer },
	[LINK_FDDI]        = { "FDDI",        fddi_layer },
	[12]               = { "RAW",         ip_layer },  /* DLT_RAW of most systems, as some tools write it */
	[14]               = { "RAW",         ip_layer },  /* DLT_RAW of OpenBSD */
	[LINK_PPP_HDLC]    = { "PPP_SERIAL",  ppp_hdlc_layer },
	[LINK_PPP_ETHER]   = { "PPP_ETHER",   pppoe_layer },
	[99]               = { "SYMANTEC_FIREWALL", NULL },
	[LINK_ATM_RFC1483] = { "ATM_RFC1483", llc_layer },
	[LINK_RAW]         = { "RAW",         ip_layer },
	[102]              = { "SLIP_BSDOS",  NULL },
	[103]              = { "PPP_BSDOS",   NULL },
	[LINK_C_HDLC]      = { "C_HDLC",      cisco_hdlc_layer },
	[LINK_IEEE802_11]  = { "IEEE802_11",  wlan_layer },
	[LINK_ATM_CLIP]    = { "ATM_CLIP",    llc_layer },
	[LINK_FRAME_RELAY] = { "FRELAY",      frame_relay_layer },
	[LINK_LOOP]        = { "LOOP",        loopback_layer },
	[LINK_ENC]         = { "ENC",         enc_layer },
	[LINK_LINUX_SLL]   = { "LINUX_SLL",   sll_layer },
	[114]              = { "LTALK",       NULL },
	[LINK_PFLOG]       = { "PFLOG",       pflog_layer },
	[LINK_PRISM]       = { "PRISM_HEADER", prism_layer },
	[LINK_IP_OVER_FC]  = { "IP_OVER_FC",  fibre_channel_layer },
	[123]              = { "SUNATM",      NULL },
	[LINK_RADIOTAP]    = { "IEEE802_11_RADIO", radiotap_layer },
	[LINK_ARCNET_LINUX] = { "ARCNET_LINUX", arcnet_linux_layer },
	[LINK_FIREWIRE]    = { "APPLE_IP_OVER_IEEE1394", firewire_layer },
	[139]              = { "MTP2_WITH_PHDR", NULL },
	[140]              = { "MTP2",        NULL },
	[141]              = { "MTP3",        NULL },
	[142]              = { "SCCP",        NULL },
	[143]              = { "DOCSIS",      NULL },
	[144]              = { "LINUX_IRDA",  NULL },
	[LINK_USER0] = { "USER0",  NULL }, { "USER1",  NULL }, { "USER2",  NULL }, { "USER3",  NULL },
	[151] = { "USER4",  NULL }, { "USER5",  NULL }, { "USER6",  NULL }, { "USER7",  NULL },
	[155] = { "USER8",  NULL }, { "USER9",  NULL }, { "USER10", NULL }, { "USER11", NULL },
	[159] = { "USER12", NULL }, { "USER13", NULL }, { "USER14", NULL }, { "USER15", NULL },
	[LINK_AVS]         = { "IEEE802_11_RADIO_AVS", avs_layer },
	[165]              = { "BACNET_MS_TP", NULL },
	[LINK_PPP_PPPD]    = { "PPP_PPPD",    directed_ppp_layer },
	[169]              = { "GPRS_LLC",    NULL },
	[177]              = { "LINUX_LAPD",  NULL },
	[LINK_JUNIPER_ETHER]       = { "JUNIPER_ETHER",  juniper_ethernet_layer },
	[LINK_JUNIPER_PPP]         = { "JUNIPER_PPP",    juniper_ppp_layer },
	[LINK_JUNIPER_FRAME_RELAY] = { "JUNIPER_FRELAY", juniper_frame_relay_layer },
	[LINK_JUNIPER_C_HDLC]      = { "JUNIPER_CHDLC",  juniper_cisco_hdlc_layer },
	[182]              = { "MFR",         NULL },
	[LINK_BLUETOOTH]   = { "BLUETOOTH_HCI_H4", bluetooth_layer },
	[189]              = { "USB_LINUX",   NULL },
	[LINK_PPI]         = { "PPI",         ppi_layer },
	[195]              = { "IEEE802_15_4_WITHFCS", NULL },
	[197]              = { "ERF",         NULL },
	[LINK_BLUETOOTH_DIRECTED] = { "BLUETOOTH_HCI_H4_WITH_PHDR", bluetooth_directed_layer },
	[202]              = { "AX25_KISS",   NULL },
	[203]              = { "LAPD",        NULL },
	[LINK_PPP_WITH_DIR]    = { "PPP_WITH_DIR",    directed_ppp_layer },
	[LINK_C_HDLC_WITH_DIR] = { "C_HDLC_WITH_DIR", directed_cisco_hdlc_layer },
	[LINK_FRAME_RELAY_WITH_DIR] = { "FRELAY_WITH_DIR", directed_frame_relay_layer },
	[207]              = { "LAPB_WITH_DIR", NULL },
	[212]              = { "LIN",         NULL },
	[215]              = { "IEEE802_15_4_NONASK_PHY", NULL },
	[LINK_MPLS]        = { "MPLS",        mpls_layer },
	[220]              = { "USB_LINUX_MMAPPED", NULL },
	[227]              = { "CAN_SOCKETCAN", NULL },
	[LINK_IPV4]        = { "IPV4",        ipv4_layer },
	[LINK_IPV6]        = { "IPV6",        ipv6_layer },
	[230]              = { "IEEE802_15_4_NOFCS", NULL },
	[231]              = { "DBUS",        NULL },
	[LINK_NFLOG]       = { "NFLOG",       nflog_layer },
	[LINK_NETANALYZER] = { "NETANALYZER", netanalyzer_layer },
	[LINK_NETANALYZER_TRANSPARENT] = { "NETANALYZER_TRANSPARENT", netanalyzer_transparent_layer },
	[LINK_IPOIB]       = { "IPOIB",       ipoib_layer },
	[247]              = { "INFINIBAND",  NULL },
	[248]              = { "SCTP",        NULL },
	[249]              = { "USBPCAP",     NULL },
	[251]              = { "BLUETOOTH_LE_LL", NULL },
	[252]              = { "WIRESHARK_UPPER_PDU", NULL },
	[253]              = { "NETLINK",     NULL },
	[256]              = { "BLUETOOTH_LE_LL_WITH_PHDR", NULL },
	[274]              = { "ETHERNET_MPACKET", NULL },
	[LINK_LINUX_SLL2]  = { "LINUX_SLL2",  sll2_layer },
	[283]              = { "IEEE802_15_4_TAP", NULL },
	[288]              = { "USB_2_0",     NULL },
};

static const struct {
	uint32_t family;
	layer_function *layer;
} loopback_families[] = {
	{ LOOPBACK_IPV4,         ipv4_layer },
	{ LOOPBACK_IPV6_LINUX,   ipv6_layer },
	{ LOOPBACK_IPV6_BSD,     ipv6_layer },
	{ LOOPBACK_IPV6_FREEBSD, ipv6_layer },
	{ LOOPBACK_IPV6_DARWIN,  ipv6_layer },
};
/* clang-format on */

/* NULL has the byte order of the machine that captured, which only the small value tells; LOOP has ours. */
static struct next loopback_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, LOOPBACK_HEADER);
	uint32_t family;

	if (!header)
		return end_with(VERDICT_LINK_CUT);
	family = read_u32(header);
	if (family > UINT16_MAX)
		family = read_u16_little(header);
	for (size_t i = 0; i < COUNT(loopback_families); i++)
		if (loopback_families[i].family == family)
			return next_is(loopback_families[i].layer);
	return end_with(VERDICT_NOT_IP);
}

static struct next cooked_next(uint16_t type)
{
	return type == SLL_LLC ? next_is(llc_layer) : ethernet_type_next(type);
}

static struct next sll_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, SLL_HEADER);

	return header ? cooked_next(read_u16(header + 14)) : end_with(VERDICT_LINK_CUT);
}

static struct next sll2_layer(struct packet *packet)
{
	const uint8_t *header = cursor_pull(&packet->cursor, SLL2_HEADER);

	return header ? cooked_next(read_u16(header)) : end_with(VERDICT_LINK_CUT);
}

/* A byte says which way, which the addresses say better; pppd puts it in place of PPP's own first. */
static struct next directed_ppp_layer(struct packet *packet)
{
	const uint8_t *direction = cursor_pull(&packet->cursor, 1);

	if (direction && packet->link_type == LINK_PPP_PPPD && packet->cursor.captured > 0 &&
	    packet->cursor.head[0] == 0x03)
		cursor_pull(&packet->cursor, 1);
	return direction ? next_is(ppp_layer) : end_with(VERDICT_LINK_CUT);
}

static struct next directed_cisco_hdlc_layer(struct packet *packet)
{
	return skip_to(packet, 1, cisco_hdlc_layer);
}

static struct next directed_frame_relay_layer(struct packet *packet)
{
	return skip_to(packet, 1, frame_relay_layer);
}

static struct next netanalyzer_layer(struct packet *packet)
{
	return skip_to(packet, NETANALYZER_HEADER, ethernet_layer);
}

static struct next netanalyzer_transparent_layer(struct packet *packet)
{
	return skip_to(packet, NETANALYZER_HEADER + NETANALYZER_PREAMBLE, ethernet_layer);
}

bool link_type_is_known(uint16_t link_type)
{
	return link_type < COUNT(links) && links[link_type].layer;
}

struct next link_layer(struct packet *packet)
{
	const struct decoder *decoder = packet->decoder;
	uint16_t type = packet->link_type;

	if (type < COUNT(links) && links[type].layer)
		return links[type].layer(packet);
	if (!decoder || !decoder->has_link_override || !link_type_is_known(decoder->link_override))
		return end_with(VERDICT_LINK_UNKNOWN);
	packet->link_type = decoder->link_override;
	return links[packet->link_type].layer(packet);
}

const char *link_type_name(uint16_t link_type)
{
	return link_type < COUNT(links) ? links[link_type].name : NULL;
}
