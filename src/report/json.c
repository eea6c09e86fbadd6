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

static void write_value(const struct page *page, const struct flow *flow,
                        const struct column *column)
{
	char storage[COLUMN_VALUE_MAX];
	char quoted[COLUMN_STRING_MAX];
	struct text text = text_over(storage, sizeof(storage));
	struct text string = text_over(quoted, sizeof(quoted));

	column->value(&text, page, flow);
	assert(!text.cut);
	if (text.length == 0) {
		output_add_bytes(page->output, "null", 4);
	} else if (column->form == FORM_STRING) {
		json_add_string(&string, text.start);
		output_add_text(page->output, &string);
	} else {
		output_add_text(page->output, &text);
	}
}

void json_record(const struct page *page, const struct flow *flow)
{
	struct output *output = page->output;
	size_t count;
	const struct column *column = columns(&count);

	for (size_t i = 0; i < count; i++) {
		output_add_bytes(output, i == 0 ? "{\"" : ",\"", 2);
		output_add(output, column[i].key);
		output_add_bytes(output, "\":", 2);
		write_value(page, flow, &column[i]);
	}
	output_add_bytes(output, "}\n", 2);
}
