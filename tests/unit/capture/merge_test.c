/* merge_test.c: many files as one stream in the order of time. */

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/source.h"
#include "folder.h"
#include "packed.h"
#include "savefile.h"

#define MOST 20000

/* What came, in which order: each frame holds its number in the whole. */
struct log {
	uint32_t ids[MOST];
	int64_t times[MOST];
	uint32_t interfaces[MOST];
	uint16_t link_types[MOST];
	size_t count;
	int outcome;
	struct error err;
	struct source_facts facts;
	char notes[4][300];
};

static void log_add(void *context, const struct frame *frame)
{
	struct log *log = context;

	cr_assert_lt(log->count, MOST);
	cr_assert_geq(frame->captured, 4);
	memcpy(&log->ids[log->count], frame->bytes, 4);
	log->times[log->count] = frame->time;
	log->interfaces[log->count] = frame->interface;
	log->link_types[log->count++] = frame->link_type;
	cr_assert_eq(frame->number, log->count);
}

static struct log *log_source(struct log *log, struct source *source)
{
	if (!source)
		return log;
	while ((log->outcome = source_visit(source, 3, log_add, log, &log->err)) > 0)
		cr_assert_leq(log->outcome, 3);
	log->facts = source_facts(source);
	log->facts.name = NULL;
	for (size_t i = 0; i < 4 && source_note(source, i); i++)
		snprintf(log->notes[i], sizeof(log->notes[i]), "%s", source_note(source, i));
	struct error err;
	cr_assert_eq(source_visit(source, 1, log_add, log, &err), SOURCE_END);
	source_close(source);
	return log;
}

static struct log *log_read(const char *const *paths, size_t count, bool recursive)
{
	struct log *log = calloc(1, sizeof(*log));
	struct source_plan plan = { paths, count, recursive, false };

	log->outcome = -100;
	return log_source(log, source_open_plan(&plan, &log->err));
}

static void put_frame(struct savefile *file, uint32_t time, uint32_t id)
{
	put32(file, time);
	put32(file, 0);
	put32(file, 6);
	put32(file, 60);
	put32(file, id);
	put16(file, 0);
}

static void put_head(struct savefile *file)
{
	*file = (struct savefile){ 0 };
	put_pcap(file, MAGIC_NANO, 65535, 1);
}

/* ---- a capture, cut in pieces ---- */

#define WHOLE 500

/* Runs of equal times, one of them longer than a piece. */
static uint32_t time_of(uint32_t id)
{
	if (id >= 180 && id < 330)
		return 1060;
	return 1000 + id / 3;
}

struct cut {
	const char *name;
	bool by_time;
	uint32_t overlap;
};

/* clang-format off */
static const struct cut cuts[] = {
	{ "by count",             false, 0 },
	{ "by time",              true,  0 },
	{ "by count, overlapping", false, 5 },
	{ "by time, overlapping", true,  5 },
};
/* clang-format on */

static uint32_t border(const struct cut *cut, uint32_t piece)
{
	uint32_t id = 0;

	if (!cut->by_time)
		return piece * WHOLE / 10;
	while (id < WHOLE && time_of(id) < 1000 + piece * 17)
		id++;
	return piece == 10 ? WHOLE : id;
}

static void pieces_write(const struct folder *folder, const struct cut *cut, const char *paths[10])
{
	for (uint32_t i = 0; i < 10; i++) {
		uint32_t last = border(cut, i + 1) + cut->overlap;
		struct savefile file;
		char name[32];

		put_head(&file);
		for (uint32_t id = border(cut, i); id < last && id < WHOLE; id++)
			put_frame(&file, time_of(id), id);
		/* The seventh begins with the time that those before it wholly are of. */
		snprintf(name, sizeof(name), i == 6 ? "apart%u.pcap" : "piece%u.pcap", i);
		paths[i] = folder_write(folder, name, file.bytes, file.count);
	}
}

static void shuffle(const char *paths[10], uint32_t *random)
{
	for (uint32_t i = 9; i > 0; i--) {
		uint32_t other;
		const char *path = paths[i];

		*random = *random * 1664525 + 1013904223;
		other = (*random >> 16) % (i + 1);
		paths[i] = paths[other];
		paths[other] = path;
	}
}

