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

#define MAGIC_NANOSECONDS 0xa1b23c4du
#define SNAPLEN_UNLIMITED 262144u
#define RECORD_HEADER 16
#define BUFFER ((size_t)64 << 10)

struct dump {
	char *name; /* as errors give it */
	int descriptor;
	bool owned;
	uint16_t link_type;
	uint32_t snaplen;
	size_t count;
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
}

static void dump_free(struct dump *dump)
{
	if (!dump)
		return;
	free(dump->name);
	free(dump);
}

struct dump *dump_open(const char *path, uint16_t link_type, uint32_t snaplen, struct error *err)
{
	bool owned = strcmp(path, "-") != 0;
	struct dump *dump = calloc(1, sizeof(*dump));

	if (dump) {
		dump->descriptor = STDOUT_FILENO;
		dump->name = strdup(owned ? path : "standard output");
	}
	if (!dump || !dump->name) {
		error_set(err, "%s: out of memory", path);
		dump_free(dump);
		return NULL;
	}
	if (owned)
		dump->descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (dump->descriptor < 0) {
		error_set(err, "%s: %s", path, strerror(errno));
		dump_free(dump);
		return NULL;
	}
	dump->owned = owned;
	dump->link_type = link_type;
	dump->snaplen = snaplen ? snaplen : SNAPLEN_UNLIMITED;
	header_add(dump);
	return dump;
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

	if (frame->link_type != dump->link_type) {
		error_set(err, "%s: frame %llu is of link type %u, but the file of link type %u",
		          dump->name, (unsigned long long)frame->number, frame->link_type,
		          dump->link_type);
		error_remedy(err, "a pcap file holds one link type only");
		return -1;
	}
	time_store(header, frame->time);
	store32(header + 8, captured);
	store32(header + 12, frame->length);
	if (bytes_add(dump, header, sizeof(header), err) < 0)
		return -1;
	return bytes_add(dump, frame->bytes, captured, err);
}

int dump_close(struct dump *dump, struct error *err)
{
	int outcome = buffer_write(dump, err);

	if (dump->owned && close(dump->descriptor) < 0 && outcome == 0) {
		error_set(err, "%s: %s", dump->name, strerror(errno));
		outcome = -1;
	}
	dump_free(dump);
	return outcome;
}
