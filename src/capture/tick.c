/* tick.c: an interface's own units of time. */

#include "capture/tick.h"

#include "base/time.h"

#define BINARY 0x80

/* 10^19 is the largest power of ten in 64 bits. */
#define DECIMAL_MOST 19
#define BINARY_MOST 63

static uint64_t power_of_ten(unsigned int exponent)
{
	uint64_t power = 1;

	while (exponent--)
		power *= 10;
	return power;
}

/* part / whole of a second in nanoseconds, without leaving 64 bits; part < whole. */
static int64_t nanoseconds_of(uint64_t part, uint64_t whole)
{
	const uint64_t second = (uint64_t)TIME_SECOND;

	if (whole % second == 0)
		return (int64_t)(part / (whole / second));
	if (second % whole == 0)
		return (int64_t)(part * (second / whole));
	/* Only powers of two come here: 2^34 times 10^9 still fits, finer bits are below 0.1 ns. */
	while (whole > UINT64_C(1) << 34) {
		whole >>= 1;
		part >>= 1;
	}
	return (int64_t)(part * second / whole);
}

bool tick_init(struct tick *tick, uint8_t resolution, int64_t offset)
{
	unsigned int exponent = resolution & (BINARY - 1u);
	bool binary = resolution & BINARY;

	if (exponent > (binary ? BINARY_MOST : DECIMAL_MOST))
		return false;
	*tick = (struct tick){
		.per_second = binary ? UINT64_C(1) << exponent : power_of_ten(exponent),
		.offset = offset,
	};
	if (!offset && (uint64_t)TIME_SECOND % tick->per_second == 0) {
		tick->nanoseconds = (uint64_t)TIME_SECOND / tick->per_second;
		tick->safe = (uint64_t)INT64_MAX / tick->nanoseconds + 1;
	}
	return true;
}

int64_t tick_instant_computed(const struct tick *tick, uint64_t count)
{
	/* Whole seconds that an instant can say; beyond them a fraction could overflow. */
	const int64_t limit = INT64_MAX / TIME_SECOND;
	uint64_t seconds;
	int64_t sum;

	seconds = count / tick->per_second;
	if (seconds > INT64_MAX)
		seconds = INT64_MAX;
	if (__builtin_add_overflow((int64_t)seconds, tick->offset, &sum) || sum >= limit)
		return INT64_MAX;
	/* Not INT64_MIN, which is TIME_NONE. */
	if (sum <= -limit)
		return INT64_MIN + 1;
	return sum * TIME_SECOND + nanoseconds_of(count % tick->per_second, tick->per_second);
}
