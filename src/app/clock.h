/* clock.h: what time it is; only app asks. */
#ifndef APP_CLOCK_H
#define APP_CLOCK_H

#include <stdint.h>

/* The instant by the wall clock, which frames of an interface are stamped with. */
int64_t clock_now(void);

/* Nanoseconds of a clock that nobody sets. */
int64_t clock_steady(void);

#endif
