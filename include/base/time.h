/* time.h: instants and spans as whole nanoseconds. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/*
 * An instant is nanoseconds since 1970-01-01 UTC, a span is nanoseconds.
 * Both are int64_t, which reaches the year 2262. TIME_NONE is neither.
 */
#define TIME_SECOND INT64_C(1000000000)
#define TIME_MILLISECOND INT64_C(1000000)
#define TIME_MICROSECOND INT64_C(1000)
#define TIME_NONE INT64_MIN

/* later - earlier without overflow; times that run backwards give a negative span. */
static inline int64_t time_between(int64_t earlier, int64_t later)
{
	if (earlier < 0 && later > INT64_MAX + earlier)
		return INT64_MAX;
	/* Never TIME_NONE, which is one further down. */
	if (earlier > 0 && later < -INT64_MAX + earlier)
		return -INT64_MAX;
	return later - earlier;
}

/* instant + span, not beyond the latest instant. */
static inline int64_t time_plus(int64_t instant, int64_t span)
{
	return instant > 0 && span > INT64_MAX - instant ? INT64_MAX : instant + span;
}

/* "12.345678901": seconds with exactly `decimals` (0 to 9) digits, cut, not rounded. */
void time_add_seconds(struct text *text, int64_t span, int decimals);

/* "30 µs", "4.2 s", "3 m 20 s", "2 h 5 m", "3 d 4 h": at most three significant digits. `ascii` writes "us". */
void time_add_span(struct text *text, int64_t span, bool ascii);

/* "2026-11-20 08:40:53.123456789" in UTC with `decimals` digits. */
void time_add_date(struct text *text, int64_t instant, int decimals);

/*
 * Reads "1700000000.5", "2026-11-20", "2026-11-20 08:40[:53[.5]]" or the same with a T between
 * (all UTC), or, after a '+', seconds past `origin`. Returns false for anything else.
 */
bool time_parse(const char *string, int64_t origin, int64_t *instant);

#endif
