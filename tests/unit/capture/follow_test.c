/* follow_test.c: files that grow, are rotated, cut short, and come back. */

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/source.h"
#include "folder.h"
#include "packed.h"
#include "savefile.h"

static struct source *follow(const char *path, struct error *err)
{
	const char *paths[1] = { path };
	struct source_plan plan = { paths, 1, false, true };

	return source_open_plan(&plan, err);
}

/* All there is now. */
static int visit_all(struct source *source, struct harvest *harvest)
{
	int outcome;

	while ((outcome = source_visit(source, 2, harvest_add, harvest, &harvest->err)) > 0)
		cr_assert_leq(outcome, 2);
	return outcome;
}

static bool is_woken(const struct source *source)
{
	struct pollfd ready = { .fd = source_descriptor(source), .events = POLLIN };

	cr_assert_geq(ready.fd, 0);
	return poll(&ready, 1, 0) == 1;
}

static void put_some(struct savefile *file, uint32_t count)
{
	*file = (struct savefile){ 0 };
	put_pcap(file, MAGIC_NANO, 65535, 1);
	for (uint32_t i = 0; i < count; i++)
		put_record(file, 1700000000, i, 20, 20);
}

Test(follow, loses_nothing_of_a_file_that_grows_by_half_a_record)
{
	struct folder folder = folder_new();
	struct savefile file;
	struct harvest harvest = { 0 };
	struct source *source;
	size_t at = 0;

	put_some(&file, 30);
	source = follow(folder_write(&folder, "grows", "", 0), &harvest.err);
	cr_assert_not_null(source, "%s", harvest.err.what);
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	while (at < file.count) {
		size_t now = file.count - at < 18 ? file.count - at : 18;

		cr_expect_not(is_woken(source));
		folder_append(&folder, "grows", file.bytes + at, now);
		at += now;
		cr_expect(is_woken(source));
		cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
		cr_assert_eq(harvest.count, at < 24 ? 0 : (at - 24) / 36);
	}
	cr_expect_eq(harvest.count, 30);
	cr_expect_eq(harvest.digest, feed_savefile(&file).digest);
	cr_expect_eq(source_facts(source).bytes_read, file.count);
	cr_expect_eq(source_facts(source).bytes_total, 0);
	source_close(source);
	folder_free(&folder);
}

Test(follow, reads_the_rest_of_a_rotated_file_and_then_its_successor)
{
	struct folder folder = folder_new();
	struct savefile file;
	struct harvest harvest = { 0 };
	struct source *source;
	const char *path, *old = folder_path(&folder, "capture.1");

	put_some(&file, 4);
	path = folder_write(&folder, "capture", file.bytes, 24 + 36 + 11);
	source = follow(path, &harvest.err);
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	cr_assert_eq(harvest.count, 1);
	cr_assert_eq(rename(path, old), 0);
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET, "nobody has taken its name");
	folder_append(&folder, "capture.1", file.bytes + 24 + 36 + 11, 36);
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	cr_assert_eq(harvest.count, 2, "it is read on");
	folder_append(&folder, "capture.1", file.bytes + 24 + 72 + 11, file.count - 24 - 72 - 11);
	folder_write(&folder, "capture", file.bytes, 24 + 36);
	cr_expect(is_woken(source));
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	cr_assert_eq(harvest.count, 5, "the old one to its end, then the new one");
	cr_expect_eq(harvest.frames[4].interface, 1 << 16);
	folder_append(&folder, "capture", file.bytes + 24 + 36, 36);
	cr_expect(is_woken(source));
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	cr_expect_eq(harvest.count, 6);
	cr_expect_eq(source_facts(source).files, 2);
	cr_expect_eq(source_facts(source).frames, 6);
	cr_expect_null(source_note(source, 0));
	source_close(source);
	folder_free(&folder);
}

