/* watch_lab.h: the lab inside the watch view's one loop: one scenario at a time, and any services. */
#ifndef APP_WATCH_LAB_H
#define APP_WATCH_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/options.h"
#include "base/error.h"
#include "lab/wait.h"
#include "packet/segment.h"
#include "track/tracker.h"
#include "tui/port.h"

struct watch_lab;

enum { WATCH_LAB_WAITS = 16 }; /* never more */

/*
 * To be called in the network, and with the privileges, that the lab will have. Settings and
 * tracker are lent until watch_lab_free; without a tracker nobody listens, and every moment is
 * quiet. NULL and err when memory is short.
 */
struct watch_lab *watch_lab_new(const struct settings *settings, const struct tracker *tracker,
                                struct error *err);

/* Stops everything; sockets that acts left open are closed. */
void watch_lab_free(struct watch_lab *lab);

/* Lent until watch_lab_free. */
const struct lab_port *watch_lab_port(struct watch_lab *lab);

/* Each segment of the capture: the wire is quiet when none of the scenario's comes for a while. */
void watch_lab_hear(struct watch_lab *lab, const struct segment *segment);

/*
 * Does what can be done now, without blocking; after each poll, and after each key. `now` never
 * runs back, on any clock. Returns whether the views have something new to show.
 */
bool watch_lab_step(struct watch_lab *lab, int64_t now);

/* What it waits for, at most `most` of them; returns how many. */
size_t watch_lab_waits(const struct watch_lab *lab, struct wait *waits, size_t most);

#endif
