/* help_page.h: what the help page says, entry by entry. */
#ifndef TUI_HELP_PAGE_H
#define TUI_HELP_PAGE_H

#include "tui/canvas.h"

enum { HELP_KEYS_MOST = 96 };

enum help_kind {
	HELP_BLANK,
	HELP_HEAD, /* of a group */
	HELP_KEY,  /* keys, and what they do */
	HELP_SIGN, /* something on the screen, and what it means */
};

struct help_entry {
	enum help_kind kind;
	char label[HELP_KEYS_MOST]; /* the head, the keys, the sign */
	struct look look;           /* of the label */
	const char *words;          /* NULL: none */
};

/* Lent for the call. */
typedef void help_visitor(void *context, const struct help_entry *entry);

/* All of it, in order: the keys from bindings(), grouped by place, then the signs. */
void help_page(help_visitor *visit, void *context);

#endif
