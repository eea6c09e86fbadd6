/* time.c: instants and spans, written and read. */

#include "base/time.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

enum { DECIMALS_MAX = 9 };

#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR (60 * TIME_MINUTE)
#define TIME_DAY (24 * TIME_HOUR)

static const uint64_t powers_of_ten[] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
};

/* A span under a minute is one number, a longer one is whole numbers of two units. */
struct unit {
	uint64_t size;
	const char *name;
	const char *ascii;
	uint64_t part_size;
	const char *part;
};

/* clang-format off */
static const struct unit units[] = {
	{ TIME_DAY,         " d",  " d",  TIME_HOUR,   " h" },
	{ TIME_HOUR,        " h",  " h",  TIME_MINUTE, " m" },
	{ TIME_MINUTE,      " m",  " m",  TIME_SECOND, " s" },
	{ TIME_SECOND,      " s",  " s",  0,           NULL },
	{ TIME_MILLISECOND, " ms", " ms", 0,           NULL },
	{ TIME_MICROSECOND, " µs", " us", 0,           NULL },
	{ 1,                " ns", " ns", 0,           NULL },
};
/* clang-format on */

static uint64_t magnitude(int64_t span)
{
	return span < 0 ? -(uint64_t)span : (uint64_t)span;
}

static void add_decimals(struct text *text, uint64_t nanoseconds, int decimals)
{
	char digits[DECIMALS_MAX];

	if (decimals <= 0)
		return;
	for (size_t i = DECIMALS_MAX; i > 0; i--) {
		digits[i - 1] = (char)('0' + nanoseconds % 10);
		nanoseconds /= 10;
	}
	text_add_char(text, '.');
	text_add_bytes(text, digits, (size_t)(decimals < DECIMALS_MAX ? decimals : DECIMALS_MAX));
}

/* Three significant digits, cut as time_add_seconds cuts, without zeros at the end. */
static void add_number(struct text *text, uint64_t span, uint64_t unit)
{
	uint64_t whole = span / unit;
	uint64_t places = whole >= 100 ? 0 : whole >= 10 ? 1 : 2;
	uint64_t part = unit == 1 ? 0 : span % unit * powers_of_ten[places] / unit;

	while (places > 0 && part % 10 == 0) {
		part /= 10;
		places--;
	}
	text_add_unsigned(text, whole);
	if (places == 0)
		return;
	text_add_char(text, '.');
	if (places == 2 && part < 10)
		text_add_char(text, '0');
	text_add_unsigned(text, part);
}

static void add_two_units(struct text *text, uint64_t span, const struct unit *unit)
{
	uint64_t whole = span / unit->size;
	uint64_t part = span % unit->size / unit->part_size;

	text_add_unsigned(text, whole);
	text_add(text, unit->name);
	if (part == 0 || whole >= 100)
		return;
	text_add_char(text, ' ');
	text_add_unsigned(text, part);
	text_add(text, unit->part);
}

static bool read_number(const char **string, int digits, int *number)
{
	*number = 0;
	for (int i = 0; i < digits; i++, (*string)++) {
		if (!isdigit((unsigned char)**string))
			return false;
		*number = *number * 10 + (**string - '0');
	}
	return true;
}

/* ".5": what is finer than a nanosecond is dropped. */
static bool read_fraction(const char **string, int64_t *nanoseconds)
{
	int64_t weight = TIME_SECOND / 10;

	*nanoseconds = 0;
	if (**string != '.')
		return true;
	(*string)++;
	if (!isdigit((unsigned char)**string))
		return false;
	for (; isdigit((unsigned char)**string); (*string)++, weight /= 10)
		*nanoseconds += (**string - '0') * weight;
	return true;
}

static bool read_seconds(const char *string, int64_t *span)
{
	int64_t seconds = 0;
	int64_t fraction;

	if (!isdigit((unsigned char)*string))
		return false;
	for (; isdigit((unsigned char)*string); string++) {
		seconds = seconds * 10 + (*string - '0');
		if (seconds > INT64_MAX / TIME_SECOND - 1)
			return false;
	}
	if (!read_fraction(&string, &fraction) || *string != '\0')
		return false;
	*span = seconds * TIME_SECOND + fraction;
	return true;
}

/* ":53.5", after the minutes. */
static bool read_clock_seconds(const char **string, struct tm *date, int64_t *fraction)
{
	*fraction = 0;
	if (**string != ':')
		return true;
	(*string)++;
	return read_number(string, 2, &date->tm_sec) && read_fraction(string, fraction);
}

