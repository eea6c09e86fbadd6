/* view_flow.h: what the view of one flow remembers between two keys. */
#ifndef TUI_VIEW_FLOW_H
#define TUI_VIEW_FLOW_H

#include <stdbool.h>
#include <stdint.h>

struct view;

enum flow_times { TIMES_RELATIVE, TIMES_DELTA, TIMES_ABSOLUTE, TIMES_COUNT };

/* AUTO: where there is room for it. */
enum flow_detail { DETAIL_AUTO, DETAIL_SHOWN, DETAIL_HIDDEN };

enum { FLOW_MARKS = 2 };

/* Segments are remembered by the numbers of their frames; 0 is none. Zeroed is a good start. */
struct view_flow {
	uint64_t flow;     /* id of the flow that the rest is about */
	uint64_t cursor;   /* 0: the newest, whichever that is */
	uint64_t marks[FLOW_MARKS];
	bool is_unfolded;
	bool has_absolute_numbers;
	bool shows_plots;
	bool has_detail;   /* as drawn last */
	enum flow_times times;
	enum flow_detail detail;
	int page;          /* rows of the ladder, as drawn last */
	int first_plot;
	char wanted[64];   /* searched for */
};

extern const struct view flow_view;

#endif
