/* view_flow.h: what the view remembers between two keys. */
#ifndef TUI_VIEW_FLOW_H
#define TUI_VIEW_FLOW_H

struct view;

struct view_flow {
	int placeholder;
};

extern const struct view flow_view;

#endif
