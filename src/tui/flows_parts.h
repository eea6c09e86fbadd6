/* flows_parts.h: the rooms behind the list of flows. */
#ifndef TUI_FLOWS_PARTS_H
#define TUI_FLOWS_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/inside.h"

/* ---- the columns (flows_columns.c) ---- */

/* One cell to fill. */
struct flows_cell {
	const struct tui *tui;
	struct canvas *canvas;
	int row, column, room;
	const struct flow *flow;
};

struct flows_column {
	const char *key; /* of report's columns */
	const char *head;
	int least, most; /* columns; it grows where there is room */
	int importance; /* the lowest goes first when the screen is narrow; from FLOWS_CORE on it goes last */
	bool right;
	bool is_usual; /* shown unless the user chose otherwise */
	bool ages;     /* its order is another one at another time */
	void (*put)(const struct flows_cell *cell, const struct flows_column *column);
	struct rank (*order)(const struct page *page, const struct flow *flow);
	const char *meaning; /* NULL: as report's columns have it */
};

/* One line: what stands in it. */
const char *flows_column_meaning(const struct flows_column *column);

const struct flows_column *flows_columns(size_t *count);

enum { FLOWS_COLUMNS_MOST = 32, FLOWS_CORE = 13 };

/* Which columns fit, and where they stand: by the width, and by the rows in sight (flows_layout.c). */
struct flows_layout {
	int count;
	struct {
		size_t number; /* in the table */
		int column, columns;
	} cells[FLOWS_COLUMNS_MOST];
};

void flows_lay_out(const struct tui *tui, struct area area, struct flows_layout *layout);

/* ---- orders (flows_order.c) ---- */

/* clang-format off */
#define FLOWS_ORDERS(X)                                                                            \
	X(id) X(client) X(server) X(protocol) X(opening) X(closing) X(client_state)                \
	X(server_state) X(irtt) X(syn_rtt) X(ack_rtt) X(sent) X(received) X(age) X(start)          \
	X(duration) X(client_packets) X(server_packets) X(repeats) X(zeek) X(stream) X(note)
/* clang-format on */

#define X(name) struct rank order_##name(const struct page *page, const struct flow *flow);
FLOWS_ORDERS(X)
#undef X

/* By rank, those of the same rank by id; `spare` has as much room. */
void flows_sort(struct flows_row *rows, struct flows_row *spare, size_t count, bool is_backwards);

/* ---- notes (flows_note.c) ---- */

/* "half-closed", "no answer, retry in 8 s", "58 s left"; returns how it is painted. */
enum paint flows_add_note(struct text *text, const struct page *page, const struct flow *flow);

/* ---- the rows (flows_list.c) ---- */

void flows_refresh(struct tui *tui);
void flows_list_free(struct flows_list *list);

/* Row of the cursor; 0 where there are none. */
size_t flows_at(const struct tui *tui);

/* The flow of the row; NULL: the tracker has forgotten it. */
const struct flow *flows_flow(const struct tui *tui, size_t row);

/* Puts the cursor on this row, or the last one. */
void flows_go(struct tui *tui, size_t row);

/* Rows that are in sight, and the first of them. */
size_t flows_height(struct area area);
size_t flows_top(const struct tui *tui, struct area area);

bool flows_is_marked(const struct view_flows *flows, uint64_t id);
void flows_toggle_mark(struct tui *tui, uint64_t id);

/* ---- a line of it (flows_line.c) ---- */

void flows_draw_heads(const struct tui *tui, struct canvas *canvas, struct area line,
                      const struct flows_layout *layout);
void flows_draw_line(const struct tui *tui, struct canvas *canvas, struct area line,
                     const struct flows_layout *layout, size_t row, bool is_chosen);

/* ---- what is typed (flows_ask.c, flows_search.c) ---- */

void flows_ask_filter(struct tui *tui);
void flows_ask_hiding(struct tui *tui);
void flows_ask_packets(struct tui *tui);
void flows_ask_ladder(struct tui *tui);
void flows_ask_search(struct tui *tui);
void flows_search_next(struct tui *tui, bool is_backwards);

/* ---- choosing (flows_chooser.c) ---- */

void flows_sort_by(struct tui *tui, size_t number);
void flows_choose(struct tui *tui, enum flows_chooser chooser);
void flows_chooser_draw(const struct tui *tui, struct canvas *canvas, struct area area);
bool flows_chooser_act(struct tui *tui, enum action action, const struct key *key);

#endif
