/* pulse.h: what happened in each of the latest seconds of frame time. */
#ifndef APP_PULSE_H
#define APP_PULSE_H

#include <stddef.h>
#include <stdint.h>

#include "packet/segment.h"
#include "track/event.h"
#include "tui/port.h"

/* Where it stands depends only on what was counted and the latest time, not on the steps between. */
struct pulse_meter {
	struct pulse pulse;
	int64_t second; /* the current one; TIME_NONE: nothing was counted */
};

struct pulse_meter pulse_start(void);

/* The clock reached `now`; it never runs back. */
void pulse_advance(struct pulse_meter *meter, int64_t now);

void pulse_count_segments(struct pulse_meter *meter, const struct segment *segments, size_t count);

/* The events that pulse_hear wants. */
uint32_t pulse_kinds(void);
void pulse_hear(struct pulse_meter *meter, const struct event *event);

#endif
