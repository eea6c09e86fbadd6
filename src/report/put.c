/* put.c: numbers and spans, two digits at a time. */

#include "report/put.h"

#include "base/time.h"

#define TEN(n) #n "0" #n "1" #n "2" #n "3" #n "4" #n "5" #n "6" #n "7" #n "8" #n "9"

static const char pairs[] = TEN(0) TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8) TEN(9);

static void put_pair(char *at, uint32_t number)
{
	memcpy(at, pairs + (size_t)2 * number, 2);
}

static char *put_four(char *at, uint32_t number)
{
	put_pair(at, number / 100);
	put_pair(at + 2, number % 100);
	return at + 4;
}

char *put_digits(char *at, uint64_t number)
{
	uint32_t rest;

	if (number >= 10000)
		return put_four(put_unsigned(at, number / 10000), (uint32_t)(number % 10000));
	rest = (uint32_t)number;
	if (rest >= 1000)
		return put_four(at, rest);
	if (rest >= 100)
		*at++ = (char)('0' + rest / 100);
	put_pair(at, rest % 100);
	return at + 2;
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
	uint32_t rest = part % 100000000;

	at = put_whole(at, left, span < 0);
	*at = (char)('0' + part / 100000000);
	return put_four(put_four(at + 1, rest / 10000), rest % 10000);
}

/* What is cut to zero has no sign. */
char *put_microseconds(char *at, int64_t span)
{
	uint64_t left = magnitude(span);
	uint32_t part = (uint32_t)(left % TIME_SECOND) / TIME_MICROSECOND;

	at = put_whole(at, left, span < 0 && left >= TIME_MICROSECOND);
	put_pair(at, part / 10000);
	return put_four(at + 2, part % 10000);
}

char *put_ends(char *at, uint64_t client, uint64_t server)
{
	at = put_unsigned(put(at, "{\"client\":"), client);
	at = put_unsigned(put(at, ",\"server\":"), server);
	*at = '}';
	return at + 1;
}
