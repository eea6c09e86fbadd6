/* dump_test.c: savefiles that are the same bytes everywhere, and disks that are full. */

#include "capture/dump.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "savefile.h"

static const uint8_t payload[] = { 1, 2, 3, 4, 5, 6, 7 };

static struct frame frame_of(int64_t time, uint32_t captured, uint32_t length)
{
	return (struct frame){
		.bytes = payload,
		.number = 1,
		.time = time,
		.captured = captured,
		.length = length,
		.link_type = 101,
	};
}

/* Dumps the frames to a new file and reads it into `file`. */
static void dump_all(const struct frame *frames, size_t count, uint32_t snaplen,
                     struct savefile *file)
{
	char path[] = "/tmp/shakedown-XXXXXX";
	int descriptor = mkstemp(path);
	struct error err = { 0 };
	struct dump *dump = dump_open(path, 101, snaplen, &err);
	ssize_t size;

	cr_assert_not_null(dump, "%s", err.what);
	for (size_t i = 0; i < count; i++)
		cr_assert_eq(dump_frame(dump, &frames[i], &err), 0, "%s", err.what);
	cr_assert_eq(dump_close(dump, &err), 0, "%s", err.what);
	size = read(descriptor, file->bytes, sizeof(file->bytes));
	cr_assert_geq(size, 0);
	file->count = (size_t)size;
	close(descriptor);
	unlink(path);
}

Test(dump, writes_these_bytes_on_every_machine)
{
	/* clang-format off */
	static const uint8_t expected[] = {
		/* pcap 2.4, nanoseconds, snaplen 65535, raw IP */
		0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 101, 0, 0, 0,
		/* 1700000000.123456789: 3 of 1500 bytes */
		0x00, 0xf1, 0x53, 0x65, 0x15, 0xcd, 0x5b, 0x07, 3, 0, 0, 0, 0xdc, 5, 0, 0, 1, 2, 3,
		/* 1.000000000: 0 of 0 bytes */
		1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	};
	/* clang-format on */
	const struct frame frames[] = { frame_of(1700000000123456789, 3, 1500),
		                        frame_of(1000000000, 0, 0) };
	struct savefile file = { 0 };

	dump_all(frames, 2, 65535, &file);
	cr_assert_eq(file.count, sizeof(expected));
	cr_expect_arr_eq(file.bytes, expected, sizeof(expected));
}

Test(dump, writes_what_the_parser_reads_back)
{
	const struct frame frames[] = { frame_of(1700000000999999999, 7, 7),
		                        frame_of(1, 2, 4294967295), frame_of(0, 7, 9) };
	struct savefile file = { 0 };
	struct harvest harvest;

	dump_all(frames, 3, 0, &file);
	harvest = feed_savefile(&file);
	cr_assert_eq(harvest.count, 3, "%s", harvest.err.what);
	for (size_t i = 0; i < 3; i++) {
		cr_expect_eq(harvest.frames[i].time, frames[i].time);
		cr_expect_eq(harvest.frames[i].captured, frames[i].captured);
		cr_expect_eq(harvest.frames[i].length, frames[i].length);
		cr_expect_eq(harvest.frames[i].link_type, 101);
	}
}

Test(dump, clamps_times_that_32_bits_cannot_say_and_bytes_beyond_snaplen)
{
	const struct frame frames[] = { frame_of(-5, 7, 7), frame_of(INT64_MAX, 7, 7) };
	struct savefile file = { 0 };
	struct harvest harvest;

	dump_all(frames, 2, 4, &file);
	harvest = feed_savefile(&file);
	cr_assert_eq(harvest.count, 2, "%s", harvest.err.what);
	cr_expect_eq(harvest.frames[0].time, 0);
	cr_expect_eq(harvest.frames[0].captured, 4);
	cr_expect_eq(harvest.frames[0].length, 7);
	cr_expect_eq(harvest.frames[1].time, 4294967295999999999);
}

Test(dump, refuses_frames_of_another_link_type)
{
	struct error err = { 0 };
	struct dump *dump = dump_open("/dev/null", 1, 0, &err);
	struct frame frame = frame_of(1, 1, 1);

	cr_assert_not_null(dump);
	cr_expect_eq(dump_frame(dump, &frame, &err), -1);
	cr_expect_str_eq(err.what,
	                 "/dev/null: frame 1 is of link type 101, but the file of link type 1");
	cr_expect_eq(dump_close(dump, &err), 0);
}

