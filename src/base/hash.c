/* hash.c: SipHash-2-4, keyed with a secret, from libsodium. */

#include "base/hash.h"

#include <assert.h>
#include <sodium.h>

static_assert(sizeof(struct hash_key) == crypto_shorthash_KEYBYTES, "the key is SipHash's");
static_assert(sizeof(uint64_t) == crypto_shorthash_BYTES, "the hash is SipHash's");

struct hash_key hash_key_random(void)
{
	struct hash_key key;
	int ready = sodium_init();

	/* Without a random source libsodium ends the process itself rather than give a weak key. */
	assert(ready >= 0);
	(void)ready;
	randombytes_buf(key.bytes, sizeof(key.bytes));
	return key;
}

uint64_t hash_bytes(const struct hash_key *key, const void *bytes, size_t count)
{
	uint8_t digest[crypto_shorthash_BYTES];
	uint64_t hash = 0;

	crypto_shorthash(digest, bytes, count, key->bytes);
	/* Little-endian by definition, so that every machine gets the same number. */
	for (size_t i = sizeof(digest); i > 0; i--)
		hash = hash << 8 | digest[i - 1];
	return hash;
}
