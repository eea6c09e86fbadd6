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

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* May take what is none for one, where a lower one is one. */
static inline uint64_t zeros_in(uint64_t bytes)
{
	return (bytes - EACH(1)) & ~bytes & EACH(0x80);
}

static bool are_plain(const unsigned char eight[8])
{
	uint64_t bytes;

	memcpy(&bytes, eight, sizeof(bytes));
	return ((bytes | (bytes + EACH(1)) | (bytes - EACH(0x20))) & EACH(0x80)) == 0 &&
	       (zeros_in(bytes ^ EACH('"')) | zeros_in(bytes ^ EACH('\\'))) == 0;
}

/* The plain ones at the beginning: eight at a time, as nearly all are. */
static size_t plain_run(const unsigned char *rest, const unsigned char *end)
{
	const unsigned char *at = rest;

	while (end - at >= 8 && are_plain(at))
		at += 8;
	while (at < end && is_plain(*at))
		at++;
	return (size_t)(at - rest);
}

void json_add_string(struct text *text, const char *string)
{
	const unsigned char *rest = (const unsigned char *)string;
	const unsigned char *end = rest + strlen(string);

	text_add_char(text, '"');
	while (rest < end) {
		size_t run = plain_run(rest, end);

		text_add_bytes(text, (const char *)rest, run);
		rest += run;
		if (*rest >= 0x80) {
			run = utf8_length((const char *)rest);
			if (run > 0)
				text_add_bytes(text, (const char *)rest, run);
			else
				text_add(text, "\xef\xbf\xbd");
			rest += run > 0 ? run : 1;
		} else if (rest < end) {
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
#define PADDING "----------------"

#define S(key, title, show, meaning) LEAD(key) "\""
#define N(key, title, show, meaning) LEAD(key)
#define R(key, meaning) LEAD(key)
#define M(key, meaning) LEAD(key) NO_MARKS
static const char stencil[] = COLUMNS(S, N, R, M) END PADDING;
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

/* A call: what a compiler writes out for a known number of so many letters is slow to begin. */
__attribute__((noinline)) static char *put_many(char *at, const char *letters, size_t count)
{
	memcpy(at, letters, count);
	return at + count;
}

/* From one place to another of the stencil; there is room for a few letters too many. */
static inline char *put_few(char *at, size_t from, size_t to)
{
	memcpy(at, stencil + from, (to - from + STEP - 1) / STEP * STEP);
	return at + (to - from);
}

/* Marks that lie before it come along. */
static inline char *put_lead(char *at, const struct record *record, size_t before, size_t from,
                             size_t to)
{
	if (before != from && record->is_unmarked)
		return put_many(at, stencil + before, to - before);
	return put_few(at, from, to);
}

/* Out of the way: of all that lies in it the processor keeps little from record to record. */
#define RARE(truth) __builtin_expect(truth, 0)

__attribute__((cold)) static char *put_null(char *at)
{
	return put(at, "null");
}

typedef char *value_writer(char *at, struct record *record);

/* A number is digits, and raw JSON is itself. */
static inline char *put_value(char *at, struct record *record, value_writer *value)
{
	char *end = value(at, record);

	return RARE(end == at) ? put_null(at) : end;
}

/* A string gets its quotes around it; the first is there. */
static inline char *put_string(char *at, struct record *record, value_writer *value)
{
	char *end = value(at, record);

	if (RARE(end == at))
		return put_null(at - 1);
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
	if (RARE(!record.is_unmarked)) {                                                           \
		at = put_few(at, FROM(key), TO(key) - sizeof(NO_MARKS) + 1);                       \
		at = put_value(at, &record, value_##key);                                          \
	}
	COLUMNS(S, N, R, M)
	at = put_lead(at, &record, before, FROM(end), TO(end));
	*room = '{';
	assert(at - room <= RECORD_MAX);
	output_keep(page->output, (size_t)(at - room));
}
