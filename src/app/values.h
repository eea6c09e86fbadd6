/* values.h: reads the arguments of options. */
#ifndef APP_VALUES_H
#define APP_VALUES_H

#include "app/options.h"
#include "base/error.h"

/* Puts what `argument` says where the row wants it. -1 and err, which quotes the argument. */
int value_take(struct settings *settings, const struct option_row *row, const char *argument,
               struct error *err);

#endif
