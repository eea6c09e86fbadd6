/* states_map.h: the diagram of RFC 9293 figure 5, drawn with counts. */
#ifndef TUI_STATES_MAP_H
#define TUI_STATES_MAP_H

#include <stdbool.h>

#include "track/flow.h"
#include "tui/canvas.h"
#include "tui/view_states.h"

/* Whether there is room for the diagram. */
bool states_map_fits(struct area area);

/* `flow` is the one whose ends are marked; NULL: none. */
void states_map_draw(struct canvas *canvas, struct area area,
                     const struct state_count counts[STATE_COUNT], const struct flow *flow);

/* "*  24   (3) CS": in so many columns; what both drawings put into a state's place. */
enum { STATE_FIGURES = 14 };
void state_figures_draw(struct canvas *canvas, int row, int column,
                        const struct state_count *count, bool has_client, bool has_server);

/* Bold where it is lit, dim where nobody is. */
struct look state_look(enum tcp_state state, const struct state_count *count);

#endif
