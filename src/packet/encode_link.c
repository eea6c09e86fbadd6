/* encode_link.c: link headers, written as link.c reads them. */

#include "writer.h"

#include "packet/link.h"
#include "protocol.h"

/* ARP's hardware type of Ethernet, which cooked headers name. */
enum { HARDWARE_ETHERNET = 1 };

typedef void link_writer(struct writer *writer, const struct segment *segment);

static link_writer write_null, write_loop, write_ethernet, write_raw, write_sll, write_sll2;

/* clang-format off */
static const struct {
	uint16_t link_type;
	uint8_t family; /* the only one it carries, or FAMILY_NONE */
	link_writer *write;
} writers[] = {
	{ LINK_NULL,       FAMILY_NONE, write_null },
	{ LINK_ETHERNET,   FAMILY_NONE, write_ethernet },
	{ LINK_RAW,        FAMILY_NONE, write_raw },
	{ LINK_LOOP,       FAMILY_NONE, write_loop },
	{ LINK_LINUX_SLL,  FAMILY_NONE, write_sll },
	{ LINK_IPV4,       FAMILY_IPV4, write_raw },
	{ LINK_IPV6,       FAMILY_IPV6, write_raw },
	{ LINK_LINUX_SLL2, FAMILY_NONE, write_sll2 },
};
/* clang-format on */

static uint16_t ip_type(const struct segment *segment)
{
	return segment->family == FAMILY_IPV4 ? ETHERNET_IPV4 : ETHERNET_IPV6;
}

static uint16_t outer_type(const struct segment *segment)
{
	return segment->vlan ? ETHERNET_VLAN : ip_type(segment);
}

static void write_tag(struct writer *writer, const struct segment *segment)
{
	uint8_t *tag;

	if (segment->vlan == 0)
		return;
	tag = writer_add(writer, VLAN_TAG);
	write_u16(tag, segment->vlan);
	write_u16(tag + 2, ip_type(segment));
}

/* Locally administered, so that it is nobody's: 02:00 and the address's last four bytes. */
static void write_station(uint8_t *bytes, const struct segment *segment,
                          const struct address *address)
{
	bytes[0] = 0x02;
	memcpy(bytes + 2, address->bytes + (segment->family == FAMILY_IPV4 ? 0 : 12), 4);
}

/* An ICMP error comes from its reporter and goes to the source of what it quotes. */
static const struct address *sender(const struct segment *segment)
{
	bool quote = segment->kind == SEGMENT_TCP_QUOTE || segment->kind == SEGMENT_UDP_QUOTE;

	return quote ? &segment->icmp.reporter : &segment->source;
}

static const struct address *receiver(const struct segment *segment)
{
	bool quote = segment->kind == SEGMENT_TCP_QUOTE || segment->kind == SEGMENT_UDP_QUOTE;

	return quote ? &segment->source : &segment->destination;
}

/* The byte order of a little-endian machine, on every machine. */
static void write_null(struct writer *writer, const struct segment *segment)
{
	writer_add(writer, LOOPBACK_HEADER)[0] =
		segment->family == FAMILY_IPV4 ? LOOPBACK_IPV4 : LOOPBACK_IPV6_DARWIN;
}

static void write_loop(struct writer *writer, const struct segment *segment)
{
	writer_add(writer, LOOPBACK_HEADER)[3] =
		segment->family == FAMILY_IPV4 ? LOOPBACK_IPV4 : LOOPBACK_IPV6_BSD;
}

static void write_ethernet(struct writer *writer, const struct segment *segment)
{
	uint8_t *header = writer_add(writer, ETHERNET_HEADER);

	write_station(header, segment, receiver(segment));
	write_station(header + 6, segment, sender(segment));
	write_u16(header + 12, outer_type(segment));
	write_tag(writer, segment);
}

static void write_raw(struct writer *writer, const struct segment *segment)
{
	(void)writer;
	(void)segment;
}

static void write_sll(struct writer *writer, const struct segment *segment)
{
	uint8_t *header = writer_add(writer, SLL_HEADER);

	write_u16(header + 2, HARDWARE_ETHERNET);
	write_u16(header + 4, 6);
	write_station(header + 6, segment, sender(segment));
	write_u16(header + 14, outer_type(segment));
	write_tag(writer, segment);
}

static void write_sll2(struct writer *writer, const struct segment *segment)
{
	uint8_t *header = writer_add(writer, SLL2_HEADER);

	write_u16(header, outer_type(segment));
	write_u32(header + 4, 1);
	write_u16(header + 8, HARDWARE_ETHERNET);
	header[11] = 6;
	write_station(header + 12, segment, sender(segment));
	write_tag(writer, segment);
}

int encode_link(struct writer *writer, uint16_t link_type, const struct segment *segment)
{
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		if (writers[i].link_type != link_type)
			continue;
		if (writers[i].family != FAMILY_NONE && writers[i].family != segment->family)
			return -1;
		writers[i].write(writer, segment);
		return 0;
	}
	return -1;
}
