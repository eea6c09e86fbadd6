/* frame_ring.c: the latest frames of an interface, with their bytes. */
#include "app/frame_ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BYTES_PER_FRAME = 64 }; /* at least: so many frames can be remembered */

/* Places only grow; modulo the size they are where the bytes lie. */
struct entry {
	struct frame frame;
	uint64_t place;
};

struct frame_ring {
	uint8_t *bytes;
	struct entry *entries;
	size_t size, most;
	uint64_t count; /* of frames, ever */
	uint64_t end;   /* of the bytes, ever */
};

static void *reserve(size_t size)
{
	void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return bytes == MAP_FAILED ? NULL : bytes;
}

struct frame_ring *frame_ring_new(size_t bytes, struct error *err)
{
	struct frame_ring *ring = calloc(1, sizeof *ring);

	if (ring) {
		ring->size = bytes;
		ring->most = bytes / BYTES_PER_FRAME;
		ring->bytes = reserve(ring->size);
		ring->entries = reserve(ring->most * sizeof *ring->entries);
	}
	if (ring && ring->bytes && ring->entries)
		return ring;
	error_set(err, "no room for frames: %s", strerror(errno));
	frame_ring_free(ring);
	return NULL;
}

void frame_ring_free(struct frame_ring *ring)
{
	if (!ring)
		return;
	if (ring->bytes)
		munmap(ring->bytes, ring->size);
	if (ring->entries)
		munmap(ring->entries, ring->most * sizeof *ring->entries);
	free(ring);
}

void frame_ring_add(struct frame_ring *ring, const struct frame *frame)
{
	struct entry *entry = &ring->entries[ring->count % ring->most];
	size_t rest = ring->size - ring->end % ring->size;

	if (frame->captured > ring->size)
		return;
	if (rest < frame->captured)
		ring->end += rest;
	entry->frame = *frame;
	entry->place = ring->end;
	memcpy(ring->bytes + ring->end % ring->size, frame->bytes, frame->captured);
	ring->end += frame->captured;
	ring->count++;
}

bool frame_ring_find(const struct frame_ring *ring, uint64_t number, struct frame *frame)
{
	uint64_t low = ring->count > ring->most ? ring->count - ring->most : 0;
	uint64_t high = ring->count;
	const struct entry *entry;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (ring->entries[middle % ring->most].frame.number < number)
			low = middle + 1;
		else
			high = middle;
	}
	entry = &ring->entries[low % ring->most];
	if (low == ring->count || entry->frame.number != number ||
	    entry->place + ring->size < ring->end)
		return false;
	*frame = entry->frame;
	frame->bytes = ring->bytes + entry->place % ring->size;
	return true;
}
