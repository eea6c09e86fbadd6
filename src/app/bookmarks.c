/* bookmarks.c: a few moments of a replay to go back to, spread over what was played. */
#include "app/bookmarks.h"

#include <stdbool.h>
#include <string.h>

enum {
	INTERVAL_LEAST = 4096,
	/* Feeding one segment takes about as long as copying so many bytes, times a few. */
	BYTES_PER_SEGMENT = 128,
};

int bookmarks_start(struct bookmarks *bookmarks, const struct tracker *tracker, size_t bytes_most,
                    struct error *err)
{
	*bookmarks = (struct bookmarks){
		.interval = INTERVAL_LEAST,
		.too_large = UINT64_MAX,
		.bytes_most = bytes_most,
		.list[0] = {
			.pulse = pulse_start(),
			.checkpoint = tracker_checkpoint(tracker, err),
		},
	};
	if (!bookmarks->list[0].checkpoint)
		return -1;
	bookmarks->count = 1;
	bookmarks->bytes = checkpoint_size(bookmarks->list[0].checkpoint);
	return 0;
}

static void discard(struct bookmarks *bookmarks, size_t place)
{
	struct bookmark *list = bookmarks->list;

	bookmarks->bytes -= checkpoint_size(list[place].checkpoint);
	checkpoint_free(list[place].checkpoint);
	bookmarks->count--;
	memmove(&list[place], &list[place + 1], (bookmarks->count - place) * sizeof *list);
}

static void near_discard(struct bookmarks *bookmarks)
{
	checkpoint_free(bookmarks->near.checkpoint);
	bookmarks->near.checkpoint = NULL;
}

static void keep(struct bookmarks *bookmarks, size_t count)
{
	while (bookmarks->count > count)
		discard(bookmarks, bookmarks->count - 1);
	near_discard(bookmarks);
	bookmarks->too_large = UINT64_MAX;
}

void bookmarks_forget(struct bookmarks *bookmarks)
{
	keep(bookmarks, 1);
	bookmarks->interval = INTERVAL_LEAST;
}

void bookmarks_end(struct bookmarks *bookmarks)
{
	keep(bookmarks, 0);
}

static bool are_too_many(const struct bookmarks *bookmarks)
{
	return bookmarks->count > BOOKMARKS_MOST ||
	       (bookmarks->count > 1 && bookmarks->bytes > bookmarks->bytes_most);
}

/* Every other one goes, so that the rest stay evenly spread; the beginning stays. */
static void thin(struct bookmarks *bookmarks)
{
	bookmarks->interval *= 2;
	for (size_t place = 1; place < bookmarks->count; place++)
		discard(bookmarks, place);
}

static size_t place_before(const struct bookmarks *bookmarks, uint64_t position)
{
	size_t place = bookmarks->count - 1;

	while (bookmarks->list[place].position > position)
		place--;
	return place;
}

const struct bookmark *bookmarks_before(const struct bookmarks *bookmarks, uint64_t position)
{
	const struct bookmark *listed = &bookmarks->list[place_before(bookmarks, position)];
	const struct bookmark *near = &bookmarks->near;

	return near->checkpoint && near->position <= position && near->position > listed->position
	               ? near
	               : listed;
}

/* NULL where memory is short, or one would take too much of it. */
static struct checkpoint *take(struct bookmarks *bookmarks, const struct tracker *tracker,
                               uint64_t position)
{
	struct checkpoint *checkpoint;
	struct error ignored;

	if (position >= bookmarks->too_large)
		return NULL;
	checkpoint = tracker_checkpoint(tracker, &ignored);
	if (!checkpoint || checkpoint_size(checkpoint) <= bookmarks->bytes_most)
		return checkpoint;
	bookmarks->too_large = position;
	checkpoint_free(checkpoint);
	return NULL;
}

void bookmarks_place_near(struct bookmarks *bookmarks, const struct tracker *tracker,
                          const struct pulse_meter *pulse, uint64_t position)
{
	near_discard(bookmarks);
	bookmarks->near = (struct bookmark){
		.position = position,
		.checkpoint = take(bookmarks, tracker, position),
		.pulse = *pulse,
	};
}

void bookmarks_offer(struct bookmarks *bookmarks, const struct tracker *tracker,
                     const struct pulse_meter *pulse, uint64_t position)
{
	size_t place = place_before(bookmarks, position);
	struct bookmark *list = bookmarks->list;
	struct bookmark one = { .position = position, .pulse = *pulse };

	if (position - list[place].position < bookmarks->interval)
		return;
	one.checkpoint = take(bookmarks, tracker, position);
	if (!one.checkpoint)
		return;
	memmove(&list[place + 2], &list[place + 1], (bookmarks->count - place - 1) * sizeof *list);
	list[place + 1] = one;
	bookmarks->count++;
	bookmarks->bytes += checkpoint_size(one.checkpoint);
	if (bookmarks->interval < checkpoint_size(one.checkpoint) / BYTES_PER_SEGMENT)
		bookmarks->interval = checkpoint_size(one.checkpoint) / BYTES_PER_SEGMENT;
	while (are_too_many(bookmarks))
		thin(bookmarks);
}
