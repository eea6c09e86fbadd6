/* packed.h: compresses what a test wants to be unpacked. */
#ifndef TESTS_CAPTURE_PACKED_H
#define TESTS_CAPTURE_PACKED_H

#include <stddef.h>
#include <stdint.h>

enum packing { GZIP, ZSTD, LZ4, XZ, BZIP2, PACKINGS };

struct packed {
	uint8_t *bytes;
	size_t count;
};

const char *packing_name(enum packing packing);

/* A complete member, frame or stream; the caller frees its bytes. */
struct packed pack(enum packing packing, const void *bytes, size_t count);

/* How many bytes the library itself gets out of a beginning of it. */
size_t gzip_holds(const void *bytes, size_t count);

#endif
