/* view_states.h: what the view remembers between two keys. */
#ifndef TUI_VIEW_STATES_H
#define TUI_VIEW_STATES_H

struct view;

struct view_states {
	int placeholder;
};

extern const struct view states_view;

#endif
