/* overlap.c: recognises frames that two of the files repeat. */
#include "app/overlap.h"

enum { FILE_SHIFT = 16 }; /* of frame.interface, see source_open_plan */

static bool is_like(const struct overlap *overlap, const struct frame *frame)
{
	return frame->time == overlap->time && frame->length == overlap->length;
}

/* A digest costs more than all else: it is taken only where it will be looked at. */
static bool frame_repeats(struct overlap *overlap, const struct frame *frame,
                          const struct frame *next)
{
	uint32_t file = frame->interface >> FILE_SHIFT;
	bool may_be_copy = is_like(overlap, frame);
	uint64_t digest = 0;
	bool is_copy;

	overlap->time = frame->time;
	overlap->length = frame->length;
	if (may_be_copy || !next || is_like(overlap, next))
		digest = hash_bytes(&overlap->key, frame->bytes, frame->captured);
	is_copy = may_be_copy && digest == overlap->digest && file != overlap->file;
	overlap->digest = digest;
	if (!is_copy)
		overlap->file = file;
	return is_copy;
}

size_t overlap_find(struct overlap *overlap, const struct frame *frames, size_t count)
{
	if (!overlap->is_watched)
		return count;
	for (size_t i = 0; i < count; i++)
		if (frame_repeats(overlap, &frames[i], i + 1 < count ? &frames[i + 1] : NULL))
			return i;
	return count;
}

bool overlap_has(struct overlap *overlap, const struct frame *frame)
{
	return overlap_find(overlap, frame, 1) == 0;
}

bool overlap_mark(struct segment *segment)
{
	if (segment->kind == SEGMENT_TCP)
		segment->kind = SEGMENT_TCP_COPY;
	else if (segment->kind == SEGMENT_UDP)
		segment->kind = SEGMENT_UDP_COPY;
	else
		return false;
	return true;
}
