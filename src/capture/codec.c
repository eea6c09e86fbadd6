/* codec.c: the compressions that captures come in. */

/*
 * The libraries are used themselves, and not through one that knows them all
 * (libarchive): that one hands out whole blocks of 64 KiB or more, so that it
 * drops what came just before the damage, which of a small capture is
 * everything; and it must be given more input when it asks, so that a pipe
 * could not be waited for without blocking.
 */

#include "capture/codec.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define LZMA_MEMORY_MOST (UINT64_C(1) << 30)

/* These libraries count in 32 bits. */
static unsigned int bounded(size_t size)
{
	return size > (1u << 30) ? 1u << 30 : (unsigned int)size;
}

/* ---- gzip ---- */

static int gzip_begins(const uint8_t bytes[CODEC_BYTES])
{
	return memcmp(bytes, "\x1f\x8b\x08", 3) == 0;
}

static void *gzip_open(void)
{
	z_stream *stream = calloc(1, sizeof(*stream));

	if (stream && inflateInit2(stream, 16 + MAX_WBITS) == Z_OK)
		return stream;
	free(stream);
	return NULL;
}

static enum codec_outcome gzip_step(void *state, struct codec_span *span, const char **why)
{
	z_stream *stream = state;
	unsigned int in = bounded(span->in_left);
	unsigned int out = bounded(span->out_left);
	int result;

	stream->next_in = (Bytef *)(uintptr_t)span->in;
	stream->avail_in = in;
	stream->next_out = span->out;
	stream->avail_out = out;
	result = inflate(stream, Z_NO_FLUSH);
	span->in += in - stream->avail_in;
	span->in_left -= in - stream->avail_in;
	span->out += out - stream->avail_out;
	span->out_left -= out - stream->avail_out;
	if (result == Z_STREAM_END)
		return CODEC_ENDS;
	if (result == Z_OK || result == Z_BUF_ERROR)
		return CODEC_GOES_ON;
	*why = stream->msg;
	return CODEC_DAMAGED;
}

static void gzip_close(void *state)
{
	inflateEnd(state);
	free(state);
}

/* ---- zstd and lz4: given exactly what they ask for, or a damaged block takes good ones along ---- */

struct zstd {
	ZSTD_DStream *stream;
	size_t hint;
};

/* A file may begin with frames to be skipped, as pzstd's do. */
static int zstd_begins(const uint8_t bytes[CODEC_BYTES])
{
	return memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0 ||
	       ((bytes[0] & 0xf0) == 0x50 && memcmp(bytes + 1, "\x2a\x4d\x18", 3) == 0);
}

static void *zstd_open(void)
{
	struct zstd *zstd = calloc(1, sizeof(*zstd));

	if (!zstd)
		return NULL;
	zstd->stream = ZSTD_createDStream();
	if (!zstd->stream) {
		free(zstd);
		return NULL;
	}
	zstd->hint = ZSTD_initDStream(zstd->stream);
	return zstd;
}

static enum codec_outcome zstd_step(void *state, struct codec_span *span, const char **why)
{
	struct zstd *zstd = state;
	ZSTD_inBuffer in = { span->in, span->in_left, 0 };
	ZSTD_outBuffer out = { span->out, span->out_left, 0 };
	size_t result;

	if (in.size > zstd->hint)
		in.size = zstd->hint;
	result = ZSTD_decompressStream(zstd->stream, &out, &in);
	span->in += in.pos;
	span->in_left -= in.pos;
	span->out += out.pos;
	span->out_left -= out.pos;
	if (ZSTD_isError(result)) {
		*why = ZSTD_getErrorName(result);
		return CODEC_DAMAGED;
	}
	zstd->hint = result;
	return result ? CODEC_GOES_ON : CODEC_ENDS;
}

static void zstd_close(void *state)
{
	ZSTD_freeDStream(((struct zstd *)state)->stream);
	free(state);
}

struct lz4 {
	LZ4F_dctx *stream;
	size_t hint;
};

static int lz4_begins(const uint8_t bytes[CODEC_BYTES])
{
	return memcmp(bytes, "\x04\x22\x4d\x18", 4) == 0;
}

static void *lz4_open(void)
{
	struct lz4 *lz4 = calloc(1, sizeof(*lz4));

	if (!lz4)
		return NULL;
	if (LZ4F_isError(LZ4F_createDecompressionContext(&lz4->stream, LZ4F_VERSION))) {
		free(lz4);
		return NULL;
	}
	lz4->hint = LZ4F_HEADER_SIZE_MIN;
	return lz4;
}

