/* fragments.h: IP datagrams that are still waiting for some of their fragments. */
#ifndef PACKET_FRAGMENTS_H
#define PACKET_FRAGMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/*
 * Lives in storage that the caller lends for as long as it is used, aligned as
 * malloc's is; pages are only touched when fragments arrive. A datagram takes some 66 KiB, and
 * one more than wait is needed. When there is no room the datagram that has
 * waited longest is given up; after 30 seconds of frame time each is.
 */
struct fragments;

size_t fragments_size(uint32_t datagrams);

/* NULL when the storage is too small for two datagrams. */
struct fragments *fragments_start(void *storage, size_t size, const struct hash_key *key);

/* Datagrams put together, and given up. */
uint64_t fragments_completed(const struct fragments *fragments);
uint64_t fragments_abandoned(const struct fragments *fragments);

#endif
