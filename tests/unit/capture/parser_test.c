/* parser_test.c: however the bytes come, the same frames; whatever they are, no harm. */

#include "capture/parser.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "savefile.h"

static void put_mixture(struct savefile *file, int container)
{
	if (container == 0) {
		put_pcap(file, MAGIC_MICRO, 65535, 1);
		for (uint32_t i = 0; i < 9; i++)
			put_record(file, 1700000000, i, i * i, 1500);
		return;
	}
	put_section(file);
	put_block(file, 10, 64);
	put_interface(file, 1, 65535, 9, 3);
	put_enhanced(file, 0, 17, 7, 7);
	file->big = true;
	put_section(file);
	put_interface(file, 101, 65535, 6, 0);
	put_obsolete(file, 0, 18, 30, 40);
	put_block(file, 5, 16);
	put_simple(file, 9, 9);
}

Test(parser, gives_the_same_frames_however_the_bytes_come)
{
	for (int container = 0; container < 2; container++) {
		struct savefile file = { 0 };
		struct harvest whole, pieces;

		put_mixture(&file, container);
		whole = feed_savefile(&file);
		cr_assert_eq(whole.last, PARSER_HUNGRY, "%s", whole.err.what);
		cr_assert_gt(whole.count, 2);
		for (size_t piece = 0; piece < 60; piece++) {
			pieces = feed(file.bytes, file.count, piece);
			cr_expect_eq(pieces.count, whole.count);
			cr_expect_eq(pieces.digest, whole.digest);
			cr_expect_eq(pieces.last, whole.last);
		}
	}
}

Test(parser, is_safe_at_every_truncation)
{
	for (int container = 0; container < 2; container++) {
		struct savefile file = { 0 };
		struct harvest whole;
		size_t most = 0;

		put_mixture(&file, container);
		whole = feed_savefile(&file);
		for (size_t count = 0; count < file.count; count++) {
			struct harvest cut = feed(file.bytes, count, SIZE_MAX);

			cr_expect_geq(cut.count, most);
			cr_expect_leq(cut.count, whole.count);
			for (size_t i = 0; i < cut.count; i++)
				cr_expect_eq(cut.frames[i].time, whole.frames[i].time);
			if (cut.last == PARSER_DAMAGED && count >= 8)
				cr_expect_eq(strncmp(cut.err.what, "ends in the middle of ", 22), 0,
				             "%zu: %s", count, cut.err.what);
			most = cut.count;
		}
	}
}

Test(parser, is_silent_exactly_between_records)
{
	struct savefile file = { 0 };
	size_t clean = 0;

	put_mixture(&file, 0);
	for (size_t count = 0; count < file.count; count++)
		clean += feed(file.bytes, count, SIZE_MAX).last == PARSER_HUNGRY;
	cr_expect_eq(clean, 9, "after the header and after each record but the last");
}

Test(parser, survives_any_byte_being_anything)
{
	for (int container = 0; container < 2; container++) {
		struct savefile file = { 0 };

		put_mixture(&file, container);
		for (size_t at = 0; at < file.count; at++) {
			uint8_t kept = file.bytes[at];

			for (int value = 0; value < 256; value += 5) {
				file.bytes[at] = (uint8_t)value;
				feed(file.bytes, file.count, value % 2 ? SIZE_MAX : 13);
			}
			file.bytes[at] = kept;
		}
	}
}

Test(parser, survives_noise_after_a_header)
{
	for (unsigned int seed = 0; seed < 2000; seed++) {
		struct savefile file = { 0 };
		uint32_t random = seed;

		if (seed % 2) {
			put_section(&file);
			put_interface(&file, 1, 0, 6, 0);
		} else {
			put_pcap(&file, MAGIC_MICRO, 65535, 1);
		}
		for (int i = 0; i < 100; i++) {
			random = random * 1664525 + 1013904223;
			put32(&file, random >> (random >> 27));
		}
		feed_savefile(&file);
	}
}