static bool read_clock(const char **string, struct tm *date, int64_t *fraction)
{
	*fraction = 0;
	if (**string == '\0')
		return true;
	if (**string != ' ' && **string != 'T')
		return false;
	(*string)++;
	if (!read_number(string, 2, &date->tm_hour) || *(*string)++ != ':')
		return false;
	return read_number(string, 2, &date->tm_min) && read_clock_seconds(string, date, fraction);
}

static bool read_day(const char **string, struct tm *date)
{
	if (!read_number(string, 4, &date->tm_year) || *(*string)++ != '-')
		return false;
	if (!read_number(string, 2, &date->tm_mon) || *(*string)++ != '-')
		return false;
	date->tm_year -= 1900;
	date->tm_mon -= 1;
	return read_number(string, 2, &date->tm_mday);
}

/* timegm makes 30 February 2 March: a date that does not come back as it went in is none. */
static bool date_exists(struct tm date, time_t *seconds)
{
	struct tm back = date;

	*seconds = timegm(&back);
	return back.tm_mon == date.tm_mon && back.tm_mday == date.tm_mday &&
	       back.tm_hour == date.tm_hour && back.tm_min == date.tm_min &&
	       back.tm_sec == date.tm_sec;
}

static bool read_date(const char *string, int64_t *instant)
{
	struct tm date = { 0 };
	int64_t fraction;
	time_t seconds;

	if (!read_day(&string, &date) || !read_clock(&string, &date, &fraction) || *string != '\0')
		return false;
	if (!date_exists(date, &seconds) || magnitude(seconds) > INT64_MAX / TIME_SECOND - 1)
		return false;
	*instant = seconds * TIME_SECOND + fraction;
	return true;
}

void time_add_seconds(struct text *text, int64_t span, int decimals)
{
	uint64_t nanoseconds = magnitude(span);
	uint64_t finest = powers_of_ten[DECIMALS_MAX - (decimals < 0 ? 0 : decimals)];

	if (span < 0 && nanoseconds >= finest)
		text_add_char(text, '-');
	text_add_unsigned(text, nanoseconds / TIME_SECOND);
	add_decimals(text, nanoseconds % TIME_SECOND, decimals);
}

void time_add_span(struct text *text, int64_t span, bool ascii)
{
	uint64_t left = magnitude(span);
	const struct unit *unit = units;

	if (span == 0) {
		text_add(text, "0 s");
		return;
	}
	if (span < 0)
		text_add_char(text, '-');
	while (left < unit->size)
		unit++;
	if (unit->part) {
		add_two_units(text, left, unit);
		return;
	}
	add_number(text, left, unit->size);
	text_add(text, ascii ? unit->ascii : unit->name);
}

static void add_two_digits(struct text *text, char before, int number)
{
	char digits[] = { before, (char)('0' + number / 10), (char)('0' + number % 10) };

	text_add_bytes(text, digits, sizeof(digits));
}

/* Instants lie between 1677 and 2262: every year has four digits. */
void time_add_date(struct text *text, int64_t instant, int decimals)
{
	int64_t seconds = instant / TIME_SECOND;
	int64_t nanoseconds = instant % TIME_SECOND;
	struct tm date;
	time_t whole;

	if (nanoseconds < 0) {
		nanoseconds += TIME_SECOND;
		seconds--;
	}
	whole = seconds;
	gmtime_r(&whole, &date);
	text_add_unsigned(text, (uint64_t)date.tm_year + 1900);
	add_two_digits(text, '-', date.tm_mon + 1);
	add_two_digits(text, '-', date.tm_mday);
	add_two_digits(text, ' ', date.tm_hour);
	add_two_digits(text, ':', date.tm_min);
	add_two_digits(text, ':', date.tm_sec);
	add_decimals(text, (uint64_t)nanoseconds, decimals);
}

bool time_parse(const char *string, int64_t origin, int64_t *instant)
{
	int64_t span;

	if (strlen(string) > 4 && string[4] == '-')
		return read_date(string, instant);
	if (!read_seconds(*string == '+' ? string + 1 : string, &span))
		return false;
	if (*string != '+') {
		*instant = span;
		return true;
	}
	if (origin > INT64_MAX - span)
		return false;
	*instant = origin + span;
	return true;
}
