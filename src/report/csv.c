/* csv.c: the columns of a record as comma-separated values: RFC 4180 with Unix line ends. */

#include <string.h>

#include "report/column.h"
#include "report/formats.h"
#include "report/put.h"
#include "report/record.h"

enum { FIELD_MAX = 1 + 2 * COLUMN_VALUE_MAX + 2 }; /* a comma, and all of it quotes in quotes */

static bool needs_quotes(const char *field, const char *end)
{
	for (; field < end; field++) {
		if (*field == ',' || *field == '"' || *field == '\r' || *field == '\n')
			return true;
	}
	return false;
}

static char *put_quoted(char *at, const char *field, const char *end)
{
	*at++ = '"';
	for (; field < end; field++) {
		if (*field == '"')
			*at++ = '"';
		*at++ = *field;
	}
	*at = '"';
	return at + 1;
}

/* What is a list for machines has commas and quotes of its own. */
static char *put_field(char *at, struct record *record, const struct column *column)
{
	char storage[COLUMN_VALUE_MAX];
	char *end;

	if (column->form == FORM_NUMBER)
		return column->value(at, record);
	if (column->form == FORM_MARKS && record->is_unmarked)
		return put(at, "\"{\"\"client\"\":0,\"\"server\"\":0}\"");
	end = column->value(storage, record);
	if (needs_quotes(storage, end))
		return put_quoted(at, storage, end);
	memcpy(at, storage, (size_t)(end - storage));
	return at + (end - storage);
}

void csv_head(const struct page *page)
{
	size_t count;
	const struct column *column = columns(&count);

	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			output_add_char(page->output, ',');
		output_add(page->output, column[i].key);
	}
	output_add_char(page->output, '\n');
}

void csv_record(const struct page *page, const struct flow *flow)
{
	struct record record;
	size_t count;
	const struct column *column = columns(&count);

	record_start(&record, page, flow);
	for (size_t i = 0; i < count; i++) {
		char *room = output_room(page->output, FIELD_MAX);
		char *at = room;

		if (i > 0)
			*at++ = ',';
		at = put_field(at, &record, &column[i]);
		output_keep(page->output, (size_t)(at - room));
	}
	output_add_char(page->output, '\n');
}
