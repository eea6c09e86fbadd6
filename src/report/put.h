/* put.h: bytes put where there is room for them; every function returns where they end. */
#ifndef REPORT_PUT_H
#define REPORT_PUT_H

#include <stdint.h>
#include <string.h>

#include "packet/address.h"

/*
 * Half a million records are asked for in a breath, of seventy values each. So
 * room is looked for once per record, not at each letter, and no NUL is kept
 * behind the last one: whoever calls knows the longest that can come. Of what is
 * shorter than its longest, letters behind its end are written, too.
 */
enum {
	PUT_NUMBER_MAX = 20,
	PUT_SECONDS_MAX = 1 + PUT_NUMBER_MAX + 1 + 9,
	PUT_ADDRESS_MAX = 45,
};

/* Here, so that the compiler writes letters that it knows without a call. */
static inline char *put(char *at, const char *string)
{
	size_t length = strlen(string);

	memcpy(at, string, length);
	return at + length;
}

/* The same for those that it does not know. */
static inline char *put_word(char *at, const char *word)
{
	return stpcpy(at, word);
}

/* Of a number from 10 on. */
char *put_digits(char *at, uint64_t number);

static inline char *put_unsigned(char *at, uint64_t number)
{
	if (number >= 10)
		return put_digits(at, number);
	*at = (char)('0' + number);
	return at + 1;
}

/* As time_add_seconds with 9 decimals, and with 6. */
char *put_nanoseconds(char *at, int64_t span);
char *put_microseconds(char *at, int64_t span);

/* As address_add. */
char *put_address(char *at, enum family family, const struct address *address);

/* {"client":1,"server":0} */
char *put_ends(char *at, uint64_t client, uint64_t server);

#endif
