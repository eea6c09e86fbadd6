/* encode.c: the inverse of decode, header by header. */

#include "packet/encode.h"

#include <string.h>

#include "checksum.h"
#include "protocol.h"
#include "writer.h"

enum { IPV4_DONT_FRAGMENT = 0x4000, ICMP_TTL = 64 };

/* What the headers must say of each other before the first is written. */
struct plan {
	const struct segment *segment;
	const uint8_t *payload;
	uint8_t protocol;
	bool quote;
	uint32_t header; /* bytes of the transport header, options included */
	uint32_t shown;  /* of these, captured or quoted */
};

static uint32_t quoted_header(uint32_t quoted)
{
	return quoted <= TCP_HEADER ? TCP_HEADER : (quoted + 3) / 4 * 4;
}

/* Returns false when there is nothing to encode. */
static bool plan_segment(struct plan *plan, const struct segment *segment, const uint8_t *payload)
{
	*plan = (struct plan){ .segment = segment, .payload = payload };
	switch (segment->kind) {
	case SEGMENT_TCP:
		plan->protocol = PROTOCOL_TCP;
		plan->shown = TCP_HEADER + (uint32_t)segment->options_length;
		plan->header = plan->shown + segment->options_cut;
		return true;
	case SEGMENT_UDP:
		plan->protocol = PROTOCOL_UDP;
		plan->header = plan->shown = UDP_HEADER;
		return true;
	case SEGMENT_TCP_QUOTE:
		plan->quote = true;
		plan->protocol = PROTOCOL_TCP;
		plan->shown = segment->icmp.quoted;
		plan->header = quoted_header(plan->shown);
		return true;
	case SEGMENT_UDP_QUOTE:
		plan->quote = true;
		plan->protocol = PROTOCOL_UDP;
		plan->header = plan->shown = UDP_HEADER;
		return true;
	default:
		return false;
	}
}

/* A sum of what was captured; the rest of the payload counts as zeros, which add nothing. */
static uint64_t add_payload(uint64_t sum, const struct plan *plan)
{
	return plan->payload ? checksum_add(sum, plan->payload, plan->segment->captured) : sum;
}

/* Neither good, nor left to the card, nor the zero by which UDP says that there is none. */
static uint16_t bad_checksum(uint16_t good, uint16_t offloaded)
{
	static const uint16_t spoilers[] = { 0x5555, 0x3333, 0x1111 };
	size_t i = 0;

	while ((good ^ spoilers[i]) == offloaded || (good ^ spoilers[i]) == 0)
		i++;
	return good ^ spoilers[i];
}

/* `transport` has zeros where the checksum goes. */
static uint16_t transport_checksum(const struct plan *plan, const uint8_t *transport)
{
	const struct segment *segment = plan->segment;
	uint64_t pseudo = checksum_add_pseudo(0, &segment->source, &segment->destination,
	                                      plan->protocol, plan->header + segment->payload);
	uint16_t offloaded = checksum_fold(pseudo);
	uint16_t good = (uint16_t)~checksum_fold(
		add_payload(checksum_add(pseudo, transport, plan->header), plan));

	if (segment->checksum == CHECKSUM_OFFLOADED)
		return offloaded;
	if (segment->checksum == CHECKSUM_BAD)
		return bad_checksum(good, offloaded);
	return good == 0 && plan->protocol == PROTOCOL_UDP ? UINT16_MAX : good;
}

static void fill_tcp(const struct plan *plan, uint8_t *header)
{
	const struct segment *segment = plan->segment;

	write_u16(header, segment->source_port);
	write_u16(header + 2, segment->destination_port);
	write_u32(header + 4, segment->seq);
	write_u32(header + 8, segment->ack);
	write_u16(header + 12, (uint16_t)(plan->header / 4 << 12 | segment->flags));
	write_u16(header + 14, segment->window);
	write_u16(header + 18, segment->urgent);
	/* END, then zeros, stand for options that a quote or a snaplen left out. */
	if (!plan->quote)
		memcpy(header + TCP_HEADER, segment->options, segment->options_length);
	write_u16(header + 16, transport_checksum(plan, header));
}

static void fill_udp(const struct plan *plan, uint8_t *header)
{
	uint32_t length = UDP_HEADER + plan->segment->payload;

	write_u16(header, plan->segment->source_port);
	write_u16(header + 2, plan->segment->destination_port);
	write_u16(header + 4, (uint16_t)(length > UINT16_MAX ? 0 : length));
	write_u16(header + 6, transport_checksum(plan, header));
}

static void write_transport(struct writer *writer, const struct plan *plan)
{
	uint8_t *header = writer_add(writer, plan->header);

	if (plan->protocol == PROTOCOL_TCP)
		fill_tcp(plan, header);
	else
		fill_udp(plan, header);
	writer->used -= plan->header - plan->shown;
}

