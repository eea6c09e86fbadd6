/* tui.h: the views together: keys in, canvas out. */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/port.h"

struct tui;

struct tui_options {
	const char *where;    /* the first filter, in --where's words; NULL: none */
	const struct wire_port *wire;
	const struct lab_port *lab; /* NULL: there is no lab here */
};

/* The ports are lent until tui_free. NULL and err: `where` makes no sense, or memory is short. */
struct tui *tui_new(const struct tui_options *options, struct error *err);
void tui_free(struct tui *tui);

/* One key; false: the user wants to leave. */
bool tui_key(struct tui *tui, const struct key *key);

/* Draws everything anew, from the ports, as they are at this moment. */
void tui_draw(struct tui *tui, struct canvas *canvas);

#endif
