/* view_flows.h: what the view remembers between two keys. */
#ifndef TUI_VIEW_FLOWS_H
#define TUI_VIEW_FLOWS_H

struct view;

struct view_flows {
	int placeholder;
};

extern const struct view flows_view;

#endif
