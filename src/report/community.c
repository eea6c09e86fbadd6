/* community.c: Community ID v1 (https://github.com/corelight/community-id-spec). */

#include "report/community.h"

#include <endian.h>
#include <string.h>

#include "report/put.h"

/* Words of what is to be digested; half a word may wait for its other half. */
struct input {
	uint32_t words[DIGEST_INPUT_MAX];
	size_t count;
	uint32_t half;
};

/* The seed, 0, is half a word: from there on every word is split in two. */
static void add_word(struct input *input, uint32_t word)
{
	input->words[input->count++] = input->half << 16 | word >> 16;
	input->half = word & 0xffff;
}

static void add_address(struct input *input, const struct address *address, size_t words)
{
	for (size_t i = 0; i < words; i++) {
		uint32_t word;

		memcpy(&word, address->bytes + 4 * i, sizeof(word));
		add_word(input, be32toh(word));
	}
}

/* So that both directions, and everybody who sees them, give the same. */
static enum side lower_end(const struct flow_key *key)
{
	int order = address_compare(&key->address[CLIENT], &key->address[SERVER]);

	if (order == 0)
		return key->port[SERVER] < key->port[CLIENT] ? SERVER : CLIENT;
	return order < 0 ? CLIENT : SERVER;
}

void community_digest(const struct flow *flow, uint32_t digest[DIGEST_WORDS])
{
	const struct flow_key *key = &flow->key;
	enum side low = lower_end(key);
	enum side high = low == CLIENT ? SERVER : CLIENT;
	size_t words = key->family == FAMILY_IPV6 ? 4 : 1;
	struct input input = { .count = 0 };

	add_address(&input, &key->address[low], words);
	add_address(&input, &key->address[high], words);
	add_word(&input, (uint32_t)key->protocol << 24 | key->port[low]);
	add_word(&input, (uint32_t)key->port[high] << 16);
	digest_take(input.words, input.count, digest);
}

static inline char digit_at(uint64_t bits, int place)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	return digits[bits >> (58 - 6 * place) & 63];
}

/* The highest six bits are the first digit. */
static inline char *put_five(char *at, uint64_t bits)
{
	at[0] = digit_at(bits, 0);
	at[1] = digit_at(bits, 1);
	at[2] = digit_at(bits, 2);
	at[3] = digit_at(bits, 3);
	at[4] = digit_at(bits, 4);
	return at + 5;
}

/* RFC 4648 section 4: six bits are a digit, and of the last one the lowest two are padding. */
char *community_put(char *at, const uint32_t digest[DIGEST_WORDS])
{
	uint64_t first = (uint64_t)digest[0] << 32 | digest[1];
	uint64_t middle = (uint64_t)digest[2] << 32 | digest[3];
	uint64_t last = (uint64_t)digest[3] << 56 | (uint64_t)digest[4] << 24;

	at = put_five(put_five(put(at, "1:"), first), first << 30);
	at = put_five(put_five(at, first << 60 | middle >> 4), middle << 26);
	at = put_five(at, last);
	at[0] = digit_at(last, 5);
	at[1] = digit_at(last, 6);
	at[2] = '=';
	return at + 3;
}
