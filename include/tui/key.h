/* key.h: keys, their names, and the one table that says what each does where. */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Other keys are themselves in Unicode. */
enum key_code {
	KEY_CODE_NONE = 0,
	KEY_CODE_TAB = '\t',
	KEY_CODE_ENTER = '\n',
	KEY_CODE_ESCAPE = 27,
	KEY_CODE_ERASE = 127, /* backspace */
	KEY_CODE_SPECIAL = 0x110000, /* past the last of Unicode */
	KEY_CODE_UP,
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_PAGE_UP,
	KEY_CODE_PAGE_DOWN,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_DELETE,
	KEY_CODE_BACK_TAB,
	KEY_CODE_F1, /* others follow: F10 is KEY_CODE_F1 + 9 */
	KEY_CODE_CLICK = KEY_CODE_F1 + 12, /* row and column say where */
	KEY_CODE_DOUBLE_CLICK,
	KEY_CODE_WHEEL_UP,
	KEY_CODE_WHEEL_DOWN,
	KEY_CODE_RESIZE, /* the terminal has another size now */
};

/* Ctrl-L is 'L' & 0x1f. */
struct key {
	uint32_t code; /* enum key_code or Unicode */
	int row, column;
};

/*
 * Names as people write them: "Enter", "Esc", "Space", "PageDown", "Ctrl-L", "F5", "j".
 * key_read takes one key from the front of a script such as "jj{Enter}/port:443{Enter}"
 * (a name in braces, "{Click 3,10}" too, "{{" for a brace) and moves `script` behind it; false: it makes no sense.
 */
void key_spell(struct text *text, uint32_t code);
bool key_read(const char **script, struct key *key);

/* Where a key is pressed. */
enum place {
	IN_FLOWS = 1 << 0,
	IN_FLOW = 1 << 1,    /* one connection: its ladder... */
	IN_PLOTS = 1 << 2,   /* ...and its second page */
	IN_STATES = 1 << 3,
	IN_LAB = 1 << 4,
	IN_QUIZ = 1 << 5,
	IN_HELP = 1 << 6,
	IN_CHOOSER = 1 << 7, /* a list from which something is chosen: columns, sorting */
	IN_REPLAY = 1 << 8,  /* any view, while a capture is replayed */
	IN_LISTS = IN_FLOWS | IN_FLOW | IN_PLOTS | IN_LAB | IN_HELP | IN_CHOOSER,
	IN_VIEWS = IN_FLOWS | IN_FLOW | IN_PLOTS | IN_STATES | IN_LAB,
	IN_ALL = (1 << 8) - 1,
};

#define ACTIONS(X)                                                                                 \
	X(NONE) X(BACK) X(QUIT) X(HELP) X(UP) X(DOWN) X(PAGE_UP) X(PAGE_DOWN) X(FIRST) X(LAST)     \
	X(LEFT) X(RIGHT) X(OPEN) X(FLOWS) X(LAB) X(STATES) X(FILTER) X(CAPTURE_FILTER) X(SEARCH)   \
	X(SEARCH_NEXT) X(SORT) X(SORT_BACKWARDS) X(COLUMNS) X(FOLLOW) X(FREEZE) X(MARK)            \
	X(HIDE_CLOSED) X(SAVE_PACKETS) X(SAVE_LADDER) X(REDRAW) X(UNFOLD) X(NUMBERS) X(TIMES)      \
	X(DETAIL) X(PAGE) X(PAUSE) X(STEP) X(STEP_BACK) X(FASTER) X(SLOWER) X(GO_TO_TIME)          \
	X(NEXT_RESET) X(NEXT_FAILURE) X(TO_START) X(TO_END) X(RUN) X(RUN_STEPWISE) X(NEXT_ACT)     \
	X(STOP) X(QUIZ) X(ANSWER)

enum action {
#define X(name) ACTION_##name,
	ACTIONS(X)
#undef X
	ACTION_COUNT
};

/* One row: the same action may have several keys, the first of them is the one that hints show. */
struct binding {
	unsigned places;      /* enum place */
	uint32_t keys[3];     /* 0 behind the last */
	enum action action;
	const char *hint;     /* one word for the bottom line; NULL: none */
	const char *help;     /* a sentence for the help page and the man page; NULL: the keys are told elsewhere */
};

const struct binding *bindings(size_t *count);

/* What the key does there; a view's own binding goes before IN_REPLAY's. */
enum action key_action(uint32_t code, unsigned places);

#endif
