/* rotate.c: which file of a series a frame belongs to. */

#include "capture/rotate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/time.h"

struct unit {
	const char *suffixes;
	uint64_t bytes;
};

/* clang-format off */
static const struct unit units[] = {
	{ "kK", UINT64_C(1) << 10 },
	{ "mM", UINT64_C(1) << 20 },
	{ "gG", UINT64_C(1) << 30 },
};
/* clang-format on */

/* Without a suffix. */
#define MILLION UINT64_C(1000000)

bool dump_size_parse(const char *string, uint64_t *size)
{
	uint64_t bytes = MILLION;
	uint64_t number = 0;

	for (; *string >= '0' && *string <= '9'; string++)
		if (__builtin_mul_overflow(number, 10u, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(*string - '0'), &number))
			return false;
	for (size_t i = 0; *string && i < sizeof(units) / sizeof(units[0]); i++) {
		if (!strchr(units[i].suffixes, *string))
			continue;
		bytes = units[i].bytes;
		string++;
		break;
	}
	if (*string || number == 0 || __builtin_mul_overflow(number, bytes, &number))
		return false;
	*size = number;
	return true;
}

static int64_t whole_seconds(int64_t instant)
{
	return instant / TIME_SECOND - (instant % TIME_SECOND < 0);
}

/* Digits of the highest number in the ring, so that names sort. */
static int number_width(uint32_t files)
{
	int width = 0;

	for (uint32_t last = files ? files - 1 : 0; last > 0; last /= 10)
		width++;
	return width;
}

void series_init(struct series *series, const struct dump_rotation *rules)
{
	*series = (struct series){ .rules = *rules };
	if (rules->start != TIME_NONE)
		series_begin(series, rules->start);
}

void series_begin(struct series *series, int64_t time)
{
	series->began = whole_seconds(time);
}

int series_path(const struct series *series, const char *pattern, char path[PATH_MAX],
                struct error *err)
{
	int width = series->rules.size ? number_width(series->rules.files) : 0;
	time_t began = (time_t)series->began;
	struct tm parts;
	size_t length = strlen(pattern);
	int digits = 0;

	if (length < PATH_MAX)
		memcpy(path, pattern, length + 1);
	if (series->rules.seconds)
		length =
			localtime_r(&began, &parts) ? strftime(path, PATH_MAX, pattern, &parts) : 0;
	if (length > 0 && length < PATH_MAX && (series->number || width))
		digits = snprintf(path + length, PATH_MAX - length, "%0*u", width, series->number);
	if (length > 0 && length < PATH_MAX && (size_t)digits < PATH_MAX - length)
		return 0;
	error_set(err, "%s: gives no file name, or one that is too long", pattern);
	return -1;
}

enum series_step series_step(struct series *series, uint64_t written, int64_t time)
{
	const struct dump_rotation *rules = &series->rules;
	int64_t now = whole_seconds(time);

	if (rules->seconds && now - series->began >= rules->seconds) {
		series->began = now;
		series->number = 0;
		series->periods++;
		if (!rules->size && rules->files && series->periods >= rules->files)
			return SERIES_ENDS;
		return SERIES_GOES_ON;
	}
	if (!rules->size || written <= rules->size)
		return SERIES_STAYS;
	series->number++;
	if (rules->files && series->number >= rules->files)
		series->number = 0;
	return SERIES_GOES_ON;
}
