/* view_help.h: what the view remembers between two keys. */
#ifndef TUI_VIEW_HELP_H
#define TUI_VIEW_HELP_H

struct view;

enum { HELP_SOUGHT_MOST = 64 };

struct view_help {
	int top; /* the first entry in sight */
	char sought[HELP_SOUGHT_MOST];
};

extern const struct view help_view;

#endif
