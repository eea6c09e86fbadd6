/* overlap.c: recognises frames that two of the files repeat. */
#include "app/overlap.h"

enum { FILE_SHIFT = 16 }; /* of frame.interface, see source_open_plan */

bool overlap_has(struct overlap *overlap, const struct frame *frame)
{
	uint32_t file = frame->interface >> FILE_SHIFT;
	uint64_t digest;
	bool is_copy;

	if (!overlap->is_watched)
		return false;
	digest = hash_bytes(&overlap->key, frame->bytes, frame->captured);
	is_copy = frame->time == overlap->time && frame->length == overlap->length &&
	          digest == overlap->digest && file != overlap->file;
	overlap->time = frame->time;
	overlap->length = frame->length;
	overlap->digest = digest;
	if (!is_copy)
		overlap->file = file;
	return is_copy;
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
