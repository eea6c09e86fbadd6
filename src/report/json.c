/* json.c: one JSON object per line and connection (RFC 8259). */

#include "report/json.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "report/column_list.h"
#include "report/formats.h"
#include "report/put.h"
#include "report/values_inline.h"
#include "report/values_sequence.h"

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

/*
 * Most of a record is the same in every one. So its text is kept in one piece, as it is when every
 * column of FORM_MARKS is zero, which they nearly always are: what lies between two values is copied
 * at once, marks and all. A record with marks takes them out of it one by one.
 */
#define LEAD(key) ",\"" #key "\":"
#define NO_MARKS "{\"client\":0,\"server\":0}"
#define END "}\n"

#define S(key, title, show, meaning) LEAD(key) "\""
#define N(key, title, show, meaning) LEAD(key)
#define R(key, meaning) LEAD(key)
#define M(key, meaning) LEAD(key) NO_MARKS
static const char stencil[] = COLUMNS(S, N, R, M) END "copied by sixteen";
#undef S
#undef N
#undef R
#undef M

/* How long each column's part of the stencil is; only to know where it lies. */
struct stencil {
#define S(key, title, show, meaning) char key[sizeof(LEAD(key) "\"") - 1];
#define N(key, title, show, meaning) char key[sizeof(LEAD(key)) - 1];
#define R(key, meaning) char key[sizeof(LEAD(key)) - 1];
#define M(key, meaning) char key[sizeof(LEAD(key) NO_MARKS) - 1];
	COLUMNS(S, N, R, M)
#undef S
#undef N
#undef R
#undef M
	char end[sizeof(END) - 1];
};

enum { STEP = 16 };

static_assert(sizeof(stencil) >= sizeof(struct stencil) + STEP, "the last step reads no further");

/* From one place to another of the stencil; there is room for a few letters too many. */
static inline char *put_between(char *at, size_t from, size_t to)
{
	memcpy(at, stencil + from, (to - from + STEP - 1) / STEP * STEP);
	return at + (to - from);
}

/* Marks that lie before it come along. */
static inline char *put_lead(char *at, const struct record *record, size_t before, size_t from,
                             size_t to)
{
	if (before != from && record->is_unmarked)
		return put_between(at, before, to);
	return put_between(at, from, to);
}

typedef char *value_writer(char *at, struct record *record);

/* A number is digits, and raw JSON is itself. */
static inline char *put_value(char *at, struct record *record, value_writer *value)
{
	char *end = value(at, record);

	return end != at ? end : put(at, "null");
}

/* A string gets its quotes around it; the first is there. */
static inline char *put_string(char *at, struct record *record, value_writer *value)
{
	char *end = value(at, record);

	if (end == at)
		return put(at - 1, "null");
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
	size_t before = 0; /* where in the stencil the last value was */
	struct record record;

	record_start(&record, page, flow);
#define FROM(key) offsetof(struct stencil, key)
#define TO(key) (FROM(key) + sizeof(((struct stencil *)NULL)->key))
#define VALUE(key, put_it)                                                                         \
	at = put_lead(at, &record, before, FROM(key), TO(key));                                    \
	at = put_it(at, &record, say_##key);                                                       \
	before = TO(key);
#define S(key, title, show, meaning) VALUE(key, put_string)
#define N(key, title, show, meaning) VALUE(key, put_value)
#define R(key, meaning) VALUE(key, put_value)
#define M(key, meaning)                                                                            \
	if (!record.is_unmarked) {                                                                 \
		at = put_between(at, FROM(key), TO(key) - sizeof(NO_MARKS) + 1);                   \
		at = put_value(at, &record, value_##key);                                          \
	}
	COLUMNS(S, N, R, M)
	at = put_lead(at, &record, before, FROM(end), TO(end));
	*room = '{';
	assert(at - room <= RECORD_MAX);
	output_keep(page->output, (size_t)(at - room));
}
