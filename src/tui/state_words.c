/* state_words.c: states as all views write and paint them. */

#include "tui/inside.h"

#include <string.h>

#include "base/text.h"

enum { STATE_WORDS_MOST = 24 };

/* clang-format off */
static const enum paint paints[STATE_COUNT] = {
	[ST_UNKNOWN]      = PAINT_DIM,
	[ST_CLOSED]       = PAINT_DIM,
	[ST_LISTEN]       = PAINT_PLAIN,
	[ST_SYN_SENT]     = PAINT_OPENING,
	[ST_SYN_RECEIVED] = PAINT_OPENING,
	[ST_ESTABLISHED]  = PAINT_STRONG,
	[ST_FIN_WAIT_1]   = PAINT_CLOSING,
	[ST_FIN_WAIT_2]   = PAINT_CLOSING,
	[ST_CLOSE_WAIT]   = PAINT_CLOSING,
	[ST_CLOSING]      = PAINT_CLOSING,
	[ST_LAST_ACK]     = PAINT_CLOSING,
	[ST_TIME_WAIT]    = PAINT_CLOSING,
};
/* clang-format on */

enum paint state_paint(enum tcp_state state)
{
	return paints[state];
}

/* The question mark outlasts the end of the name: "SYN_RECEIV?". */
int put_state(struct canvas *canvas, int row, int column, int room, const struct flow *flow,
              enum side side)
{
	enum tcp_state state = flow_state(flow, side);
	bool is_doubtful = state == ST_UNKNOWN || flow_state_is_doubtful(flow, side);
	char words[STATE_WORDS_MOST];
	struct text text = text_over(words, sizeof(words));
	struct look look = look_of(state_paint(state));
	int length;

	if (flow->key.protocol != PROTOCOL_TCP || room <= 0)
		return 0;
	if (state != ST_UNKNOWN)
		text_add(&text, state_name(state));
	length = (int)text.length;
	if (length + is_doubtful > room)
		words[length = room - is_doubtful] = '\0';
	if (is_doubtful)
		strcpy(words + length, "?");
	if (is_doubtful || flow_state_is_presumed(flow, side))
		look.paint = PAINT_DIM;
	return canvas_put(canvas, row, column, room, look, words);
}
