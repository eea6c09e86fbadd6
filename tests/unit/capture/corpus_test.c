/* corpus_test.c: captures that nobody here made, read by libpcap too. */

#include <criterion/criterion.h>
#include <dirent.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "capture/source.h"
#include "savefile.h"

struct comparison {
	const char *path;
	pcap_t *theirs;
	bool over; /* libpcap gave up */
	struct harvest harvest;
};

static bool is_capture(const char *name)
{
	const char *ending = strrchr(name, '.');

	return ending && (strcmp(ending, ".pcap") == 0 || strcmp(ending, ".pcapng") == 0);
}

/* How many captures of a folder were shown to `look`. */
static size_t folder_walk(const char *folder, void (*look)(const char *path))
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	if (!directory)
		return 0;
	while ((entry = readdir(directory))) {
		char path[1024];

		if (!is_capture(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		look(path);
		count++;
	}
	closedir(directory);
	return count;
}

/* The folder `below` the corpus, or a skipped test. */
static const char *corpus(const char *below)
{
	static char path[1024];
	const char *root = getenv("CORPUS");
	DIR *directory;

	snprintf(path, sizeof(path), "%s%s", root ? root : "../shared/corpus", below);
	directory = opendir(path);
	if (!directory)
		cr_skip_test("no corpus at %s", path);
	closedir(directory);
	return path;
}

/* libpcap reads a classic file's seconds as signed where the byte order is the machine's. */
static int64_t their_time(const struct pcap_pkthdr *header, bool classic)
{
	int64_t seconds = classic ? (int64_t)(uint32_t)header->ts.tv_sec : header->ts.tv_sec;

	return seconds * TIME_SECOND + header->ts.tv_usec;
}

static void frame_compare(void *context, const struct frame *frame)
{
	struct comparison *comparison = context;
	struct pcap_pkthdr *header;
	const unsigned char *bytes;
	bool classic = comparison->path[strlen(comparison->path) - 1] == 'p';
	uint32_t common;
	int outcome;

	harvest_add(&comparison->harvest, frame);
	if (comparison->over)
		return;
	outcome = pcap_next_ex(comparison->theirs, &header, &bytes);
	cr_assert_neq(outcome, PCAP_ERROR_BREAK, "%s: frame %llu is one too many", comparison->path,
	              (unsigned long long)frame->number);
	comparison->over = outcome != 1;
	if (comparison->over)
		return;
	cr_expect_eq(frame->time, their_time(header, classic), "%s: time of frame %llu",
	             comparison->path, (unsigned long long)frame->number);
	cr_expect_eq(frame->length, header->len, "%s: length of frame %llu", comparison->path,
	             (unsigned long long)frame->number);
	/* libpcap cuts frames at a snaplen that they exceed. */
	common = header->caplen;
	if (pcap_snapshot(comparison->theirs) == (int)common)
		cr_expect_geq(frame->captured, common);
	else
		cr_expect_eq(frame->captured, common, "%s: captured of frame %llu",
		             comparison->path, (unsigned long long)frame->number);
	cr_expect_arr_eq(frame->bytes, bytes, common);
}

static void file_compare(const char *path)
{
	char message[PCAP_ERRBUF_SIZE] = "";
	struct comparison comparison = { .path = path };
	struct source *ours = source_open_file(path, &comparison.harvest.err);
	struct pcap_pkthdr *header;
	const unsigned char *bytes;
	int outcome;

	comparison.theirs =
		pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, message);
	comparison.over = !comparison.theirs;
	if (!ours)
		cr_expect(comparison.over, "%s", comparison.harvest.err.what);
	if (ours) {
		while ((outcome = source_visit(ours, 64, frame_compare, &comparison,
		                               &comparison.harvest.err)) > 0)
			;
		cr_expect(comparison.over || pcap_next_ex(comparison.theirs, &header, &bytes) != 1,
		          "%s: one frame is missing", path);
	}
	source_close(ours);
	if (comparison.theirs)
		pcap_close(comparison.theirs);
}

static void file_read_whole(const char *path)
{
	struct comparison comparison = { .path = path };
	struct source *ours = source_open_file(path, &comparison.harvest.err);

	cr_assert_not_null(ours, "%s", comparison.harvest.err.what);
	cr_expect_eq(drain(ours, &comparison.harvest), SOURCE_END, "%s",
	             comparison.harvest.err.what);
	source_close(ours);
}

static void file_feed(const char *path)
{
	static uint8_t bytes[8 << 20];
	FILE *stream = fopen(path, "rb");
	struct harvest whole, varied, single;
	size_t count;

	cr_assert_not_null(stream);
	count = fread(bytes, 1, sizeof(bytes), stream);
	fclose(stream);
	whole = feed(bytes, count, SIZE_MAX);
	varied = feed(bytes, count, 0);
	single = feed(bytes, count, 1);
	cr_expect_eq(varied.digest, whole.digest, "%s", path);
	cr_expect_eq(single.digest, whole.digest, "%s", path);
	cr_expect_eq(varied.last, whole.last, "%s", path);
	cr_expect_str_eq(varied.err.what, whole.err.what);
	cr_expect_str_eq(single.err.what, whole.err.what);
}

Test(corpus, gives_the_frames_that_libpcap_gives)
{
	cr_expect_geq(folder_walk(corpus(""), file_compare), 90);
}

Test(corpus, is_read_to_its_end)
{
	folder_walk(corpus(""), file_read_whole);
}

Test(corpus, gives_the_good_frames_of_malformed_captures)
{
	cr_expect_geq(folder_walk(corpus("/hostile"), file_compare), 40);
}

Test(corpus, is_the_same_in_pieces_of_any_size)
{
	folder_walk(corpus(""), file_feed);
	folder_walk(corpus("/hostile"), file_feed);
}

Test(corpus, of_our_own_is_what_libpcap_reads_too)
{
	if (!folder_walk("captures", file_compare))
		cr_skip_test("no captures here yet");
}
