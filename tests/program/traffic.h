/* traffic.h: many connections at once, as one capture or in pieces of it. */
#ifndef TESTS_TRAFFIC_H
#define TESTS_TRAFFIC_H

#include <stddef.h>
#include <stdint.h>

#include "packet/segment.h"

struct traffic {
	struct segment *segments; /* in the order of time; some times are equal */
	size_t count, room;
};

/*
 * Connections begin `apart` nanoseconds after one another; every one is of another of some kinds:
 * closed, reset, refused, unanswered, with lost and repeated data, left open.
 */
struct traffic traffic_new(uint32_t connections, int64_t apart);
void traffic_free(struct traffic *traffic);

/* A frame as it stands in a savefile; returns how many bytes. */
size_t traffic_encode(const struct traffic *traffic, size_t index, uint16_t link_type,
                      uint8_t *bytes, size_t size);

/* Those from `first` up to, not including, `last`, as a savefile. */
void traffic_write(const struct traffic *traffic, const char *path, size_t first, size_t last,
                   uint16_t link_type);

#endif
