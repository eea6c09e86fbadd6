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
 * Handlers of signals that were there before keep their work: the first call of one with
 * SA_RESETHAND is theirs, the next one ends the program. Only one terminal at a time.
 * While it is held, what is written to a standard error that is a terminal is kept, and
 * shown when the terminal has been given back.
 */
struct terminal *terminal_open(const struct terminal_options *options, struct error *err);
void terminal_close(struct terminal *terminal);

/* Whether the locale and the options leave only ASCII. */
bool terminal_is_ascii(const struct terminal *terminal);
void terminal_size(const struct terminal *terminal, int *rows, int *columns);

/* What poll waits on (POLLIN) for keys and for signals (resize, Ctrl-Z, fg), which show as keys. */
int terminal_descriptor(const struct terminal *terminal);

/*
 * The next key, without waiting; false: none. Ask until there is none: poll does not know of
 * keys that were read already. A keyboard that is gone says Esc and Ctrl-D for ever, so a loop
 * must end when one of them does. After Ctrl-Z this returns when the program goes on.
 */
bool terminal_key(struct terminal *terminal, struct key *key);

/* Makes the screen look like the canvas, writing only what changed. */
void terminal_draw(struct terminal *terminal, const struct canvas *canvas);

/* The same from scratch: something else wrote on the screen. */
void terminal_redraw(struct terminal *terminal, const struct canvas *canvas);

#endif
