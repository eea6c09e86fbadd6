/* checkpoint.c: a tracker as it was at some moment, to go back to. */

/*
 * The arena has indices and distances in it but no pointers, so copying its bytes is enough. It is
 * mostly untouched: of arrays that grow only the part in use is copied, and of all of them only
 * runs of pieces that are not zero.
 */

#include "track/checkpoint.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "track/inside.h"

enum { PIECE = 4096, ALIGNMENT = 8, ARRAYS = 16, REGIONS = ARRAYS + LINES };

/* An array in the arena, up to where it was touched. */
struct region {
	size_t start;
	size_t length;
};

/* What follows it in the checkpoint is the bytes themselves. */
struct stretch {
	size_t start; /* in the arena */
	size_t length;
};

struct checkpoint {
	size_t size;
	size_t used; /* of `bytes` */
	struct tracker tracker;
	struct region regions[REGIONS];
	uint8_t bytes[]; /* stretches by ascending starts */
};

static uint32_t at_most(uint32_t count, uint32_t limit)
{
	return count < limit ? count : limit;
}

static struct region region(const struct tracker *tracker, const void *array, size_t length)
{
	return (struct region){
		.start = (size_t)((const uint8_t *)array - (const uint8_t *)tracker),
		.length = length,
	};
}

/* In the order in which they lie in the arena. */
static void regions_find(const struct tracker *tracker, struct region regions[REGIONS])
{
	size_t slots = (size_t)tracker->touched_flows + 1;
	size_t places = (size_t)tracker->touched_places + 1;
	uint32_t suspects = at_most(tracker->suspect_count + 1, SUSPECTS);
	uint32_t trails = at_most(tracker->trail_count, tracker->options.trails);
	const struct region found[ARRAYS] = {
		region(tracker, tracker->flows, places * sizeof(struct flow)),
		region(tracker, tracker->buckets,
		       ((size_t)tracker->bucket_mask + 1) * sizeof(struct bucket)),
		region(tracker, tracker->listeners,
		       ((size_t)tracker->listener_count + 1) * sizeof(struct listener)),
		region(tracker, tracker->listener_slots, LISTENER_SLOTS * sizeof(uint32_t)),
		region(tracker, tracker->suspects, suspects * sizeof(struct suspect)),
		region(tracker, tracker->trails, trails_size(trails)),
		region(tracker, tracker->recents, RECENTS * sizeof(struct recents)),
		region(tracker, tracker->ranges, ranges_size(tracker->touched_ranges)),
		region(tracker, tracker->asides.records, pool_size(&tracker->asides)),
		region(tracker, tracker->round_trips.records, pool_size(&tracker->round_trips)),
		region(tracker, tracker->slots, slots * sizeof(struct slot)),
		region(tracker, tracker->spared, places),
		region(tracker, tracker->chunks, chunks_size(tracker->touched_chunks)),
		region(tracker, tracker->calms.records, pool_size(&tracker->calms)),
		region(tracker, tracker->seeds.records, pool_size(&tracker->seeds)),
		region(tracker, tracker->folds, folds_size(tracker->touched_folds)),
	};

	memcpy(regions, found, sizeof(found));
	for (int i = 0; i < LINES; i++)
		regions[ARRAYS + i] = region(tracker, tracker->lines[i].numbers,
		                             tracker->lines[i].size * sizeof(uint32_t));
}

static bool is_zero(const uint8_t *bytes, size_t length)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0;
}

static size_t piece_at(size_t at, size_t end)
{
	return end - at < PIECE ? end - at : PIECE;
}