Test(follow, notes_a_rotated_file_that_ends_within_a_record)
{
	struct folder folder = folder_new();
	struct savefile file;
	struct harvest harvest = { 0 };
	struct source *source;
	const char *path;

	put_some(&file, 2);
	path = folder_write(&folder, "capture", file.bytes, file.count - 1);
	source = follow(path, &harvest.err);
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	folder_write(&folder, "new", file.bytes, file.count);
	cr_assert_eq(rename(folder_path(&folder, "new"), path), 0);
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	cr_expect_eq(harvest.count, 3);
	cr_expect_eq(source_facts(source).damaged, 1);
	cr_expect_not_null(strstr(source_note(source, 0), "ends in the middle of a record"));
	source_close(source);
	folder_free(&folder);
}

Test(follow, begins_anew_when_the_file_was_cut_short)
{
	struct folder folder = folder_new();
	struct savefile file;
	struct harvest harvest = { 0 };
	struct source *source;

	put_some(&file, 5);
	source = follow(folder_write(&folder, "capture", file.bytes, file.count), &harvest.err);
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	cr_assert_eq(harvest.count, 5);
	put_some(&file, 2);
	folder_write(&folder, "capture", file.bytes, file.count);
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	cr_expect_eq(harvest.count, 7);
	source_close(source);
	folder_free(&folder);
}

Test(follow, waits_for_a_file_that_was_removed_to_come_back)
{
	struct folder folder = folder_new();
	struct savefile file;
	struct harvest harvest = { 0 };
	struct source *source;
	const char *path;

	put_some(&file, 2);
	path = folder_write(&folder, "capture", file.bytes, file.count);
	source = follow(path, &harvest.err);
	unlink(path);
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	cr_expect_eq(harvest.count, 2);
	folder_write(&folder, "capture", file.bytes, 10);
	cr_expect(is_woken(source));
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	folder_append(&folder, "capture", file.bytes + 10, file.count - 10);
	cr_expect(is_woken(source));
	cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
	cr_expect_eq(harvest.count, 4);
	source_close(source);
	folder_free(&folder);
}

Test(follow, reads_a_compressed_file_as_it_grows)
{
	struct folder folder = folder_new();
	struct savefile file;

	put_some(&file, 30);
	for (enum packing kind = 0; kind < PACKINGS; kind++) {
		struct packed packed = pack(kind, file.bytes, file.count);
		struct harvest harvest = { 0 };
		struct source *source = follow(folder_write(&folder, "grows", "", 0), &harvest.err);

		for (size_t at = 0; at < packed.count; at++) {
			folder_append(&folder, "grows", packed.bytes + at, 1);
			cr_assert_eq(visit_all(source, &harvest), SOURCE_QUIET);
		}
		cr_expect_eq(harvest.count, 30, "%s", packing_name(kind));
		source_close(source);
		free(packed.bytes);
	}
	folder_free(&folder);
}

Test(follow, fails_on_what_is_damaged_or_no_capture)
{
	struct folder folder = folder_new();
	struct savefile file;
	struct harvest harvest = { 0 };
	struct source *source;

	cr_expect_null(follow(folder_write(&folder, "words", "words words", 11), &harvest.err));
	cr_expect_not_null(strstr(harvest.err.what, "is not a capture file"));
	cr_expect_null(follow(folder_path(&folder, "missing"), &harvest.err));
	cr_expect_not_null(strstr(harvest.err.what, "missing: no such file"));
	put_some(&file, 1);
	put32(&file, 0);
	put32(&file, 0);
	put32(&file, UINT32_MAX);
	put32(&file, 0);
	source = follow(folder_write(&folder, "bad", file.bytes, file.count), &harvest.err);
	cr_expect_eq(visit_all(source, &harvest), SOURCE_FAILED);
	cr_expect_eq(harvest.count, 1);
	cr_expect_eq(visit_all(source, &harvest), SOURCE_END);
	source_close(source);
	folder_free(&folder);
}
