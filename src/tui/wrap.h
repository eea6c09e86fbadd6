/* wrap.h: words on as many rows as they need. */
#ifndef TUI_WRAP_H
#define TUI_WRAP_H

#include "tui/canvas.h"

/* How many rows of so many columns they take; at least one. */
int wrap_rows(const char *words, int columns);

/* Writes them from the area's top, breaking at blanks; what does not fit is left out. Returns the rows used. */
int wrap_put(struct canvas *canvas, struct area area, struct look look, const char *words);

#endif
