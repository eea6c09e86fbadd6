/* packed.c: compresses what a test wants to be unpacked. */

#include "packed.h"

#include <bzlib.h>
#include <criterion/criterion.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

const char *packing_name(enum packing packing)
{
	static const char *const names[PACKINGS] = { "gzip", "zstd", "lz4", "xz", "bzip2" };

	return names[packing];
}

static size_t gzip(uint8_t *to, size_t room, uint8_t *from, size_t count)
{
	z_stream stream = {
		.next_in = from,
		.avail_in = (uInt)count,
		.next_out = to,
		.avail_out = (uInt)room,
	};

	cr_assert_eq(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	cr_assert_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return stream.total_out;
}

static size_t zstd(uint8_t *to, size_t room, const uint8_t *from, size_t count)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t written;

	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	written = ZSTD_compress2(context, to, room, from, count);
	ZSTD_freeCCtx(context);
	cr_assert_not(ZSTD_isError(written));
	return written;
}

static size_t xz(uint8_t *to, size_t room, const uint8_t *from, size_t count)
{
	size_t written = 0;

	cr_assert_eq(
		lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, from, count, to, &written, room),
		LZMA_OK);
	return written;
}

static size_t bzip2(uint8_t *to, size_t room, uint8_t *from, size_t count)
{
	unsigned int written = (unsigned int)room;

	cr_assert_eq(BZ2_bzBuffToBuffCompress((char *)to, &written, (char *)from,
	                                      (unsigned int)count, 1, 0, 0),
	             BZ_OK);
	return written;
}

struct packed pack(enum packing packing, const void *bytes, size_t count)
{
	size_t room = 2 * count + 65536;
	struct packed packed = { malloc(room), 0 };
	uint8_t *from = (uint8_t *)(uintptr_t)bytes;
	const LZ4F_preferences_t checked = {
		.frameInfo = { .contentChecksumFlag = LZ4F_contentChecksumEnabled,
		               .blockChecksumFlag = LZ4F_blockChecksumEnabled },
	};

	cr_assert_not_null(packed.bytes);
	if (packing == GZIP)
		packed.count = gzip(packed.bytes, room, from, count);
	if (packing == ZSTD)
		packed.count = zstd(packed.bytes, room, from, count);
	if (packing == LZ4)
		packed.count = LZ4F_compressFrame(packed.bytes, room, from, count, &checked);
	if (packing == XZ)
		packed.count = xz(packed.bytes, room, from, count);
	if (packing == BZIP2)
		packed.count = bzip2(packed.bytes, room, from, count);
	cr_assert_gt(packed.count, 0);
	cr_assert_lt(packed.count, room);
	return packed;
}

size_t gzip_holds(const void *bytes, size_t count)
{
	static uint8_t out[1 << 20];
	z_stream stream = {
		.next_in = (uint8_t *)(uintptr_t)bytes,
		.avail_in = (uInt)count,
		.next_out = out,
		.avail_out = sizeof(out),
	};

	cr_assert_eq(inflateInit2(&stream, 31), Z_OK);
	inflate(&stream, Z_SYNC_FLUSH);
	inflateEnd(&stream);
	return stream.total_out;
}
