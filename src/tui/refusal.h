/* refusal.h: why a terminal is of no use. */
#ifndef TUI_REFUSAL_H
#define TUI_REFUSAL_H

#include "base/error.h"

/* -1 and err where standard input and output are no terminal, or nobody says of which kind. */
int terminal_check(struct error *err);

/* TERM names a terminal, and `why` ("is not known here") it will not do. */
void terminal_refuse(struct error *err, const char *why);

#endif
