/* terminal.h: the real screen and keyboard. */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include <stdbool.h>

#include "base/error.h"
#include "tui/canvas.h"
#include "tui/key.h"

struct terminal;

struct terminal_options {
	bool ascii;   /* no character beyond ASCII, whatever the locale can */
	bool colour;  /* false: NO_COLOR, or the user said so */
	bool mouse;
};

/*
 * Takes the terminal of standard input and output over. NULL and err where there is none,
 * or one that cannot move its cursor (TERM=dumb). Whatever ends the program (return,
 * exit, a signal, an assertion) gives it back as it was; Ctrl-Z and fg work.
 */
struct terminal *terminal_open(const struct terminal_options *options, struct error *err);
void terminal_close(struct terminal *terminal);

/* Whether the locale and the options leave only ASCII. */
bool terminal_is_ascii(const struct terminal *terminal);
void terminal_size(const struct terminal *terminal, int *rows, int *columns);

/* What poll waits on for keys; a signal (resize, fg) interrupts poll and shows as a key. */
int terminal_descriptor(const struct terminal *terminal);

/* The next key, without waiting; false: none. */
bool terminal_key(struct terminal *terminal, struct key *key);

/* Makes the screen look like the canvas, writing only what changed. */
void terminal_draw(struct terminal *terminal, const struct canvas *canvas);

/* The same from scratch: something else wrote on the screen. */
void terminal_redraw(struct terminal *terminal, const struct canvas *canvas);

#endif
