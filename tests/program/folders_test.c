/* folders_test.c: folders of captures and of other things, and what the files say of themselves. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "packet/link.h"
#include "program/program.h"
#include "program/records.h"
#include "program/traffic.h"
#include "unit/capture/folder.h"
#include "unit/capture/packed.h"

/* A folder with a capture in three pieces, of which one is in a folder of its own. */
struct shelf {
	struct folder folder;
	struct traffic traffic;
	char path[160]; /* of what -r is to name */
	char *whole;
};

static void piece_write(const struct shelf *shelf, const char *name, size_t piece)
{
	traffic_write(&shelf->traffic, folder_path(&shelf->folder, name),
	              piece * shelf->traffic.count / 3, (piece + 1) * shelf->traffic.count / 3,
	              LINK_ETHERNET);
}

static struct shelf shelf_new(void)
{
	struct shelf shelf = { folder_new(), traffic_new(60, 10 * TIME_MILLISECOND), "", NULL };
	const char *whole = folder_path(&shelf.folder, "whole.pcap");

	traffic_write(&shelf.traffic, whole, 0, shelf.traffic.count, LINK_ETHERNET);
	shelf.whole = records_of(&whole, 1);
	folder_add(&shelf.folder, "shelf");
	folder_add(&shelf.folder, "shelf/below");
	piece_write(&shelf, "shelf/below/b.pcap", 1);
	piece_write(&shelf, "shelf/a.pcap", 2);
	piece_write(&shelf, "shelf/c.pcap", 0);
	snprintf(shelf.path, sizeof(shelf.path), "%s", folder_path(&shelf.folder, "shelf"));
	return shelf;
}

static void shelf_free(struct shelf *shelf)
{
	free(shelf->whole);
	traffic_free(&shelf->traffic);
	folder_free(&shelf->folder);
}

static struct outcome shelf_read(const struct shelf *shelf, const char *option)
{
	const char *words[] = { "log", "--format=json", "-r", shelf->path, option, NULL };

	return program_run(words);
}

Test(folders, are_read_with_the_folders_in_them_if_that_is_asked_for)
{
	struct shelf shelf = shelf_new();
	struct outcome outcome = shelf_read(&shelf, "--recursive");

	cr_expect_eq(outcome.status, 0, "%s", outcome.err);
	cr_expect_str_empty(outcome.err);
	records_expect_same(outcome.out, shelf.whole, "records");
	outcome_free(&outcome);
	outcome = shelf_read(&shelf, NULL);
	cr_expect_eq(outcome.status, 0, "%s", outcome.err);
	cr_expect_str_neq(outcome.out, shelf.whole);
	outcome_free(&outcome);
	shelf_free(&shelf);
}

Test(folders, may_hold_other_things_and_empty_files)
{
	struct shelf shelf = shelf_new();
	struct outcome outcome;

	folder_write(&shelf.folder, "shelf/notes.txt", "seen at noon\n", 13);
	folder_write(&shelf.folder, "shelf/nothing", "", 0);
	piece_write(&shelf, "shelf/head-only.pcap", 0);
	traffic_write(&shelf.traffic, folder_path(&shelf.folder, "shelf/head-only.pcap"), 0, 0,
	              LINK_ETHERNET);
	outcome = shelf_read(&shelf, "--recursive");
	cr_expect_eq(outcome.status, 0, "%s", outcome.err);
	cr_expect(strstr(outcome.err, "shelf/notes.txt: "), "%s", outcome.err);
	cr_expect(strstr(outcome.err, "; left out\n"), "%s", outcome.err);
	cr_expect_eq(line_count(outcome.err), 1, "%s", outcome.err);
	records_expect_same(outcome.out, shelf.whole, "records");
	outcome_free(&outcome);
	shelf_free(&shelf);
}

