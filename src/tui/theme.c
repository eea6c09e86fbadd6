/* theme.c: how each kind of terminal, and a picture, paints what a cell means. */

/*
 * Backgrounds are the terminal's own, dark or light, so the colours are those
 * that can be read on both. Opening is blue, closing ochre, trouble purple:
 * these stay apart for eyes that do not tell red from green.
 */

#include "tui/theme.h"

#include <assert.h>

enum { OWN = -1, GREEN = 2, YELLOW = 3, BLUE = 4, MAGENTA = 5, CYAN = 6 };

enum { BOLD = LOOK_BOLD, REVERSE = LOOK_REVERSE, FAINT = LOOK_FAINT };

/* clang-format off */
static const struct theme themes[] = {
	/*                  8 colours                 256 colours         picture */
	[PAINT_PLAIN]   = { { OWN,     OWN, 0 },       { OWN, OWN, 0 },    NULL,      NULL },
	[PAINT_DIM]     = { { OWN,     OWN, FAINT },   { 244, OWN, 0 },    "#656d76", NULL },
	[PAINT_STRONG]  = { { OWN,     OWN, BOLD },    { OWN, OWN, BOLD }, NULL,      NULL },
	[PAINT_OPENING] = { { CYAN,    OWN, 0 },       { 32,  OWN, 0 },    "#005cc5", NULL },
	[PAINT_CLOSING] = { { YELLOW,  OWN, 0 },       { 172, OWN, 0 },    "#9a6700", NULL },
	[PAINT_TROUBLE] = { { MAGENTA, OWN, BOLD },    { 162, OWN, BOLD }, "#a0005a", NULL },
	[PAINT_BAR]     = { { OWN,     OWN, REVERSE }, { 231, 24,  0 },    "#ffffff", "#24507a" },
	[PAINT_HEAD]    = { { OWN,     OWN, BOLD },    { OWN, OWN, BOLD }, "#57606a", NULL },
	[PAINT_KEY]     = { { CYAN,    OWN, BOLD },    { 32,  OWN, BOLD }, "#005cc5", NULL },
	[PAINT_CLIENT]  = { { GREEN,   OWN, 0 },       { 37,  OWN, 0 },    "#0f6a6a", NULL },
	[PAINT_SERVER]  = { { BLUE,    OWN, BOLD },    { 98,  OWN, 0 },    "#6639ba", NULL },
};
/* clang-format on */

static_assert(sizeof(themes) / sizeof(themes[0]) == PAINT_COUNT, "a theme for each paint");

const struct theme *theme_of(enum paint paint)
{
	assert((unsigned)paint < PAINT_COUNT);
	return &themes[paint];
}
