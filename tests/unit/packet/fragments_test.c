/* fragments_test.c: datagrams put together, whatever order and state their fragments arrive in. */

#include "packet/fragments.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/time.h"
#include "packet/link.h"
#include "unit/packet/random_segment.h"
#include "unit/packet/samples.h"
#include "unit/packet/storage.h"

/* 192.0.2.1.80 > 192.0.2.2.1234: Flags [P.], seq 4294967280, ack 1, win 512, length 20; the sum is right */
static const char datagram[] = "0050 04d2 fffffff0 00000001 5018 0200 fc6e 0000"
			       "6162636465666768 696a6b6c6d6e6f70 71727374";

enum { DATAGRAM = 40 };

struct part {
	uint32_t offset;
	uint32_t length;
};

static struct wire fragment(uint8_t family, uint32_t id, struct part part, uint32_t of)
{
	struct wire whole = wire_hex(LINK_RAW, datagram);
	struct wire wire;
	uint32_t header = family == FAMILY_IPV4 ? 20 : 48;
	bool more = part.offset + part.length < of;

	if (family == FAMILY_IPV4) {
		wire = wire_hex(LINK_RAW, "4500 0000 0000 0000 40 06 0000 c0000201 c0000202");
		wire.bytes[3] = (uint8_t)(header + part.length);
		wire.bytes[5] = (uint8_t)id;
		wire.bytes[6] = (uint8_t)(part.offset >> 11) | (more ? 0x20 : 0);
		wire.bytes[7] = (uint8_t)(part.offset >> 3);
	} else {
		wire = wire_hex(LINK_RAW, "6000 0000 0000 2c 40 20010db8000000000000000000000001"
		                          "20010db8000000000000000000000002 0600 0000 00000000");
		wire.bytes[5] = (uint8_t)(8 + part.length);
		wire.bytes[42] = (uint8_t)(part.offset >> 8);
		wire.bytes[43] = (uint8_t)(part.offset & 0xf8) | more;
		wire.bytes[47] = (uint8_t)id;
	}
	for (uint32_t i = 0; i < part.length; i++)
		wire_add(&wire, part.offset + i < DATAGRAM ? whole.bytes[part.offset + i] : 0, 1);
	return wire;
}

static enum verdict take(struct storage *storage, uint8_t family, uint32_t offset, uint32_t length,
                         struct segment *segment)
{
	struct wire wire = fragment(family, 1, (struct part){ offset, length }, DATAGRAM);

	return wire_decode_with(&storage->decoder, &wire, segment);
}

static void check_whole(const struct storage *storage, const struct segment *segment)
{
	cr_assert_eq(segment->source_port, 80);
	cr_assert_eq(segment->destination_port, 1234);
	cr_assert_eq(segment->seq, 0xfffffff0);
	cr_assert_eq(segment->flags, TCP_PSH | TCP_ACK);
	cr_assert_eq(segment->payload, 20);
	cr_assert_eq(segment->captured, 20);
	cr_assert_eq(memcmp(storage->decoder.payload, "abcdefghijklmnopqrst", 20), 0);
}

/* clang-format off */
static const struct {
	struct part parts[6]; /* the last of them completes */
} orders[] = {
	{ { { 0, 24 }, { 24, 16 } } },
	{ { { 24, 16 }, { 0, 24 } } },
	/* the header is split */
	{ { { 0, 8 }, { 8, 8 }, { 16, 8 }, { 24, 8 }, { 32, 8 } } },
	{ { { 32, 8 }, { 24, 8 }, { 16, 8 }, { 8, 8 }, { 0, 8 } } },
	{ { { 16, 8 }, { 0, 8 }, { 32, 8 }, { 8, 8 }, { 24, 8 } } },
	/* some come twice */
	{ { { 0, 24 }, { 0, 24 }, { 24, 16 } } },
	{ { { 24, 16 }, { 24, 16 }, { 0, 24 } } },
};

/* IPv4 only: with IPv6 these are dropped. */
static const struct {
	struct part parts[6];
} overlapping[] = {
	{ { { 0, 24 }, { 16, 24 } } },
	{ { { 16, 24 }, { 0, 24 } } },
	{ { { 8, 16 }, { 24, 16 }, { 0, 24 } } },
	{ { { 0, 16 }, { 8, 16 }, { 16, 24 } } },
};
/* clang-format on */

