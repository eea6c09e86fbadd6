/* quality.h: what is wrong with a capture, and what it therefore cannot tell. */
#ifndef REPORT_QUALITY_H
#define REPORT_QUALITY_H

#include <stdbool.h>

#include "base/text.h"
#include "report/page.h"

/* Nothing of the kind that quality_add lists, no damage, no frames lost or out of time. */
bool quality_is_good(const struct page *page);

/* The flaws, with "; " between them; nothing where there are none. */
void quality_add(struct text *text, const struct page *page);

#endif
