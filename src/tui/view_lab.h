/* view_lab.h: what the view remembers between two keys. */
#ifndef TUI_VIEW_LAB_H
#define TUI_VIEW_LAB_H

#include <stddef.h>

#include "tui/quiz.h"

struct view;

enum { LAB_SOUGHT_MOST = 64 };

struct view_lab {
	size_t selected; /* row of the port's list */
	size_t other;    /* the row that was selected last in the other group; 0: none yet */
	size_t tops[2];  /* of scenarios and of services: the first one in sight */
	char sought[LAB_SOUGHT_MOST];
	struct quiz quiz;
};

extern const struct view lab_view;

#endif