static void check_order(const struct part *parts, uint8_t family)
{
	struct storage storage = storage_lend();
	struct segment segment;
	enum verdict verdict = VERDICT_FRAGMENT;

	for (size_t i = 0; i < 6 && parts[i].length > 0; i++) {
		cr_assert_eq(verdict, VERDICT_FRAGMENT);
		verdict = take(&storage, family, parts[i].offset, parts[i].length, &segment);
	}
	cr_assert_eq(verdict, VERDICT_TCP);
	check_whole(&storage, &segment);
	cr_assert_eq(segment.checksum, family == FAMILY_IPV4 ? CHECKSUM_GOOD : CHECKSUM_BAD);
	cr_assert_eq(fragments_completed(storage.decoder.fragments), 1);
	storage_free(&storage);
}

Test(fragments, are_put_together_in_any_order)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		check_order(orders[i].parts, FAMILY_IPV4);
		check_order(orders[i].parts, FAMILY_IPV6);
	}
}

Test(fragments, may_overlap_with_ipv4)
{
	for (size_t i = 0; i < sizeof(overlapping) / sizeof(overlapping[0]); i++)
		check_order(overlapping[i].parts, FAMILY_IPV4);
}

Test(fragments, that_overlap_with_ipv6_are_dropped_with_all_that_follow)
{
	struct storage storage = storage_lend();
	struct segment segment;

	cr_assert_eq(take(&storage, FAMILY_IPV6, 0, 24, &segment), VERDICT_FRAGMENT);
	cr_assert_eq(take(&storage, FAMILY_IPV6, 16, 16, &segment), VERDICT_FRAGMENT_LOST);
	cr_assert_eq(take(&storage, FAMILY_IPV6, 24, 16, &segment), VERDICT_FRAGMENT_LOST);
	decoder_finish(&storage.decoder);
	cr_assert_eq(storage.decoder.verdicts[VERDICT_FRAGMENT], 0);
	cr_assert_eq(storage.decoder.verdicts[VERDICT_FRAGMENT_LOST], 3);
	storage_free(&storage);
}

/* With IPv6 the first fragment says what follows, whatever the others say. */
Test(fragments, are_read_as_the_first_one_says)
{
	struct storage storage = storage_lend();
	struct wire last = fragment(FAMILY_IPV6, 1, (struct part){ 24, 16 }, DATAGRAM);
	struct segment segment;

	last.bytes[40] = 0x11;
	take(&storage, FAMILY_IPV6, 0, 24, &segment);
	cr_assert_eq(wire_decode_with(&storage.decoder, &last, &segment), VERDICT_TCP);
	wire_decode_with(&storage.decoder, &last, &segment);
	cr_assert_eq(take(&storage, FAMILY_IPV6, 0, 24, &segment), VERDICT_TCP);
	storage_free(&storage);
}

/* Somebody set the counts to zero while fragments waited. */
Test(fragments, never_count_below_zero)
{
	struct storage storage = storage_lend();
	struct segment segment;

	take(&storage, FAMILY_IPV4, 0, 24, &segment);
	storage.decoder.verdicts[VERDICT_FRAGMENT] = 0;
	decoder_finish(&storage.decoder);
	cr_assert_eq(storage.decoder.verdicts[VERDICT_FRAGMENT], 0);
	cr_assert_eq(storage.decoder.verdicts[VERDICT_FRAGMENT_LOST], 0);
	storage_free(&storage);
}

Test(fragments, keep_what_came_first_where_they_overlap)
{
	struct storage storage = storage_lend();
	struct wire second = fragment(FAMILY_IPV4, 1, (struct part){ 16, 24 }, DATAGRAM);
	struct segment segment;

	take(&storage, FAMILY_IPV4, 0, 24, &segment);
	memset(second.bytes + 20, 'X', 24);
	cr_assert_eq(wire_decode_with(&storage.decoder, &second, &segment), VERDICT_TCP);
	cr_assert_eq(memcmp(storage.decoder.payload, "abcdXXXXXXXXXXXXXXXX", 20), 0);
	storage_free(&storage);
}

Test(fragments, belong_to_the_frame_that_completes_them)
{
	struct storage storage = storage_lend();
	struct wire first = fragment(FAMILY_IPV4, 1, (struct part){ 0, 24 }, DATAGRAM);
	struct wire last = fragment(FAMILY_IPV4, 1, (struct part){ 24, 16 }, DATAGRAM);
	struct segment segment;

	first.number = 8;
	last.number = 9;
	last.time = TIME_SECOND;
	wire_decode_with(&storage.decoder, &first, &segment);
	cr_assert_eq(wire_decode_with(&storage.decoder, &last, &segment), VERDICT_TCP);
	cr_assert_eq(segment.frame, 9);
	cr_assert_eq(segment.time, TIME_SECOND);
	cr_assert_eq(segment.ip_id, 1);
	storage_free(&storage);
}

