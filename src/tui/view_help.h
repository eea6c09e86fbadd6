/* view_help.h: what the view remembers between two keys. */
#ifndef TUI_VIEW_HELP_H
#define TUI_VIEW_HELP_H

struct view;

struct view_help {
	int placeholder;
};

extern const struct view help_view;

#endif
