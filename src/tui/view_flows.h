/* view_flows.h: what the list of flows remembers between two keys. */
#ifndef TUI_VIEW_FLOWS_H
#define TUI_VIEW_FLOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

struct tui;
struct view;
struct where;

enum { FLOWS_MARKS_MOST = 256, FLOWS_TYPED_MOST = 256 };

/* Where a flow stands in an order: compared part by part. */
struct rank {
	uint64_t parts[3];
};

/* What is known of a flow as long as its traits stay the same. */
struct judged {
	uint64_t id;
	uint64_t traits;
	struct rank rank;
	bool is_wanted; /* by the filter */
};

struct flows_row {
	struct rank rank;
	uint64_t id;
};

/* The rows, made anew once the moment or what the user wants to see is another one. */
struct flows_list {
	uint64_t version; /* of the roll; 0: none yet */
	bool is_stale;    /* the filter or the order changed: nothing judged holds any more */
	bool is_changed;  /* what is hidden changed */
	struct judged *judged, *judged_before;
	size_t judged_count, judged_room;
	struct flows_row *rows, *spare;
	size_t count, room;
};

enum flows_chooser { CHOOSER_NONE, CHOOSER_SORT, CHOOSER_COLUMNS };

struct view_flows {
	struct flows_list list;
	struct where *where;
	char where_words[FLOWS_TYPED_MOST];
	char search[FLOWS_TYPED_MOST];
	uint64_t search_from; /* where the cursor was when the search began */
	size_t sort;          /* row in the table of columns */
	bool is_backwards;
	bool is_frozen;
	bool follows;   /* the cursor stays on the newest */
	int hide_after; /* seconds after which closed ones are hidden; negative: never */
	uint32_t shown; /* bit per row in the table of columns */
	size_t at;      /* row of the cursor at the latest key, should its flow be gone... */
	size_t top;     /* ...and the first row in sight */
	uint64_t marks[FLOWS_MARKS_MOST]; /* ids */
	size_t mark_count;
	enum flows_chooser chooser;
	size_t chosen;
};

/* The beginnings, before anything is drawn; -1 and err: `where` makes no sense. */
int flows_begin(struct tui *tui, const char *where, struct error *err);

/* "3 of 5 flows", and why not all. */
void flows_add_summary(struct text *text, const struct tui *tui);

extern const struct view flows_view;

#endif
