/* subject.h: what a page is about, and which flows a table of it shows. */
#ifndef REPORT_SUBJECT_H
#define REPORT_SUBJECT_H

#include "report/page.h"
#include "report/stat.h"

/* "16 frames, 4.2 s, all decoded". */
void add_subject(struct text *text, const struct page *page);

/* From the first segment to the latest; 0 without any. */
int64_t page_span(const struct page *page);

/* Frames about which something is missing or wrong. */
uint64_t page_unsound(const struct page *page);

bool stat_wants_protocol(const struct stat_options *options, enum protocol protocol);
bool stat_wants_family(const struct stat_options *options, enum family family);
bool stat_wants(const struct page *page, const struct stat_options *options,
                const struct flow *flow);

/* "Connections at the end of FILE (...)", then the warnings. */
void stat_head(const struct page *page, const char *what);

#endif
