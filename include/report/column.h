/* column.h: the one table of columns that every output reads. */
#ifndef REPORT_COLUMN_H
#define REPORT_COLUMN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "report/page.h"
#include "track/flow.h"

/* How a value is written in JSON and CSV. */
enum column_form {
	FORM_STRING,
	FORM_NUMBER,  /* digits, or null */
	FORM_RAW,     /* already JSON: an array or an object */
	FORM_MARKS,   /* the same: counts of both ends, zero for most flows, see struct record */
};

struct record;

struct column {
	const char *key;     /* JSON key, CSV title: a contract */
	const char *title;   /* head of a table for people; NULL: not shown in tables */
	const char *meaning; /* one line for --list and the man page */
	enum column_form form;
	bool right;          /* numbers stand right in tables */
	/*
	 * Puts the machine's value and returns where it ends; nothing at all means null. NULL where
	 * only people have the column. Strings need no escapes: our own words, addresses and names.
	 */
	char *(*value)(char *at, struct record *record);
	/* Appends what people read, where that differs; NULL: the same. */
	void (*show)(struct text *text, const struct page *page, const struct flow *flow);
};

/* The columns of a JSON record, in its order. */
const struct column *columns(size_t *count);

/* Also finds those that only tables for people have ("open", "age", "client_end"...). */
const struct column *column_find(const char *key);

/* What people read; "-" for a number that is not known. */
void column_show(struct text *text, const struct page *page, const struct flow *flow,
                 const struct column *column);

/* "▶◀▶": handshake and close progress, an arrow per segment, see DESIGN: an arrow's direction is who sent it. */
void column_open_progress(struct text *text, const struct flow *flow, bool ascii);
void column_close_progress(struct text *text, const struct flow *flow, bool ascii);

#endif
