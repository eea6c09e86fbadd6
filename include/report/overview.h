/* overview.h: what a capture is, and what became of its connections, worst first. */
#ifndef REPORT_OVERVIEW_H
#define REPORT_OVERVIEW_H

#include "report/page.h"

void overview_write(const struct page *page, int top);

#endif
