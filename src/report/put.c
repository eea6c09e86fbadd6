/* put.c: numbers and spans, eight digits at a time. */

#include "report/put.h"

#include <endian.h>

#include "base/time.h"

/*
 * Which way a number goes by its length is what a processor guesses wrong. So four or eight digits of
 * it are worked out, a byte each in one word, and the zeros before them are shifted out.
 */
#define TEN_TO_4 UINT32_C(10000)
#define TEN_TO_8 UINT32_C(100000000)
#define ALL_DIGITS UINT64_C(0x3030303030303030) /* as letters */

/*
 * Parts of a word are all divided at once: each begins as its high and low half together, and ends as
 * two parts. `whole` is what they were and `highs` their high halves, each in the lower bits:
 * high + ((whole - high * base) << bits), in fewer steps.
 */
static inline uint64_t split(uint64_t whole, uint64_t highs, uint64_t base, int bits)
{
	return (whole << bits) - highs * ((base << bits) - 1);
}

/* Of numbers below 10000 in the halves of a word: a byte for each digit, the first one lowest. */
static inline uint64_t digits_of(uint64_t fours)
{
	uint64_t hundreds = fours * 10486 >> 20 & UINT64_C(0x0000007f0000007f);
	uint64_t twos = split(fours, hundreds, 100, 16);
	uint64_t tens = twos * 103 >> 10 & UINT64_C(0x000f000f000f000f);

	return split(twos, tens, 10, 8);
}

static inline uint64_t eight_of(uint32_t number)
{
	return digits_of(split(number, number / TEN_TO_4, TEN_TO_4, 32));
}

static inline char *put_letters(char *at, uint64_t letters, size_t count)
{
	letters = htole64(letters);
	memcpy(at, &letters, sizeof(letters));
	return at + count;
}

static inline char *put_eight(char *at, uint32_t number)
{
	return put_letters(at, eight_of(number) | ALL_DIGITS, 8);
}

/* Of so many digits: without zeros before them, but the last one stays. */
static inline char *put_trimmed(char *at, uint64_t digits, int width)
{
	uint64_t last = UINT64_C(1) << 8 * (width - 1);
	int zeros = __builtin_ctzll(digits | last) & ~7; /* bits of those before the first */

	return put_letters(at, (digits | ALL_DIGITS) >> zeros, (size_t)(width - zeros / 8));
}

char *put_digits(char *at, uint64_t number)
{
	if (number < TEN_TO_4)
		return put_trimmed(at, digits_of(number), 4);
	if (number < TEN_TO_8)
		return put_trimmed(at, eight_of((uint32_t)number), 8);
	return put_eight(put_unsigned(at, number / TEN_TO_8), (uint32_t)(number % TEN_TO_8));
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

/* Below 10 seconds, as most are: "3.141592653". */
static inline char *put_short_span(char *at, uint64_t nanoseconds)
{
	uint32_t tenths = (uint32_t)(nanoseconds / TEN_TO_8);
	uint32_t whole = tenths * 103 >> 10;

	at[0] = (char)('0' + whole);
	at[1] = '.';
	at[2] = (char)('0' + tenths - whole * 10);
	return put_eight(at + 3, (uint32_t)(nanoseconds - (uint64_t)tenths * TEN_TO_8));
}

char *put_nanoseconds(char *at, int64_t span)
{
	uint64_t left = magnitude(span);
	uint32_t part;

	if (span >= 0 && left < 10 * (uint64_t)TIME_SECOND)
		return put_short_span(at, left);
	part = (uint32_t)(left % TIME_SECOND);
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

enum { NAME = 10 }; /* letters before the number of an end */

/* One digit each: only those are put into what is known. */
static inline char *put_two_digits(char *at, uint64_t client, uint64_t server)
{
	static const char both[] = "{\"client\":0,\"server\":0}";

	memcpy(at, both, sizeof(both) - 1);
	at[NAME] = (char)('0' + client);
	at[NAME + 1 + NAME] = (char)('0' + server);
	return at + sizeof(both) - 1;
}

/* Sixteen letters are copied; what comes next is put over those that are none of the name's. */
static inline char *put_name(char *at, const char name[16])
{
	memcpy(at, name, 16);
	return at + NAME;
}

char *put_ends(char *at, uint64_t client, uint64_t server)
{
	static const char client_name[16] = "{\"client\":", server_name[16] = ",\"server\":";

	if (client < 10 && server < 10)
		return put_two_digits(at, client, server);
	if (client < TEN_TO_4 && server < TEN_TO_4) {
		uint64_t digits = digits_of(client | server << 32);

		at = put_trimmed(put_name(at, client_name), digits, 4);
		at = put_trimmed(put_name(at, server_name), digits >> 32, 4);
	} else {
		at = put_unsigned(put_name(at, client_name), client);
		at = put_unsigned(put_name(at, server_name), server);
	}
	*at = '}';
	return at + 1;
}
