/* encode_test.c: encode is the inverse of decode. */

#include "packet/encode.h"

#include <criterion/criterion.h>
#include <string.h>

#include "packet/link.h"
#include "unit/packet/random_segment.h"
#include "unit/packet/wire.h"

enum { SEGMENTS = 20000 };

static void fill(struct random *random, uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bytes[i] = (uint8_t)random_next(random);
}

Test(encode, is_undone_by_decode)
{
	struct random random = { .state = UINT64_C(0x9e3779b97f4a7c15) };

	for (unsigned i = 0; i < SEGMENTS; i++) {
		uint16_t link_type = random_link_type(&random);
		struct segment segment = random_segment(&random, link_type);
		struct segment decoded;
		uint8_t payload[2000], out[3000];
		uint32_t length;
		size_t written;

		fill(&random, payload, segment.captured);
		written = encode(&segment, link_type, payload, out, sizeof(out), &length);
		cr_assert_gt(written, 0, "segment %u", i);
		cr_assert_geq(length, written, "segment %u", i);
		cr_assert(verdict_is_sound(
			bytes_decode(out, (uint32_t)written, length, link_type, &decoded)));
		cr_assert_eq(memcmp(&decoded, &segment, sizeof(segment)), 0, "segment %u", i);
	}
}

/* What a prefix shows is never otherwise than in the whole. */
static void check_prefix(const struct segment *whole, const struct segment *part, unsigned size)
{
	cr_assert_leq(part->captured, size);
	cr_assert_leq(part->captured, whole->captured);
	cr_assert_eq(part->source_port, whole->source_port);
	cr_assert_eq(part->destination_port, whole->destination_port);
	cr_assert_eq(part->family, whole->family);
	cr_assert_eq(part->vlan, whole->vlan);
	cr_assert(part->seq == whole->seq || part->seq == 0);
	cr_assert(part->flags == whole->flags || part->flags == 0);
	cr_assert(part->payload == whole->payload || part->payload == 0);
	cr_assert(part->checksum == whole->checksum || part->checksum == CHECKSUM_UNKNOWN);
	cr_assert(part->kind == whole->kind || part->kind == SEGMENT_TCP_PART);
}

Test(encode, gives_frames_of_which_every_prefix_is_safe)
{
	struct random random = { .state = 1 };

	for (unsigned i = 0; i < 400; i++) {
		uint16_t link_type = random_link_type(&random);
		struct segment segment = random_segment(&random, link_type);
		uint8_t out[3000];
		uint32_t length;
		size_t written = encode(&segment, link_type, NULL, out, sizeof(out), &length);

		for (uint32_t size = 0; size < written && size < ENCODE_HEADERS_MAX; size++) {
			struct segment part;

			if (verdict_has_segment(bytes_decode(out, size, length, link_type, &part)))
				check_prefix(&segment, &part, size);
		}
	}
}

Test(encode, refuses_what_does_not_fit_or_has_no_encoder)
{
	struct segment segment = {
		.kind = SEGMENT_TCP,
		.family = FAMILY_IPV4,
		.payload = 10,
		.captured = 10,
	};
	uint8_t out[64];
	uint32_t length = 42;

	cr_assert_eq(encode(&segment, LINK_RAW, NULL, out, 49, &length), 0);
	cr_assert_eq(encode(&segment, LINK_IPV6, NULL, out, sizeof(out), &length), 0);
	cr_assert_eq(encode(&segment, 147, NULL, out, sizeof(out), &length), 0);
	segment.kind = SEGMENT_TCP_PART;
	cr_assert_eq(encode(&segment, LINK_RAW, NULL, out, sizeof(out), &length), 0);
	cr_assert_eq(length, 42);
	segment.kind = SEGMENT_TCP;
	cr_assert_eq(encode(&segment, LINK_RAW, NULL, out, 50, &length), 50);
	cr_assert_eq(length, 50);
}

/*
 * 02:00:0a:00:00:01 > 02:00:0a:00:00:02, vlan 7, 10.0.0.1.1234 > 10.0.0.2.80: Flags [P.],
 * cksum 0xd04c (correct), seq 4294967280:4294967283, ack 5, win 512, length 3
 */
Test(encode, writes_these_very_bytes)
{
	static const char expected[] = "02000a000002 02000a000001 8100 0007 0800"
				       "4500 002b 0000 4000 40 06 26cb 0a000001 0a000002"
				       "04d2 0050 fffffff0 00000005 5018 0200 d04c 0000 616263";
	struct wire wire = wire_hex(LINK_ETHERNET, expected);
	struct segment segment = {
		.kind = SEGMENT_TCP,
		.family = FAMILY_IPV4,
		.source_port = 1234,
		.destination_port = 80,
		.seq = 4294967280,
		.ack = 5,
		.flags = TCP_PSH | TCP_ACK,
		.window = 512,
		.ttl = 64,
		.vlan = 7,
		.payload = 3,
		.captured = 3,
	};
	uint8_t out[128];
	uint32_t length;

	address_parse("10.0.0.1", &segment.source);
	address_parse("10.0.0.2", &segment.destination);
	cr_assert_eq(
		encode(&segment, LINK_ETHERNET, (const uint8_t *)"abc", out, sizeof(out), &length),
		wire.captured);
	cr_assert_eq(memcmp(out, wire.bytes, wire.captured), 0);
}
