/* unpack_test.c: compressed captures, whole, cut, damaged, nested, and from a pipe that stalls. */

#include "capture/unpack.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/source.h"
#include "folder.h"
#include "packed.h"
#include "savefile.h"

#define RECORD 116u
#define FRAMES 6000u

/* Large enough for several blocks of any kind; half of each frame is noise. */
static struct packed capture_new(void)
{
	struct packed capture = { calloc(FRAMES + 1, RECORD), 24 };
	struct savefile head = { 0 };
	uint32_t random = 1;

	put_pcap(&head, MAGIC_NANO, 65535, 1);
	memcpy(capture.bytes, head.bytes, 24);
	for (uint32_t i = 0; i < FRAMES; i++) {
		head.count = 0;
		put_record(&head, 1700000000 + i, i, 100, 100);
		for (size_t at = 50; at < RECORD; at++) {
			random = random * 1664525 + 1013904223;
			head.bytes[at] = (uint8_t)(random >> 24);
		}
		memcpy(capture.bytes + capture.count, head.bytes, RECORD);
		capture.count += RECORD;
	}
	return capture;
}

static int read_memory(const void *bytes, size_t count, struct harvest *harvest)
{
	struct source *source = source_open_memory("x", bytes, count, &harvest->err);
	int outcome;

	if (!source)
		return -100;
	outcome = drain(source, harvest);
	source_close(source);
	return outcome;
}

Test(unpack, reads_each_kind_as_if_it_were_not_packed)
{
	struct packed capture = capture_new();
	struct harvest plain = { 0 };
	struct folder folder = folder_new();

	cr_assert_eq(read_memory(capture.bytes, capture.count, &plain), SOURCE_END);
	cr_assert_eq(plain.count, FRAMES);
	for (enum packing kind = 0; kind < PACKINGS; kind++) {
		struct packed packed = pack(kind, capture.bytes, capture.count);
		const char *path =
			folder_write(&folder, "no-telling-name", packed.bytes, packed.count);
		struct harvest harvest = { 0 };
		struct source *source = source_open_file(path, &harvest.err);
		struct source_facts facts;

		cr_assert_not_null(source, "%s: %s", packing_name(kind), harvest.err.what);
		cr_expect_str_eq(source_facts(source).compression, packing_name(kind));
		cr_expect_eq(drain(source, &harvest), SOURCE_END, "%s", harvest.err.what);
		cr_expect_eq(harvest.digest, plain.digest, "%s", packing_name(kind));
		facts = source_facts(source);
		cr_expect_str_eq(facts.container, "pcap");
		cr_expect_eq(facts.bytes_read, packed.count);
		cr_expect_eq(facts.bytes_total, packed.count);
		cr_expect_eq(facts.frames, FRAMES);
		source_close(source);
		free(packed.bytes);
	}
	folder_free(&folder);
	free(capture.bytes);
}

struct trickle {
	struct packed packed;
	size_t taken;
};

static ptrdiff_t trickle_fill(void *origin, void *space, size_t size, struct error *err)
{
	struct trickle *trickle = origin;

	(void)size;
	(void)err;
	if (trickle->taken == trickle->packed.count)
		return FILL_END;
	memcpy(space, trickle->packed.bytes + trickle->taken++, 1);
	return 1;
}

/* A byte of what packs well holds more than there is room for at once. */
Test(unpack, leaves_nothing_inside)
{
	uint8_t zeros[5000] = { 0 };

	for (enum packing kind = 0; kind < PACKINGS; kind++) {
		struct trickle trickle = { pack(kind, zeros, sizeof(zeros)), 0 };
		struct unpack *unpack = unpack_new(codec_find(trickle.packed.bytes), trickle_fill,
		                                   &trickle, trickle.packed.bytes, 0);
		struct error err = { 0 };
		uint8_t space[7];
		size_t sum = 0;
		ptrdiff_t count;

		cr_assert_str_eq(unpack_name(unpack), packing_name(kind));
		while ((count = unpack_fill(unpack, space, sizeof(space), &err)) > 0)
			sum += (size_t)count;
		cr_expect_eq(count, FILL_END, "%s: %s", packing_name(kind), err.what);
		cr_expect_eq(sum, sizeof(zeros), "%s", packing_name(kind));
		unpack_free(unpack);
		free(trickle.packed.bytes);
	}
}

Test(unpack, tells_how_far_it_is_in_the_packed_file)
{
	struct packed capture = capture_new();
	struct packed packed = pack(GZIP, capture.bytes, capture.count);
	struct folder folder = folder_new();
	struct harvest harvest = { 0 };
	const char *path = folder_write(&folder, "x", packed.bytes, packed.count);
	struct source *source = source_open_file(path, &harvest.err);
	uint64_t last = 0;

	while (source_visit(source, 64, harvest_add, &harvest, &harvest.err) > 0) {
		uint64_t now = source_facts(source).bytes_read;

		cr_assert_geq(now, last);
		cr_assert_leq(now, packed.count);
		last = now;
	}
	cr_expect_eq(last, packed.count);
	source_close(source);
	folder_free(&folder);
	free(packed.bytes);
	free(capture.bytes);
}