static enum codec_outcome lz4_step(void *state, struct codec_span *span, const char **why)
{
	struct lz4 *lz4 = state;
	size_t in = span->in_left > lz4->hint ? lz4->hint : span->in_left;
	size_t out = span->out_left;
	size_t result = LZ4F_decompress(lz4->stream, span->out, &out, span->in, &in, NULL);

	if (LZ4F_isError(result)) {
		*why = LZ4F_getErrorName(result);
		return CODEC_DAMAGED;
	}
	span->in += in;
	span->in_left -= in;
	span->out += out;
	span->out_left -= out;
	lz4->hint = result;
	return result ? CODEC_GOES_ON : CODEC_ENDS;
}

static void lz4_close(void *state)
{
	LZ4F_freeDecompressionContext(((struct lz4 *)state)->stream);
	free(state);
}

/* ---- xz ---- */

static int xz_begins(const uint8_t bytes[CODEC_BYTES])
{
	return memcmp(bytes, "\xfd\x37zXZ", 6) == 0;
}

static void *xz_open(void)
{
	lzma_stream *stream = calloc(1, sizeof(*stream));

	if (stream && lzma_stream_decoder(stream, LZMA_MEMORY_MOST, 0) == LZMA_OK)
		return stream;
	free(stream);
	return NULL;
}

static enum codec_outcome xz_step(void *state, struct codec_span *span, const char **why)
{
	lzma_stream *stream = state;
	lzma_ret result;

	stream->next_in = span->in;
	stream->avail_in = span->in_left;
	stream->next_out = span->out;
	stream->avail_out = span->out_left;
	result = lzma_code(stream, LZMA_RUN);
	*span = (struct codec_span){ stream->next_in, stream->avail_in, stream->next_out,
		                     stream->avail_out };
	if (result == LZMA_STREAM_END)
		return CODEC_ENDS;
	if (result == LZMA_OK || result == LZMA_BUF_ERROR)
		return CODEC_GOES_ON;
	if (result == LZMA_MEM_ERROR || result == LZMA_MEMLIMIT_ERROR)
		*why = "it takes too much memory to unpack";
	return CODEC_DAMAGED;
}

static void xz_close(void *state)
{
	lzma_end(state);
	free(state);
}

/* ---- bzip2 ---- */

/* A block, or the end of a file that holds none, follows the four bytes of the header. */
static int bzip2_begins(const uint8_t bytes[CODEC_BYTES])
{
	return memcmp(bytes, "BZh", 3) == 0 && bytes[3] >= '1' && bytes[3] <= '9' &&
	       (bytes[4] == 0x31 || bytes[4] == 0x17 || bytes[4] == 0);
}

static void *bzip2_open(void)
{
	bz_stream *stream = calloc(1, sizeof(*stream));

	if (stream && BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK)
		return stream;
	free(stream);
	return NULL;
}

static enum codec_outcome bzip2_step(void *state, struct codec_span *span, const char **why)
{
	bz_stream *stream = state;
	unsigned int in = bounded(span->in_left);
	unsigned int out = bounded(span->out_left);
	int result;

	stream->next_in = (char *)(uintptr_t)span->in;
	stream->avail_in = in;
	stream->next_out = (char *)span->out;
	stream->avail_out = out;
	result = BZ2_bzDecompress(stream);
	span->in += in - stream->avail_in;
	span->in_left -= in - stream->avail_in;
	span->out += out - stream->avail_out;
	span->out_left -= out - stream->avail_out;
	if (result == BZ_STREAM_END)
		return CODEC_ENDS;
	if (result == BZ_OK)
		return CODEC_GOES_ON;
	if (result == BZ_MEM_ERROR)
		*why = "it takes too much memory to unpack";
	return CODEC_DAMAGED;
}

static void bzip2_close(void *state)
{
	BZ2_bzDecompressEnd(state);
	free(state);
}

/* clang-format off */
static const struct codec codecs[] = {
	/* name     recognised by                one member at a time */
	{ "gzip",  gzip_begins,  gzip_open,  gzip_step,  gzip_close  },
	{ "zstd",  zstd_begins,  zstd_open,  zstd_step,  zstd_close  },
	{ "lz4",   lz4_begins,   lz4_open,   lz4_step,   lz4_close   },
	{ "xz",    xz_begins,    xz_open,    xz_step,    xz_close    },
	{ "bzip2", bzip2_begins, bzip2_open, bzip2_step, bzip2_close },
};
/* clang-format on */

const struct codec *codec_find(const uint8_t bytes[CODEC_BYTES])
{
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (codecs[i].begins(bytes))
			return &codecs[i];
	return NULL;
}
