/* view_states.h: what the view remembers between two keys. */
#ifndef TUI_VIEW_STATES_H
#define TUI_VIEW_STATES_H

#include <stdbool.h>
#include <stdint.h>

#include "track/state.h"

struct view;

struct state_count {
	uint32_t ends;
	uint32_t presumed; /* of these: not proven by what they sent themselves */
	bool is_lit;       /* somebody came there within the last second */
};

/* Counted anew when the roll or the moment is another one. */
struct view_states {
	uint64_t version;
	int64_t now;
	struct state_count counts[STATE_COUNT];
};

extern const struct view states_view;

#endif
