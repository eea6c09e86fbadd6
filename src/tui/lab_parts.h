/* lab_parts.h: what the files of the lab view share. */
#ifndef TUI_LAB_PARTS_H
#define TUI_LAB_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"
#include "tui/port.h"

struct tui;

/* Parts without rows or columns are left out. */
struct lab_layout {
	struct area list, details, rule, script;
};

struct lab_layout lab_layout_of(struct area area);

/* ---- lab_list.c: scenarios and services, a head above each ---- */

size_t lab_count(const struct tui *tui);
struct lab_row lab_row_at(const struct tui *tui, size_t number);

void lab_list_draw(struct tui *tui, struct canvas *canvas, struct area area);
void lab_details_draw(const struct tui *tui, struct canvas *canvas, struct area area);

/* From the scenarios to the services, or back: to the row that was selected there last. */
void lab_change_group(struct tui *tui);

/* The row of the list that stands there; false: none does. */
bool lab_list_at(const struct tui *tui, struct area list, int row, int column, size_t *number);

/* ---- lab_script.c: the acts of what runs, and what they did ---- */

void lab_script_draw(struct tui *tui, struct canvas *canvas, struct area area);

/* ---- lab_subject.c: the connection that it is about ---- */

/* As many of its latest segments as there is room for, an arrow each. */
void lab_ladder_draw(const struct tui *tui, struct canvas *canvas, struct area area,
                     const struct flow *flow);

/* Its ends, progress and states; `known` NULL: as they are, else what the quiz shows of them. */
enum { SUBJECT_ROWS = 4 };
void lab_subject_draw(struct canvas *canvas, struct area area,
                      const struct flow *flow, const enum tcp_state *known);

#endif
