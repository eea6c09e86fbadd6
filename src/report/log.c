/* log.c: the table of log formats. */

#include "report/log.h"

#include <string.h>

#include "report/formats.h"

/* clang-format off */
static const struct log_format formats[] = {
	{ "text",      "one line per connection, for people",     text_head, text_record,      NULL,      false },
	{ "json",      "one JSON object per line and connection", NULL,      json_record,      NULL,      false },
	{ "csv",       "comma-separated values, titles first",    csv_head,  csv_record,       NULL,      false },
	{ "zeek",      "Zeek's conn.log",                         zeek_head, zeek_record,      zeek_foot, true },
	{ "zeek-json", "Zeek's conn.log as JSON lines",           NULL,      zeek_json_record, NULL,      false },
};
/* clang-format on */

const struct log_format *log_formats(size_t *count)
{
	*count = sizeof(formats) / sizeof(formats[0]);
	return formats;
}

const struct log_format *log_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}
