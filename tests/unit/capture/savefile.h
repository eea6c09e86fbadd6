/* savefile.h: writes small savefiles into memory, and reads them back. */
#ifndef TESTS_CAPTURE_SAVEFILE_H
#define TESTS_CAPTURE_SAVEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/parser.h"
#include "capture/source.h"
#include "packet/frame.h"

#define MAGIC_MICRO 0xa1b2c3d4u
#define MAGIC_NANO 0xa1b23c4du
#define MAGIC_KUZNETSOV 0xa1b2cd34u

struct savefile {
	size_t count;
	bool big; /* byte order of what is written next */
	uint8_t bytes[16384];
};

void put8(struct savefile *file, uint8_t value);
void put16(struct savefile *file, uint16_t value);
void put32(struct savefile *file, uint32_t value);
void put64(struct savefile *file, uint64_t value);

/* `count` bytes that tell where they stand: seed, seed + 1... */
void put_pattern(struct savefile *file, uint32_t count, uint8_t seed);

void put_pcap(struct savefile *file, uint32_t magic, uint32_t snaplen, uint32_t link_type);
void put_record(struct savefile *file, uint32_t seconds, uint32_t fraction, uint32_t captured,
                uint32_t length);

void put_section(struct savefile *file);

/* if_tsresol and if_tsoffset are written only where they are not 6 and 0. */
void put_interface(struct savefile *file, uint16_t link_type, uint32_t snaplen, uint8_t resolution,
                   int64_t offset);
void put_enhanced(struct savefile *file, uint32_t interface, uint64_t ticks, uint32_t captured,
                  uint32_t length);
void put_simple(struct savefile *file, uint32_t captured, uint32_t length);
void put_obsolete(struct savefile *file, uint16_t interface, uint64_t ticks, uint32_t captured,
                  uint32_t length);

/* A block of another type with `size` bytes (a multiple of 4) in its body. */
void put_block(struct savefile *file, uint32_t type, uint32_t size);

/* What reading gave. */
struct harvest {
	size_t count;
	struct frame frames[64]; /* the first 64; their bytes are gone */
	uint64_t digest;         /* of everything about every frame, bytes included */
	enum parser_outcome last;
	struct error err;
};

void harvest_add(void *harvest, const struct frame *frame);

/* Feeds a parser in pieces of `piece` bytes; 0: of sizes that vary. */
struct harvest feed(const void *bytes, size_t count, size_t piece);
struct harvest feed_savefile(const struct savefile *file);

/* Visits until an outcome that is neither a count nor SOURCE_QUIET, which it returns. */
int drain(struct source *source, struct harvest *harvest);

#endif
