/* esp.c: IPsec's ESP (RFC 4303), which can be read when its cipher is none (RFC 2410). */

/*
 * Nothing says that there is no cipher: the trailer is looked for where it would
 * be, and what it names must agree with its own lengths and checksum, which no
 * encrypted packet does by chance.
 */

#include "layer.h"

#include "checksum.h"
#include "protocol.h"

enum { ESP_HEADER = 8, ESP_TRAILER = 2 };

/* Bytes of the integrity check that follows the trailer: RFC 2404, 4868, none, and odd ones. */
static const uint8_t check_sizes[] = { 12, 16, 0, 24, 32 };

struct trailer {
	uint32_t content; /* bytes before the padding */
	uint8_t protocol;
};

/* Padding counts 1, 2, 3... and fills up to a multiple of four bytes. */
static bool trailer_read(const struct cursor *cursor, uint32_t check_size, struct trailer *trailer)
{
	uint32_t end;
	uint32_t padding;

	if (cursor->length < ESP_TRAILER + check_size)
		return false;
	end = cursor->length - check_size - ESP_TRAILER;
	padding = cursor->head[end];
	if (padding > end || (end + ESP_TRAILER) % 4 != 0)
		return false;
	for (uint32_t i = 0; i < padding; i++)
		if (cursor->head[end - padding + i] != i + 1)
			return false;
	trailer->content = end - padding;
	trailer->protocol = cursor->head[end + 1];
	return true;
}

static bool transport_agrees(const struct packet *packet, const struct trailer *trailer)
{
	const uint8_t *bytes = packet->cursor.head;
	bool is_tcp = trailer->protocol == PROTOCOL_TCP;
	uint32_t header = is_tcp ? TCP_HEADER : UDP_HEADER;
	uint16_t field;

	if (trailer->content < header)
		return false;
	if (!is_tcp && read_u16(bytes + 4) != trailer->content)
		return false;
	field = read_u16(bytes + (is_tcp ? 16 : 6));
	return checksum_judge(packet->segment, trailer->protocol, bytes, trailer->content, field) ==
	       CHECKSUM_GOOD;
}

/* The packet in the tunnel fills it, and sums up. */
static bool tunnel_agrees(const struct packet *packet, const struct trailer *trailer)
{
	struct cursor inside = packet->cursor;
	const uint8_t *header = inside.head;

	cursor_limit(&inside, trailer->content);
	if (!ip_begins(&inside))
		return false;
	if (trailer->protocol == PROTOCOL_IPV6)
		return header[0] >> 4 == FAMILY_IPV6 &&
		       read_u16(header + 4) + (uint32_t)IPV6_HEADER == trailer->content;
	return header[0] >> 4 == FAMILY_IPV4 && read_u16(header + 2) == trailer->content &&
	       checksum_fold(checksum_add(0, header, (header[0] & 0x0fu) * 4)) == UINT16_MAX;
}

static bool content_agrees(const struct packet *packet, const struct trailer *trailer)
{
	switch (trailer->protocol) {
	case PROTOCOL_TCP:
	case PROTOCOL_UDP:
		return transport_agrees(packet, trailer);
	case PROTOCOL_IPV4:
	case PROTOCOL_IPV6:
		return tunnel_agrees(packet, trailer);
	default:
		return false;
	}
}

static bool content_find(const struct packet *packet, struct trailer *trailer)
{
	if (packet->cursor.captured < packet->cursor.length || packet->missing > 0)
		return false;
	for (size_t i = 0; i < COUNT(check_sizes); i++)
		if (trailer_read(&packet->cursor, check_sizes[i], trailer) &&
		    content_agrees(packet, trailer))
			return true;
	return false;
}

bool esp_open(struct packet *packet, struct next *next)
{
	const uint8_t *header = cursor_pull(&packet->cursor, ESP_HEADER);
	struct tunnel_mark mark = { .kind = TUNNEL_ESP, .has_id = true };
	struct trailer trailer;

	if (!header || !content_find(packet, &trailer))
		return false;
	mark.id = read_u32(header);
	cursor_limit(&packet->cursor, trailer.content);
	*next = protocol_next(trailer.protocol);
	if (trailer.protocol == PROTOCOL_IPV4)
		*next = tunnel_enter(packet, mark, ipv4_layer);
	if (trailer.protocol == PROTOCOL_IPV6)
		*next = tunnel_enter(packet, mark, ipv6_layer);
	return true;
}

struct next esp_layer(struct packet *packet)
{
	struct next next;

	return esp_open(packet, &next) ? next : end_with(VERDICT_UNDECIPHERABLE);
}
