/* clicks.h: which click is the second of two. */
#ifndef TUI_CLICKS_H
#define TUI_CLICKS_H

#include <stdbool.h>

struct clicks {
	int timer; /* runs for as long as another click makes a double one */
	int row, column;
};

/* -1 and errno: there are no timers. */
int clicks_open(struct clicks *clicks);
void clicks_close(struct clicks *clicks);

/* A click here and now. */
bool clicks_are_double(struct clicks *clicks, int row, int column);

#endif
