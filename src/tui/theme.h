/* theme.h: how each kind of terminal, and a picture, paints what a cell means. */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdint.h>

#include "tui/canvas.h"

/* Beside LOOK_BOLD and its kin: what terminals with few colours use where others have a grey. */
enum { LOOK_FAINT = 8 };

/* Colours by number, -1 for the terminal's own. */
struct tint {
	int16_t front, back;
	uint8_t marks;
};

struct theme {
	struct tint few;   /* 8 colours; without any, its marks alone must do */
	struct tint many;  /* 256 */
	const char *front; /* of a picture; NULL: as the picture has it */
	const char *back;
};

#define PICTURE_PAPER "#ffffff"
#define PICTURE_INK "#1f2328"
#define PICTURE_FRAME "#d0d7de"

/* Static. */
const struct theme *theme_of(enum paint paint);

#endif
