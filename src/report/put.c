/* put.c: numbers and spans, two digits at a time. */

#include "report/put.h"

#include "base/time.h"

#define TEN(n) #n "0" #n "1" #n "2" #n "3" #n "4" #n "5" #n "6" #n "7" #n "8" #n "9"

static const char pairs[] = TEN(0) TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8) TEN(9);

static void put_pair(char *at, uint64_t number)
{
	memcpy(at, pairs + 2 * number, 2);
}

static char *put_four(char *at, uint64_t number)
{
	put_pair(at, number / 100);
	put_pair(at + 2, number % 100);
	return at + 4;
}

char *put_digits(char *at, uint64_t number)
{
	if (number >= 10000)
		return put_four(put_unsigned(at, number / 10000), number % 10000);
	if (number >= 1000)
		return put_four(at, number);
	if (number >= 100)
		*at++ = (char)('0' + number / 100);
	put_pair(at, number % 100);
	return at + 2;
}

static char *put_six(char *at, uint32_t number)
{
	put_pair(at, number / 10000);
	put_pair(at + 2, number / 100 % 100);
	put_pair(at + 4, number % 100);
	return at + 6;
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
	uint32_t rest = part % TIME_MICROSECOND;

	at = put_six(put_whole(at, left, span < 0), part / TIME_MICROSECOND);
	*at = (char)('0' + rest / 100);
	put_pair(at + 1, rest % 100);
	return at + 3;
}

/* What is cut to zero has no sign. */
char *put_microseconds(char *at, int64_t span)
{
	uint64_t left = magnitude(span);
	uint32_t part = (uint32_t)(left % TIME_SECOND);

	at = put_whole(at, left, span < 0 && left >= TIME_MICROSECOND);
	return put_six(at, part / TIME_MICROSECOND);
}

char *put_ends(char *at, uint64_t client, uint64_t server)
{
	at = put_unsigned(put(at, "{\"client\":"), client);
	at = put_unsigned(put(at, ",\"server\":"), server);
	*at = '}';
	return at + 1;
}
