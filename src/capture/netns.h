/* netns.h: a visit to another network namespace. */
#ifndef CAPTURE_NETNS_H
#define CAPTURE_NETNS_H

#include "base/error.h"

/*
 * A socket stays in the namespace in which it was made, so entering is needed only while opening.
 * Returns what netns_leave takes; where `name` is NULL both do nothing. -1 and err on failure.
 */
int netns_enter(const char *name, struct error *err);
int netns_leave(const char *name, int before, struct error *err);

#endif
