/* pieces.h: the files of a plan, and in which order they become due. */
#ifndef CAPTURE_PIECES_H
#define CAPTURE_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/notes.h"
#include "capture/source.h"

struct piece {
	char *path;
	int64_t first; /* the time of its first frame */
	uint64_t size; /* of the file as stored */
	bool named;    /* by the user, not found in a folder */
	bool tied;     /* another one has the same first time */
	bool moves_on; /* a tied one: not all its frames have that time */
	bool holds_frames;
};

struct pieces {
	struct piece *list;
	size_t count;
	size_t room;
};

/* Names all the files of a plan, those of folders in the order of their names. Nothing is opened. */
int pieces_gather(struct pieces *pieces, const struct source_plan *plan, struct notes *notes,
                  struct error *err);

/*
 * Looks at the beginning of each, one after the other, and puts them in order. Those without
 * frames are gone afterwards. -1 and err where a file that the user named is no capture.
 */
int pieces_survey(struct pieces *pieces, struct notes *notes, struct error *err);

void pieces_free(struct pieces *pieces);

#endif
