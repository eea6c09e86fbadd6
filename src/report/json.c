/* json.c: one JSON object per line and connection (RFC 8259). */

#include "report/json.h"

#include <assert.h>
#include <string.h>

#include "report/column.h"
#include "report/formats.h"

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

/* Strings need their quotes, and room for escapes; everything else is JSON already. */
static void add_quoted(struct text *record, const struct page *page, const struct flow *flow,
                       const struct column *column)
{
	char storage[COLUMN_VALUE_MAX];
	struct text text = text_over(storage, sizeof(storage));

	column->value(&text, page, flow);
	assert(!text.cut);
	if (text.length > 0)
		json_add_string(record, text.start);
}

static void add_value(struct text *record, const struct page *page, const struct flow *flow,
                      const struct column *column)
{
	size_t before = record->length;

	if (column->form == FORM_STRING)
		add_quoted(record, page, flow, column);
	else
		column->value(record, page, flow);
	if (record->length == before)
		text_add(record, "null");
}

/* Every value is written where it will be written out from. */
void json_record(const struct page *page, const struct flow *flow)
{
	struct output *output = page->output;
	size_t count;
	const struct column *column = columns(&count);

	for (size_t i = 0; i < count; i++) {
		char *room = output_room(output, COLUMN_FIELD_MAX);
		struct text record = text_over(room, COLUMN_FIELD_MAX);

		text_add(&record, i == 0 ? "{\"" : ",\"");
		text_add(&record, column[i].key);
		text_add(&record, "\":");
		add_value(&record, page, flow, &column[i]);
		assert(!record.cut);
		output_keep(output, record.length);
	}
	output_add_bytes(output, "}\n", 2);
}
