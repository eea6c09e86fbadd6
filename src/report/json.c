/* json.c: one JSON object per line and connection (RFC 8259). */

#include "report/json.h"

#include <assert.h>
#include <string.h>

#include "report/column_list.h"
#include "report/formats.h"
#include "report/put.h"
#include "report/values.h"

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

typedef char *value_writer(char *at, struct record *record);

/* A number is digits, and raw JSON is itself. */
static inline char *put_value(char *at, struct record *record, value_writer *value)
{
	char *end = value(at, record);

	return end != at ? end : put(at, "null");
}

/* A string gets its quotes around it. */
static inline char *put_string(char *at, struct record *record, value_writer *value)
{
	char *end = value(at + 1, record);

	if (end == at + 1)
		return put(at, "null");
	*at = '"';
	*end = '"';
	return end + 1;
}

/*
 * A line of code for each column of the list rather than a loop over their table: keys are copied
 * as constants, and what is called next needs no guess. Written where it will be written out from.
 */
void json_record(const struct page *page, const struct flow *flow)
{
	char *room = output_room(page->output, RECORD_MAX);
	char *at = room;
	struct record record;

	record_start(&record, page, flow);
#define LEAD(key) ",\"" #key "\":"
#define S(key, title, show, meaning) at = put_string(put(at, LEAD(key)), &record, value_##key);
#define N(key, title, show, meaning) at = put_value(put(at, LEAD(key)), &record, value_##key);
#define R(key, meaning) at = put_value(put(at, LEAD(key)), &record, value_##key);
#define M(key, meaning)                                                                            \
	at = record.is_unmarked ? put(at, LEAD(key) "{\"client\":0,\"server\":0}")                 \
	                        : put_value(put(at, LEAD(key)), &record, value_##key);
	COLUMNS(S, N, R, M)
	*room = '{';
	at = put(at, "}\n");
	assert(at - room <= RECORD_MAX);
	output_keep(page->output, (size_t)(at - room));
}
