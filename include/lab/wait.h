/* wait.h: what a small machine of the lab waits for before it can go on. */
#ifndef LAB_WAIT_H
#define LAB_WAIT_H

#include <stdint.h>

#include "base/time.h"

/* Either or both: the first that comes. */
struct wait {
	int descriptor; /* -1: none */
	short events;   /* as in poll(2) */
	int64_t due;    /* on the clock that the machine is stepped with; TIME_NONE: none */
};

#endif
