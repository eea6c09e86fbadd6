/* readers_test.c: however a capture is read, the same records, byte for byte. */

#include <criterion/criterion.h>
#include <dirent.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/parser.h"
#include "capture/source.h"
#include "report/log.h"

/* One reading: frames in, JSON out. */
struct reading {
	struct decoder decoder;
	struct tracker *tracker;
	size_t batch, count;
	struct segment segments[TRACKER_BATCH];
	uint64_t frames;
	struct input input;
	struct output output;
	struct page page;
	FILE *written;
};

static void record_write(void *context, const struct event *event)
{
	struct reading *reading = context;

	log_format_find("json")->record(&reading->page, event->flow);
}

static struct reading *reading_begin(size_t batch)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	struct tracker_options options = tracker_defaults();
	struct error err;

	cr_assert_not_null(reading);
	options.max_flows = 4096;
	reading->batch = batch;
	reading->tracker = tracker_new(&options, &err);
	reading->written = tmpfile();
	cr_assert(reading->tracker && reading->written);
	output_start(&reading->output, fileno(reading->written));
	reading->page = (struct page){
		.output = &reading->output,
		.input = &reading->input,
		.decoder = &reading->decoder,
		.tracker = reading->tracker,
	};
	tracker_listen(reading->tracker, event_bit(EVENT_FLOW_ENDED), record_write, reading);
	return reading;
}

static void frame_read(void *context, const struct frame *frame)
{
	struct reading *reading = context;

	reading->frames++;
	if (verdict_has_segment(decoder_decode(&reading->decoder, frame,
	                                       &reading->segments[reading->count])))
		reading->count++;
	if (reading->count < reading->batch)
		return;
	tracker_feed(reading->tracker, reading->segments, reading->count);
	reading->count = 0;
}

/* As the program does: batches fill up, and then are fed whole. */
static void frames_read(void *context, const struct frame *frames, size_t count)
{
	struct reading *reading = context;

	reading->frames += count;
	while (count > 0) {
		size_t room = reading->batch - reading->count;
		size_t part = count < room ? count : room;

		reading->count += decoder_decode_many(&reading->decoder, frames, part,
		                                      reading->segments + reading->count);
		frames += part;
		count -= part;
		if (reading->count < reading->batch)
			continue;
		tracker_feed(reading->tracker, reading->segments, reading->count);
		reading->count = 0;
	}
}

/* Returns what was written, ending in a NUL; the caller frees it. */
static char *reading_end(struct reading *reading)
{
	struct error err;
	char *text;
	long size;

	tracker_feed(reading->tracker, reading->segments, reading->count);
	decoder_finish(&reading->decoder);
	tracker_finish(reading->tracker);
	cr_assert_eq(output_flush(&reading->output, &err), 0);
	size = lseek(fileno(reading->written), 0, SEEK_END);
	text = calloc((size_t)size + 1, 1);
	cr_assert_not_null(text);
	cr_assert_eq(pread(fileno(reading->written), text, (size_t)size, 0), size);
	fclose(reading->written);
	tracker_free(reading->tracker);
	free(reading);
	return text;
}

/* By our source, many frames at once. */
static char *by_source(const char *path, size_t batch, uint64_t *frames, uint16_t *link_type)
{
	struct reading *reading = reading_begin(batch);
	struct error err;
	struct source *source = source_open_file(path, &err);

	cr_assert_not_null(source, "%s", err.what);
	while (source_visit_many(source, (int)batch, frames_read, reading, &err) > 0)
		;
	*frames = reading->frames;
	*link_type = source_facts(source).link_type;
	source_close(source);
	return reading_end(reading);
}

static void parser_drain(struct parser *parser, struct reading *reading)
{
	struct frame frame, frames[5];
	struct error err;
	size_t count;

	while (parser_next(parser, &frame, &err) == PARSER_FRAME) {
		frame_read(reading, &frame);
		while ((count = parser_many(parser, frames, 5)) > 0)
			frames_read(reading, frames, count);
	}
}