static void expect_whole(const struct log *log, const struct cut *cut)
{
	uint32_t expected = 0;

	cr_assert_eq(log->outcome, SOURCE_END, "%s: %s", cut->name, log->err.what);
	for (size_t i = 0; i < log->count; i++) {
		if (i && log->ids[i] == log->ids[i - 1])
			cr_assert_gt(cut->overlap, 0);
		else
			cr_assert_eq(log->ids[i], expected++, "%s: frame %zu", cut->name, i);
	}
	cr_assert_eq(expected, WHOLE);
	if (cut->overlap)
		cr_assert_gt(log->count, WHOLE + 30);
}

Test(merge, puts_together_what_was_cut_in_whatever_order_it_is_given)
{
	uint32_t random = 7;

	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct folder folder = folder_new();
		const char *paths[10];

		pieces_write(&folder, &cuts[i], paths);
		for (int turn = 0; turn < 20; turn++) {
			struct log *log;

			shuffle(paths, &random);
			log = log_read(paths, 10, false);
			expect_whole(log, &cuts[i]);
			free(log);
		}
		folder_free(&folder);
	}
}

Test(merge, gives_repeated_frames_next_to_each_other)
{
	struct folder folder = folder_new();
	struct savefile file;
	const char *paths[3];
	struct log *log;

	put_head(&file);
	for (uint32_t id = 0; id < 40; id++)
		put_frame(&file, id / 10, id);
	paths[0] = folder_write(&folder, "one", file.bytes, file.count);
	paths[1] = paths[0];
	paths[2] = folder_write(&folder, "other", file.bytes, file.count);
	log = log_read(paths, 3, false);
	cr_assert_eq(log->outcome, SOURCE_END, "%s", log->err.what);
	cr_assert_eq(log->count, 120);
	for (size_t i = 0; i < log->count; i++) {
		cr_assert_eq(log->ids[i], i / 3);
		cr_assert_eq(log->interfaces[i] >> 16, i % 3, "in the order of the files");
	}
	free(log);
	folder_free(&folder);
}

Test(merge, mixes_link_types_and_byte_orders_and_compressions)
{
	struct folder folder = folder_new();
	struct savefile one = { 0 }, other = { .big = true };
	struct packed packed;
	const char *paths[2];
	struct log *log;

	put_pcap(&one, MAGIC_MICRO, 65535, 1);
	put_record(&one, 1, 0, 20, 20);
	put_record(&one, 3, 0, 20, 20);
	put_section(&other);
	put_interface(&other, 113, 65535, 9, 0);
	put_interface(&other, 101, 100, 6, 0);
	put_enhanced(&other, 0, 2000000000, 20, 20);
	put_enhanced(&other, 1, 4000000, 20, 20);
	packed = pack(ZSTD, one.bytes, one.count);
	paths[0] = folder_write(&folder, "a", other.bytes, other.count);
	paths[1] = folder_write(&folder, "b", packed.bytes, packed.count);
	log = log_read(paths, 2, false);
	cr_assert_eq(log->count, 4, "%s", log->err.what);
	cr_expect_eq(log->link_types[0], 1);
	cr_expect_eq(log->link_types[1], 113);
	cr_expect_eq(log->link_types[2], 1);
	cr_expect_eq(log->link_types[3], 101);
	cr_expect_eq(log->interfaces[1], 1 << 16);
	cr_expect_eq(log->interfaces[3], 1 << 16 | 1);
	cr_expect_eq(log->times[3], 4000000000);
	cr_expect_eq(log->facts.link_type, 1);
	cr_expect_str_eq(log->facts.compression, "zstd");
	cr_expect_eq(log->facts.files, 2);
	cr_expect_eq(log->facts.bytes_total, packed.count + other.count);
	cr_expect_eq(log->facts.bytes_read, packed.count + other.count);
	free(packed.bytes);
	free(log);
	folder_free(&folder);
}