Test(unpack, takes_members_one_after_the_other)
{
	struct packed capture = capture_new();
	struct harvest plain = { 0 };

	read_memory(capture.bytes, capture.count, &plain);
	for (enum packing kind = 0; kind < PACKINGS; kind++) {
		struct packed first = pack(kind, capture.bytes, 1000);
		struct packed second = pack(kind, capture.bytes + 1000, capture.count - 1000);
		struct harvest harvest = { 0 };
		uint8_t *both = calloc(1, first.count + second.count + 512);

		memcpy(both, first.bytes, first.count);
		memcpy(both + first.count, second.bytes, second.count);
		cr_expect_eq(read_memory(both, first.count + second.count + 512, &harvest),
		             SOURCE_END, "padded with zeros: %s", harvest.err.what);
		cr_expect_eq(harvest.digest, plain.digest, "%s", packing_name(kind));
		free(first.bytes);
		free(second.bytes);
		free(both);
	}
	free(capture.bytes);
}

Test(unpack, unpacks_what_is_packed_twice)
{
	struct packed capture = capture_new();
	struct harvest plain = { 0 };

	capture.count = 24 + 1000 * RECORD;
	read_memory(capture.bytes, capture.count, &plain);
	for (unsigned int pair = 0; pair < PACKINGS * PACKINGS; pair++) {
		struct packed inner = pack(pair / PACKINGS, capture.bytes, capture.count);
		struct packed outer = pack(pair % PACKINGS, inner.bytes, inner.count);
		struct harvest harvest = { 0 };

		cr_expect_eq(read_memory(outer.bytes, outer.count, &harvest), SOURCE_END);
		cr_expect_eq(harvest.digest, plain.digest);
		free(inner.bytes);
		free(outer.bytes);
	}
	free(capture.bytes);
}

Test(unpack, gives_up_on_boxes_within_boxes)
{
	struct packed packed = pack(GZIP, "x", 1);
	struct harvest harvest = { 0 };

	for (unsigned int i = 0; i < 6; i++) {
		struct packed outer = pack(i % PACKINGS, packed.bytes, packed.count);

		free(packed.bytes);
		packed = outer;
	}
	cr_expect_eq(read_memory(packed.bytes, packed.count, &harvest), -100);
	cr_expect_str_eq(harvest.err.what,
	                 "x: is compressed more than 4 times over after 0 frames");
	free(packed.bytes);
}

/* All that the library itself can get out of the beginning, and not a frame less. */
Test(unpack, gives_all_that_a_cut_gzip_file_holds)
{
	struct packed capture = capture_new();
	struct packed packed = pack(GZIP, capture.bytes, capture.count);
	char what[128];

	for (size_t count = 600; count < packed.count; count += count < 1000 ? 1 : 9973) {
		struct harvest harvest = { 0 };
		size_t frames = (gzip_holds(packed.bytes, count) - 24) / RECORD;

		cr_assert_eq(read_memory(packed.bytes, count, &harvest), SOURCE_FAILED);
		cr_assert_eq(harvest.count, frames, "%zu bytes", count);
		if (frames < 1000) {
			snprintf(what, sizeof(what), "x: truncated gzip input after %zu frame%s",
			         frames, frames == 1 ? "" : "s");
			cr_assert_str_eq(harvest.err.what, what);
		}
	}
	free(packed.bytes);
	free(capture.bytes);
}

Test(unpack, gives_what_a_cut_file_of_any_kind_holds)
{
	struct packed capture = capture_new();
	char what[64];

	for (enum packing kind = 0; kind < PACKINGS; kind++) {
		struct packed packed = pack(kind, capture.bytes, capture.count);
		size_t last = 0;

		snprintf(what, sizeof(what), "x: truncated %s input after ", packing_name(kind));
		for (size_t eighth = 1; eighth < 8; eighth++) {
			struct harvest harvest = { 0 };

			int outcome =
				read_memory(packed.bytes, packed.count * eighth / 8, &harvest);

			cr_expect_lt(outcome, SOURCE_END);
			cr_expect_geq(harvest.count, last);
			cr_expect_eq(strncmp(harvest.err.what, what, strlen(what)), 0, "%s",
			             harvest.err.what);
			last = harvest.count;
		}
		cr_expect_gt(last, FRAMES / 3, "%s: %zu", packing_name(kind), last);
		free(packed.bytes);
	}
	free(capture.bytes);
}

Test(unpack, gives_what_comes_before_the_damage)
{
	struct packed capture = capture_new();

	for (enum packing kind = 0; kind < PACKINGS; kind++) {
		struct packed packed = pack(kind, capture.bytes, capture.count);
		struct harvest harvest = { 0 };

		memset(packed.bytes + packed.count * 7 / 8, 0xff, 64);
		cr_expect_eq(read_memory(packed.bytes, packed.count, &harvest), SOURCE_FAILED);
		cr_expect_gt(harvest.count, FRAMES * 2 / 3, "%s: %zu frames", packing_name(kind),
		             harvest.count);
		cr_expect_eq(strncmp(harvest.err.what, "x: damaged ", 11), 0, "%s",
		             harvest.err.what);
		free(packed.bytes);
	}
	free(capture.bytes);
}