/* Not by identification alone: source, destination, protocol, VLAN and tunnel tell them apart. */
Test(fragments, of_different_datagrams_do_not_mix)
{
	static const uint8_t changed[] = { 5, 9, 15, 19 };
	struct storage storage = storage_lend();
	struct segment segment;

	for (size_t i = 0; i < sizeof(changed); i++) {
		struct wire other = fragment(FAMILY_IPV4, 1, (struct part){ 24, 16 }, DATAGRAM);

		cr_assert_neq(take(&storage, FAMILY_IPV4, 0, 24, &segment), VERDICT_TCP);
		other.bytes[changed[i]] ^= 0x80;
		cr_assert_eq(wire_decode_with(&storage.decoder, &other, &segment),
		             VERDICT_FRAGMENT);
	}
	cr_assert_eq(take(&storage, FAMILY_IPV4, 24, 16, &segment), VERDICT_FRAGMENT,
	             "it has been pushed out");
	storage_free(&storage);
}

Test(fragments, cut_by_snaplen_still_tell_lengths)
{
	struct storage storage = storage_lend();
	struct wire first = fragment(FAMILY_IPV4, 1, (struct part){ 0, 24 }, DATAGRAM);
	struct wire last = fragment(FAMILY_IPV4, 1, (struct part){ 24, 16 }, DATAGRAM);
	struct segment segment;

	last.captured = 22;
	wire_decode_with(&storage.decoder, &last, &segment);
	cr_assert_eq(wire_decode_with(&storage.decoder, &first, &segment), VERDICT_TCP);
	cr_assert_eq(segment.payload, 20);
	cr_assert_eq(segment.captured, 6);
	cr_assert_eq(segment.checksum, CHECKSUM_UNKNOWN);
	cr_assert_eq(memcmp(storage.decoder.payload, "abcdef", 6), 0);

	/* ports, but no more */
	first.captured = 30;
	wire_decode_with(&storage.decoder, &last, &segment);
	cr_assert_eq(wire_decode_with(&storage.decoder, &first, &segment), VERDICT_TCP_CUT);
	cr_assert_eq(segment.seq, 0xfffffff0);
	storage_free(&storage);
}

Test(fragments, without_the_rest_are_lost_after_thirty_seconds)
{
	struct storage storage = storage_lend();
	struct wire first = fragment(FAMILY_IPV4, 1, (struct part){ 0, 24 }, DATAGRAM);
	struct wire last = fragment(FAMILY_IPV4, 1, (struct part){ 24, 16 }, DATAGRAM);
	struct segment segment;

	wire_decode_with(&storage.decoder, &first, &segment);
	cr_assert_eq(storage.decoder.verdicts[VERDICT_FRAGMENT], 1);
	last.time = 31 * TIME_SECOND;
	cr_assert_eq(wire_decode_with(&storage.decoder, &last, &segment), VERDICT_FRAGMENT);
	cr_assert_eq(storage.decoder.verdicts[VERDICT_FRAGMENT], 1);
	cr_assert_eq(storage.decoder.verdicts[VERDICT_FRAGMENT_LOST], 1);
	cr_assert_eq(fragments_abandoned(storage.decoder.fragments), 1);
	first.time = 61 * TIME_SECOND;
	cr_assert_eq(wire_decode_with(&storage.decoder, &first, &segment), VERDICT_TCP);
	decoder_finish(&storage.decoder);
	cr_assert_eq(storage.decoder.verdicts[VERDICT_FRAGMENT_LOST], 1);
	storage_free(&storage);
}

Test(fragments, take_the_room_of_those_that_waited_longest)
{
	struct storage storage = storage_lend();
	struct segment segment;

	for (uint32_t id = 0; id < 2 * STORAGE_DATAGRAMS; id++) {
		struct wire first = fragment(FAMILY_IPV4, id, (struct part){ 0, 24 }, DATAGRAM);

		cr_assert_eq(wire_decode_with(&storage.decoder, &first, &segment),
		             VERDICT_FRAGMENT);
	}
	cr_assert_eq(fragments_abandoned(storage.decoder.fragments), STORAGE_DATAGRAMS);
	for (uint32_t id = STORAGE_DATAGRAMS; id < 2 * STORAGE_DATAGRAMS; id++) {
		struct wire last = fragment(FAMILY_IPV4, id, (struct part){ 24, 16 }, DATAGRAM);

		cr_assert_eq(wire_decode_with(&storage.decoder, &last, &segment), VERDICT_TCP);
		check_whole(&storage, &segment);
	}
	storage_free(&storage);
}

