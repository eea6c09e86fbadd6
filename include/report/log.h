/* log.h: one record per connection, as it ends. */
#ifndef REPORT_LOG_H
#define REPORT_LOG_H

#include <stddef.h>

#include "report/page.h"

struct log_format {
	const char *name;    /* "json" */
	const char *meaning;
	void (*head)(const struct page *page); /* NULL: it has none */
	void (*record)(const struct page *page, const struct flow *flow);
};

const struct log_format *log_formats(size_t *count);
const struct log_format *log_format_find(const char *name);

#endif
