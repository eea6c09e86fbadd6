/* foreign.h: what a file that is no capture may be instead. */
#ifndef CAPTURE_FOREIGN_H
#define CAPTURE_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Enough of a file's beginning to recognise it. */
#define FOREIGN_BYTES 8

/* err becomes a sentence about a file that begins with these bytes, with a remedy. */
void foreign_explain(const uint8_t *bytes, size_t count, struct error *err);

#endif
