/* file_test.c: savefiles on disk, in pipes and on standard input, and what cannot be opened. */

#define _XOPEN_SOURCE 700 /* posix_openpt */
#define _DEFAULT_SOURCE 1

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/source.h"
#include "savefile.h"

struct place {
	char folder[64];
	char path[128];
};

static struct place place_new(void)
{
	struct place place = { .folder = "/tmp/shakedown-XXXXXX" };

	cr_assert_not_null(mkdtemp(place.folder));
	snprintf(place.path, sizeof(place.path), "%s/capture", place.folder);
	return place;
}

static void place_free(const struct place *place)
{
	unlink(place->path);
	rmdir(place->folder);
}

static void write_all(int descriptor, const void *bytes, size_t count)
{
	cr_assert_eq(write(descriptor, bytes, count), (ssize_t)count);
}

static void place_fill(const struct place *place, const void *bytes, size_t count)
{
	int descriptor = open(place->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	cr_assert_geq(descriptor, 0);
	write_all(descriptor, bytes, count);
	close(descriptor);
}

static void put_three(struct savefile *file)
{
	put_pcap(file, MAGIC_MICRO, 2048, 1);
	for (uint32_t i = 0; i < 3; i++)
		put_record(file, 1700000000, i, 20, 20);
}

Test(file, reads_what_is_on_disk)
{
	struct place place = place_new();
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source *source;
	struct source_facts facts;

	put_three(&file);
	place_fill(&place, file.bytes, file.count);
	source = source_open_file(place.path, &harvest.err);
	cr_assert_not_null(source, "%s", harvest.err.what);
	cr_expect_eq(source_descriptor(source), -1);
	cr_expect_eq(source_facts(source).link_type, 1);
	cr_expect_eq(drain(source, &harvest), SOURCE_END);
	cr_expect_eq(harvest.digest, feed_savefile(&file).digest);
	facts = source_facts(source);
	cr_expect_str_eq(facts.name, place.path);
	cr_expect_eq(facts.frames, 3);
	cr_expect_eq(facts.bytes_read, file.count);
	cr_expect_eq(facts.bytes_total, file.count);
	source_close(source);
	place_free(&place);
}

static void expect_refusal(const struct place *place, const char *why, const char *remedy)
{
	struct error err = { 0 };
	char what[256];

	snprintf(what, sizeof(what), "%s: %s", place->path, why);
	cr_expect_null(source_open_file(place->path, &err));
	cr_expect_str_eq(err.what, what);
	cr_expect_not_null(strstr(err.remedy, remedy), "%s", err.remedy);
}

Test(file, says_why_it_cannot_be_opened)
{
	struct place place = place_new();

	expect_refusal(&place, "no such file", "");
	mkdir(place.path, 0700);
	expect_refusal(&place, "is a directory", "");
	rmdir(place.path);
	place_fill(&place, "", 0);
	expect_refusal(&place, "is empty", "");
	place_fill(&place, "\x1f\x9d\x90\0\0\0\0\0\0", 9);
	expect_refusal(&place, "is compressed with compress", "zcat FILE | shakedown ... -r -");
	place_fill(&place, "127.0.0.1 localhost\n", 20);
	expect_refusal(&place, "is not a capture file: it begins with \"127.0.0.\"", "editcap");
	chmod(place.path, 0);
	/* Root may read anything: only another user is refused. */
	if (geteuid() == 0) {
		chmod(place.folder, 0755);
		cr_assert_eq(seteuid(65534), 0);
	}
	expect_refusal(&place, "permission denied", "sudo cat FILE");
	if (getuid() == 0)
		cr_assert_eq(seteuid(0), 0);
	place_free(&place);
}

Test(file, visits_the_good_part_of_a_cut_file)
{
	struct place place = place_new();
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source *source;
	char what[256];

	put_three(&file);
	place_fill(&place, file.bytes, file.count - 10);
	source = source_open_file(place.path, &harvest.err);
	cr_assert_not_null(source);
	cr_expect_eq(drain(source, &harvest), SOURCE_FAILED);
	cr_expect_eq(harvest.count, 2);
	snprintf(what, sizeof(what), "%s: ends in the middle of a record after 2 frames (byte 96)",
	         place.path);
	cr_expect_str_eq(harvest.err.what, what);
	cr_expect_eq(drain(source, &harvest), SOURCE_END);
	source_close(source);
	place_free(&place);
}

Test(file, waits_for_a_pipe_without_blocking)
{
	struct place place = place_new();
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source *source;
	struct pollfd ready;
	int writer;

	put_three(&file);
	cr_assert_eq(mkfifo(place.path, 0600), 0);
	source = source_open_file(place.path, &harvest.err);
	cr_assert_not_null(source, "%s", harvest.err.what);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), SOURCE_QUIET,
	             "nobody writes yet");
	cr_expect_null(source_facts(source).container);
	writer = open(place.path, O_WRONLY);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), SOURCE_QUIET,
	             "nothing was written yet");
	ready = (struct pollfd){ .fd = source_descriptor(source), .events = POLLIN };
	cr_assert_geq(ready.fd, 0);
	cr_expect_eq(poll(&ready, 1, 0), 0);
	write_all(writer, file.bytes, 24 + 36 + 5);
	cr_expect_eq(poll(&ready, 1, 0), 1);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), 1);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), SOURCE_QUIET);
	write_all(writer, file.bytes + 24 + 36 + 5, 36 + 31);
	cr_expect_eq(source_visit(source, 1, harvest_add, &harvest, &harvest.err), 1);
	cr_expect_eq(source_descriptor(source), -1, "a frame is already here");
	close(writer);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), 1);
	cr_expect_eq(source_visit(source, 64, harvest_add, &harvest, &harvest.err), SOURCE_END);
	cr_expect_eq(harvest.digest, feed_savefile(&file).digest);
	cr_expect_eq(source_facts(source).bytes_total, 0);
	source_close(source);
	place_free(&place);
}