Test(unpack, gives_everything_where_only_the_checksum_is_wrong)
{
	struct packed capture = capture_new();
	struct packed packed = pack(GZIP, capture.bytes, capture.count);
	struct harvest harvest = { 0 };

	packed.bytes[packed.count - 6] ^= 1;
	cr_expect_eq(read_memory(packed.bytes, packed.count, &harvest), SOURCE_FAILED);
	cr_expect_eq(harvest.count, FRAMES);
	cr_expect_str_eq(harvest.err.what,
	                 "x: damaged gzip input: incorrect data check after 6,000 frames");
	free(packed.bytes);
	free(capture.bytes);
}

Test(unpack, survives_any_byte_being_another)
{
	struct savefile file = { 0 };

	put_pcap(&file, MAGIC_MICRO, 65535, 1);
	for (uint32_t i = 0; i < 20; i++)
		put_record(&file, i, i, 30, 30);
	for (enum packing kind = 0; kind < PACKINGS; kind++) {
		struct packed packed = pack(kind, file.bytes, file.count);

		for (size_t at = 0; at < packed.count; at++) {
			struct harvest harvest = { 0 };

			packed.bytes[at] ^= (uint8_t)(1 + at % 255);
			read_memory(packed.bytes, packed.count, &harvest);
			packed.bytes[at] ^= (uint8_t)(1 + at % 255);
			cr_assert_lt(harvest.count, 1000);
		}
		free(packed.bytes);
	}
}

Test(unpack, says_what_is_no_capture_although_it_is_packed)
{
	struct packed text = pack(XZ, "hello, world", 12);
	struct packed nothing = pack(GZIP, "", 0);
	struct harvest harvest = { 0 };

	cr_expect_eq(read_memory(text.bytes, text.count, &harvest), -100);
	cr_expect_str_eq(harvest.err.what, "x: is not a capture file: it begins with \"hello, w\"");
	cr_expect_eq(read_memory(nothing.bytes, nothing.count, &harvest), -100);
	cr_expect_str_eq(harvest.err.what, "x: is empty");
	cr_expect_eq(read_memory("\x1f\x8b\x08", 3, &harvest), -100);
	cr_expect_str_eq(harvest.err.what, "x: truncated gzip input after 0 frames");
	free(text.bytes);
	free(nothing.bytes);
}

Test(unpack, minds_bytes_that_do_not_belong)
{
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct packed packed;

	put_pcap(&file, MAGIC_MICRO, 65535, 1);
	put_record(&file, 1, 1, 30, 30);
	packed = pack(GZIP, file.bytes, file.count);
	memcpy(packed.bytes + packed.count, "garbage", 7);
	cr_expect_eq(read_memory(packed.bytes, packed.count + 7, &harvest), SOURCE_FAILED);
	cr_expect_eq(harvest.count, 1);
	cr_expect_str_eq(harvest.err.what, "x: unknown bytes after the gzip input after 1 frame");
	free(packed.bytes);
}

Test(unpack, waits_for_a_pipe_that_stalls)
{
	struct savefile file = { 0 };
	struct folder folder = folder_new();
	const char *path = folder_path(&folder, "pipe");

	put_pcap(&file, MAGIC_MICRO, 65535, 1);
	for (uint32_t i = 0; i < 20; i++)
		put_record(&file, i, i, 30, 30);
	cr_assert_eq(mkfifo(path, 0600), 0);
	for (enum packing kind = 0; kind < PACKINGS; kind++) {
		struct packed packed = pack(kind, file.bytes, file.count);
		struct harvest harvest = { 0 };
		struct source *source = source_open_file(path, &harvest.err);
		int writer = open(path, O_WRONLY), outcome;

		cr_assert_not_null(source);
		for (size_t at = 0; at < packed.count; at++) {
			cr_assert_eq(write(writer, packed.bytes + at, 1), 1);
			while ((outcome = source_visit(source, 7, harvest_add, &harvest,
			                               &harvest.err)) > 0)
				;
			cr_assert_eq(outcome, SOURCE_QUIET, "%s: %s", packing_name(kind),
			             harvest.err.what);
			cr_assert_geq(source_descriptor(source), 0);
			cr_assert_eq(source_facts(source).bytes_read, at + 1);
		}
		cr_expect_eq(harvest.count, 20, "nothing is held back");
		close(writer);
		cr_expect_eq(drain(source, &harvest), SOURCE_END, "%s", harvest.err.what);
		cr_expect_eq(harvest.digest, feed_savefile(&file).digest);
		source_close(source);
		free(packed.bytes);
	}
	folder_free(&folder);
}
