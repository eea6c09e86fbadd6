/* dump.h: writes savefiles (classic pcap, nanoseconds, little-endian: the same bytes on every machine). */
#ifndef CAPTURE_DUMP_H
#define CAPTURE_DUMP_H

#include <stdint.h>

#include "base/error.h"
#include "packet/frame.h"

struct dump;

/* "-" is standard output. */
struct dump *dump_open(const char *path, uint16_t link_type, uint32_t snaplen, struct error *err);

/* -1 and err when the disk is full or the reader is gone. */
int dump_frame(struct dump *dump, const struct frame *frame, struct error *err);

/* Writes out what is buffered; -1 and err when that fails. The dump is gone either way. */
int dump_close(struct dump *dump, struct error *err);

#endif
