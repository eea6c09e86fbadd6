/* digest.c: SHA-1 of what fits into one of its blocks (RFC 3174). */

/*
 * Every record has a name that is made by it, so the one block is put together
 * here: the library feeds the padding to itself byte by byte, which costs twice
 * the digest. Where the processor has instructions for SHA-1 they are used: they
 * need far less code, and what else a record needs stays in the cache. Only
 * gcc can tell whether a processor has them without asking it each time.
 */

#include "report/digest.h"

#include <assert.h>
#include <sha1.h>
#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)

#include <immintrin.h>

/* Twenty of the eighty rounds, four at a time, which have one function. */
#define ROUNDS(function)                                                                           \
	for (int i = 5 * (function); i < 5 * (function) + 5; i++) {                                \
		__m128i four = words[i % 4];                                                       \
		__m128i before = abcd;                                                             \
                                                                                                   \
		if (i >= 4)                                                                        \
			four = words[i % 4] = expand(four, words[(i + 1) % 4], words[(i + 2) % 4], \
			                             words[(i + 3) % 4]);                          \
		four = i == 0 ? _mm_add_epi32(e, four) : _mm_sha1nexte_epu32(e, four);             \
		abcd = _mm_sha1rnds4_epu32(abcd, four, function);                                  \
		e = before;                                                                        \
	}

/* The next four words of the schedule. */
__attribute__((target("sha"))) static inline __m128i expand(__m128i a, __m128i b, __m128i c,
                                                            __m128i d)
{
	return _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(a, b), c), d);
}

__attribute__((target("sha"))) static void transform_by_processor(uint32_t state[5],
                                                                  const uint32_t block[16])
{
	const __m128i abcd_before =
		_mm_set_epi32((int)state[0], (int)state[1], (int)state[2], (int)state[3]);
	const __m128i e_before = _mm_set_epi32((int)state[4], 0, 0, 0);
	__m128i abcd = abcd_before, e = e_before, words[4];

	for (int i = 0; i < 4; i++)
		words[i] = _mm_set_epi32((int)block[4 * i], (int)block[4 * i + 1],
		                         (int)block[4 * i + 2], (int)block[4 * i + 3]);
#pragma GCC unroll 5
	ROUNDS(0)
#pragma GCC unroll 5
	ROUNDS(1)
#pragma GCC unroll 5
	ROUNDS(2)
#pragma GCC unroll 5
	ROUNDS(3)
	e = _mm_sha1nexte_epu32(e, e_before);
	abcd = _mm_shuffle_epi32(_mm_add_epi32(abcd, abcd_before), 0x1b);
	_mm_storeu_si128((__m128i *)(void *)state, abcd);
	state[4] = (uint32_t)_mm_cvtsi128_si32(_mm_shuffle_epi32(e, 0x1b));
}

static bool can_transform(void)
{
	return __builtin_cpu_supports("sha");
}

#else

static void transform_by_processor(uint32_t state[5], const uint32_t block[16])
{
	(void)state;
	(void)block;
}

static bool can_transform(void)
{
	return false;
}

#endif

static void transform_by_library(uint32_t state[5], const uint32_t block[16])
{
	uint8_t bytes[SHA1_BLOCK_LENGTH];

	for (int i = 0; i < SHA1_BLOCK_LENGTH; i++)
		bytes[i] = (uint8_t)(block[i / 4] >> (24 - 8 * (i % 4)));
	SHA1Transform(state, bytes);
}

void digest_take(const uint32_t *words, size_t count, uint32_t digest[DIGEST_WORDS])
{
	static const uint32_t start[] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
		                          0xc3d2e1f0 };
	uint32_t block[16] = { 0 };

	assert(count <= DIGEST_INPUT_MAX);
	for (size_t i = 0; i < count; i++)
		block[i] = words[i];
	block[count] = UINT32_C(0x80000000);
	block[15] = (uint32_t)count * 32;
	memcpy(digest, start, sizeof(start));
	if (can_transform())
		transform_by_processor(digest, block);
	else
		transform_by_library(digest, block);
}
