/* rotate.h: which file of a series a frame belongs to. */
#ifndef CAPTURE_ROTATE_H
#define CAPTURE_ROTATE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/dump.h"

struct series {
	struct dump_rotation rules;
	uint32_t number;  /* of the file among those of one period */
	uint32_t periods; /* that are over */
	int64_t began;    /* whole seconds; when the period did */
};

enum series_step {
	SERIES_STAYS,
	SERIES_GOES_ON, /* to another file */
	SERIES_ENDS,
};

void series_init(struct series *series, const struct dump_rotation *rules);

/* The first file begins then; needed where the rules do not say it. */
void series_begin(struct series *series, int64_t time);

/* Writes the path of the current file; -1 and err when it is too long. */
int series_path(const struct series *series, const char *pattern, char path[PATH_MAX],
                struct error *err);

/* A frame of `time` comes, and `written` bytes are in the current file. */
enum series_step series_step(struct series *series, uint64_t written, int64_t time);

#endif
