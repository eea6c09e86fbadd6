/* community.c: Community ID v1 (https://github.com/corelight/community-id-spec). */

#include "report/community.h"

#include <sha1.h>
#include <string.h>

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

void community_digest(const struct flow *flow, uint8_t digest[COMMUNITY_DIGEST])
{
	const struct flow_key *key = &flow->key;
	enum side low = lower_end(key);
	enum side high = low == CLIENT ? SERVER : CLIENT;
	size_t width = key->family == FAMILY_IPV6 ? 16 : 4;
	uint8_t input[INPUT_MAX];
	uint8_t *at = input;
	SHA1_CTX context;

	at += put_u16(at, 0);
	memcpy(at, key->address[low].bytes, width);
	memcpy(at + width, key->address[high].bytes, width);
	at += 2 * width;
	*at++ = key->protocol;
	*at++ = 0;
	at += put_u16(at, key->port[low]);
	at += put_u16(at, key->port[high]);
	SHA1Init(&context);
	SHA1Update(&context, input, (size_t)(at - input));
	SHA1Final(digest, &context);
}

/* RFC 4648 section 4. */
static void add_base64(struct text *text, const uint8_t *bytes, size_t count)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < count; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16;

		group |= i + 1 < count ? (uint32_t)bytes[i + 1] << 8 : 0;
		group |= i + 2 < count ? bytes[i + 2] : 0;
		text_add_char(text, digits[group >> 18]);
		text_add_char(text, digits[group >> 12 & 63]);
		text_add_char(text, i + 1 < count ? digits[group >> 6 & 63] : '=');
		text_add_char(text, i + 2 < count ? digits[group & 63] : '=');
	}
}

void community_add(struct text *text, const struct flow *flow)
{
	uint8_t digest[COMMUNITY_DIGEST];

	community_digest(flow, digest);
	text_add(text, "1:");
	add_base64(text, digest, sizeof(digest));
}