Test(folders, say_how_many_were_left_out_where_naming_them_would_fill_the_page)
{
	struct shelf shelf = shelf_new();
	struct outcome outcome;

	for (int i = 0; i < 50; i++) {
		char name[32];

		snprintf(name, sizeof(name), "shelf/notes%d.txt", i);
		folder_write(&shelf.folder, name, "seen at noon\n", 13);
	}
	outcome = shelf_read(&shelf, "--recursive");
	cr_expect_eq(outcome.status, 0);
	cr_expect_leq(line_count(outcome.err), 10, "%s", outcome.err);
	cr_expect(strstr(outcome.err, "in all, not captures and left out: 50\n"), "%s",
	          outcome.err);
	outcome_free(&outcome);
	outcome = shelf_read(&shelf, "-q");
	cr_expect_str_empty(outcome.err);
	outcome_free(&outcome);
	shelf_free(&shelf);
}

Test(folders, with_a_damaged_file_give_what_is_good_and_exit_with_1)
{
	struct shelf shelf = shelf_new();
	struct outcome outcome;

	piece_write(&shelf, "shelf/c.pcap", 0);
	folder_append(&shelf.folder, "shelf/c.pcap", "half a record", 13);
	outcome = shelf_read(&shelf, "--recursive");
	cr_expect_eq(outcome.status, 1);
	cr_expect_eq(line_count(outcome.err), 1, "said once: %s", outcome.err);
	cr_expect(strstr(outcome.err, "shelf/c.pcap: ends in the middle of a "), "%s", outcome.err);
	records_expect_same(outcome.out, shelf.whole, "records");
	outcome_free(&outcome);
	shelf_free(&shelf);
}

Test(folders, name_the_file_whose_times_run_backwards)
{
	struct shelf shelf = shelf_new();
	struct outcome outcome;

	/* One frame of the second piece stands at the end of the third, too early by far. */
	shelf.traffic.segments[shelf.traffic.count - 1].time -= 100 * TIME_MILLISECOND;
	piece_write(&shelf, "shelf/a.pcap", 2);
	outcome = shelf_read(&shelf, "--recursive");
	cr_expect_eq(outcome.status, 0);
	cr_expect(strstr(outcome.err,
	                 "shelf/a.pcap: 1 frame is earlier than a frame before; read in "
	                 "the file's own order\n"),
	          "%s", outcome.err);
	outcome_free(&outcome);
	shelf_free(&shelf);
}

Test(folders, of_several_compressions_are_one_stream)
{
	struct shelf shelf = shelf_new();
	struct outcome outcome;
	static uint8_t bytes[1 << 20];
	static const char *const names[] = { "shelf/below/b.pcap", "shelf/a.pcap", "shelf/c.pcap" };
	static const enum packing packings[] = { XZ, LZ4, BZIP2 };

	for (size_t i = 0; i < 3; i++) {
		FILE *stream = fopen(folder_path(&shelf.folder, names[i]), "rb");
		size_t count = fread(bytes, 1, sizeof(bytes), stream);
		struct packed packed = pack(packings[i], bytes, count);

		fclose(stream);
		remove(folder_path(&shelf.folder, names[i]));
		folder_write(&shelf.folder, names[i], packed.bytes, packed.count);
		free(packed.bytes);
	}
	outcome = shelf_read(&shelf, "--recursive");
	cr_expect_eq(outcome.status, 0, "%s", outcome.err);
	records_expect_same(outcome.out, shelf.whole, "records");
	outcome_free(&outcome);
	shelf_free(&shelf);
}

static void expect_refusal(const char *const *words, const char *what)
{
	struct outcome outcome = program_run(words);

	cr_expect_eq(outcome.status, 2, "%s", outcome.err);
	cr_expect(strstr(outcome.err, what), "%s", outcome.err);
	cr_expect_str_empty(outcome.out);
	outcome_free(&outcome);
}

Test(folders, and_files_are_refused_where_the_options_make_no_sense)
{
	const char *file = "captures/mixed.pcap";

	expect_refusal(
		(const char *[]){ "ladder", "--follow", "--where", "port:80", "-r", file, NULL },
		"--follow and --where: ");
	expect_refusal((const char *[]){ "log", "--follow", "-r", file, "-r", file, NULL },
	               "--follow: only one file");
	expect_refusal((const char *[]){ "log", "--link-type", "65537", "-r", file, NULL },
	               "--link-type: 65537: link types end at 65535");
}
