/* streams_test.c: compressed files, pipes that stall, files that grow and are rotated. */

#include <criterion/criterion.h>
#include <fcntl.h>
#include <lzma.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/time.h"
#include "packet/link.h"
#include "program/program.h"
#include "program/records.h"
#include "program/traffic.h"
#include "unit/capture/folder.h"
#include "unit/capture/packed.h"

enum { FILE_HEAD = 24, RECORD_HEAD = 16 };

/* A capture as bytes, and where each record of it begins. */
struct image {
	uint8_t *bytes;
	size_t count;
	size_t *records; /* one more than there are: the last is the end */
};

static struct image image_of(const struct traffic *traffic, const struct folder *folder)
{
	const char *path = folder_path(folder, "image.pcap");
	struct image image = { NULL, 0, calloc(traffic->count + 1, sizeof(size_t)) };
	FILE *stream;

	traffic_write(traffic, path, 0, traffic->count, LINK_ETHERNET);
	stream = fopen(path, "rb");
	image.bytes = malloc(4u << 20);
	cr_assert(stream && image.bytes && image.records);
	image.count = fread(image.bytes, 1, 4u << 20, stream);
	fclose(stream);
	image.records[0] = FILE_HEAD;
	for (size_t i = 0; i < traffic->count; i++) {
		uint32_t captured;

		memcpy(&captured, image.bytes + image.records[i] + 8, 4);
		image.records[i + 1] = image.records[i] + RECORD_HEAD + captured;
	}
	cr_assert_eq(image.records[traffic->count], image.count);
	return image;
}

static void image_free(struct image *image)
{
	free(image->bytes);
	free(image->records);
}

/*
 * Connections that both ends closed, of each of which is told when the next one begins; of the
 * last one there is only the SYN. So when all but one were told of, all has been read.
 */
static struct traffic closed_traffic(uint32_t connections)
{
	struct traffic traffic = traffic_new(6 * connections, 20 * TIME_SECOND);
	size_t kept = 0;

	for (size_t i = 0; i < traffic.count; i++) {
		const struct segment *segment = &traffic.segments[i];
		uint16_t client = segment->source_port == 80 ? segment->destination_port
		                                             : segment->source_port;
		uint16_t number = (uint16_t)(client - 20000);

		if (number % 6 == 0 &&
		    (number < 6 * (connections - 1) || segment->flags == TCP_SYN))
			traffic.segments[kept++] = *segment;
	}
	traffic.count = kept;
	return traffic;
}

static struct outcome run_json(const char *path, const char *option)
{
	const char *words[] = { "log", "--format=json", "-r", path, option, NULL };

	return program_run(words);
}

/* ---- compressed ---- */

/* `size` bytes of one long connection's capture, given piece by piece. */
struct long_capture {
	size_t size;
	void *to;
	void (*write)(void *to, const void *bytes, size_t count);
};

enum { SEGMENT = 1400 };

static void long_capture_write(const struct long_capture *plan)
{
	static const uint8_t head[FILE_HEAD] = { 0x4d, 0x3c, 0xb2, 0xa1, 2, 0,    4,    0, 0, 0,  0,
		                                 0,    0,    0,    0,    0, 0xff, 0xff, 0, 0, 101 };
	struct segment segment = {
		.source = { { 192, 0, 2, 1 } },
		.destination = { { 192, 0, 2, 2 } },
		.source_port = 50000,
		.destination_port = 80,
		.seq = UINT32_MAX - 70,
		.payload = SEGMENT,
		.captured = SEGMENT,
		.flags = TCP_ACK,
		.kind = SEGMENT_TCP,
		.family = FAMILY_IPV4,
		.checksum = CHECKSUM_GOOD,
	};
	struct traffic traffic = { &segment, 1, 1 };
	uint32_t record[4] = { 1700000000 };
	uint8_t bytes[2048];

	plan->write(plan->to, head, sizeof(head));
	for (size_t done = sizeof(head); done < plan->size; done += RECORD_HEAD + record[2]) {
		record[2] = record[3] =
			(uint32_t)traffic_encode(&traffic, 0, LINK_RAW, bytes, sizeof(bytes));
		record[0] += ++record[1] % 1000 == 0;
		plan->write(plan->to, record, sizeof(record));
		plan->write(plan->to, bytes, record[2]);
		segment.seq += SEGMENT;
	}
}

