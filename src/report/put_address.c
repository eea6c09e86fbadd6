/* put_address.c: addresses, written as inet_ntop does. */

#include "report/put.h"

enum { WORDS = 8 };

/* The run of zero words that "::" stands for; none begins at WORDS. */
struct gap {
	int first, length;
};

static char *put_ipv4(char *at, const uint8_t *bytes)
{
	for (int i = 0; i < 4; i++) {
		at = put_unsigned(at, bytes[i]);
		*at++ = '.';
	}
	return at - 1;
}

static char *put_hex(char *at, unsigned word)
{
	static const char digits[] = "0123456789abcdef";
	int shift = word >= 0x1000 ? 12 : word >= 0x100 ? 8 : word >= 0x10 ? 4 : 0;

	for (; shift >= 0; shift -= 4)
		*at++ = digits[word >> shift & 15];
	return at;
}

/* RFC 5952 section 4.2: the first of the longest, and one word alone is none. */
static struct gap find_gap(const unsigned words[WORDS])
{
	struct gap longest = { WORDS, 1 };

	for (int i = 0; i < WORDS; i++) {
		int first = i;

		while (i < WORDS && words[i] == 0)
			i++;
		if (i - first > longest.length)
			longest = (struct gap){ first, i - first };
	}
	return longest;
}

/* RFC 5952 section 5: "::ffff:192.0.2.1", and the "::192.0.2.1" of before. */
static bool ends_in_ipv4(const unsigned words[WORDS], struct gap gap)
{
	return gap.first == 0 && (gap.length == 6 || (gap.length == 5 && words[5] == 0xffff));
}

static char *put_words(char *at, const unsigned words[WORDS], struct gap gap)
{
	for (int i = 0; i < WORDS; i++) {
		if (i == gap.first) {
			at = put(at, "::");
			i += gap.length - 1;
			continue;
		}
		if (i > 0 && i != gap.first + gap.length)
			*at++ = ':';
		at = put_hex(at, words[i]);
	}
	return at;
}

static char *put_ipv6(char *at, const uint8_t *bytes)
{
	unsigned words[WORDS];
	struct gap gap;

	for (int i = 0; i < WORDS; i++)
		words[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
	gap = find_gap(words);
	if (ends_in_ipv4(words, gap))
		return put_ipv4(put(at, gap.length == 6 ? "::" : "::ffff:"), bytes + 12);
	return put_words(at, words, gap);
}

char *put_address(char *at, enum family family, const struct address *address)
{
	if (family == FAMILY_IPV4)
		return put_ipv4(at, address->bytes);
	return family == FAMILY_IPV6 ? put_ipv6(at, address->bytes) : at;
}
