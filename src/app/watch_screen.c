/* watch_screen.c: the view on a terminal: one loop that waits for keys, frames, the lab and the clock. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "app/clock.h"
#include "app/interrupt.h"
#include "app/terminal.h"
#include "app/watch_inside.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/terminal.h"

enum {
	REST_MOST = 1000, /* milliseconds: a signal may come just before poll */
	CTRL_L = 'L' & 0x1f,
	POLLS = 2 + WATCH_LAB_WAITS,
};

struct screen {
	struct watch *watch;
	struct terminal *terminal;
	struct canvas *canvas;
	struct tui *tui;
	int64_t drawn; /* when */
	bool is_left;
};

static void resize(struct screen *screen)
{
	struct error ignored; /* it stays as large as it was */
	int rows, columns;

	terminal_size(screen->terminal, &rows, &columns);
	if (rows != canvas_rows(screen->canvas) || columns != canvas_columns(screen->canvas))
		canvas_resize(screen->canvas, rows, columns, &ignored);
}

static void draw(struct screen *screen)
{
	resize(screen);
	tui_draw(screen->tui, screen->canvas);
	terminal_draw(screen->terminal, screen->canvas);
	screen->watch->is_changed = false;
	screen->drawn = clock_steady();
}

/* A key is answered at once, whatever else there is to be done. */
static void keys_take(struct screen *screen)
{
	bool any = false;
	struct key key;

	while (!screen->is_left && terminal_key(screen->terminal, &key)) {
		any = true;
		screen->is_left = !tui_key(screen->tui, &key);
		if (key.code == CTRL_L || key.code == KEY_CODE_RESIZE) {
			draw(screen);
			terminal_redraw(screen->terminal, screen->canvas);
		}
	}
	if (any && !screen->is_left)
		draw(screen);
}

/* ---- Waiting ---- */

static int64_t earlier(int64_t a, int64_t b)
{
	return a == TIME_NONE || (b != TIME_NONE && b < a) ? b : a;
}

static nfds_t lab_wait(const struct watch *watch, struct pollfd *polls, int64_t *due)
{
	struct wait waits[WATCH_LAB_WAITS];
	size_t count;
	nfds_t filled = 0;

	if (watch->kind != &watch_live || !watch->live.lab)
		return 0;
	count = watch_lab_waits(watch->live.lab, waits, WATCH_LAB_WAITS);
	for (size_t i = 0; i < count; i++) {
		*due = earlier(*due, waits[i].due);
		if (waits[i].descriptor >= 0)
			polls[filled++] = (struct pollfd){ .fd = waits[i].descriptor,
				                           .events = waits[i].events };
	}
	return filled;
}

static int milliseconds_until(int64_t due, int64_t now)
{
	int64_t span;

	if (due == TIME_NONE || due > now + REST_MOST * TIME_MILLISECOND)
		return REST_MOST;
	span = due - now;
	return span <= 0 ? 0 : (int)((span + TIME_MILLISECOND - 1) / TIME_MILLISECOND);
}

static void rest(struct screen *screen)
{
	const struct watch *watch = screen->watch;
	int64_t now = clock_steady();
	int64_t due = watch->kind->due(watch, now);
	struct pollfd polls[POLLS] = {
		{ .fd = terminal_descriptor(screen->terminal), .events = POLLIN },
		{ .fd = watch->kind->descriptor(watch), .events = POLLIN },
	};
	nfds_t count = 2 + lab_wait(watch, polls + 2, &due);

	if (watch->is_changed)
		due = earlier(due, screen->drawn + WATCH_REDRAW);
	poll(polls, count, milliseconds_until(due, now));
}

static void loop(struct screen *screen)
{
	struct watch *watch = screen->watch;

	draw(screen);
	while (!screen->is_left && !interrupt_came()) {
		bool is_more = watch->kind->work(watch, clock_steady());

		keys_take(screen);
		if (watch->is_changed && clock_steady() >= screen->drawn + WATCH_REDRAW)
			draw(screen);
		if (!is_more)
			rest(screen);
	}
}

/* ---- Opening ---- */

static int screen_open(struct screen *screen, const struct tui_options *options,
                       enum status *status, struct error *err)
{
	const struct settings *settings = &screen->watch->settings;
	struct terminal_options terminal = {
		.ascii = terminal_wants_ascii(settings),
		.colour = terminal_wants_colour(settings),
		.mouse = true,
	};
	int rows, columns;

	*status = STATUS_USAGE;
	screen->tui = tui_new(options, err);
	if (!screen->tui)
		return -1;
	*status = STATUS_REFUSED;
	screen->terminal = terminal_open(&terminal, err);
	if (!screen->terminal)
		return -1;
	terminal_size(screen->terminal, &rows, &columns);
	screen->canvas = canvas_new(rows, columns, terminal_is_ascii(screen->terminal), err);
	return screen->canvas ? 0 : -1;
}

enum status watch_on_screen(struct watch *watch, const struct tui_options *options)
{
	struct screen screen = { .watch = watch };
	struct error err = { .what = "" };
	enum status status;
	bool is_open = screen_open(&screen, options, &status, &err) == 0;

	if (is_open)
		loop(&screen);
	tui_free(screen.tui);
	terminal_close(screen.terminal);
	canvas_free(screen.canvas);
	return is_open ? STATUS_DONE : complain(&err, status);
}