Test(merge, keeps_the_order_of_a_file_whose_times_run_backwards)
{
	struct folder folder = folder_new();
	struct savefile file;
	const char *paths[2];
	struct log *log;
	static const uint32_t expected[] = { 1, 2, 11, 3, 12, 4 };

	put_head(&file);
	put_frame(&file, 10, 1);
	put_frame(&file, 30, 2);
	put_frame(&file, 20, 3);
	put_frame(&file, 40, 4);
	paths[0] = folder_write(&folder, "a", file.bytes, file.count);
	put_head(&file);
	put_frame(&file, 30, 11);
	put_frame(&file, 35, 12);
	paths[1] = folder_write(&folder, "b", file.bytes, file.count);
	log = log_read(paths, 2, false);
	cr_assert_eq(log->outcome, SOURCE_END);
	cr_assert_eq(log->count, 6);
	/* File a is at 30 when its frame of 20 comes, so that b's frame of 30 comes after it. */
	cr_expect_eq(log->ids[0], expected[0]);
	cr_expect_eq(log->ids[1], expected[1]);
	cr_expect_eq(log->ids[2], 3);
	cr_expect_eq(log->ids[3], 11);
	cr_expect_eq(log->ids[4], expected[4]);
	cr_expect_eq(log->ids[5], expected[5]);
	cr_expect_eq(log->facts.backwards, 1);
	cr_expect_not_null(strstr(log->notes[0], "/a: 1 frame is earlier than a frame before"));
	free(log);
	folder_free(&folder);
}

Test(merge, tells_of_times_that_run_backwards_in_a_single_file)
{
	struct savefile file;
	struct harvest harvest = { 0 };
	struct source *source;

	put_head(&file);
	put_frame(&file, 10, 1);
	put_frame(&file, 9, 2);
	put_frame(&file, 8, 3);
	put_frame(&file, 10, 4);
	source = source_open_memory("x", file.bytes, file.count, &harvest.err);
	cr_expect_eq(drain(source, &harvest), SOURCE_END);
	cr_expect_eq(source_facts(source).backwards, 2);
	cr_expect_null(source_note(source, 0));
	source_close(source);
}

/* ---- damage, and what is no capture ---- */

Test(merge, reads_on_past_damaged_and_empty_files)
{
	struct folder folder = folder_new();
	struct savefile file;
	const char *paths[5];
	struct log *log;
	char what[400];

	put_head(&file);
	paths[0] = folder_write(&folder, "header-only", file.bytes, file.count);
	paths[1] = folder_write(&folder, "empty", "", 0);
	put_frame(&file, 1, 1);
	put_frame(&file, 4, 4);
	put_frame(&file, 5, 5);
	paths[2] = folder_write(&folder, "cut", file.bytes, file.count - 3);
	put_head(&file);
	put_frame(&file, 2, 2);
	put_frame(&file, 6, 6);
	paths[3] = folder_write(&folder, "whole", file.bytes, file.count);
	put_frame(&file, 3, 3);
	paths[4] = folder_write(&folder, "cut-early", file.bytes, 13);
	log = log_read(paths, 4, false);
	cr_assert_eq(log->count, 4);
	cr_expect_eq(log->ids[0], 1);
	cr_expect_eq(log->ids[1], 2);
	cr_expect_eq(log->ids[2], 4);
	cr_expect_eq(log->ids[3], 6);
	cr_expect_eq(log->outcome, SOURCE_FAILED, "at the end");
	snprintf(what, sizeof(what), "%s: ends in the middle of a record after 2 frames (byte 68)",
	         paths[2]);
	cr_expect_str_eq(log->err.what, what);
	cr_expect_eq(log->facts.damaged, 1);
	cr_expect_eq(log->facts.files, 4);
	free(log);

	log = log_read(paths, 5, false);
	cr_expect_eq(log->count, 4);
	cr_expect_eq(log->outcome, SOURCE_FAILED);
	snprintf(what, sizeof(what),
	         "%s: ends in the middle of its header after 0 frames (byte 0); 1 more file is "
	         "damaged",
	         paths[4]);
	cr_expect_str_eq(log->err.what, what);
	cr_expect_eq(log->facts.damaged, 2);
	free(log);
	folder_free(&folder);
}