/* By the parser alone, in pieces of so many bytes; only for what is not compressed. */
static char *by_pieces(const char *path, size_t piece)
{
	struct reading *reading = reading_begin(TRACKER_BATCH);
	FILE *file = fopen(path, "rb");
	struct error err;
	struct parser *parser = parser_new(&err);
	size_t count = 1;

	cr_assert(file && parser);
	while (count > 0) {
		size_t size;
		void *space = parser_space(parser, &size, &err);

		cr_assert_not_null(space);
		count = fread(space, 1, size < piece ? size : piece, file);
		parser_filled(parser, count);
		parser_drain(parser, reading);
	}
	parser_end(parser);
	parser_drain(parser, reading);
	parser_free(parser);
	fclose(file);
	return reading_end(reading);
}

static char *by_frame(const char *path)
{
	struct reading *reading = reading_begin(TRACKER_BATCH);
	struct error err;
	struct source *source = source_open_file(path, &err);

	cr_assert_not_null(source, "%s", err.what);
	while (source_visit(source, 7, frame_read, reading, &err) > 0)
		;
	source_close(source);
	return reading_end(reading);
}

/* NULL where libpcap cannot open it. */
static char *by_libpcap(const char *path, uint16_t link_type, uint64_t *frames)
{
	char why[PCAP_ERRBUF_SIZE];
	pcap_t *handle =
		pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	struct reading *reading;

	if (!handle)
		return NULL;
	reading = reading_begin(TRACKER_BATCH);
	while (pcap_next_ex(handle, &header, &bytes) == 1) {
		struct frame frame = {
			.bytes = bytes,
			.number = reading->frames + 1,
			.time = header->ts.tv_sec * INT64_C(1000000000) + header->ts.tv_usec,
			.captured = header->caplen,
			.length = header->len,
			.link_type = link_type,
		};

		frame_read(reading, &frame);
	}
	*frames = reading->frames;
	pcap_close(handle);
	return reading_end(reading);
}

static void expect_same(char *one, char *other, const char *path, const char *how)
{
	cr_expect(strcmp(one, other) == 0, "%s: other records %s", path, how);
	free(other);
}

static bool is_compressed(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && strcmp(dot, ".pcap") != 0 && strcmp(dot, ".pcapng") != 0 &&
	       strcmp(dot, ".cap") != 0;
}

/* Returns whether libpcap had something to say, too. */
static bool readers_agree(const char *path)
{
	uint64_t frames, again;
	uint16_t link_type;
	char *ours = by_source(path, TRACKER_BATCH, &frames, &link_type), *theirs;

	expect_same(ours, by_source(path, 1, &again, &link_type), path, "in batches of one");
	expect_same(ours, by_frame(path), path, "frame by frame");
	if (!is_compressed(path)) {
		expect_same(ours, by_pieces(path, 1), path, "in pieces of a byte");
		expect_same(ours, by_pieces(path, 256 << 10), path, "in pieces of 256 KiB");
	}
	theirs = by_libpcap(path, link_type, &again);
	/* It gives up where we go on; then there is nothing to compare. */
	if (theirs && again == frames)
		expect_same(ours, theirs, path, "from libpcap's frames");
	else
		free(theirs);
	free(ours);
	return theirs && again == frames;
}

static void visit_folder(const char *folder, size_t *captures, size_t *compared)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;

	while (entries && (entry = readdir(entries))) {
		char path[1024];

		if (!strstr(entry->d_name, ".pcap"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		*compared += readers_agree(path);
		++*captures;
	}
	if (entries)
		closedir(entries);
}

Test(readers, give_the_same_records)
{
	const char *corpus = getenv("CORPUS") ? getenv("CORPUS") : "../shared/corpus";
	size_t captures = 0, compared = 0;

	visit_folder("captures", &captures, &compared);
	visit_folder(corpus, &captures, &compared);
	cr_expect_gt(captures, 0);
	cr_expect_gt(compared, captures / 2, "libpcap read %zu of %zu", compared, captures);
}