Test(dump, tells_of_a_full_disk)
{
	struct error err = { 0 };
	struct dump *dump = dump_open("/dev/full", 101, 0, &err);
	struct frame frame = frame_of(1, 7, 7);

	if (!dump)
		cr_skip_test("no /dev/full here");
	cr_expect_eq(dump_frame(dump, &frame, &err), 0, "a frame is only buffered");
	cr_expect_eq(dump_close(dump, &err), -1);
	cr_expect_str_eq(err.what, "/dev/full: No space left on device");
}

Test(dump, tells_of_a_full_disk_while_it_goes_on)
{
	struct error err = { 0 };
	struct dump *dump = dump_open("/dev/full", 101, 0, &err);
	struct frame frame = frame_of(1, 7, 7);
	int outcome = 0;

	if (!dump)
		cr_skip_test("no /dev/full here");
	for (int i = 0; i < 10000 && outcome == 0; i++)
		outcome = dump_frame(dump, &frame, &err);
	cr_expect_eq(outcome, -1);
	dump_close(dump, &err);
}

Test(dump, tells_of_a_reader_that_is_gone)
{
	struct error err = { 0 };
	struct dump *dump;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	cr_assert_eq(pipe(ends), 0);
	close(ends[0]);
	fflush(stdout);
	dup2(ends[1], STDOUT_FILENO);
	dump = dump_open("-", 101, 0, &err);
	cr_assert_not_null(dump);
	cr_expect_eq(dump_close(dump, &err), -1);
	cr_expect_str_eq(err.what, "standard output: the reader is gone");
}

Test(dump, says_why_it_cannot_be_opened)
{
	struct error err = { 0 };

	cr_expect_null(dump_open("/nowhere/capture", 1, 0, &err));
	cr_expect_str_eq(err.what, "/nowhere/capture: No such file or directory");
}

Test(dump, hands_over_what_is_buffered_when_it_is_flushed)
{
	char path[] = "/tmp/shakedown-XXXXXX";
	int descriptor = mkstemp(path);
	struct frame frame = frame_of(1, 7, 7);
	struct error err = { 0 };
	struct dump *dump = dump_open(path, 101, 0, &err);
	struct stat status;

	cr_assert_not_null(dump);
	cr_assert_eq(dump_frame(dump, &frame, &err), 0);
	cr_assert_eq(dump_flush(dump, &err), 0);
	cr_assert_eq(fstat(descriptor, &status), 0);
	cr_expect_eq(status.st_size, 24 + 16 + 7);
	cr_expect_eq(dump_close(dump, &err), 0);
	close(descriptor);
	unlink(path);
}

/* ---- rotation ---- */

/* A header of 24 bytes, then 16 + 7 for each frame: 47, 70, 93... */
#define FRAMES_OF(count) (24 + (count)*23)

struct folder {
	char path[32];
	char pattern[64];
};

static struct folder folder_new(const char *pattern)
{
	struct folder folder = { .path = "/tmp/shakedown-XXXXXX" };

	cr_assert_not_null(mkdtemp(folder.path));
	snprintf(folder.pattern, sizeof(folder.pattern), "%s/%s", folder.path, pattern);
	setenv("TZ", "UTC", 1);
	return folder;
}

static struct dump *folder_dump(const struct folder *folder, const struct dump_rotation *rotation)
{
	struct error err = { 0 };
	struct dump *dump = dump_open_rotating(folder->pattern, 101, 0, rotation, &err);

	cr_assert_not_null(dump, "%s", err.what);
	return dump;
}

static int dump_at(struct dump *dump, int64_t time)
{
	struct frame frame = frame_of(time, 7, 7);
	struct error err = { 0 };

	return dump_frame(dump, &frame, &err);
}

static void dump_end(struct dump *dump)
{
	struct error err = { 0 };

	cr_expect_eq(dump_close(dump, &err), 0, "%s", err.what);
}

/* -1: there is none. Removes it, so that folder_end finds what nobody expected. */
static long size_of(const struct folder *folder, const char *name)
{
	char path[96];
	struct stat status;

	snprintf(path, sizeof(path), "%s/%s", folder->path, name);
	if (stat(path, &status) < 0)
		return -1;
	unlink(path);
	return (long)status.st_size;
}

static void folder_end(const struct folder *folder)
{
	cr_expect_eq(rmdir(folder->path), 0, "files are left that nobody expected");
}

Test(dump, opens_another_file_when_one_is_larger_than_its_limit)
{
	const struct dump_rotation rotation = { .size = FRAMES_OF(2), .start = TIME_NONE };
	struct folder folder = folder_new("f%H");
	struct dump *dump = folder_dump(&folder, &rotation);

	for (int i = 0; i < 7; i++)
		cr_assert_eq(dump_at(dump, i), 0);
	dump_end(dump);
	/* The limit itself is not larger than the limit; and names are no strftime patterns here. */
	cr_expect_eq(size_of(&folder, "f%H"), FRAMES_OF(3));
	cr_expect_eq(size_of(&folder, "f%H1"), FRAMES_OF(3));
	cr_expect_eq(size_of(&folder, "f%H2"), FRAMES_OF(1));
	folder_end(&folder);
}