/* What is about to be written as one IP header. */
struct envelope {
	const struct address *source;
	const struct address *destination;
	uint16_t id;
	uint8_t ttl;
	uint8_t protocol;
	uint32_t length; /* of what it carries */
};

static void write_ipv4(struct writer *writer, const struct envelope *envelope)
{
	uint32_t total = IPV4_HEADER + envelope->length;
	uint8_t *header = writer_add(writer, IPV4_HEADER);

	header[0] = 0x45;
	write_u16(header + 2, (uint16_t)(total > UINT16_MAX ? 0 : total));
	write_u16(header + 4, envelope->id);
	write_u16(header + 6, IPV4_DONT_FRAGMENT);
	header[8] = envelope->ttl;
	header[9] = envelope->protocol;
	memcpy(header + 12, envelope->source->bytes, 4);
	memcpy(header + 16, envelope->destination->bytes, 4);
	write_u16(header + 10, (uint16_t)~checksum_fold(checksum_add(0, header, IPV4_HEADER)));
}

static void write_ipv6(struct writer *writer, const struct envelope *envelope)
{
	uint8_t *header = writer_add(writer, IPV6_HEADER);

	header[0] = 0x60;
	write_u16(header + 4, (uint16_t)(envelope->length > UINT16_MAX ? 0 : envelope->length));
	header[6] = envelope->protocol;
	header[7] = envelope->ttl;
	memcpy(header + 8, envelope->source->bytes, 16);
	memcpy(header + 24, envelope->destination->bytes, 16);
}

static void write_ip(struct writer *writer, uint8_t family, const struct envelope *envelope)
{
	if (family == FAMILY_IPV4)
		write_ipv4(writer, envelope);
	else
		write_ipv6(writer, envelope);
}

/* The segment as it was sent: the whole packet, or what the error quotes. */
static void write_packet(struct writer *writer, const struct plan *plan)
{
	const struct segment *segment = plan->segment;

	write_ip(writer, segment->family,
	         &(struct envelope){
			 .source = &segment->source,
			 .destination = &segment->destination,
			 .id = segment->ip_id,
			 .ttl = segment->ttl,
			 .protocol = plan->protocol,
			 .length = plan->header + segment->payload,
		 });
	write_transport(writer, plan);
}

static uint8_t *write_icmp(struct writer *writer, const struct segment *segment)
{
	const struct icmp_error *icmp = &segment->icmp;
	uint8_t *header = writer_add(writer, ICMP_HEADER);

	header[0] = icmp->type;
	header[1] = icmp->code;
	write_u16(header + 6, icmp->mtu);
	return header;
}

static void write_error(struct writer *writer, const struct plan *plan)
{
	const struct segment *segment = plan->segment;
	bool ipv4 = segment->family == FAMILY_IPV4;
	uint8_t protocol = ipv4 ? PROTOCOL_ICMP : PROTOCOL_ICMPV6;
	uint32_t quote = (ipv4 ? IPV4_HEADER : IPV6_HEADER) + plan->shown + segment->captured;
	uint64_t sum = 0;
	uint8_t *header;

	write_ip(writer, segment->family,
	         &(struct envelope){
			 .source = &segment->icmp.reporter,
			 .destination = &segment->source,
			 .ttl = ICMP_TTL,
			 .protocol = protocol,
			 .length = ICMP_HEADER + quote,
		 });
	header = write_icmp(writer, segment);
	write_packet(writer, plan);
	if (!ipv4)
		sum = checksum_add_pseudo(0, &segment->icmp.reporter, &segment->source, protocol,
		                          ICMP_HEADER + quote);
	sum = checksum_add(sum, header, (size_t)(writer->bytes + writer->used - header));
	write_u16(header + 2, (uint16_t)~checksum_fold(add_payload(sum, plan)));
}

static size_t copy_out(const struct writer *writer, const struct plan *plan, uint8_t *out,
                       size_t size)
{
	uint32_t captured = plan->segment->captured;

	if (size < writer->used || size - writer->used < captured)
		return 0;
	memcpy(out, writer->bytes, writer->used);
	if (plan->payload)
		memcpy(out + writer->used, plan->payload, captured);
	else
		memset(out + writer->used, 0, captured);
	return writer->used + captured;
}

size_t encode(const struct segment *segment, uint16_t link_type, const uint8_t *payload,
              uint8_t *out, size_t size, uint32_t *length)
{
	struct writer writer = { .used = 0 };
	struct plan plan;
	size_t written;

	assert(segment->captured <= segment->payload);
	if (!plan_segment(&plan, segment, payload) || encode_link(&writer, link_type, segment) != 0)
		return 0;
	if (plan.quote)
		write_error(&writer, &plan);
	else
		write_packet(&writer, &plan);
	written = copy_out(&writer, &plan, out, size);
	if (written == 0)
		return 0;
	*length = (uint32_t)written;
	if (!plan.quote)
		*length += plan.header - plan.shown + segment->payload - segment->captured;
	return written;
}
