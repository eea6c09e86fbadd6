/* units.h: counts and sizes as people read them. */
#ifndef REPORT_UNITS_H
#define REPORT_UNITS_H

#include <stdint.h>

#include "base/text.h"

/* "1,234,567". */
void add_grouped(struct text *text, uint64_t number);

/* "1,234 frames"; `noun` gets an s unless the number is 1. */
void add_counted(struct text *text, uint64_t number, const char *noun);

/* "5000 B", from 10,000 on "48.2 kB", "1.3 GB": powers of ten, cut, not rounded. */
void add_size(struct text *text, uint64_t bytes);

#endif
