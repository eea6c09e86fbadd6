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

#define D(key, title, number, meaning)                                                             \
	{ #key, title, meaning, number ? FORM_NUMBER : FORM_STRING, number, NULL, show_##key },
/* clang-format on */

static const struct column table[] = { COLUMNS(S, N, R, M) DRAWN_COLUMNS(D) };

#undef S
#undef N
#undef R
#undef M
#undef D

enum { COLUMN_COUNT = sizeof(table) / sizeof(table[0]), RECORD_COLUMNS = COLUMN_client_end };

const struct column *columns(size_t *count)
{
	*count = RECORD_COLUMNS;
	return table;
}

const struct column *column_at(enum column_place place)
{
	return &table[place];
}

const struct column *column_find(const char *key)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		if (strcmp(table[i].key, key) == 0)
			return &table[i];
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
