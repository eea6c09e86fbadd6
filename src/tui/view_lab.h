/* view_lab.h: what the view remembers between two keys. */
#ifndef TUI_VIEW_LAB_H
#define TUI_VIEW_LAB_H

struct view;

struct view_lab {
	int placeholder;
};

extern const struct view lab_view;

#endif
