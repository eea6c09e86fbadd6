/* community.c: Community ID v1 (https://github.com/corelight/community-id-spec). */

#include "report/community.h"

#include <string.h>

#include "report/put.h"

enum { INPUT_MAX = 2 + 2 * 16 + 2 + 2 * 2 };

static int put_u16(uint8_t *bytes, uint16_t number)
{
	bytes[0] = (uint8_t)(number >> 8);
	bytes[1] = (uint8_t)number;
	return 2;
}

/* So that both directions, and everybody who sees them, give the same. */
static enum side lower_end(const struct flow_key *key)
{
	int order = address_compare(&key->address[CLIENT], &key->address[SERVER]);

	if (order == 0)
		return key->port[SERVER] < key->port[CLIENT] ? SERVER : CLIENT;
	return order < 0 ? CLIENT : SERVER;
}

void community_digest(const struct flow *flow, uint8_t digest[DIGEST_BYTES])
{
	const struct flow_key *key = &flow->key;
	enum side low = lower_end(key);
	enum side high = low == CLIENT ? SERVER : CLIENT;
	size_t width = key->family == FAMILY_IPV6 ? 16 : 4;
	uint8_t input[INPUT_MAX];
	uint8_t *at = input;

	at += put_u16(at, 0);
	memcpy(at, key->address[low].bytes, width);
	memcpy(at + width, key->address[high].bytes, width);
	at += 2 * width;
	*at++ = key->protocol;
	*at++ = 0;
	at += put_u16(at, key->port[low]);
	at += put_u16(at, key->port[high]);
	digest_take(input, (size_t)(at - input), digest);
}

/* RFC 4648 section 4: three bytes are four digits, and the last two are three. */
char *community_put(char *at, const uint8_t digest[DIGEST_BYTES])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	at = put(at, "1:");
	for (int i = 0; i < DIGEST_BYTES; i += 3) {
		uint32_t third = i + 2 < DIGEST_BYTES ? digest[i + 2] : 0;
		uint32_t group = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 | third;

		*at++ = digits[group >> 18];
		*at++ = digits[group >> 12 & 63];
		*at++ = digits[group >> 6 & 63];
		*at++ = digits[group & 63];
	}
	at[-1] = '=';
	return at;
}
