/* tape.c: a capture in memory, to be cut. */

#include "program/tape.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "capture/dump.h"
#include "capture/source.h"

static void frame_keep(void *context, const struct frame *frame)
{
	struct tape *tape = context;
	uint8_t *bytes = malloc(frame->captured + 1);

	if (tape->count == tape->room) {
		tape->room = tape->room ? 2 * tape->room : 1024;
		tape->frames = realloc(tape->frames, tape->room * sizeof(*tape->frames));
	}
	cr_assert(bytes && tape->frames);
	memcpy(bytes, frame->bytes, frame->captured);
	tape->frames[tape->count] = *frame;
	tape->frames[tape->count++].bytes = bytes;
}

struct tape tape_read(const char *path)
{
	struct tape tape = { NULL, 0, 0 };
	struct error err;
	struct source *source = source_open_file(path, &err);

	cr_assert_not_null(source, "%s", err.what);
	while (source_visit(source, 64, frame_keep, &tape, &err) > 0)
		;
	source_close(source);
	cr_assert_gt(tape.count, 0);
	return tape;
}

void tape_free(struct tape *tape)
{
	for (size_t i = 0; i < tape->count; i++)
		free((void *)(uintptr_t)tape->frames[i].bytes);
	free(tape->frames);
}

void tape_write(const struct tape *tape, const char *path, size_t first, size_t last)
{
	struct error err;
	struct dump *dump = dump_open(path, tape->frames[0].link_type, 262144, &err);

	cr_assert_not_null(dump, "%s", err.what);
	for (size_t i = first; i < last; i++)
		cr_assert_eq(dump_frame(dump, &tape->frames[i], &err), 0, "%s", err.what);
	cr_assert_eq(dump_close(dump, &err), 0, "%s", err.what);
}
