/* dump_test.c: savefiles that are the same bytes everywhere, and disks that are full. */

#include "capture/dump.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
