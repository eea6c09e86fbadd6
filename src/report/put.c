/* put.c: numbers and spans, eight digits at a time. */

#include "report/put.h"

#include <endian.h>

#include "base/time.h"

/*
 * Which way a number goes by its length is what a processor guesses wrong. So all digits of it are
 * worked out, a byte each in one word, and the zeros before them are shifted out.
 */
enum { DIGITS = 8 };

#define TEN_TO_8 UINT32_C(100000000)
#define ALL_DIGITS UINT64_C(0x3030303030303030) /* as letters */

/* Of a number below TEN_TO_8, the first one in the lowest byte: halved three times, in parallel. */
static inline uint64_t digits_of(uint32_t number)
{
	uint64_t fours = number / 10000 | (uint64_t)(number % 10000) << 32;
	uint64_t hundreds = fours * 10486 >> 20 & UINT64_C(0x0000007f0000007f);
	uint64_t twos = hundreds + ((fours - hundreds * 100) << 16);
	uint64_t tens = twos * 103 >> 10 & UINT64_C(0x000f000f000f000f);

	return tens + ((twos - tens * 10) << 8);
}

static inline char *put_word_of(char *at, uint64_t letters, size_t count)
{
	letters = htole64(letters);
	memcpy(at, &letters, sizeof(letters));
	return at + count;
}

static inline char *put_eight(char *at, uint32_t number)
{
	return put_word_of(at, digits_of(number) | ALL_DIGITS, DIGITS);
}

char *put_digits(char *at, uint64_t number)
{
	uint64_t digits;
	int zeros; /* bits of those before the number */

	if (number >= TEN_TO_8)
		return put_eight(put_unsigned(at, number / TEN_TO_8),
		                 (uint32_t)(number % TEN_TO_8));
	digits = digits_of((uint32_t)number);
	zeros = __builtin_ctzll(digits) & ~7;
	return put_word_of(at, (digits | ALL_DIGITS) >> zeros, DIGITS - (size_t)zeros / 8);
}

/* The sign and what stands before the decimals, with the point. */
static char *put_whole(char *at, uint64_t nanoseconds, bool is_negative)
{
	*at = '-';
	at = put_unsigned(at + is_negative, nanoseconds / TIME_SECOND);
	*at = '.';
	return at + 1;
}

static uint64_t magnitude(int64_t span)
{
	return span < 0 ? -(uint64_t)span : (uint64_t)span;
}

char *put_nanoseconds(char *at, int64_t span)
{
	uint64_t left = magnitude(span);
	uint32_t part = (uint32_t)(left % TIME_SECOND);

	at = put_whole(at, left, span < 0);
	*at = (char)('0' + part / TEN_TO_8);
	return put_eight(at + 1, part % TEN_TO_8);
}

/* What is cut to zero has no sign. */
char *put_microseconds(char *at, int64_t span)
{
	uint64_t left = magnitude(span);
	uint32_t part = (uint32_t)(left % TIME_SECOND) / TIME_MICROSECOND;

	at = put_whole(at, left, span < 0 && left >= TIME_MICROSECOND);
	return put_eight(at, part * 100) - 2;
}

char *put_ends(char *at, uint64_t client, uint64_t server)
{
	at = put_unsigned(put(at, "{\"client\":"), client);
	at = put_unsigned(put(at, ",\"server\":"), server);
	*at = '}';
	return at + 1;
}
