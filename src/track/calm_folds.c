/* calm_folds.c: room for calm connections that are over, and are only remembered. */

/*
 * Each takes as many units in a row as it needs. What becomes free waits for the next that needs as
 * many: sizes hardly change while a capture goes on. Where there is no room it stays as it was.
 */

#include "track/calm.h"

#include <string.h>

/* More than nearly all need: no connection takes memory that it does not use. */
enum { UNITS_EACH = 48 };

uint32_t folds_count(uint32_t flows)
{
	return flows < UINT32_MAX / UNITS_EACH - FOLD_SIZES ? flows * UNITS_EACH + FOLD_SIZES
	                                                    : UINT32_MAX - 1;
}

size_t folds_size(uint32_t count)
{
	return ((size_t)count + 1) * FOLD_UNIT;
}

uint8_t *fold_at(const struct tracker *tracker, uint32_t place)
{
	return tracker->folds + (size_t)place * FOLD_UNIT;
}

/* NONE: there is no room. */
static uint32_t fold_take(struct tracker *tracker, size_t size)
{
	uint32_t place = tracker->free_folds[size];

	if (place != NONE) {
		memcpy(&tracker->free_folds[size], fold_at(tracker, place), sizeof(place));
	} else if (tracker->fold_count - tracker->touched_folds >= size) {
		place = tracker->touched_folds + 1;
		tracker->touched_folds += (uint32_t)size;
	}
	return place;
}

void fold_give_back(struct tracker *tracker, uint32_t place)
{
	uint8_t *fold = fold_at(tracker, place);
	unsigned size = folded_size(fold);

	memcpy(fold, &tracker->free_folds[size], sizeof(place));
	tracker->free_folds[size] = place;
}

void calm_rest(struct tracker *tracker, uint32_t number)
{
	struct slot *slot = &tracker->slots[number];
	struct calm *calm = calm_of(tracker, number);
	uint8_t bytes[FOLD_MOST];
	size_t size = calm_fold(calm, tracker->totals.first, bytes);
	uint32_t place = NONE;

	if (size > 0)
		place = fold_take(tracker, size);
	if (place == NONE)
		return;
	pool_give_back(&tracker->calms, calm);
	slot->place = place;
	slot->is_folded = true;
	table_note_calm(tracker, number);
	memcpy(fold_at(tracker, place), bytes, size * FOLD_UNIT);
}

struct calm *calm_unfolded(const struct tracker *tracker, uint32_t number)
{
	struct calm *calm = pool_at(&tracker->calms, NONE);

	calm_unfold(calm, tracker->totals.first, fold_at(tracker, tracker->slots[number].place));
	return calm;
}
