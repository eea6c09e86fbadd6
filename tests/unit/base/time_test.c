/* time_test.c: instants and spans, written and read. */

#include "base/time.h"

#include <criterion/criterion.h>

static const char *span_words(int64_t span, bool ascii)
{
	static char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	time_add_span(&text, span, ascii);
	return storage;
}

static const char *seconds(int64_t span, int decimals)
{
	static char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	time_add_seconds(&text, span, decimals);
	return storage;
}

static const char *date(int64_t instant, int decimals)
{
	static char storage[64];
	struct text text = text_over(storage, sizeof(storage));

	time_add_date(&text, instant, decimals);
	return storage;
}

Test(time, measures_between_without_overflow)
{
	cr_assert_eq(time_between(5, 12), 7);
	cr_assert_eq(time_between(12, 5), -7);
	cr_assert_eq(time_between(-INT64_MAX, INT64_MAX), INT64_MAX);
	cr_assert_eq(time_between(INT64_MAX, -INT64_MAX), -INT64_MAX);
	cr_assert_neq(time_between(INT64_MAX, INT64_MIN), TIME_NONE);
}

Test(time, writes_seconds_cut_not_rounded)
{
	cr_assert_str_eq(seconds(INT64_C(12345678901), 9), "12.345678901");
	cr_assert_str_eq(seconds(INT64_C(1999999999), 3), "1.999");
	cr_assert_str_eq(seconds(INT64_C(1999999999), 0), "1");
	cr_assert_str_eq(seconds(-TIME_SECOND / 2, 1), "-0.5");
	cr_assert_str_eq(seconds(-1, 3), "0.000");
}

Test(time, writes_spans_for_people)
{
	cr_assert_str_eq(span_words(0, false), "0 s");
	cr_assert_str_eq(span_words(999, false), "999 ns");
	cr_assert_str_eq(span_words(30 * TIME_MICROSECOND, false), "30 µs");
	cr_assert_str_eq(span_words(30 * TIME_MICROSECOND, true), "30 us");
	cr_assert_str_eq(span_words(1050 * TIME_MICROSECOND, false), "1.05 ms");
	cr_assert_str_eq(span_words(4200 * TIME_MILLISECOND, false), "4.2 s");
	cr_assert_str_eq(span_words(12345 * TIME_MILLISECOND, false), "12.3 s");
	cr_assert_str_eq(span_words(-150 * TIME_MILLISECOND, false), "-150 ms");
	cr_assert_str_eq(span_words(200 * TIME_SECOND, false), "3 m 20 s");
	cr_assert_str_eq(span_words(7500 * TIME_SECOND, false), "2 h 5 m");
	cr_assert_str_eq(span_words(76 * 3600 * TIME_SECOND, false), "3 d 4 h");
	cr_assert_str_eq(span_words(60 * TIME_SECOND, false), "1 m");
}

/* A span that rounds up would reach the next unit. */
Test(time, never_rounds_a_span_into_the_next_unit)
{
	cr_assert_str_eq(span_words(999999, false), "999 µs");
	cr_assert_str_eq(span_words(60 * TIME_SECOND - 1, false), "59.9 s");
}

Test(time, writes_dates_in_utc)
{
	cr_assert_str_eq(date(INT64_C(1795164053123456789), 9), "2026-11-20 08:40:53.123456789");
	cr_assert_str_eq(date(0, 0), "1970-01-01 00:00:00");
	cr_assert_str_eq(date(-1, 3), "1969-12-31 23:59:59.999");
}

Test(time, reads_what_it_writes)
{
	int64_t instant = 0;

	cr_assert(time_parse("2026-11-20 08:40:53.123456789", 0, &instant));
	cr_assert_eq(instant, INT64_C(1795164053123456789));
	cr_assert(time_parse("2026-11-20T08:40", 0, &instant));
	cr_assert_eq(instant, INT64_C(1795164000) * TIME_SECOND);
	cr_assert(time_parse("2026-11-20", 0, &instant));
	cr_assert_str_eq(date(instant, 0), "2026-11-20 00:00:00");
	cr_assert(time_parse("1700000000.5", 0, &instant));
	cr_assert_eq(instant, INT64_C(1700000000500000000));
	cr_assert(time_parse("+1.25", 100, &instant));
	cr_assert_eq(instant, 1250000100);
}

Test(time, refuses_what_is_no_instant)
{
	static const char *const wrong[] = {
		"",
		"+",
		"-1",
		"1.",
		"1x",
		"2026-02-30",
		"2026-13-01",
		"2026-11-20 ",
		"2026-11-2",
		"2026-11-20 24:00",
		"2026-11-20 08:60",
		"2026-11-20 08:40:53.",
		"2026-11-20Z",
		"99999999999",
		"9999-01-01",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int64_t instant = 42;

		cr_assert_not(time_parse(wrong[i], 0, &instant), "%s", wrong[i]);
		cr_assert_eq(instant, 42);
	}
}