static void gzip_write(void *to, const void *bytes, size_t count)
{
	cr_assert_eq(gzwrite(to, bytes, (unsigned)count), (int)count);
}

static void gzip_pack(const char *path, size_t size)
{
	gzFile file = gzopen(path, "wb1");
	struct long_capture plan = { size, file, gzip_write };

	long_capture_write(&plan);
	cr_assert_eq(gzclose(file), Z_OK);
}

struct zstd_file {
	ZSTD_CStream *stream;
	FILE *file;
};

static void zstd_step(struct zstd_file *to, ZSTD_inBuffer in, ZSTD_EndDirective how)
{
	size_t left;

	do {
		char space[65536];
		ZSTD_outBuffer out = { space, sizeof(space), 0 };

		left = ZSTD_compressStream2(to->stream, &out, &in, how);
		cr_assert_not(ZSTD_isError(left));
		fwrite(space, 1, out.pos, to->file);
	} while (in.pos < in.size || (how == ZSTD_e_end && left > 0));
}

static void zstd_write(void *to, const void *bytes, size_t count)
{
	zstd_step(to, (ZSTD_inBuffer){ bytes, count, 0 }, ZSTD_e_continue);
}

static void zstd_pack(const char *path, size_t size)
{
	struct zstd_file to = { ZSTD_createCStream(), fopen(path, "wb") };
	struct long_capture plan = { size, &to, zstd_write };

	cr_assert(to.stream && to.file);
	long_capture_write(&plan);
	zstd_step(&to, (ZSTD_inBuffer){ "", 0, 0 }, ZSTD_e_end);
	ZSTD_freeCStream(to.stream);
	fclose(to.file);
}

struct xz_file {
	lzma_stream stream;
	FILE *file;
};

static void xz_step(struct xz_file *to, lzma_action action)
{
	lzma_ret outcome;

	do {
		uint8_t space[65536];

		to->stream.next_out = space;
		to->stream.avail_out = sizeof(space);
		outcome = lzma_code(&to->stream, action);
		cr_assert(outcome == LZMA_OK || outcome == LZMA_STREAM_END);
		fwrite(space, 1, sizeof(space) - to->stream.avail_out, to->file);
	} while (to->stream.avail_in > 0 || (action == LZMA_FINISH && outcome == LZMA_OK));
}

static void xz_write(void *to, const void *bytes, size_t count)
{
	struct xz_file *file = to;

	file->stream.next_in = bytes;
	file->stream.avail_in = count;
	xz_step(file, LZMA_RUN);
}

static void xz_pack(const char *path, size_t size)
{
	struct xz_file to = { LZMA_STREAM_INIT, fopen(path, "wb") };
	struct long_capture plan = { size, &to, xz_write };

	cr_assert_not_null(to.file);
	cr_assert_eq(lzma_easy_encoder(&to.stream, 0, LZMA_CHECK_CRC32), LZMA_OK);
	long_capture_write(&plan);
	xz_step(&to, LZMA_FINISH);
	lzma_end(&to.stream);
	fclose(to.file);
}

static long peak_of(const char *path, size_t size)
{
	struct outcome outcome = run_json(path, NULL);
	char expected[64];
	long peak = outcome.peak;

	snprintf(expected, sizeof(expected), "\"client_packets\":%zu,",
	         (size - FILE_HEAD + RECORD_HEAD + 40 + SEGMENT - 1) /
	                 (RECORD_HEAD + 40 + SEGMENT));
	cr_assert_eq(outcome.status, 0, "%s: %s", path, outcome.err);
	cr_assert(strstr(outcome.out, expected), "%s: no %s in %s", path, expected, outcome.out);
	outcome_free(&outcome);
	return peak;
}

