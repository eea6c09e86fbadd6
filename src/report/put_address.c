/* put_address.c: addresses, written as inet_ntop does. */

#include "report/put.h"

enum { WORDS = 8 };

/* The run of zero words that "::" stands for; none begins at WORDS. */
struct gap {
	int first, length;
};

/* Of how many digits a byte has a processor knows nothing before: all four letters are copied. */
#define ONE(n) { #n "." },
#define TEN(n) ONE(n##0) ONE(n##1) ONE(n##2) ONE(n##3) ONE(n##4) ONE(n##5) ONE(n##6) ONE(n##7) ONE(n##8) ONE(n##9)

/* clang-format off */
static const struct {
	char letters[4];
} bytes_with_dots[] = {
	ONE(0) ONE(1) ONE(2) ONE(3) ONE(4) ONE(5) ONE(6) ONE(7) ONE(8) ONE(9)
	TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8) TEN(9)
	TEN(10) TEN(11) TEN(12) TEN(13) TEN(14) TEN(15) TEN(16) TEN(17) TEN(18) TEN(19)
	TEN(20) TEN(21) TEN(22) TEN(23) TEN(24)
	ONE(250) ONE(251) ONE(252) ONE(253) ONE(254) ONE(255)
};
/* clang-format on */

static inline char *put_byte(char *at, unsigned byte)
{
	memcpy(at, bytes_with_dots[byte].letters, sizeof(bytes_with_dots[byte].letters));
	return at + 2 + (byte >= 10) + (byte >= 100);
}

static char *put_ipv4(char *at, const uint8_t *bytes)
{
	at = put_byte(at, bytes[0]);
	at = put_byte(at, bytes[1]);
	at = put_byte(at, bytes[2]);
	return put_byte(at, bytes[3]) - 1;
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
