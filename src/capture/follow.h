/* follow.h: a savefile that still grows. */
#ifndef CAPTURE_FOLLOW_H
#define CAPTURE_FOLLOW_H

#include "base/error.h"
#include "capture/source.h"

struct source *follow_open(const char *path, struct error *err);

#endif
