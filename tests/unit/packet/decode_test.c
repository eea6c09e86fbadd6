/* decode_test.c: what the decoder counts, and that no bytes can harm it. */

#include "packet/decode.h"

#include <criterion/criterion.h>
#include <string.h>

#include "packet/encode.h"
#include "packet/link.h"
#include "unit/packet/random_segment.h"
#include "unit/packet/samples.h"
#include "unit/packet/storage.h"
#include "unit/packet/wire.h"

/* 10.0.0.1.1234 > 10.0.0.2.80: Flags [.], seq 4294967280, ack 1, win 0, length 3 */
#define SEGMENT                                                                                    \
	"4500 002b 0000 0000 40 06 0000 0a000001 0a000002"                                         \
	"04d2 0050 fffffff0 00000001 5010 0000 0000 0000 616263"

static struct frame frame_over(const struct wire *wire)
{
	return (struct frame){
		.bytes = wire->bytes,
		.number = 12,
		.time = 34,
		.captured = wire->captured,
		.length = wire->length,
		.link_type = wire->link_type,
	};
}

Test(decode, counts_verdicts_and_cut_frames)
{
	struct wire wire = wire_hex(LINK_RAW, SEGMENT);
	struct frame frame = frame_over(&wire);
	struct decoder decoder = { .frames = 0 };
	struct segment segment;

	decoder_decode(&decoder, &frame, &segment);
	frame.captured = 10;
	decoder_decode(&decoder, &frame, &segment);
	cr_assert_eq(decoder.frames, 2);
	cr_assert_eq(decoder.verdicts[VERDICT_TCP], 1);
	cr_assert_eq(decoder.verdicts[VERDICT_IP_CUT], 1);
	cr_assert_eq(decoder.cut_frames, 1);
}

Test(decode, remembers_the_first_link_type_without_a_row)
{
	struct wire wire = wire_hex(147, SEGMENT);
	struct frame frame = frame_over(&wire);
	struct decoder decoder = { .frames = 0 };
	struct segment segment;

	cr_assert_eq(decoder_decode(&decoder, &frame, &segment), VERDICT_LINK_UNKNOWN);
	frame.link_type = 148;
	decoder_decode(&decoder, &frame, &segment);
	cr_assert_eq(decoder.unknown_link, 147);
	cr_assert_eq(decoder.verdicts[VERDICT_LINK_UNKNOWN], 2);
}

Test(decode, gives_the_segment_the_time_and_number_of_its_frame)
{
	struct wire wire = wire_hex(LINK_RAW, SEGMENT);
	struct frame frame = frame_over(&wire);
	struct decoder decoder = { .frames = 0 };
	struct segment segment;

	decoder_decode(&decoder, &frame, &segment);
	cr_assert_eq(segment.frame, 12);
	cr_assert_eq(segment.time, 34);
	cr_assert_eq(segment.tunnel, 0);
}

Test(decode, leaves_checksums_alone_when_told_so)
{
	struct wire wire = wire_hex(LINK_RAW, SEGMENT);
	struct frame frame = frame_over(&wire);
	struct decoder decoder = { .ignore_checksums = true };
	struct segment segment;

	decoder_decode(&decoder, &frame, &segment);
	cr_assert_eq(segment.checksum, CHECKSUM_UNKNOWN);
	decoder.ignore_checksums = false;
	decoder_decode(&decoder, &frame, &segment);
	cr_assert_eq(segment.checksum, CHECKSUM_BAD);
}

/* A record that holds more than it says there was is read as far as it goes. */
Test(decode, believes_the_bytes_where_a_frame_is_shorter_than_its_capture)
{
	struct wire wire = wire_hex(LINK_RAW, SEGMENT);
	struct segment segment;

	/* no total length, so that only the frame's counts */
	wire.bytes[3] = 0;
	wire.length = 20;
	cr_assert_eq(wire_decode(&wire, &segment), VERDICT_TCP);
	cr_assert_eq(segment.payload, 3);
}

