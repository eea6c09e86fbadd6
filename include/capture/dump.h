/* dump.h: writes savefiles (classic pcap, nanoseconds, little-endian: the same bytes on every machine). */
#ifndef CAPTURE_DUMP_H
#define CAPTURE_DUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "packet/frame.h"

struct dump;

/* "-" is standard output. */
struct dump *dump_open(const char *path, uint16_t link_type, uint32_t snaplen, struct error *err);

/*
 * When the next file begins, and how files are called, as tcpdump does it: a frame that finds the
 * file larger than `size` (-C) opens PATH1, PATH2...; one that comes `seconds` (-G) after the file
 * began opens PATH again, in which strftime(3) has put that second, in local time. `files` (-W)
 * makes a ring of that many files of `size`, called PATH00, PATH01...; without `size` it is the
 * number after which no more is written.
 */
struct dump_rotation {
	uint64_t size;    /* bytes; 0: no limit */
	uint32_t seconds; /* 0: for ever */
	uint32_t files;   /* 0: no limit */
	int64_t start;    /* the instant when the first file begins; TIME_NONE: the first frame's */
};

/* Where `seconds` are given and `start` is TIME_NONE, it is the first frame that opens a file. */
struct dump *dump_open_rotating(const char *path, uint16_t link_type, uint32_t snaplen,
                                const struct dump_rotation *rotation, struct error *err);

/* What dump_frame may return besides 0. */
enum dump_outcome {
	DUMP_FAILED = -1, /* err: the disk is full, the reader gone, the next file not to be made */
	DUMP_FULL = 1,    /* as many files as were asked for are complete; this frame is in none */
};

int dump_frame(struct dump *dump, const struct frame *frame, struct error *err);

/* Hands what is buffered to the kernel, for those who read along. */
int dump_flush(struct dump *dump, struct error *err);

/* Writes out what is buffered; -1 and err when that fails. The dump is gone either way. */
int dump_close(struct dump *dump, struct error *err);

/* Reads "20" (millions of bytes) or "512k", "20M", "1G" (powers of 1024), as tcpdump's -C. */
bool dump_size_parse(const char *string, uint64_t *size);

#endif
