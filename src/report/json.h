/* json.h: strings as RFC 8259 wants them. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <stddef.h>

#include "base/text.h"

/* With its quotes. Whatever is no UTF-8 became U+FFFD. */
void json_add_string(struct text *text, const char *string);

#endif
