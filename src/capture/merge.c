/* merge.c: many savefiles as one stream. */

/*
 * A file is opened when its first frame is due, and closed at its end. Files
 * that do not overlap in time are thus open one at a time, however many there
 * are. Of those that do, the first few keep their descriptors; the others
 * (shy ones) come back for each piece of bytes.
 */

#include "capture/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/grouped.h"
#include "capture/heap.h"
#include "capture/notes.h"
#include "capture/pieces.h"
#include "capture/remarks.h"
#include "capture/source_ops.h"

#define DESCRIPTORS_MOST 64

/* Many of them may be in memory at once. */
#define PIECE ((size_t)64 << 10)

struct merge {
	struct source source;
	struct pieces pieces;
	struct heap heap;
	struct notes notes;
	struct remarks remarks;
	size_t next; /* the first piece that was not yet due */
	bool given;  /* the first reader's head was visited, but it may have twins */
	bool over;
	bool out_of_memory;
	char *name;
	struct source_facts facts;
};

static void reader_close(struct merge *merge, struct reader *reader)
{
	const struct pump *pump = &reader->file.pump;

	merge->facts.backwards += pump->backwards;
	if (pump->backwards)
		notes_backwards(&merge->notes, pump->shown, pump->backwards);
	file_close(&reader->file);
	free(reader);
}

/* False at its end, or at damage, which is noted. */
static bool reader_advance(struct merge *merge, struct reader *reader)
{
	struct pump *pump = &reader->file.pump;
	uint64_t before = pump->bytes_read;
	struct error err;
	int outcome = pump_next(pump, &reader->head, &err);

	merge->facts.bytes_read += pump->bytes_read - before;
	if (outcome == SOURCE_FAILED)
		notes_damaged(&merge->notes, &err);
	if (outcome > 0 && reader->head.time > reader->key)
		reader->key = reader->head.time;
	return outcome > 0;
}

static void facts_learn(struct merge *merge, const struct pump *pump)
{
	struct source_facts facts = pump_facts(pump);

	merge->facts.bytes_read += facts.bytes_read;
	if (merge->facts.container)
		return;
	merge->facts.container = facts.container;
	merge->facts.compression = facts.compression;
	merge->facts.link_type = facts.link_type;
	merge->facts.snaplen = facts.snaplen;
}

/* What has become unreadable since the survey is as damage. */
static void piece_begin(struct merge *merge, uint32_t rank)
{
	const struct piece *piece = &merge->pieces.list[rank];
	const struct file_manner manner = {
		.piece = PIECE,
		.shy = merge->heap.count >= DESCRIPTORS_MOST,
		.remarks = &merge->remarks,
		.origin = rank,
	};
	struct reader *reader = calloc(1, sizeof(*reader));
	enum pump_lack lack;
	struct error err;

	if (!reader) {
		merge->out_of_memory = true;
		return;
	}
	if (file_open(&reader->file, piece->path, manner, &lack, &err) < 0) {
		notes_damaged(&merge->notes, &err);
		free(reader);
		return;
	}
	facts_learn(merge, &reader->file.pump);
	reader->rank = rank;
	reader->key = INT64_MIN;
	if (!reader_advance(merge, reader)) {
		reader_close(merge, reader);
	} else if (!heap_add(&merge->heap, reader)) {
		merge->out_of_memory = true;
		reader_close(merge, reader);
	}
}

static bool piece_is_due(const struct merge *merge)
{
	const struct heap *heap = &merge->heap;

	if (merge->next == merge->pieces.count || merge->out_of_memory)
		return false;
	return !heap->count || merge->pieces.list[merge->next].first <= heap->list[0]->key;
}

static void frames_give(struct merge *merge, uint32_t rank, const struct frame *frames,
                        size_t count, frames_visitor *visit, void *context)
{
	struct frame given[FRAMES_MOST];

	for (size_t i = 0; i < count; i++) {
		uint32_t within =
			frames[i].interface < UINT16_MAX ? frames[i].interface : UINT16_MAX;

		given[i] = frames[i];
		given[i].number = ++merge->facts.frames;
		given[i].interface = rank << 16 | within;
		if (remarks_wait(&merge->remarks))
			remarks_settle(&merge->remarks, rank, frames[i].number, given[i].number);
	}
	visit(context, given, count);
}

/* No frame before this time has another reader or piece to wait for. */
static int64_t run_end(const struct merge *merge)
{
	const struct heap *heap = &merge->heap;
	int64_t end = INT64_MAX;

	if (merge->next < merge->pieces.count)
		end = merge->pieces.list[merge->next].first;
	for (size_t i = 1; i < heap->count && i < 3; i++)
		if (heap->list[i]->key < end)
			end = heap->list[i]->key;
	return end;
}

/*
 * What the first reader, whose head was given, has ready and may give in a row: returns how many.
 * The last of them becomes the head.
 */
static size_t run_give(struct merge *merge, size_t most, frames_visitor *visit, void *context)
{
	struct reader *reader = merge->heap.list[0];
	struct pump *pump = &reader->file.pump;
	int64_t end = run_end(merge), key = reader->key;
	size_t here, count = 0;
	const struct frame *frames = pump_ready(pump, &here);

	while (count < here && count < most && key < end && frames[count].time < end) {
		if (frames[count].time > key)
			key = frames[count].time;
		count++;
	}
	if (count == 0)
		return 0;
	pump_give(pump, count);
	reader->key = key;
	reader->head = frames[count - 1];
	frames_give(merge, reader->rank, frames, count, visit, context);
	return count;
}

