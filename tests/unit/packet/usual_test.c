/* usual_test.c: the short way through the headers says what the layers say. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "packet/decode.h"
#include "packet/encode.h"
#include "packet/frame.h"
#include "packet/link.h"
#include "packet/protocol.h"
#include "unit/packet/random_segment.h"

enum { FRAMES = 60000, SIZE = 1600, BATCH = 150 };

struct sample {
	uint8_t *bytes; /* of exactly the frame's size, so that a sanitizer sees a step past it */
	struct frame frame;
};

/* Most are as they were sent; some have a wrong bit, padding, or lengths that contradict each other. */
static void damage(struct random *random, struct frame *frame, uint8_t *bytes)
{
	uint32_t headers = frame->captured < 90 ? frame->captured : 90;

	if (random_below(random, 4) == 0)
		bytes[random_below(random, headers)] ^= (uint8_t)(1u << random_below(random, 8));
	if (random_below(random, 4) == 0)
		frame->captured = random_below(random, frame->captured + 1);
	if (random_below(random, 8) == 0) {
		uint32_t padding = random_below(random, 20);

		memset(bytes + frame->captured, 0, padding);
		frame->captured += padding;
		frame->length += padding;
	}
	if (random_below(random, 16) == 0)
		frame->length = random_below(random, 200);
}

static struct sample sample_make(struct random *random, uint64_t number)
{
	struct segment segment = random_segment(random, LINK_ETHERNET);
	uint8_t payload[2000], bytes[SIZE + 2000] = { 0 };
	struct sample sample = { .frame = { .number = number, .link_type = LINK_ETHERNET } };

	for (size_t i = 0; i < segment.captured; i++)
		payload[i] = (uint8_t)random_next(random);
	if (random_below(random, 8) > 0)
		segment.vlan = 0;
	sample.frame.captured = (uint32_t)encode(&segment, LINK_ETHERNET, payload, bytes,
	                                         sizeof(bytes) - 64, &sample.frame.length);
	sample.frame.time = (int64_t)number * 1000;
	damage(random, &sample.frame, bytes);
	sample.bytes = malloc(sample.frame.captured > 0 ? sample.frame.captured : 1);
	cr_assert_not_null(sample.bytes);
	memcpy(sample.bytes, bytes, sample.frame.captured);
	sample.frame.bytes = sample.bytes;
	return sample;
}

/* The same packet without the link header, which the short way does not know. */
static bool is_bared(const struct frame *frame, struct frame *bare)
{
	uint16_t type;

	if (frame->captured < ETHERNET_HEADER || frame->length < ETHERNET_HEADER)
		return false;
	type = (uint16_t)(frame->bytes[12] << 8 | frame->bytes[13]);
	*bare = *frame;
	bare->bytes += ETHERNET_HEADER;
	bare->captured -= ETHERNET_HEADER;
	bare->length -= ETHERNET_HEADER;
	bare->link_type = type == ETHERNET_IPV6 ? LINK_IPV6 : LINK_IPV4;
	return type == ETHERNET_IPV4 || type == ETHERNET_IPV6;
}

Test(usual, agrees_with_the_layers)
{
	struct random random = { .state = UINT64_C(0x9e3779b97f4a7c15) };
	struct decoder decoder = { .frames = 0 }, plain = { .frames = 0 };
	unsigned compared = 0;

	for (unsigned i = 0; i < FRAMES; i++) {
		struct sample sample = sample_make(&random, i);
		struct segment segment, expected;
		struct frame bare;
		enum verdict verdict;

		if (is_bared(&sample.frame, &bare)) {
			verdict = decoder_decode(&decoder, &sample.frame, &segment);
			cr_assert_eq(decoder_decode(&plain, &bare, &expected), verdict, "frame %u",
			             i);
			cr_assert_eq(decoder.payload, plain.payload, "frame %u", i);
			if (verdict == VERDICT_TCP)
				cr_assert_eq(memcmp(&segment, &expected, sizeof(segment)), 0,
				             "frame %u", i);
			compared += verdict == VERDICT_TCP;
		}
		free(sample.bytes);
	}
	cr_assert_gt(compared, FRAMES / 4);
	cr_assert_eq(memcmp(decoder.verdicts, plain.verdicts, sizeof(plain.verdicts)), 0);
	cr_assert_eq(decoder.cut_frames, plain.cut_frames);
}

static void compare_batch(struct random *random, bool ignore_checksums)
{
	struct decoder single = { .ignore_checksums = ignore_checksums }, batch = single;
	struct segment segments[BATCH], segment;
	struct sample samples[BATCH];
	struct frame frames[BATCH];
	size_t count, next = 0;

	for (unsigned i = 0; i < BATCH; i++) {
		samples[i] = sample_make(random, i);
		frames[i] = samples[i].frame;
	}
	count = decoder_decode_many(&batch, frames, BATCH, segments);
	for (unsigned i = 0; i < BATCH; i++) {
		if (verdict_has_segment(decoder_decode(&single, &frames[i], &segment)))
			cr_assert_eq(memcmp(&segments[next++], &segment, sizeof(segment)), 0);
		free(samples[i].bytes);
	}
	cr_assert_eq(next, count);
	cr_assert_null(batch.payload);
	single.payload = NULL;
	cr_assert_eq(memcmp(&batch, &single, sizeof(single)), 0);
}

/* One by one, and many at once: more of them than the short way takes in a round. */
Test(usual, is_the_same_in_batches)
{
	struct random random = { .state = 5 };

	for (unsigned round = 0; round < 60; round++) {
		compare_batch(&random, false);
		compare_batch(&random, true);
	}
}

/* 10.0.0.1.1234 > 10.0.0.2.80, 60 bytes of padding behind 3 of payload: a checksum good, bad, and offloaded. */
Test(usual, judges_checksums)
{
	struct segment segment = {
		.kind = SEGMENT_TCP,
		.family = FAMILY_IPV4,
		.source = { { 10, 0, 0, 1 } },
		.destination = { { 10, 0, 0, 2 } },
		.source_port = 1234,
		.destination_port = 80,
		.seq = 0xfffffff0,
		.payload = 3,
		.captured = 3,
	};
	static const enum checksum kinds[] = { CHECKSUM_GOOD, CHECKSUM_BAD, CHECKSUM_OFFLOADED };

	for (int family = FAMILY_IPV4; family <= FAMILY_IPV6; family += 2) {
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			struct decoder decoder = { .frames = 0 };
			struct frame frame = { .link_type = LINK_ETHERNET };
			struct segment decoded;
			uint8_t bytes[200] = { 0 };

			segment.family = (uint8_t)family;
			segment.checksum = (uint8_t)kinds[i];
			frame.captured =
				(uint32_t)encode(&segment, LINK_ETHERNET, (const uint8_t *)"abc",
			                         bytes, sizeof(bytes), &frame.length);
			frame.captured += 60;
			frame.length += 60;
			frame.bytes = bytes;
			cr_assert_eq(decoder_decode_many(&decoder, &frame, 1, &decoded), 1);
			cr_expect_eq(decoded.checksum, kinds[i], "family %d, row %zu", family, i);
		}
	}
}
