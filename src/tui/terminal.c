/* terminal.c: the real screen and keyboard: the one file that knows ncurses. */

#define _XOPEN_SOURCE 700 /* ncurses' wide characters */

#include "tui/terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <ncurses.h>
#include <term.h>
#undef columns /* a capability to term.h */

#include "base/text.h"
#include "tui/clicks.h"
#include "tui/glyph.h"
#include "tui/refusal.h"
#include "tui/signals.h"
#include "tui/theme.h"

enum { ESCAPE_MS = 25 }; /* tells a lone Esc from the start of a sequence */

enum { MOUSE_MOST = 8 };

enum { HANGUP_KEY = 'D' & 0x1f };

struct terminal {
	SCREEN *screen;
	bool ascii;
	int colours; /* 0, 8 or 256 of them */
	int events;  /* epoll: the keyboard and the signals' bell */
	struct clicks clicks;
	struct key clicked
		[MOUSE_MOST]; /* ncurses hands out the newest first: the oldest is the last here */
	int clicked_count;
	char bytes[5]; /* of a character of which not all came yet */
	size_t byte_count;
	bool gave_up;         /* the keyboard is gone, and Esc was said last */
	int rows, columns; /* of what was drawn last; 0: that is not known */
	struct cell *drawn;
};

/* clang-format off */
static const struct {
	int theirs;
	uint32_t ours;
} special_keys[] = {
	{ KEY_UP,        KEY_CODE_UP },        { KEY_DOWN,  KEY_CODE_DOWN },
	{ KEY_LEFT,      KEY_CODE_LEFT },      { KEY_RIGHT, KEY_CODE_RIGHT },
	{ KEY_PPAGE,     KEY_CODE_PAGE_UP },   { KEY_NPAGE, KEY_CODE_PAGE_DOWN },
	{ KEY_HOME,      KEY_CODE_HOME },      { KEY_END,   KEY_CODE_END },
	{ KEY_A1,        KEY_CODE_HOME },      { KEY_C1,    KEY_CODE_END },
	{ KEY_A3,        KEY_CODE_PAGE_UP },   { KEY_C3,    KEY_CODE_PAGE_DOWN },
	{ KEY_FIND,      KEY_CODE_HOME },      { KEY_SELECT, KEY_CODE_END },
	{ KEY_DC,        KEY_CODE_DELETE },    { KEY_BACKSPACE, KEY_CODE_ERASE },
	{ KEY_BTAB,      KEY_CODE_BACK_TAB },  { KEY_ENTER, KEY_CODE_ENTER },
};
/* clang-format on */

/* ---- Taking it over ---- */

/* Of the terminal's description, NULL where it has no such words. */
static const char *capability(const char *name)
{
	const char *words = tigetstr(name);

	return words == NULL || words == (const char *)-1 ? NULL : words;
}

/* "$<5>" asks for a pause, which no terminal of today needs. */
static void add_words(struct text *text, const char *words)
{
	while (words && *words != '\0') {
		const char *end = words[0] == '$' && words[1] == '<' ? strchr(words, '>') : NULL;

		if (end == NULL)
			text_add_char(text, *words);
		words = (end ? end : words) + 1;
	}
}

/* What endwin writes, for when there is no time for it. */
static void prepare_farewell(bool mouse)
{
	char storage[FAREWELL_MOST];
	struct text text = text_over(storage, sizeof(storage));
	const char *mouse_mode = capability("XM");
	const char *leave = capability("rmcup");

	if (mouse && mouse_mode)
		add_words(&text, tiparm(mouse_mode, 0));
	else if (mouse && capability("kmous"))
		add_words(&text, "\033[?1000l");
	add_words(&text, capability("rmkx"));
	add_words(&text, capability("op"));
	add_words(&text, capability("sgr0"));
	/* Without a screen of its own for programs: below all that was drawn. */
	if (leave == NULL)
		add_words(&text, tiparm(capability("cup"), LINES - 1, 0));
	add_words(&text, leave ? leave : "\n");
	add_words(&text, capability("cnorm"));
	signals_farewell(text.start, text.length);
}

