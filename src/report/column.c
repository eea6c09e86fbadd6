/* column.c: the table of columns. */

#include "report/column.h"

#include <string.h>

#include "report/column_list.h"
#include "report/formats.h"
#include "report/values.h"

/* clang-format off */

#define S(key, title, show, meaning)                                                               \
	{ #key, title, meaning, FORM_STRING, false, value_##key, show_##show },
#define N(key, title, show, meaning)                                                               \
	{ #key, title, meaning, FORM_NUMBER, true, value_##key, show_##show },
#define R(key, meaning)                                                                            \
	{ #key, NULL, meaning, FORM_RAW, false, value_##key, NULL },
#define M(key, meaning)                                                                            \
	{ #key, NULL, meaning, FORM_MARKS, false, value_##key, NULL },
#define show_same NULL

/* One that is only drawn: title, whether it is a number, meaning. */
#define D(key, title, number, meaning)                                                             \
	{ #key, title, meaning, number ? FORM_NUMBER : FORM_STRING, number, NULL, show_##key },

static const struct column record[] = {
	COLUMNS(S, N, R, M)
};

/* Only for tables that people read. */
static const struct column drawn[] = {
	D(client_end, "Client",  false, "address and port of the client")
	D(server_end, "Server",  false, "address and port of the server")
	D(open,       "Open",    false, "the handshake, an arrow per segment")
	D(close,      "Close",   false, "the goodbye, an arrow per segment")
	D(finding,    "Finding", false, "the worst that was found, in few words")
	D(age,        "Age",     true,  "from its first frame to its end or now")
};
/* clang-format on */

#undef S
#undef N
#undef R
#undef M
#undef D

enum {
	RECORD_COLUMNS = sizeof(record) / sizeof(record[0]),
	DRAWN_COLUMNS = sizeof(drawn) / sizeof(drawn[0]),
};

const struct column *columns(size_t *count)
{
	*count = RECORD_COLUMNS;
	return record;
}

const struct column *column_find(const char *key)
{
	for (size_t i = 0; i < RECORD_COLUMNS; i++) {
		if (strcmp(record[i].key, key) == 0)
			return &record[i];
	}
	for (size_t i = 0; i < DRAWN_COLUMNS; i++) {
		if (strcmp(drawn[i].key, key) == 0)
			return &drawn[i];
	}
	return NULL;
}

static void show_value(struct text *text, const struct page *page, const struct flow *flow,
                       const struct column *column)
{
	char storage[COLUMN_VALUE_MAX];
	struct record made;
	char *end;

	record_start(&made, page, flow);
	end = column->value(storage, &made);
	text_add_bytes(text, storage, (size_t)(end - storage));
}

void column_show(struct text *text, const struct page *page, const struct flow *flow,
                 const struct column *column)
{
	size_t before = text->length;

	if (column->show != NULL)
		column->show(text, page, flow);
	else
		show_value(text, page, flow, column);
	if (text->length == before && column->form == FORM_NUMBER)
		text_add_char(text, '-');
}
