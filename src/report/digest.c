/* digest.c: SHA-1 of what fits into one of its blocks (RFC 3174). */

/*
 * Every record has a name made by it, so it is worth putting the one block
 * together here: the library feeds the padding to itself byte by byte, which
 * costs twice the digest.
 */

#include "report/digest.h"

#include <assert.h>
#include <sha1.h>
#include <string.h>

void digest_take(const uint8_t *bytes, size_t count, uint8_t digest[DIGEST_BYTES])
{
	uint32_t state[] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
	uint8_t block[SHA1_BLOCK_LENGTH] = { 0 };

	assert(count <= DIGEST_INPUT_MAX);
	memcpy(block, bytes, count);
	block[count] = 0x80;
	block[62] = (uint8_t)(count >> 5);
	block[63] = (uint8_t)(count << 3);
	SHA1Transform(state, block);
	for (int i = 0; i < DIGEST_BYTES; i++)
		digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}
