/* notes.h: what is to be said about single files, kept until somebody asks. */
#ifndef CAPTURE_NOTES_H
#define CAPTURE_NOTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define NOTES_MOST 32

struct notes {
	char *texts[NOTES_MOST];
	size_t count;
	uint32_t skipped;
	uint32_t damaged;
	struct error damage; /* the first one */
};

void notes_free(struct notes *notes);
const char *notes_get(const struct notes *notes, size_t index);

/* Each takes "NAME: WHY". */
void notes_skipped(struct notes *notes, const struct error *why);
void notes_damaged(struct notes *notes, const struct error *why);

/* `count` frames of a file have times before that of one before them. */
void notes_backwards(struct notes *notes, const char *name, uint64_t count);

/* The outcome of a reading: SOURCE_END, or SOURCE_FAILED and err with the first damage. */
int notes_outcome(const struct notes *notes, struct error *err);

#endif
