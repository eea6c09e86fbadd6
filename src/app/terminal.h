/* terminal.h: what standard output can show. */
#ifndef APP_TERMINAL_H
#define APP_TERMINAL_H

#include <stdbool.h>

#include "app/options.h"

bool terminal_wants_colour(const struct settings *settings);
bool terminal_wants_ascii(const struct settings *settings);

/* Columns; 0 where nothing limits them. */
int terminal_width(const struct settings *settings);

#endif
