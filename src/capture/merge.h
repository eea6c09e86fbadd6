/* merge.h: many savefiles as one stream. */
#ifndef CAPTURE_MERGE_H
#define CAPTURE_MERGE_H

#include "base/error.h"
#include "capture/source.h"

/* A plan that names a folder, or more than one file; nothing is followed. */
struct source *merge_open(const struct source_plan *plan, struct error *err);

#endif
