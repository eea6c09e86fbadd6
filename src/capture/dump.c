/* dump.c: writes savefiles. */

/* Byte by byte rather than by pcap_dump, so that every machine writes the same file. */

#include "capture/dump.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "capture/rotate.h"

#define MAGIC_NANOSECONDS 0xa1b23c4du
#define SNAPLEN_UNLIMITED 262144u
#define RECORD_HEADER 16
#define BUFFER ((size_t)64 << 10)

struct dump {
	char *pattern;    /* of the paths: as the user gave it */
	const char *name; /* of the current file, as errors give it */
	int descriptor;   /* -1: no file is open */
	bool owned;       /* standard output is not ours to close */
	bool rotates;
	bool waits; /* for the first frame, whose time gives the first path */
	bool full;
	uint16_t link_type;
	uint32_t snaplen;
	struct series series;
	uint64_t written; /* to the current file, what is buffered included */
	size_t count;
	char path[PATH_MAX];
	uint8_t buffer[BUFFER];
};

static uint8_t *store32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		*at++ = (uint8_t)(value >> 8 * i);
	return at;
}

static uint8_t *store16(uint8_t *at, uint16_t value)
{
	*at++ = (uint8_t)value;
	*at++ = (uint8_t)(value >> 8);
	return at;
}

static int bytes_write(struct dump *dump, const uint8_t *bytes, size_t count, struct error *err)
{
	while (count) {
		ssize_t written = write(dump->descriptor, bytes, count);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			error_set(err, "%s: %s", dump->name,
			          errno == EPIPE ? "the reader is gone" : strerror(errno));
			return -1;
		}
		bytes += written;
		count -= (size_t)written;
	}
	return 0;
}

static int buffer_write(struct dump *dump, struct error *err)
{
	size_t count = dump->count;

	/* Forgotten even when it fails: what was written in part cannot be taken back. */
	dump->count = 0;
	return bytes_write(dump, dump->buffer, count, err);
}

static int bytes_add(struct dump *dump, const uint8_t *bytes, size_t count, struct error *err)
{
	dump->written += count;
	if (count > BUFFER - dump->count && buffer_write(dump, err) < 0)
		return -1;
	if (count > BUFFER)
		return bytes_write(dump, bytes, count, err);
	if (count)
		memcpy(dump->buffer + dump->count, bytes, count);
	dump->count += count;
	return 0;
}

static void header_add(struct dump *dump)
{
	uint8_t *at = dump->buffer;

	at = store32(at, MAGIC_NANOSECONDS);
	at = store16(at, 2);
	at = store16(at, 4);
	at = store32(at, 0);
	at = store32(at, 0);
	at = store32(at, dump->snaplen);
	at = store32(at, dump->link_type);
	dump->count = (size_t)(at - dump->buffer);
	dump->written = dump->count;
}

static void dump_free(struct dump *dump)
{
	if (!dump)
		return;
	free(dump->pattern);
	free(dump);
}

