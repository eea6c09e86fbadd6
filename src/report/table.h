/* table.h: tables of flows for people, fitted into the width of a page. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stddef.h>

#include "report/column.h"

enum { TABLE_COLUMNS_MAX = 16, TABLE_RANK_MAX = 9 };

struct table_column {
	const char *key;   /* of a column */
	int rank;          /* 0 always stays; the highest goes first when the page is narrow */
	size_t shrinks_to; /* its middle may be cut to this many columns; 0: never */
	enum tone (*tone)(const struct flow *flow); /* NULL: plain */
};

/* Where the rows come from: asked twice, so it must tell the same twice. NULL starts, NULL ends. */
struct table_rows {
	const struct flow *(*next)(const void *context, const struct flow *before, size_t row);
	const void *context;
};

/* A line of titles, then the rows. All of it is lent. */
void table_write(const struct page *page, const struct table_column *table, size_t columns,
                 const struct table_rows *rows);

#endif
