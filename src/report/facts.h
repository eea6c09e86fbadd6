/* facts.h: what a capture is, and how far it can be trusted. */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include "report/page.h"

/* A few labelled lines, then the warnings. */
void facts_write(const struct page *page);

#endif