Test(parser, says_that_nothing_is_empty)
{
	struct harvest harvest = feed("", 0, 1);

	cr_expect_eq(harvest.last, PARSER_DAMAGED);
	cr_expect_str_eq(harvest.err.what, "is empty");
}

Test(parser, explains_what_is_no_capture)
{
	struct harvest harvest = feed("#!/bin/sh\necho\n", 15, 1);

	cr_expect_eq(harvest.last, PARSER_DAMAGED);
	cr_expect_str_eq(harvest.err.what, "is not a capture file: it begins with \"#!/bin/s\"");
	cr_expect_neq(harvest.err.remedy[0], '\0');
}

Test(parser, counts_the_frames_before_a_cut_as_people_write_numbers)
{
	struct error err = { 0 };
	struct parser *parser = parser_new(&err);
	struct savefile file = { 0 };
	struct frame frame;
	size_t size;

	put_pcap(&file, MAGIC_MICRO, 65535, 1);
	for (int i = 0; i < 1000; i++)
		put_record(&file, 1, 1, 0, 0);
	for (int i = 0; i < 7; i++)
		put8(&file, 0);
	memcpy(parser_space(parser, &size, &err), file.bytes, file.count);
	parser_filled(parser, file.count);
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(parser_next(parser, &frame, &err), PARSER_FRAME);
	cr_expect_eq(parser_next(parser, &frame, &err), PARSER_HUNGRY);
	parser_end(parser);
	cr_expect_eq(parser_next(parser, &frame, &err), PARSER_DAMAGED);
	cr_expect_str_eq(err.what,
	                 "ends in the middle of a record after 1,000 frames (byte 16024)");
	cr_expect_eq(parser_next(parser, &frame, &err), PARSER_HUNGRY);
	parser_free(parser);
}

Test(parser, tells_the_container_and_its_first_interface)
{
	struct error err = { 0 };
	struct parser *parser = parser_new(&err);
	struct savefile file = { 0 };
	struct frame frame;
	size_t size;

	cr_expect_null(parser_container(parser));
	put_section(&file);
	put_interface(&file, 113, 300, 6, 0);
	put_interface(&file, 1, 400, 6, 0);
	put_section(&file);
	put_interface(&file, 1, 500, 6, 0);
	memcpy(parser_space(parser, &size, &err), file.bytes, file.count);
	parser_filled(parser, file.count);
	cr_expect_eq(parser_next(parser, &frame, &err), PARSER_HUNGRY);
	cr_expect_str_eq(parser_container(parser), "pcapng");
	cr_expect_eq(parser_link_type(parser), 113);
	cr_expect_eq(parser_snaplen(parser), 300);
	parser_free(parser);
}

Test(parser, grows_for_a_record_that_does_not_fit)
{
	/* Three messages of USB, each larger than the buffer is at first. */
	const uint32_t size = 500000;
	struct savefile head = { 0 };
	size_t count = 24;
	uint8_t *bytes = malloc(24 + 3 * (16 + (size_t)size));
	struct harvest whole, pieces;

	put_pcap(&head, MAGIC_NANO, size, 249);
	memcpy(bytes, head.bytes, 24);
	for (uint32_t i = 0; i < 3; i++) {
		head.count = 0;
		put64(&head, i);
		put32(&head, size);
		put32(&head, size);
		memcpy(bytes + count, head.bytes, 16);
		memset(bytes + count + 16, (int)i + 1, size);
		count += 16 + size;
	}
	whole = feed(bytes, count, SIZE_MAX);
	pieces = feed(bytes, count, 0);
	cr_expect_eq(whole.count, 3);
	cr_expect_eq(pieces.count, 3);
	cr_expect_eq(pieces.digest, whole.digest);
	free(bytes);
}

Test(parser, frees_nothing)
{
	parser_free(NULL);
}
