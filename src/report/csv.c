/* csv.c: the columns of a record as comma-separated values: RFC 4180 with Unix line ends. */

#include <assert.h>
#include <string.h>

#include "report/column.h"
#include "report/formats.h"

static void write_field(struct output *output, const char *field)
{
	if (strpbrk(field, ",\"\r\n") == NULL) {
		output_add(output, field);
		return;
	}
	output_add_char(output, '"');
	for (; *field != '\0'; field++) {
		if (*field == '"')
			output_add_char(output, '"');
		output_add_char(output, *field);
	}
	output_add_char(output, '"');
}

void csv_head(const struct page *page)
{
	size_t count;
	const struct column *column = columns(&count);

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			output_add_char(page->output, ',');
		write_field(page->output, column[i].key);
	}
	output_add_char(page->output, '\n');
}

void csv_record(const struct page *page, const struct flow *flow)
{
	size_t count;
	const struct column *column = columns(&count);

	for (size_t i = 0; i < count; i++) {
		char storage[COLUMN_VALUE_MAX];
		struct text text = text_over(storage, sizeof(storage));

		column[i].value(&text, page, flow);
		assert(!text.cut);
		if (i > 0)
			output_add_char(page->output, ',');
		write_field(page->output, text.start);
	}
	output_add_char(page->output, '\n');
}