static size_t aligned(size_t length)
{
	return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* ---- Taking ---- */

static void stretch_add(struct checkpoint *checkpoint, const uint8_t *arena, size_t start,
                        size_t end)
{
	struct stretch stretch = { .start = start, .length = end - start };
	uint8_t *to = checkpoint->bytes + checkpoint->used;

	memcpy(to, &stretch, sizeof(stretch));
	memcpy(to + sizeof(stretch), arena + start, stretch.length);
	checkpoint->used += sizeof(stretch) + aligned(stretch.length);
}

static void region_add(struct checkpoint *checkpoint, const uint8_t *arena,
                       const struct region *region)
{
	size_t end = region->start + region->length;
	size_t at = region->start;

	while (at < end) {
		size_t start;

		while (at < end && is_zero(arena + at, piece_at(at, end)))
			at += piece_at(at, end);
		start = at;
		while (at < end && !is_zero(arena + at, piece_at(at, end)))
			at += piece_at(at, end);
		if (at > start)
			stretch_add(checkpoint, arena, start, at);
	}
}

/* Every other piece could be zero. */
static size_t size_at_most(const struct region regions[REGIONS])
{
	size_t size = sizeof(struct checkpoint);

	for (int i = 0; i < REGIONS; i++)
		size += regions[i].length +
		        (regions[i].length / PIECE + 1) * (sizeof(struct stretch) + ALIGNMENT);
	return size;
}

static size_t in_pages(size_t size)
{
	return (size + PIECE - 1) / PIECE * PIECE;
}

struct checkpoint *tracker_checkpoint(const struct tracker *tracker, struct error *err)
{
	struct region regions[REGIONS];
	struct checkpoint *checkpoint;
	size_t most, size;

	regions_find(tracker, regions);
	most = in_pages(size_at_most(regions));
	checkpoint = mmap(NULL, most, PROT_READ | PROT_WRITE,
	                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (checkpoint == MAP_FAILED) {
		error_set(err, "no room for a checkpoint: %s", strerror(errno));
		return NULL;
	}
	checkpoint->tracker = *tracker;
	memcpy(checkpoint->regions, regions, sizeof(regions));
	for (int i = 0; i < REGIONS; i++)
		region_add(checkpoint, (const uint8_t *)tracker, &regions[i]);
	size = in_pages(sizeof(*checkpoint) + checkpoint->used);
	if (size < most)
		munmap((uint8_t *)checkpoint + size, most - size);
	checkpoint->size = size;
	return checkpoint;
}

size_t checkpoint_size(const struct checkpoint *checkpoint)
{
	return checkpoint->size;
}

void checkpoint_free(struct checkpoint *checkpoint)
{
	if (checkpoint)
		munmap(checkpoint, checkpoint->size);
}

/* ---- Going back ---- */

/* What is zero stays untouched: it may never have cost memory. */
static void clear(uint8_t *arena, size_t at, size_t end)
{
	for (; at < end; at += piece_at(at, end))
		if (!is_zero(arena + at, piece_at(at, end)))
			memset(arena + at, 0, piece_at(at, end));
}

/* Returns where the stretches of the next region begin. */
static size_t region_restore(uint8_t *arena, const struct checkpoint *checkpoint, size_t from,
                             size_t start, size_t end)
{
	struct stretch stretch;

	while (from < checkpoint->used) {
		memcpy(&stretch, checkpoint->bytes + from, sizeof(stretch));
		if (stretch.start >= end)
			break;
		clear(arena, start, stretch.start);
		memcpy(arena + stretch.start, checkpoint->bytes + from + sizeof(stretch),
		       stretch.length);
		start = stretch.start + stretch.length;
		from += sizeof(stretch) + aligned(stretch.length);
	}
	clear(arena, start, end);
	return from;
}

static size_t longer(const struct region *a, const struct region *b)
{
	return a->length > b->length ? a->length : b->length;
}

/* The numbers are those of then; where the arrays are, and who listens, is of now. */
static void head_restore(struct tracker *tracker, const struct tracker *then)
{
	struct tracker now = *tracker;

	*tracker = *then;
	tracker->listener = now.listener;
	tracker->context = now.context;
	tracker->kinds = now.kinds;
	tracker->takes_calmly = tracker_may_take_calmly(tracker);
	tracker_lay_out(tracker, (uint8_t *)tracker);
}

void tracker_restore(struct tracker *tracker, const struct checkpoint *checkpoint)
{
	struct region regions[REGIONS];
	size_t from = 0;

	assert(tracker->arena_size == checkpoint->tracker.arena_size);
	assert(tracker->options.unpacked == checkpoint->tracker.options.unpacked);
	regions_find(tracker, regions);
	for (int i = 0; i < REGIONS; i++) {
		size_t end = regions[i].start + longer(&regions[i], &checkpoint->regions[i]);

		from = region_restore((uint8_t *)tracker, checkpoint, from, regions[i].start, end);
	}
	head_restore(tracker, &checkpoint->tracker);
}
