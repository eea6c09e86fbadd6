/* signals.h: what signals do while the program holds the terminal. */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stddef.h>

#include "base/error.h"

enum { FAREWELL_MOST = 256 };

/* What happened since it was last asked. */
enum {
	NOTICED_RESIZE = 1,
	NOTICED_STOP = 2,     /* Ctrl-Z; nothing is stopped yet */
	NOTICED_CONTINUE = 4, /* somebody else may have used the terminal meanwhile */
};

/*
 * From now on the end of the process, however it comes, gives the terminal back: writes
 * the farewell, sets the modes of this moment again, and shows what was held back of
 * standard error. To be called before anything about the terminal is changed.
 */
int signals_take(int input, int output, struct error *err);

/* What to write: the terminal's own words, copied. */
void signals_farewell(const char *words, size_t length);

/* The terminal was given back by its holder; handlers are as they were. */
void signals_release(void);

/* Stops the process as Ctrl-Z would have; its holder has given the terminal back. Returns when it goes on. */
void signals_stop(void);

/* Readable when there is something to notice. */
int signals_descriptor(void);
unsigned signals_noticed(void);

#endif