Test(decode, lends_the_payload)
{
	struct decoder decoder = { .frames = 0 };
	struct segment segment;
	struct wire wire = wire_hex(LINK_RAW, SEGMENT);
	struct frame frame = frame_over(&wire);
	const uint8_t *payload = NULL;

	cr_assert_eq(decode_payload(&frame, &payload), 3);
	cr_assert_eq(memcmp(payload, "abc", 3), 0);
	decoder_decode(&decoder, &frame, &segment);
	cr_assert_eq(decoder.payload, payload);
	frame.captured -= 2;
	cr_assert_eq(decode_payload(&frame, &payload), 1);
	frame.captured = 45 - 14;
	cr_assert_eq(decode_payload(&frame, &payload), 0);
	frame.link_type = 147;
	cr_assert_eq(decode_payload(&frame, &payload), 0);
}

Test(decode, survives_random_bytes)
{
	struct random random = { .state = 7 };

	for (unsigned i = 0; i < 20000; i++) {
		uint16_t link_type = random_link_type(&random);
		uint32_t size = random_below(&random, 128);
		uint8_t bytes[128];
		struct segment segment;

		for (uint32_t at = 0; at < size; at++)
			bytes[at] = (uint8_t)random_next(&random);
		bytes_decode(bytes, size, random_below(&random, 256), link_type, &segment);
	}
}

/* Every link header and tunnel is met, with storage that goes on from frame to frame. */
Test(decode, survives_damaged_headers_and_tunnels)
{
	struct storage storage = storage_lend();
	struct random random = { .state = 9 };

	storage.decoder.has_link_override = true;
	storage.decoder.link_override = LINK_ETHERNET;
	for (unsigned round = 0; round < 300 * sample_count; round++) {
		const struct sample *sample = &samples[round % sample_count];
		struct wire wire = sample_wire(sample);
		uint32_t flips = 1 + random_below(&random, 4);
		struct segment segment;

		for (uint32_t i = 0; i < flips; i++)
			wire.bytes[random_below(&random, wire.captured)] =
				(uint8_t)random_next(&random);
		if (random_below(&random, 4) == 0)
			wire.captured = random_below(&random, wire.captured + 1);
		if (random_below(&random, 8) == 0)
			wire.length = random_next(&random);
		wire_decode_with(&storage.decoder, &wire, &segment);
	}
	decoder_finish(&storage.decoder);
	storage_free(&storage);
}

Test(decode, survives_random_bytes_of_any_link_type)
{
	struct storage storage = storage_lend();
	struct random random = { .state = 10 };

	for (unsigned i = 0; i < 40000; i++) {
		struct wire wire = { .link_type = (uint16_t)random_below(&random, 300) };
		struct segment segment;

		wire_add(&wire, 0, random_below(&random, 128));
		for (uint32_t at = 0; at < wire.captured; at++)
			if (random_below(&random, 3))
				wire.bytes[at] = (uint8_t)random_next(&random);
		wire_decode_with(&storage.decoder, &wire, &segment);
	}
	storage_free(&storage);
}

/* Damaged frames get further into the headers than random bytes do. */
Test(decode, survives_damaged_frames)
{
	struct random random = { .state = 8 };

	for (unsigned i = 0; i < 5000; i++) {
		uint16_t link_type = random_link_type(&random);
		struct segment segment = random_segment(&random, link_type);
		struct segment decoded;
		uint8_t out[3000];
		uint32_t length;
		uint32_t written =
			(uint32_t)encode(&segment, link_type, NULL, out, sizeof(out), &length);

		for (int flip = 0; flip < 4; flip++) {
			out[random_below(&random, written < 120 ? written : 120)] =
				(uint8_t)random_next(&random);
			if (verdict_has_segment(
				    bytes_decode(out, written, length, link_type, &decoded)))
				cr_assert_leq(decoded.captured, written);
		}
	}
}
