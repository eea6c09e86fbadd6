/* heap.c: the files that are being read at once, the one with the next frame first. */

#include "capture/heap.h"

#include <stdlib.h>
#include <string.h>

static bool is_before(const struct reader *one, const struct reader *other)
{
	if (one->key != other->key)
		return one->key < other->key;
	return one->rank < other->rank;
}

static void swap(struct heap *heap, size_t one, size_t other)
{
	struct reader *reader = heap->list[one];

	heap->list[one] = heap->list[other];
	heap->list[other] = reader;
}

static void rise(struct heap *heap, size_t index)
{
	while (index > 0 && is_before(heap->list[index], heap->list[(index - 1) / 2])) {
		swap(heap, index, (index - 1) / 2);
		index = (index - 1) / 2;
	}
}

void heap_sink(struct heap *heap, size_t index)
{
	for (;;) {
		size_t child = 2 * index + 1;

		if (child >= heap->count)
			return;
		if (child + 1 < heap->count && is_before(heap->list[child + 1], heap->list[child]))
			child++;
		if (!is_before(heap->list[child], heap->list[index]))
			return;
		swap(heap, index, child);
		index = child;
	}
}

bool heap_add(struct heap *heap, struct reader *reader)
{
	if (heap->count == heap->room) {
		size_t room = heap->room ? 2 * heap->room : 16;
		struct reader **more = realloc(heap->list, room * sizeof(struct reader *));

		if (!more)
			return false;
		heap->list = more;
		heap->room = room;
	}
	heap->list[heap->count] = reader;
	rise(heap, heap->count++);
	return true;
}

void heap_remove(struct heap *heap, size_t index)
{
	heap->count--;
	if (index == heap->count)
		return;
	heap->list[index] = heap->list[heap->count];
	rise(heap, index);
	heap_sink(heap, index);
}

bool heap_is_tied(const struct heap *heap)
{
	for (size_t i = 1; i < heap->count && i < 3; i++)
		if (heap->list[i]->key == heap->list[0]->key)
			return true;
	return false;
}

static bool same(const struct frame *one, const struct frame *other)
{
	return one->time == other->time && one->captured == other->captured &&
	       one->length == other->length && one->link_type == other->link_type &&
	       memcmp(one->bytes, other->bytes, one->captured) == 0;
}

size_t heap_find_twin(const struct heap *heap)
{
	const struct reader *first = heap->list[0];
	size_t found = 0;

	for (size_t i = 1; i < heap->count; i++) {
		const struct reader *reader = heap->list[i];

		if (reader->key != first->key || !same(&reader->head, &first->head))
			continue;
		if (!found || is_before(reader, heap->list[found]))
			found = i;
	}
	return found;
}
