/* tick.h: an interface's own units of time. */
#ifndef CAPTURE_TICK_H
#define CAPTURE_TICK_H

#include <stdbool.h>
#include <stdint.h>

struct tick {
	uint64_t per_second;
	int64_t offset;       /* seconds added to every time */
	uint64_t nanoseconds; /* in a tick, if whole and without offset; else 0 */
	uint64_t safe;        /* counts below this times `nanoseconds` stay an instant */
};

/*
 * `resolution` as in pcapng's if_tsresol: 10^-n seconds, or 2^-n with the top
 * bit set. Returns false when 64 bits cannot count such ticks in a second.
 */
bool tick_init(struct tick *tick, uint8_t resolution, int64_t offset);

/* For counts beyond `safe`, and whatever else takes more than a multiplication. */
int64_t tick_instant_computed(const struct tick *tick, uint64_t count);

/* The instant `count` ticks after 1970, clamped to what an instant can say. */
static inline int64_t tick_instant(const struct tick *tick, uint64_t count)
{
	if (count < tick->safe)
		return (int64_t)(count * tick->nanoseconds);
	return tick_instant_computed(tick, count);
}

#endif