static int colours_to_use(bool wanted)
{
	if (!wanted || !has_colors() || start_color() == ERR || use_default_colors() == ERR)
		return 0;
	if (COLORS < 8 || COLOR_PAIRS <= PAINT_COUNT)
		return 0;
	return COLORS < 256 ? 8 : 256;
}

static const struct tint *tint_of(const struct terminal *terminal, uint8_t paint)
{
	const struct theme *theme = theme_of((enum paint)paint);

	return terminal->colours == 256 ? &theme->many : &theme->few;
}

static void set_colours(struct terminal *terminal, bool wanted)
{
	terminal->colours = colours_to_use(wanted);
	if (terminal->colours == 0)
		return;
	for (uint8_t paint = 0; paint < PAINT_COUNT; paint++) {
		const struct tint *tint = tint_of(terminal, paint);

		init_pair((short)(paint + 1), tint->front, tint->back);
	}
}

static void set_modes(struct terminal *terminal, const struct terminal_options *options)
{
	cbreak(); /* Ctrl-C stays a signal */
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	meta(stdscr, TRUE);
	curs_set(0);
	if (options->mouse) {
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
		mouseinterval(0); /* else each event waits for what may follow */
	}
	set_colours(terminal, options->colour);
}

static int add_event(int events, int descriptor)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = descriptor };

	return epoll_ctl(events, EPOLL_CTL_ADD, descriptor, &event);
}

static int open_events(struct terminal *terminal, struct error *err)
{
	terminal->events = epoll_create1(EPOLL_CLOEXEC);
	if (terminal->events >= 0 && clicks_open(&terminal->clicks) == 0 &&
	    add_event(terminal->events, STDIN_FILENO) == 0 &&
	    add_event(terminal->events, signals_descriptor()) == 0)
		return 0;
	error_set(err, "terminal: %s", strerror(errno));
	return -1;
}

/* Asked beforehand, since newterm loses memory where it fails. */
static bool is_known(void)
{
	int outcome;

	if (setupterm(NULL, STDOUT_FILENO, &outcome) != OK)
		return false;
	del_curterm(cur_term);
	return true;
}

static int open_screen(struct terminal *terminal, struct error *err)
{
	/* Sizes in the environment are those of the shell's last prompt. */
	use_env(FALSE);
	use_tioctl(TRUE);
	if (is_known())
		terminal->screen = newterm(NULL, stdout, stdin);
	if (terminal->screen == NULL) {
		terminal_refuse(err, "is not known here");
		return -1;
	}
	set_escdelay(ESCAPE_MS);
	if (capability("cup") == NULL) {
		reset_shell_mode(); /* endwin would write */
		delscreen(terminal->screen);
		terminal->screen = NULL;
		terminal_refuse(err, "cannot move its cursor");
		return -1;
	}
	return 0;
}

static void free_all(struct terminal *terminal)
{
	if (terminal->screen) {
		endwin();
		delscreen(terminal->screen);
	}
	signals_release();
	if (terminal->events >= 0)
		close(terminal->events);
	clicks_close(&terminal->clicks);
	free(terminal->drawn);
	free(terminal);
}

struct terminal *terminal_open(const struct terminal_options *options, struct error *err)
{
	struct terminal *terminal;

	if (terminal_check(err) < 0)
		return NULL;
	terminal = calloc(1, sizeof(*terminal));
	if (terminal == NULL) {
		error_set(err, "terminal: out of memory");
		return NULL;
	}
	terminal->events = terminal->clicks.timer = -1;
	terminal->ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	if (signals_take(STDIN_FILENO, STDOUT_FILENO, err) < 0) {
		free(terminal);
		return NULL;
	}
	if (open_events(terminal, err) < 0 || open_screen(terminal, err) < 0) {
		free_all(terminal);
		return NULL;
	}
	prepare_farewell(options->mouse);
	set_modes(terminal, options);
	return terminal;
}

