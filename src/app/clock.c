/* clock.c: what time it is. */
#include "app/clock.h"

#include <time.h>

#include "base/time.h"

static int64_t read_clock(clockid_t id)
{
	struct timespec time;

	clock_gettime(id, &time);
	return time.tv_sec * TIME_SECOND + time.tv_nsec;
}

int64_t clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t clock_steady(void)
{
	return read_clock(CLOCK_MONOTONIC);
}