Test(dump, makes_a_ring_of_files_whose_names_sort)
{
	const struct dump_rotation rotation = { .size = 1, .files = 11, .start = TIME_NONE };
	struct folder folder = folder_new("f");
	struct dump *dump = folder_dump(&folder, &rotation);
	char name[16];

	/* A header alone is larger than the limit: the first file gets no frame, as with tcpdump. */
	for (int i = 0; i < 11; i++)
		cr_assert_eq(dump_at(dump, i), 0);
	dump_end(dump);
	for (int i = 0; i < 11; i++) {
		snprintf(name, sizeof(name), "f%02d", i);
		cr_expect_eq(size_of(&folder, name), FRAMES_OF(1), "%s", name);
	}
	folder_end(&folder);
}

Test(dump, writes_one_file_again_and_again_in_a_ring_of_one)
{
	const struct dump_rotation rotation = { .size = FRAMES_OF(1), .files = 1 };
	struct folder folder = folder_new("f");
	struct dump *dump = folder_dump(&folder, &rotation);

	for (int i = 0; i < 5; i++)
		cr_assert_eq(dump_at(dump, i), 0);
	dump_end(dump);
	cr_expect_eq(size_of(&folder, "f"), FRAMES_OF(1));
	folder_end(&folder);
}

/* 2023-11-14 22:13:20 UTC */
#define BEGINNING (INT64_C(1700000000) * TIME_SECOND)

Test(dump, names_files_after_the_time_at_which_they_begin)
{
	const struct dump_rotation rotation = { .seconds = 10, .start = BEGINNING + 5 };
	struct folder folder = folder_new("f-%Y%m%d-%H%M%S.pcap");
	struct dump *dump = folder_dump(&folder, &rotation);

	dump_at(dump, BEGINNING + 1 * TIME_SECOND);
	dump_at(dump, BEGINNING + 10 * TIME_SECOND - 1);
	dump_at(dump, BEGINNING + 10 * TIME_SECOND);
	dump_at(dump, BEGINNING + 35 * TIME_SECOND + 7);
	dump_at(dump, BEGINNING + 3 * TIME_SECOND);
	dump_end(dump);
	cr_expect_eq(size_of(&folder, "f-20231114-221320.pcap"), FRAMES_OF(2));
	cr_expect_eq(size_of(&folder, "f-20231114-221330.pcap"), FRAMES_OF(1));
	cr_expect_eq(size_of(&folder, "f-20231114-221355.pcap"), FRAMES_OF(2));
	folder_end(&folder);
}

Test(dump, lets_the_first_frame_name_the_first_file_where_nobody_else_does)
{
	const struct dump_rotation rotation = { .seconds = 10, .start = TIME_NONE };
	struct folder folder = folder_new("f-%S");
	struct dump *dump = folder_dump(&folder, &rotation);

	dump_end(dump);
	folder_end(&folder);
	folder = folder_new("f-%S");
	dump = folder_dump(&folder, &rotation);
	dump_at(dump, BEGINNING + 9 * TIME_SECOND);
	dump_at(dump, BEGINNING + 18 * TIME_SECOND);
	dump_end(dump);
	cr_expect_eq(size_of(&folder, "f-29"), FRAMES_OF(2));
	folder_end(&folder);
}

Test(dump, is_full_after_so_many_files_of_so_many_seconds)
{
	const struct dump_rotation rotation = { .seconds = 1, .files = 2, .start = BEGINNING };
	struct folder folder = folder_new("f-%S");
	struct dump *dump = folder_dump(&folder, &rotation);

	cr_expect_eq(dump_at(dump, BEGINNING), 0);
	cr_expect_eq(dump_at(dump, BEGINNING + TIME_SECOND), 0);
	cr_expect_eq(dump_at(dump, BEGINNING + 2 * TIME_SECOND), DUMP_FULL);
	cr_expect_eq(dump_at(dump, BEGINNING + 9 * TIME_SECOND), DUMP_FULL);
	dump_end(dump);
	cr_expect_eq(size_of(&folder, "f-20"), FRAMES_OF(1));
	cr_expect_eq(size_of(&folder, "f-21"), FRAMES_OF(1));
	folder_end(&folder);
}