void terminal_close(struct terminal *terminal)
{
	if (terminal)
		free_all(terminal);
}

bool terminal_is_ascii(const struct terminal *terminal)
{
	return terminal->ascii;
}

void terminal_size(const struct terminal *terminal, int *rows, int *columns)
{
	(void)terminal;
	getmaxyx(stdscr, *rows, *columns);
}

int terminal_descriptor(const struct terminal *terminal)
{
	return terminal->events;
}

/* ---- Keys ---- */

/* Nothing on the screen is what it was. */
static void forget_screen(struct terminal *terminal)
{
	terminal->rows = terminal->columns = 0;
	clearok(curscr, TRUE);
}

static void take_size(struct terminal *terminal)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
		resize_term(size.ws_row, size.ws_col);
	forget_screen(terminal);
}

static void stop(struct terminal *terminal)
{
	endwin();
	signals_stop();
	reset_prog_mode();
	refresh();
	take_size(terminal);
}

static bool heed_signals(struct terminal *terminal)
{
	unsigned noticed = signals_noticed();

	if (noticed == 0)
		return false;
	if (noticed & NOTICED_STOP)
		stop(terminal);
	if (noticed & NOTICED_CONTINUE)
		reset_prog_mode();
	take_size(terminal);
	return true;
}

static uint32_t mouse_code(mmask_t state)
{
	if (state & BUTTON4_PRESSED)
		return KEY_CODE_WHEEL_UP;
	if (state & BUTTON5_PRESSED)
		return KEY_CODE_WHEEL_DOWN;
	return state & BUTTON1_PRESSED ? KEY_CODE_CLICK : KEY_CODE_NONE;
}

/* Of several events that came in one breath, ncurses says so only once. */
static void take_mouse(struct terminal *terminal)
{
	MEVENT event;

	terminal->clicked_count = 0;
	while (terminal->clicked_count < MOUSE_MOST && getmouse(&event) == OK)
		terminal->clicked[terminal->clicked_count++] = (struct key){
			.code = mouse_code(event.bstate), .row = event.y, .column = event.x
		};
}

static struct key mouse_key(struct terminal *terminal)
{
	struct key key = { .code = KEY_CODE_NONE };

	if (terminal->clicked_count > 0)
		key = terminal->clicked[--terminal->clicked_count];
	if (key.code == KEY_CODE_CLICK && clicks_are_double(&terminal->clicks, key.row, key.column))
		key.code = KEY_CODE_DOUBLE_CLICK;
	return key;
}

static uint32_t special_code(int code)
{
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return KEY_CODE_F1 + (uint32_t)(code - KEY_F(1));
	for (size_t i = 0; i < sizeof(special_keys) / sizeof(special_keys[0]); i++)
		if (special_keys[i].theirs == code)
			return special_keys[i].ours;
	return KEY_CODE_NONE;
}

/*
 * Bytes are put together here: ncurses would ask the locale, and stops at
 * those that are no text.
 */
static uint32_t character_code(struct terminal *terminal, char byte)
{
	const char *bytes = terminal->bytes;
	size_t room = sizeof(terminal->bytes) - 1;

	if ((byte & 0xc0) != 0x80 || terminal->byte_count == room)
		terminal->byte_count = 0; /* another character begins */
	terminal->bytes[terminal->byte_count++] = byte;
	terminal->bytes[terminal->byte_count] = '\0';
	if (utf8_length(bytes) == 0)
		return KEY_CODE_NONE;
	terminal->byte_count = 0;
	return glyph_next(&bytes);
}

static uint32_t plain_code(struct terminal *terminal, int byte)
{
	switch (byte) {
	case '\r':
		return KEY_CODE_ENTER;
	case '\b':
		return KEY_CODE_ERASE;
	default:
		return character_code(terminal, (char)byte);
	}
}