static int file_open(struct dump *dump, struct error *err)
{
	if (dump->rotates) {
		if (series_path(&dump->series, dump->pattern, dump->path, err) < 0)
			return -1;
		dump->name = dump->path;
	}
	if (dump->owned)
		dump->descriptor = open(dump->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	else
		dump->descriptor = STDOUT_FILENO;
	if (dump->descriptor < 0) {
		error_set(err, "%s: %s", dump->name, strerror(errno));
		return -1;
	}
	header_add(dump);
	return 0;
}

static int file_close(struct dump *dump, struct error *err)
{
	int outcome;

	if (dump->descriptor < 0)
		return 0;
	outcome = buffer_write(dump, err);
	if (dump->owned && close(dump->descriptor) < 0 && outcome == 0) {
		error_set(err, "%s: %s", dump->name, strerror(errno));
		outcome = -1;
	}
	dump->descriptor = -1;
	return outcome;
}

static struct dump *dump_new(const char *path, uint16_t link_type, uint32_t snaplen,
                             struct error *err)
{
	struct dump *dump = calloc(1, sizeof(*dump));

	if (dump)
		dump->pattern = strdup(path);
	if (!dump || !dump->pattern) {
		error_set(err, "%s: out of memory", path);
		dump_free(dump);
		return NULL;
	}
	dump->owned = strcmp(path, "-") != 0;
	dump->name = dump->owned ? dump->pattern : "standard output";
	dump->descriptor = -1;
	dump->link_type = link_type;
	dump->snaplen = snaplen ? snaplen : SNAPLEN_UNLIMITED;
	return dump;
}

struct dump *dump_open(const char *path, uint16_t link_type, uint32_t snaplen, struct error *err)
{
	struct dump *dump = dump_new(path, link_type, snaplen, err);

	if (!dump || file_open(dump, err) == 0)
		return dump;
	dump_free(dump);
	return NULL;
}

struct dump *dump_open_rotating(const char *path, uint16_t link_type, uint32_t snaplen,
                                const struct dump_rotation *rotation, struct error *err)
{
	struct dump *dump;

	if (!rotation->size && !rotation->seconds)
		return dump_open(path, link_type, snaplen, err);
	dump = dump_new(path, link_type, snaplen, err);
	if (!dump)
		return NULL;
	dump->rotates = true;
	dump->waits = rotation->seconds && rotation->start == TIME_NONE;
	series_init(&dump->series, rotation);
	if (!dump->owned)
		error_set(err, "standard output: cannot be divided into several files");
	else if (dump->waits || file_open(dump, err) == 0)
		return dump;
	dump_free(dump);
	return NULL;
}

/* Before the frame is written, as in tcpdump: a file is always a little larger than its limit. */
static int dump_rotate(struct dump *dump, int64_t time, struct error *err)
{
	if (dump->full)
		return DUMP_FULL;
	if (dump->waits) {
		dump->waits = false;
		series_begin(&dump->series, time);
		return file_open(dump, err);
	}
	switch (series_step(&dump->series, dump->written, time)) {
	case SERIES_STAYS:
		return 0;
	case SERIES_GOES_ON:
		return file_close(dump, err) < 0 ? DUMP_FAILED : file_open(dump, err);
	case SERIES_ENDS:
		break;
	}
	dump->full = true;
	return file_close(dump, err) < 0 ? DUMP_FAILED : DUMP_FULL;
}

/* The format has 32 bits for seconds: 1970 to 2106. */
static void time_store(uint8_t *at, int64_t time)
{
	const int64_t most = UINT32_MAX * TIME_SECOND + (TIME_SECOND - 1);

	if (time < 0)
		time = 0;
	if (time > most)
		time = most;
	at = store32(at, (uint32_t)(time / TIME_SECOND));
	store32(at, (uint32_t)(time % TIME_SECOND));
}

int dump_frame(struct dump *dump, const struct frame *frame, struct error *err)
{
	uint32_t captured = frame->captured < dump->snaplen ? frame->captured : dump->snaplen;
	uint8_t header[RECORD_HEADER];
	int outcome;

	if (frame->link_type != dump->link_type) {
		error_set(err, "%s: frame %llu is of link type %u, but the file of link type %u",
		          dump->name, (unsigned long long)frame->number, frame->link_type,
		          dump->link_type);
		error_remedy(err, "a pcap file holds one link type only");
		return -1;
	}
	if (dump->rotates && (outcome = dump_rotate(dump, frame->time, err)) != 0)
		return outcome;
	time_store(header, frame->time);
	store32(header + 8, captured);
	store32(header + 12, frame->length);
	if (bytes_add(dump, header, sizeof(header), err) < 0)
		return -1;
	return bytes_add(dump, frame->bytes, captured, err);
}

int dump_flush(struct dump *dump, struct error *err)
{
	return dump->descriptor < 0 ? 0 : buffer_write(dump, err);
}

int dump_close(struct dump *dump, struct error *err)
{
	int outcome = file_close(dump, err);

	dump_free(dump);
	return outcome;
}
