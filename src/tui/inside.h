/* inside.h: what the views share. */
#ifndef TUI_INSIDE_H
#define TUI_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/port.h"
#include "tui/roll.h"
#include "tui/tui.h"
#include "tui/view_flow.h"
#include "tui/view_flows.h"
#include "tui/view_help.h"
#include "tui/view_lab.h"
#include "tui/view_states.h"

enum view_kind { VIEW_FLOWS, VIEW_FLOW, VIEW_STATES, VIEW_LAB, VIEW_HELP, VIEW_COUNT };

enum { VIEWS_DEEP = 8, PROMPT_MOST = 256, MESSAGE_MOST = 192 };

/* A view draws within `area` of the canvas; the lines around it are tui.c's. */
struct view {
	const char *name;
	unsigned (*places)(const struct tui *tui); /* which bindings hold now: enum place */
	void (*draw)(struct tui *tui, struct canvas *canvas, struct area area);
	/*
	 * False: the action is not this view's. `key` says what was pressed, and where;
	 * keys without a binding (clicks, the wheel) come as ACTION_NONE.
	 */
	bool (*act)(struct tui *tui, enum action action, const struct key *key);
	void (*enter)(struct tui *tui); /* may be NULL: it comes to the top */
	void (*free)(struct tui *tui);  /* may be NULL: gives back what it allocated */
};

/* One line that is being typed at the bottom; Enter calls `done`, Esc forgets it. */
struct prompt {
	bool is_open;
	const char *question; /* "filter: " */
	char typed[PROMPT_MOST];
	size_t length;
	size_t at; /* the cursor: so many bytes are before it */
	void (*done)(struct tui *tui, const char *typed);
	/* Each key; NULL typed: Esc. May be NULL. */
	void (*changed)(struct tui *tui, const char *typed);
};

struct tui {
	struct tui_options options;
	struct scene scene; /* as of the latest drawing or key... */
	struct roll roll;   /* ...and all flows at that moment */
	enum view_kind stack[VIEWS_DEEP];
	int depth;
	struct prompt prompt;
	char message[MESSAGE_MOST]; /* about the last key; the next one wipes it */
	bool message_is_bad;
	uint64_t selected; /* id of the flow that all views speak of; 0: none */
	struct area body;  /* where the top view was last drawn: to find out what was clicked */
	struct view_flows flows;
	struct view_flow flow;
	struct view_states states;
	struct view_lab lab;
	struct view_help help;
};

/* ---- tui.c ---- */

void tui_look(struct tui *tui);
const struct view *tui_top(const struct tui *tui);
unsigned tui_places(const struct tui *tui); /* the top view's, and IN_REPLAY */
void tui_enter(struct tui *tui, enum view_kind kind);
bool tui_back(struct tui *tui); /* false: nothing lies below */
void tui_say(struct tui *tui, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tui_complain(struct tui *tui, const struct error *err);
void tui_ask(struct tui *tui, const char *question, const char *typed,
             void (*done)(struct tui *tui, const char *typed));

/* The default answer of common keys (actions.c); false: the user wants to leave. */
bool tui_act(struct tui *tui, enum action action, const struct key *key);

/* ---- prompt.c ---- */

void prompt_key(struct tui *tui, const struct key *key);
void prompt_draw(const struct tui *tui, struct canvas *canvas, int row);

/* ---- lines.c, pulse_line.c, replay_line.c: around the top view, a row each ---- */

void head_line_draw(const struct tui *tui, struct canvas *canvas, int row);
void pulse_line_draw(const struct tui *tui, struct canvas *canvas, int row);
void bottom_line_draw(const struct tui *tui, struct canvas *canvas, int row);
void replay_line_draw(const struct tui *tui, struct canvas *canvas, int row);

/* ---- tui.c again ---- */

/* The flow with this id that the tracker still remembers; NULL if it has forgotten it. */
const struct flow *tui_flow(const struct tui *tui, uint64_t id);

static inline struct look look_of(enum paint paint)
{
	return (struct look){ .paint = (uint8_t)paint };
}

/* ---- state_words.c: states as all views paint them: "ESTABLISHED", dim and with '?' where doubtful ---- */

int put_state(struct canvas *canvas, int row, int column, int room, const struct flow *flow,
              enum side side);
enum paint state_paint(enum tcp_state state);

#endif