/* The line was cut, or the window closed, and nobody told us by a signal. */
static bool keyboard_is_gone(void)
{
	struct pollfd keyboard = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&keyboard, 1, 0) == 1 && (keyboard.revents & (POLLHUP | POLLERR | POLLNVAL));
}

/* False: there is none. KEY_CODE_NONE: that was no key for us. */
static bool next_key(struct terminal *terminal, struct key *key)
{
	int code;

	*key = mouse_key(terminal);
	if (key->code != KEY_CODE_NONE || terminal->clicked_count > 0)
		return true;
	code = getch();
	if (code == ERR)
		return false;
	if (code == KEY_MOUSE)
		take_mouse(terminal);
	else
		key->code = code > 0xff ? special_code(code) : plain_code(terminal, code);
	return true;
}

bool terminal_key(struct terminal *terminal, struct key *key)
{
	*key = (struct key){ .code = KEY_CODE_RESIZE };
	if (heed_signals(terminal))
		return true;
	do {
		if (!next_key(terminal, key)) {
			if (!keyboard_is_gone())
				return false;
			/* Esc leaves a prompt, for which Ctrl-D has another meaning. */
			terminal->gave_up = !terminal->gave_up;
			key->code = terminal->gave_up ? KEY_CODE_ESCAPE : HANGUP_KEY;
		}
	} while (key->code == KEY_CODE_NONE);
	return true;
}

/* ---- Drawing ---- */

static attr_t attributes_of(unsigned marks)
{
	attr_t attributes = A_NORMAL;

	if (marks & LOOK_BOLD)
		attributes |= A_BOLD;
	if (marks & LOOK_REVERSE)
		attributes |= A_REVERSE;
	if (marks & LOOK_UNDERLINE)
		attributes |= A_UNDERLINE;
	if (marks & LOOK_FAINT)
		attributes |= A_DIM;
	return attributes;
}

static void draw_cell(const struct terminal *terminal, int row, int column, struct cell cell)
{
	const struct tint *tint = tint_of(terminal, cell.look.paint);
	wchar_t glyph[2] = { cell.glyph ? (wchar_t)cell.glyph : L' ', L'\0' };
	short pair = terminal->colours ? (short)(cell.look.paint + 1) : 0;
	cchar_t drawn;

	if (setcchar(&drawn, glyph, attributes_of(cell.look.marks | tint->marks), pair, NULL) == OK)
		mvadd_wch(row, column, &drawn);
}

static bool is_same_cell(struct cell a, struct cell b)
{
	return a.glyph == b.glyph && a.look.paint == b.look.paint && a.look.marks == b.look.marks;
}

/* Where memory is short, everything is drawn each time. */
static void remember_size(struct terminal *terminal, int rows, int columns)
{
	free(terminal->drawn);
	terminal->drawn = calloc((size_t)rows * (size_t)columns, sizeof(*terminal->drawn));
	terminal->rows = terminal->drawn ? rows : 0;
	terminal->columns = terminal->drawn ? columns : 0;
}

void terminal_draw(struct terminal *terminal, const struct canvas *canvas)
{
	int rows, columns;
	bool all;

	terminal_size(terminal, &rows, &columns);
	all = rows != terminal->rows || columns != terminal->columns;
	if (all)
		remember_size(terminal, rows, columns);
	for (int i = 0; i < rows * columns; i++) {
		struct cell cell = canvas_cell(canvas, i / columns, i % columns);

		if (!all && is_same_cell(terminal->drawn[i], cell))
			continue;
		draw_cell(terminal, i / columns, i % columns, cell);
		if (terminal->drawn)
			terminal->drawn[i] = cell;
	}
	refresh();
}

void terminal_redraw(struct terminal *terminal, const struct canvas *canvas)
{
	forget_screen(terminal);
	terminal_draw(terminal, canvas);
}