Test(file, reads_standard_input)
{
	struct savefile file = { 0 };
	struct harvest harvest = { 0 };
	struct source *source;
	int ends[2];

	put_three(&file);
	cr_assert_eq(pipe(ends), 0);
	write_all(ends[1], file.bytes, file.count - 1);
	close(ends[1]);
	cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	source = source_open_file("-", &harvest.err);
	cr_assert_not_null(source, "%s", harvest.err.what);
	cr_expect_eq(drain(source, &harvest), SOURCE_FAILED);
	cr_expect_eq(harvest.count, 2);
	cr_expect_str_eq(harvest.err.what, "standard input: ends in the middle of a record after "
	                                   "2 frames (byte 96)");
	cr_expect_str_eq(source_facts(source).name, "-");
	source_close(source);
	cr_expect_neq(fcntl(STDIN_FILENO, F_GETFD), -1, "standard input is not ours to close");
}

Test(file, says_so_when_standard_input_is_empty)
{
	struct harvest harvest = { 0 };
	struct source *source;
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	close(ends[1]);
	cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	source = source_open_file("-", &harvest.err);
	cr_assert_not_null(source);
	cr_expect_eq(drain(source, &harvest), SOURCE_FAILED);
	cr_expect_str_eq(harvest.err.what, "standard input: is empty");
	source_close(source);
}

Test(file, asks_for_a_capture_where_somebody_would_have_to_type_it)
{
	struct error err = { 0 };
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);

	if (terminal < 0)
		cr_skip_test("no pseudoterminal here");
	cr_assert_eq(dup2(terminal, STDIN_FILENO), STDIN_FILENO);
	cr_expect_null(source_open_file("-", &err));
	cr_expect_str_eq(err.what, "standard input: is a terminal");
	cr_expect_not_null(strstr(err.remedy, "tcpdump -w -"));
}