Test(dump, numbers_the_files_of_each_period)
{
	const struct dump_rotation rotation = {
		.size = FRAMES_OF(0), .seconds = 10, .files = 100, .start = BEGINNING
	};
	struct folder folder = folder_new("f-%S-");
	struct dump *dump = folder_dump(&folder, &rotation);

	for (int i = 0; i < 3; i++)
		cr_assert_eq(dump_at(dump, BEGINNING), 0);
	cr_assert_eq(dump_at(dump, BEGINNING + 10 * TIME_SECOND), 0);
	dump_end(dump);
	cr_expect_eq(size_of(&folder, "f-20-00"), FRAMES_OF(1));
	cr_expect_eq(size_of(&folder, "f-20-01"), FRAMES_OF(1));
	cr_expect_eq(size_of(&folder, "f-20-02"), FRAMES_OF(1));
	cr_expect_eq(size_of(&folder, "f-30-00"), FRAMES_OF(1));
	folder_end(&folder);
}

Test(dump, writes_the_same_bytes_with_a_limit_that_is_not_reached)
{
	const struct dump_rotation rotation = { .size = 1000, .start = TIME_NONE };
	const struct frame frame = frame_of(BEGINNING, 7, 7);
	struct folder folder = folder_new("f");
	struct dump *dump = folder_dump(&folder, &rotation);
	struct savefile plain = { 0 };
	uint8_t bytes[FRAMES_OF(1)];
	int descriptor;

	dump_at(dump, BEGINNING);
	dump_end(dump);
	dump_all(&frame, 1, 0, &plain);
	descriptor = open(folder.pattern, O_RDONLY);
	cr_assert_eq(read(descriptor, bytes, sizeof(bytes)), FRAMES_OF(1));
	close(descriptor);
	cr_expect_eq(plain.count, FRAMES_OF(1));
	cr_expect_arr_eq(bytes, plain.bytes, sizeof(bytes));
	cr_expect_eq(size_of(&folder, "f"), FRAMES_OF(1));
	folder_end(&folder);
}

Test(dump, does_not_divide_standard_output)
{
	const struct dump_rotation rotation = { .size = 1 };
	struct error err = { 0 };

	cr_expect_null(dump_open_rotating("-", 101, 0, &rotation, &err));
	cr_expect_str_eq(err.what, "standard output: cannot be divided into several files");
}

Test(dump, refuses_a_name_that_is_none)
{
	const struct dump_rotation rotation = { .seconds = 1, .start = BEGINNING };
	struct error err = { 0 };
	char *path = malloc(5000);

	memset(path, 'x', 4999);
	path[4999] = '\0';
	cr_expect_null(dump_open_rotating(path, 101, 0, &rotation, &err));
	cr_expect_not_null(strstr(err.what, "xxx"));
	cr_expect_null(dump_open_rotating("", 101, 0, &rotation, &err));
	cr_expect_str_eq(err.what, ": gives no file name, or one that is too long");
	free(path);
}

Test(dump, tells_that_the_next_file_cannot_be_made)
{
	const struct dump_rotation rotation = { .size = 1 };
	struct folder folder = folder_new("f");
	struct dump *dump = folder_dump(&folder, &rotation);
	struct frame frame = frame_of(1, 7, 7);
	struct error err = { 0 };
	char next[96];

	snprintf(next, sizeof(next), "%s/f1", folder.path);
	cr_assert_eq(mkdir(next, 0700), 0);
	cr_expect_eq(dump_frame(dump, &frame, &err), DUMP_FAILED);
	cr_expect_not_null(strstr(err.what, "/f1: Is a directory"), "%s", err.what);
	dump_end(dump);
	rmdir(next);
	cr_expect_eq(size_of(&folder, "f"), FRAMES_OF(0));
	folder_end(&folder);
}

Test(dump, reads_sizes_as_tcpdump_does)
{
	/* clang-format off */
	static const struct { const char *words; uint64_t size; } rows[] = {
		{ "1",    1000000 },
		{ "20",   20000000 },
		{ "1k",   1024 },
		{ "3K",   3072 },
		{ "2m",   2097152 },
		{ "2M",   2097152 },
		{ "1g",   1073741824 },
		{ "4G",   4294967296 },
		{ "",     0 },
		{ "0",    0 },
		{ "k",    0 },
		{ "1kb",  0 },
		{ "-1",   0 },
		{ "1.5",  0 },
		{ "1T",   0 },
		{ "18446744073709551616", 0 },
		{ "18446744073709551615", 0 },
		{ "99999999999999G",      0 },
	};
	/* clang-format on */
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t size = 0;

		cr_expect_eq(dump_size_parse(rows[i].words, &size), rows[i].size != 0, "%s",
		             rows[i].words);
		cr_expect_eq(size, rows[i].size, "%s", rows[i].words);
	}
}