/* Nothing that is not there may be read: two ends, one before what is here, one beyond. */
Test(fragments, that_contradict_each_other_never_make_a_datagram)
{
	struct storage storage = storage_lend();
	struct wire wire;
	struct segment segment;

	wire = fragment(FAMILY_IPV4, 1, (struct part){ 32, 8 }, 100);
	wire_decode_with(&storage.decoder, &wire, &segment);
	wire = fragment(FAMILY_IPV4, 1, (struct part){ 16, 8 }, 24);
	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_FRAGMENT_LOST);
	wire = fragment(FAMILY_IPV4, 1, (struct part){ 40, 8 }, 48);
	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_FRAGMENT);
	wire = fragment(FAMILY_IPV4, 1, (struct part){ 48, 8 }, 56);
	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_FRAGMENT_LOST);
	wire = fragment(FAMILY_IPV4, 1, (struct part){ 48, 8 }, 100);
	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_FRAGMENT_LOST);
	storage_free(&storage);
}

Test(fragments, that_cannot_be_are_named)
{
	struct storage storage = storage_lend();
	struct wire wire = fragment(FAMILY_IPV4, 1, (struct part){ 65528, 8 }, 70000);
	struct segment segment;

	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_IP_BAD);
	/* nothing but a header; less than a unit, though more are to come */
	wire = fragment(FAMILY_IPV4, 1, (struct part){ 8, 0 }, DATAGRAM);
	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_IP_BAD);
	wire = fragment(FAMILY_IPV4, 1, (struct part){ 8, 7 }, DATAGRAM);
	cr_assert_eq(wire_decode_with(&storage.decoder, &wire, &segment), VERDICT_IP_BAD);
	storage_free(&storage);
}

/* The outer packet is in fragments, and what it holds is the last fragment of another. */
Test(fragments, may_be_inside_each_other)
{
	struct storage storage = storage_lend();
	struct wire inner[2] = {
		fragment(FAMILY_IPV4, 1, (struct part){ 0, 24 }, DATAGRAM),
		fragment(FAMILY_IPV4, 1, (struct part){ 24, 16 }, DATAGRAM),
	};
	struct segment segment;
	enum verdict verdict = VERDICT_FRAGMENT;

	for (int i = 0; i < 2; i++) {
		for (uint32_t at = 0; at < inner[i].captured; at += 8) {
			uint32_t left = inner[i].captured - at;
			struct wire wire = wire_hex(
				LINK_RAW, "4500 0000 0009 0000 40 04 0000 0a000001 0a000002");

			wire.bytes[3] = (uint8_t)(20 + (left < 8 ? left : 8));
			wire.bytes[5] = (uint8_t)i;
			wire.bytes[6] = left > 8 ? 0x20 : 0;
			wire.bytes[7] = (uint8_t)(at / 8);
			for (uint32_t k = 0; k < 8 && k < left; k++)
				wire_add(&wire, inner[i].bytes[at + k], 1);
			cr_assert_eq(verdict, VERDICT_FRAGMENT);
			verdict = wire_decode_with(&storage.decoder, &wire, &segment);
		}
	}
	cr_assert_eq(verdict, VERDICT_TCP);
	check_whole(&storage, &segment);
	storage_free(&storage);
}

Test(fragments, survive_random_pieces)
{
	struct storage storage = storage_lend();
	struct random random = { .state = 3 };

	for (int i = 0; i < 30000; i++) {
		uint8_t family = random_below(&random, 2) ? FAMILY_IPV4 : FAMILY_IPV6;
		struct part part = { 8 * random_below(&random, 6), random_below(&random, 30) };
		uint32_t of = random_below(&random, 3) ? DATAGRAM : random_below(&random, 60);
		struct wire wire = fragment(family, random_below(&random, 2), part, of);
		struct segment segment;

		wire.time = (int64_t)random_below(&random, 32) * TIME_SECOND;
		wire.captured -=
			random_below(&random, 8) ? 0 : random_below(&random, wire.captured);
		wire_decode_with(&storage.decoder, &wire, &segment);
	}
	decoder_finish(&storage.decoder);
	cr_assert_gt(fragments_completed(storage.decoder.fragments), 100);
	storage_free(&storage);
}
