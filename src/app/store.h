/* store.h: decoded segments: all of a capture's, or the latest of an interface's. */
#ifndef APP_STORE_H
#define APP_STORE_H

#include <stdint.h>

#include "base/error.h"
#include "packet/segment.h"

struct flow_key;
struct store;

/*
 * Holds everything, the first of it in memory and the rest in a file without a name; or, where
 * `latest` is not 0, at least that many of the latest segments. NULL and err when memory is short.
 */
struct store *store_new(uint64_t latest, struct error *err);
void store_free(struct store *store);
void store_clear(struct store *store);

/* By ascending frame numbers. -1 and err when there is no room; what was added before stays. */
int store_add(struct store *store, const struct segment *segment, struct error *err);

/* Segments are numbered from 0. How many were ever added, and the oldest that is still there. */
uint64_t store_count(const struct store *store);
uint64_t store_first(const struct store *store);

/* Lent until the store forgets it; `count` is how many follow it in memory, itself included. */
const struct segment *store_segment(const struct store *store, uint64_t number);
const struct segment *store_run(const struct store *store, uint64_t number, uint64_t *count);

/*
 * When a segment is played: at its own time, or where times ran backwards, at once after those
 * before it. Only of a store that holds everything.
 */
int64_t store_due(const struct store *store, uint64_t number);

/* How many are due until then. */
uint64_t store_until(const struct store *store, int64_t time);

/* The first that is there with this frame number or a later one; store_count: none. */
uint64_t store_find_frame(const struct store *store, uint64_t frame);

/* The same for both directions of a flow, and rarely for another flow. */
uint32_t digest_of_segment(const struct segment *segment);
uint32_t digest_of_key(const struct flow_key *key);

/* The first in [from, to) that has this digest; `to`: none. */
uint64_t store_find_digest(const struct store *store, uint64_t from, uint64_t to, uint32_t digest);

#endif
