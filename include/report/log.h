/* log.h: one record per connection, as it ends. */
#ifndef REPORT_LOG_H
#define REPORT_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "report/page.h"

struct log_format {
	const char *name;    /* "json" */
	const char *meaning;
	void (*head)(const struct page *page); /* NULL: it has none */
	void (*record)(const struct page *page, const struct flow *flow);
	void (*foot)(const struct page *page); /* after the last record; NULL: it has none */
	bool dated; /* its head tells when the capture begins, so it waits for the first record */
};

const struct log_format *log_formats(size_t *count);
const struct log_format *log_format_find(const char *name);

#endif
