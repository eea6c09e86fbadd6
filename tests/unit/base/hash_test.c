/* hash_test.c: the hash is SipHash-2-4, and its key matters. */

#include "base/hash.h"

#include <criterion/criterion.h>
#include <string.h>

/* The authors' example: key 00..0f, input 00..0e. */
Test(hash, is_siphash_2_4)
{
	struct hash_key key;
	uint8_t input[15];

	for (uint8_t i = 0; i < 16; i++)
		key.bytes[i] = i;
	for (uint8_t i = 0; i < 15; i++)
		input[i] = i;
	cr_assert_eq(hash_bytes(&key, input, sizeof(input)), UINT64_C(0xa129ca6149be45e5));
}

Test(hash, differs_with_the_key)
{
	struct hash_key zeros = { { 0 } };
	struct hash_key key = hash_key_random();
	struct hash_key other = hash_key_random();

	cr_assert_neq(memcmp(&key, &other, sizeof(key)), 0);
	cr_assert_neq(hash_bytes(&zeros, "tcp", 3), hash_bytes(&key, "tcp", 3));
	cr_assert_eq(hash_bytes(&key, "tcp", 3), hash_bytes(&key, "tcp", 3));
}