Test(merge, refuses_a_named_file_that_is_no_capture)
{
	struct folder folder = folder_new();
	struct savefile file;
	const char *paths[2];
	struct log *log;
	char what[300];

	put_head(&file);
	paths[0] = folder_write(&folder, "good", file.bytes, file.count);
	paths[1] = folder_write(&folder, "notes.txt", "dear diary", 10);
	log = log_read(paths, 2, false);
	cr_expect_eq(log->outcome, -100);
	snprintf(what, sizeof(what), "%s: is not a capture file: it begins with \"dear dia\"",
	         paths[1]);
	cr_expect_str_eq(log->err.what, what);
	free(log);
	paths[1] = folder_path(&folder, "missing");
	log = log_read(paths, 2, false);
	snprintf(what, sizeof(what), "%s: no such file", paths[1]);
	cr_expect_str_eq(log->err.what, what);
	free(log);
	folder_free(&folder);
}

Test(merge, reads_a_pipe_only_alone)
{
	struct folder folder = folder_new();
	const char *paths[2] = { folder_path(&folder, "pipe"), "-" };
	struct log *log;

	mkfifo(paths[0], 0600);
	log = log_read(paths, 2, false);
	cr_expect_eq(log->outcome, -100);
	cr_expect_not_null(strstr(log->err.what, "pipe: can only be read alone"));
	cr_expect_neq(log->err.remedy[0], '\0');
	free(log);
	paths[0] = "-";
	log = log_read(paths, 2, false);
	cr_expect_not_null(strstr(log->err.what, "standard input: can only be read alone"));
	free(log);
	folder_free(&folder);
}

/* ---- folders ---- */

static const char *frame_write(const struct folder *folder, const char *name, uint32_t id)
{
	struct savefile file;

	put_head(&file);
	put_frame(&file, id, id);
	return folder_write(folder, name, file.bytes, file.count);
}

Test(merge, reads_the_captures_of_a_folder)
{
	struct folder folder = folder_new();
	const char *paths[1] = { folder.path };
	struct log *log;

	folder_add(&folder, "below");
	folder_add(&folder, "below/deeper");
	frame_write(&folder, "b.pcap", 2);
	frame_write(&folder, "a.pcap", 3);
	frame_write(&folder, ".hidden", 9);
	frame_write(&folder, "below/c.pcap", 1);
	frame_write(&folder, "below/deeper/d.pcap", 4);
	folder_write(&folder, "README", "words words", 11);
	folder_write(&folder, "empty", "", 0);
	mkfifo(folder_path(&folder, "pipe"), 0600);
	cr_assert_eq(symlink("..", folder_path(&folder, "below/loop")), 0);
	log = log_read(paths, 1, false);
	cr_expect_eq(log->outcome, SOURCE_END, "%s", log->err.what);
	cr_assert_eq(log->count, 2);
	cr_expect_eq(log->ids[0], 2);
	cr_expect_eq(log->ids[1], 3);
	cr_expect_eq(log->facts.skipped, 2);
	cr_expect_not_null(
		strstr(log->notes[0], "/pipe: is neither a file nor a folder; left out"));
	cr_expect_not_null(strstr(log->notes[1], "/README: is not a capture file"), "%s",
	                   log->notes[1]);
	free(log);
	log = log_read(paths, 1, true);
	cr_assert_eq(log->count, 4);
	for (uint32_t i = 0; i < 4; i++)
		cr_expect_eq(log->ids[i], i + 1);
	cr_expect_eq(log->facts.skipped, 3, "a link that leads back is not followed");
	free(log);
	folder_free(&folder);
}

Test(merge, refuses_a_folder_without_any_capture)
{
	struct folder folder = folder_new();
	const char *paths[1] = { folder.path };
	struct log *log;

	folder_write(&folder, "README", "words words", 11);
	mkfifo(folder_path(&folder, "pipe"), 0600);
	log = log_read(paths, 1, false);
	cr_expect_eq(log->outcome, -100);
	cr_expect_not_null(strstr(log->err.what, ": none of its files is a capture"), "%s",
	                   log->err.what);
	free(log);
	folder_write(&folder, "empty", "", 0);
	log = log_read(paths, 1, false);
	cr_expect_eq(log->outcome, SOURCE_END, "an empty one is one without frames");
	free(log);
	folder_free(&folder);
}