/* `make test` has no time for a gigabyte; what would grow with it grows with these, too. */
Test(streams, compressed_take_the_same_memory_however_long_they_are)
{
	static const struct {
		const char *name;
		void (*pack)(const char *path, size_t size);
	} packings[] = { { "x.gz", gzip_pack }, { "x.zst", zstd_pack }, { "x.xz", xz_pack } };
	const size_t small = 8u << 20, large = 96u << 20;
	struct folder folder = folder_new();

	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++) {
		const char *path = folder_path(&folder, packings[i].name);
		long before, after;

		packings[i].pack(path, small);
		before = peak_of(path, small);
		packings[i].pack(path, large);
		after = peak_of(path, large);
		cr_expect_leq(after, before + 4096, "%s: %ld KiB, then %ld", packings[i].name,
		              before, after);
	}
	folder_free(&folder);
}

Test(streams, truncated_within_gzip_give_what_they_hold_and_say_so)
{
	struct folder folder = folder_new();
	struct traffic traffic = traffic_new(100, 10 * TIME_MILLISECOND);
	struct image image = image_of(&traffic, &folder);
	struct packed packed = pack(GZIP, image.bytes, image.count);
	size_t half = packed.count / 2, holds = gzip_holds(packed.bytes, half), frames = 0;
	const char *path = folder_write(&folder, "cut.pcap.gz", packed.bytes, half);
	char expected[96], option[32];
	struct outcome cut, whole;

	while (frames < traffic.count && image.records[frames + 1] <= holds)
		frames++;
	cr_assert(frames > 10 && frames < traffic.count);
	snprintf(expected, sizeof(expected), "cut.pcap.gz: truncated gzip input after %zu frames\n",
	         frames);
	snprintf(option, sizeof(option), "--count=%zu", frames);
	cut = run_json(path, NULL);
	whole = run_json(folder_path(&folder, "image.pcap"), option);
	cr_expect_eq(cut.status, 1);
	cr_expect(strstr(cut.err, expected), "%s", cut.err);
	cr_expect_eq(whole.status, 0, "%s", whole.err);
	records_expect_same(cut.out, whole.out, "records");
	outcome_free(&cut);
	outcome_free(&whole);
	free(packed.bytes);
	image_free(&image);
	traffic_free(&traffic);
	folder_free(&folder);
}

/* ---- what comes little by little ---- */

static void append(int descriptor, const struct image *image, size_t from, size_t to)
{
	cr_assert_eq(write(descriptor, image->bytes + from, to - from), (ssize_t)(to - from));
}

static size_t half_record(const struct image *image, size_t index)
{
	return (image->records[index] + image->records[index + 1]) / 2;
}

static void expect_whole(struct program *program, const struct folder *folder)
{
	const char *path = folder_path(folder, "image.pcap");
	char *whole = records_of(&path, 1);
	struct outcome outcome = program_end(program);

	cr_expect_eq(outcome.status, 0, "%d: %s", outcome.status, outcome.err);
	cr_expect_str_empty(outcome.err);
	records_expect_same(outcome.out, whole, "records");
	outcome_free(&outcome);
	free(whole);
}

Test(streams, that_stall_show_progress_and_lose_nothing)
{
	struct folder folder = folder_new();
	struct traffic traffic = closed_traffic(12);
	struct image image = image_of(&traffic, &folder);
	const char *path = folder_path(&folder, "fifo");
	const char *words[] = { "log", "--format=json", "-r", path, NULL };
	struct program program = { 0 };
	size_t at = 0;
	int descriptor;

	cr_assert_eq(mkfifo(path, 0600), 0);
	program_start(&program, words);
	descriptor = open(path, O_WRONLY);
	cr_assert_geq(descriptor, 0);
	for (size_t quarter = 1; quarter <= 4; quarter++) {
		size_t to = quarter == 4 ? image.count
		                         : half_record(&image, quarter * traffic.count / 4);

		append(descriptor, &image, at, to);
		at = to;
		/* It stalls within a record until what ended before has been told. */
		program_await(&program, quarter * 3 - 1);
	}
	close(descriptor);
	expect_whole(&program, &folder);
	image_free(&image);
	traffic_free(&traffic);
	folder_free(&folder);
}

