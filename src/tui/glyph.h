/* glyph.h: characters one at a time, each one column wide. */
#ifndef TUI_GLYPH_H
#define TUI_GLYPH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Takes one character from the front; '?' for a byte that begins none, 0 at the end. */
uint32_t glyph_next(const char **words);

/* What a cell shows of it: 0 for a blank, '?' where it would not take exactly one column, its stand-in in ASCII. */
uint32_t glyph_shown(uint32_t glyph, bool ascii);

void glyph_add(struct text *text, uint32_t glyph);

#endif
