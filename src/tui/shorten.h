/* shorten.h: numbers, spans and addresses where there is little room. */
#ifndef TUI_SHORTEN_H
#define TUI_SHORTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "track/flow.h"

/* "999", "1.2k", "48k", "480k", "1.2M": at most four columns, cut, not rounded. */
void short_number(struct text *text, uint64_t number);

/* "30µs", "4.2s", "3m20s"; "-" for TIME_NONE. */
void short_span(struct text *text, int64_t span, bool ascii);

/*
 * Address and port of one end in at most `room` columns. The middle of the
 * address goes first ("[2001:db8…7334]:443"), the port stays to the last.
 */
void short_end(struct text *text, const struct flow *flow, enum side side, size_t room);

/* `words` in at most `room` columns; "…" at the end where some are missing. */
void short_words(struct text *text, const char *words, size_t room);

#endif
