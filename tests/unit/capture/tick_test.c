/* tick_test.c: an interface's units of time become nanoseconds, clamped, never wrapped. */

#include "capture/tick.h"

#include <criterion/criterion.h>

#define BINARY 0x80

struct row {
	uint8_t resolution;
	int64_t offset;
	uint64_t count;
	int64_t instant;
};

/* clang-format off */
static const struct row rows[] = {
	{ 6,  0,          1700000000123456,              1700000000123456000 },
	{ 9,  0,          1700000000123456789,           1700000000123456789 },
	{ 0,  0,          1700000000,                    1700000000000000000 },
	{ 3,  0,          1700000000123,                 1700000000123000000 },
	{ 12, 0,          1700000123456789012u,          1700000123456789 },
	{ 19, 0,          12345678901234567890u,         1234567890 },
	{ 6,  0,          0,                             0 },
	{ 6,  100,        0,                             100000000000 },
	{ 6,  1700000000, 500000,                        1700000000500000000 },
	{ 6,  -100,       100000001,                     1000 },
	{ 6,  -100,       1,                             -99999999000 },
	{ BINARY | 0,  0, 1700000000,                    1700000000000000000 },
	{ BINARY | 1,  0, 3,                             1500000000 },
	{ BINARY | 10, 0, 1536,                          1500000000 },
	{ BINARY | 32, 0, 0x1c0000000,                   1750000000 },
	{ BINARY | 63, 0, 0xc000000000000000,            1500000000 },
	/* beyond what an instant can say */
	{ 0,  0,          UINT64_MAX,                    INT64_MAX },
	{ 6,  0,          UINT64_MAX,                    INT64_MAX },
	{ 9,  0,          UINT64_MAX,                    INT64_MAX },
	{ 9,  0,          INT64_MAX,                     INT64_MAX },
	{ 6,  INT64_MAX,  1000000,                       INT64_MAX },
	{ 6,  INT64_MIN,  1000000,                       INT64_MIN + 1 },
};
/* clang-format on */

Test(tick, gives_whole_nanoseconds)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tick tick;

		cr_assert(tick_init(&tick, rows[i].resolution, rows[i].offset));
		cr_expect_eq(tick_instant(&tick, rows[i].count), rows[i].instant, "row %zu: %lld",
		             i, (long long)tick_instant(&tick, rows[i].count));
	}
}

Test(tick, counts_upwards_across_the_end_of_the_short_way)
{
	for (unsigned int resolution = 0; resolution <= 9; resolution++) {
		struct tick tick;

		cr_assert(tick_init(&tick, (uint8_t)resolution, 0));
		cr_expect_geq(tick_instant(&tick, tick.safe), tick_instant(&tick, tick.safe - 1));
		cr_expect_gt(tick_instant(&tick, tick.safe - 1), INT64_MAX - INT64_C(2000000000));
	}
}

Test(tick, refuses_units_that_64_bits_cannot_count)
{
	struct tick tick;

	cr_expect(tick_init(&tick, 19, 0));
	cr_expect_not(tick_init(&tick, 20, 0));
	cr_expect_not(tick_init(&tick, 127, 0));
	cr_expect(tick_init(&tick, BINARY | 63, 0));
	cr_expect_not(tick_init(&tick, BINARY | 64, 0));
}
