/* sought.h: finding words in lists. */
#ifndef TUI_SOUGHT_H
#define TUI_SOUGHT_H

#include <stdbool.h>

/* Whether `words` (NULL: nothing) has `sought` somewhere in it, capitals or not. */
bool has_sought(const char *words, const char *sought);

#endif