Test(merge, names_the_remedy_when_a_folder_holds_only_folders)
{
	struct folder folder = folder_new();
	const char *paths[1] = { folder.path };
	struct log *log;

	folder_add(&folder, "below");
	log = log_read(paths, 1, false);
	cr_expect_eq(log->outcome, -100);
	cr_expect_not_null(strstr(log->err.what, ": holds no files"));
	cr_expect_not_null(strstr(log->err.remedy, "--recursive"));
	free(log);
	folder_free(&folder);
}

/* Equal in every respect but their names: these must decide, as people count. */
Test(merge, orders_pieces_of_one_single_time_by_their_names)
{
	struct folder folder = folder_new();
	const char *paths[1] = { folder.path };
	struct log *log;

	for (uint32_t i = 12; i > 0; i--) {
		struct savefile file;
		char name[16];

		put_head(&file);
		put_frame(&file, 77, i);
		snprintf(name, sizeof(name), "ring%u", i);
		folder_write(&folder, name, file.bytes, file.count);
	}
	log = log_read(paths, 1, false);
	cr_assert_eq(log->count, 12);
	for (uint32_t i = 0; i < 12; i++)
		cr_expect_eq(log->ids[i], i + 1);
	free(log);
	folder_free(&folder);
}

/* ---- very many ---- */

static void descriptors_limit(rlim_t most)
{
	struct rlimit limit = { most, most };

	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

Test(merge, reads_5000_rotated_files_with_few_descriptors)
{
	struct folder folder = folder_new();
	const char *paths[1] = { folder.path };
	struct log *log;

	for (uint32_t i = 0; i < 5000; i++) {
		struct savefile file;
		char name[16];

		put_head(&file);
		put_frame(&file, 2 * i, 2 * i);
		put_frame(&file, 2 * i + 1, 2 * i + 1);
		snprintf(name, sizeof(name), "ring%u", i * 7919 % 5000);
		folder_write(&folder, name, file.bytes, file.count);
	}
	descriptors_limit(64);
	log = log_read(paths, 1, false);
	cr_assert_eq(log->outcome, SOURCE_END, "%s", log->err.what);
	cr_assert_eq(log->count, 10000);
	for (uint32_t i = 0; i < 10000; i++)
		cr_assert_eq(log->ids[i], i);
	cr_expect_eq(log->facts.files, 5000);
	free(log);
	folder_free(&folder);
}

/* Each is open from beginning to end of the whole: more than there are descriptors. */
Test(merge, reads_600_files_that_all_overlap)
{
	struct folder folder = folder_new();
	const char *paths[1] = { folder.path };
	struct log *log;

	for (uint32_t i = 0; i < 600; i++) {
		struct savefile file;
		char name[16];

		put_head(&file);
		for (uint32_t turn = 0; turn < 10; turn++)
			put_frame(&file, 600 * turn + i, 600 * turn + i);
		snprintf(name, sizeof(name), "tap%u", i);
		folder_write(&folder, name, file.bytes, file.count);
	}
	descriptors_limit(120);
	log = log_read(paths, 1, false);
	cr_assert_eq(log->outcome, SOURCE_END, "%s", log->err.what);
	cr_assert_eq(log->count, 6000);
	for (uint32_t i = 0; i < 6000; i++)
		cr_assert_eq(log->ids[i], i);
	free(log);
	folder_free(&folder);
}

Test(merge, is_the_file_itself_where_there_is_only_one)
{
	struct folder folder = folder_new();
	struct error err;
	const char *path = frame_write(&folder, "one", 1);
	struct source_plan plan = { &path, 1, false, false };
	struct source *source = source_open_plan(&plan, &err);

	cr_assert_not_null(source);
	cr_expect_str_eq(source_facts(source).name, path);
	cr_expect_eq(source_facts(source).files, 1);
	source_close(source);
	path = folder_write(&folder, "none", "", 0);
	cr_expect_null(source_open_plan(&plan, &err));
	cr_expect_not_null(strstr(err.what, "is empty"));
	path = folder.path;
	plan.follow = true;
	cr_expect_null(source_open_plan(&plan, &err));
	cr_expect_not_null(strstr(err.what, "only a single file can be followed"));
	folder_free(&folder);
}
