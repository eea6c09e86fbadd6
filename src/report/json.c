/* json.c: one JSON object per line and connection (RFC 8259). */

#include "report/json.h"

#include <assert.h>
#include <string.h>

#include "report/column.h"
#include "report/formats.h"
#include "report/put.h"
#include "report/record.h"

static void add_escaped(struct text *text, unsigned char character)
{
	static const char hex[] = "0123456789abcdef";

	switch (character) {
	case '"':
		text_add(text, "\\\"");
		break;
	case '\\':
		text_add(text, "\\\\");
		break;
	case '\n':
		text_add(text, "\\n");
		break;
	case '\t':
		text_add(text, "\\t");
		break;
	default:
		text_add(text, "\\u00");
		text_add_char(text, hex[character >> 4]);
		text_add_char(text, hex[character & 15]);
	}
}

static bool is_plain(unsigned char character)
{
	return character >= 0x20 && character < 0x7f && character != '"' && character != '\\';
}

void json_add_string(struct text *text, const char *string)
{
	const unsigned char *rest = (const unsigned char *)string;

	text_add_char(text, '"');
	while (*rest != '\0') {
		size_t run = 0;

		while (is_plain(rest[run]))
			run++;
		text_add_bytes(text, (const char *)rest, run);
		rest += run;
		if (*rest >= 0x80) {
			run = utf8_length((const char *)rest);
			if (run > 0)
				text_add_bytes(text, (const char *)rest, run);
			else
				text_add(text, "\xef\xbf\xbd");
			rest += run > 0 ? run : 1;
		} else if (*rest != '\0') {
			add_escaped(text, *rest++);
		}
	}
	text_add_char(text, '"');
}

/* A number is digits and raw JSON is itself; a string gets its quotes around it. */
static char *put_value(char *at, struct record *record, const struct column *column)
{
	bool quoted = column->form == FORM_STRING;
	char *start = at + quoted;
	char *end;

	if (column->form == FORM_MARKS && record->is_unmarked)
		return put_no_marks(at);
	end = column->value(start, record);
	if (end == start)
		return put(at, "null");
	if (!quoted)
		return end;
	*at = '"';
	*end = '"';
	return end + 1;
}

/* A whole lead is copied whatever its length: that is two moves, and the value goes over the rest. */
static char *put_lead(char *at, const struct column *column)
{
	memcpy(at, column->lead, sizeof(column->lead));
	return at + column->lead_length;
}

/* Written where it will be written out from. */
void json_record(const struct page *page, const struct flow *flow)
{
	char *room = output_room(page->output, RECORD_MAX);
	char *at = room;
	struct record record;
	size_t count;
	const struct column *column = columns(&count);

	record_start(&record, page, flow);
	for (size_t i = 0; i < count; i++)
		at = put_value(put_lead(at, &column[i]), &record, &column[i]);
	*room = '{';
	at = put(at, "}\n");
	assert(at - room <= RECORD_MAX);
	output_keep(page->output, (size_t)(at - room));
}