static bool begins_connection(const struct traffic *traffic, size_t index)
{
	return index > 0 &&
	       traffic->segments[index].time > traffic->segments[index - 1].time + 10 * TIME_SECOND;
}

/*
 * Writes by half a record. Wherever a connection begins, what was told of
 * those before is waited for: so nothing is written all at once.
 */
static void grow(struct program *program, int descriptor, const struct image *image,
                 const struct traffic *traffic, size_t first, size_t last, size_t *ended)
{
	for (size_t i = first; i < last; i++) {
		size_t middle = half_record(image, i);

		append(descriptor, image, image->records[i], middle);
		append(descriptor, image, middle, image->records[i + 1]);
		if (!begins_connection(traffic, i))
			continue;
		if (i + 1 < last)
			append(descriptor, image, image->records[i + 1], half_record(image, i + 1));
		program_await(program, *ended);
		if (i + 1 < last) {
			append(descriptor, image, half_record(image, i + 1), image->records[i + 2]);
			i++;
		}
		*ended += 1;
	}
}

static int begin_file(const char *path, const struct image *image)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0600);

	cr_assert_geq(descriptor, 0);
	append(descriptor, image, 0, FILE_HEAD);
	return descriptor;
}

Test(streams, that_are_followed_are_read_as_they_grow_and_are_rotated)
{
	enum { CONNECTIONS = 12 };
	struct folder folder = folder_new();
	struct traffic traffic = closed_traffic(CONNECTIONS);
	struct image image = image_of(&traffic, &folder);
	const char *path = folder_path(&folder, "growing.pcap");
	const char *words[] = { "log", "--format=json", "--follow", "-r", path, NULL };
	struct program program = { 0 };
	size_t half = traffic.count / 2 + 3, ended = 1;
	int descriptor = begin_file(path, &image);

	program_start(&program, words);
	grow(&program, descriptor, &image, &traffic, 0, half, &ended);
	close(descriptor);
	cr_assert_eq(rename(path, folder_path(&folder, "growing.pcap.1")), 0);
	descriptor = begin_file(path, &image);
	grow(&program, descriptor, &image, &traffic, half, traffic.count, &ended);
	cr_assert_eq(ended, CONNECTIONS);
	close(descriptor);
	program_await(&program, CONNECTIONS - 1);
	cr_assert_eq(kill(program.pid, SIGINT), 0);
	expect_whole(&program, &folder);
	image_free(&image);
	traffic_free(&traffic);
	folder_free(&folder);
}

Test(streams, that_are_interrupted_end_with_what_they_gave)
{
	struct folder folder = folder_new();
	struct traffic traffic = closed_traffic(4);
	struct image image = image_of(&traffic, &folder);
	const char *path = folder_path(&folder, "fifo");
	const char *words[] = { "log", "--format=json", "-r", path, NULL };
	struct program program = { 0 };
	struct outcome outcome;
	int descriptor;

	cr_assert_eq(mkfifo(path, 0600), 0);
	program_start(&program, words);
	descriptor = open(path, O_WRONLY);
	append(descriptor, &image, 0, half_record(&image, traffic.count - 2));
	program_await(&program, 2);
	cr_assert_eq(kill(program.pid, SIGINT), 0);
	outcome = program_end(&program);
	cr_expect_eq(outcome.status, 0);
	cr_expect_eq(line_count(outcome.out), 3);
	cr_expect(strstr(outcome.err, "interrupted after "), "%s", outcome.err);
	close(descriptor);
	outcome_free(&outcome);
	image_free(&image);
	traffic_free(&traffic);
	folder_free(&folder);
}