static void reader_move(struct merge *merge, size_t index)
{
	struct reader *reader = merge->heap.list[index];

	if (reader_advance(merge, reader)) {
		heap_sink(&merge->heap, index);
		return;
	}
	heap_remove(&merge->heap, index);
	reader_close(merge, reader);
}

/* Gives one frame; false at the end. The last one is kept until its twins, if any, have followed. */
static bool merge_step(struct merge *merge, frames_visitor *visit, void *context)
{
	struct heap *heap = &merge->heap;
	const struct reader *reader;

	if (merge->given && heap_is_tied(heap)) {
		size_t twin = heap_find_twin(heap);

		if (twin) {
			reader = heap->list[twin];
			frames_give(merge, reader->rank, &reader->head, 1, visit, context);
			reader_move(merge, twin);
			return true;
		}
	}
	if (merge->given)
		reader_move(merge, 0);
	merge->given = false;
	while (piece_is_due(merge))
		piece_begin(merge, (uint32_t)merge->next++);
	if (!heap->count || merge->out_of_memory)
		return false;
	reader = heap->list[0];
	frames_give(merge, reader->rank, &reader->head, 1, visit, context);
	merge->given = true;
	return true;
}

static int merge_visit(struct source *source, int most, frames_visitor *visit, void *context,
                       struct error *err)
{
	struct merge *merge = (struct merge *)source;
	int visited = 0;

	if (merge->over)
		return SOURCE_END;
	while (visited < most && merge_step(merge, visit, context)) {
		visited++;
		if (merge->given && visited < most)
			visited += (int)run_give(merge, (size_t)(most - visited), visit, context);
	}
	if (visited)
		return visited;
	merge->over = true;
	if (merge->out_of_memory) {
		error_set(err, "%s: out of memory", merge->name);
		return SOURCE_FAILED;
	}
	return notes_outcome(&merge->notes, err);
}

static int merge_descriptor(const struct source *source)
{
	(void)source;
	return -1;
}

static struct source_facts merge_facts(const struct source *source)
{
	const struct merge *merge = (const struct merge *)source;
	struct source_facts facts = merge->facts;

	facts.skipped = merge->notes.skipped;
	facts.damaged = merge->notes.damaged;
	return facts;
}

static const char *merge_note(const struct source *source, size_t index)
{
	return notes_get(&((const struct merge *)source)->notes, index);
}

static const struct remarks *merge_remarks(const struct source *source)
{
	return &((const struct merge *)source)->remarks;
}

static void merge_close(struct source *source)
{
	struct merge *merge = (struct merge *)source;

	for (size_t i = 0; i < merge->heap.count; i++) {
		file_close(&merge->heap.list[i]->file);
		free(merge->heap.list[i]);
	}
	free(merge->heap.list);
	pieces_free(&merge->pieces);
	notes_free(&merge->notes);
	remarks_free(&merge->remarks);
	free(merge->name);
	free(merge);
}

static const struct source_ops merge_ops = {
	.visit = merge_visit,
	.descriptor = merge_descriptor,
	.facts = merge_facts,
	.note = merge_note,
	.remarks = merge_remarks,
	.close = merge_close,
};

static char *name_of(const struct source_plan *plan)
{
	size_t size = strlen(plan->paths[0]) + 64;
	char *name = malloc(size);

	if (name && plan->count == 1)
		snprintf(name, size, "%s", plan->paths[0]);
	else if (name)
		snprintf(name, size, "%s and %s more", plan->paths[0],
		         grouped(plan->count - 1).text);
	return name;
}

static int merge_prepare(struct merge *merge, const struct source_plan *plan, struct error *err)
{
	uint32_t skipped;

	merge->name = name_of(plan);
	if (!merge->name) {
		error_set(err, "%s: out of memory", plan->paths[0]);
		return -1;
	}
	if (pieces_gather(&merge->pieces, plan, &merge->notes, err) < 0)
		return -1;
	merge->facts.name = merge->name;
	merge->facts.files = (uint32_t)merge->pieces.count;
	for (size_t i = 0; i < merge->pieces.count; i++)
		merge->facts.bytes_total += merge->pieces.list[i].size;
	skipped = merge->notes.skipped;
	if (pieces_survey(&merge->pieces, &merge->notes, err) < 0)
		return -1;
	if (merge->notes.skipped - skipped < merge->facts.files)
		return 0;
	error_set(err, "%s: none of its files is a capture", merge->name);
	return -1;
}

struct source *merge_open(const struct source_plan *plan, struct error *err)
{
	struct merge *merge = calloc(1, sizeof(*merge));

	if (!merge) {
		error_set(err, "%s: out of memory", plan->paths[0]);
		return NULL;
	}
	merge->source.ops = &merge_ops;
	merge->remarks.renumbers = true;
	if (merge_prepare(merge, plan, err) == 0)
		return &merge->source;
	merge_close(&merge->source);
	return NULL;
}
