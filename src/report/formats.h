/* formats.h: the log formats, one room each; log.c makes the table of them. */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "report/page.h"

enum {
	COLUMN_VALUE_MAX = 24576, /* every finding at once, each at its longest */
	COLUMN_STRING_MAX = 1024, /* any value of FORM_STRING */
	RECORD_MAX = 65536,       /* all of them, with their names */
};

void json_record(const struct page *page, const struct flow *flow);

void csv_head(const struct page *page);
void csv_record(const struct page *page, const struct flow *flow);

/* zeek.c: Zeek's conn.log. */
void zeek_head(const struct page *page);
void zeek_record(const struct page *page, const struct flow *flow);
void zeek_foot(const struct page *page);
void zeek_json_record(const struct page *page, const struct flow *flow);

void text_head(const struct page *page);
void text_record(const struct page *page, const struct flow *flow);

#endif
