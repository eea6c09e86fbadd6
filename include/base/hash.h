/* hash.h: a keyed hash that an attacker who chooses the input cannot steer. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Secret for as long as the process lives. All zeros gives the same hashes in every run. */
struct hash_key {
	uint8_t bytes[16];
};

/* A fresh secret from the system's random source. */
struct hash_key hash_key_random(void);

/* SipHash-2-4 of `count` bytes. */
uint64_t hash_bytes(const struct hash_key *key, const void *bytes, size_t count);

#endif
