/* watch_inside.h: what the files of the watch view's command share. */
#ifndef APP_WATCH_INSIDE_H
#define APP_WATCH_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/command.h"
#include "app/frame_ring.h"
#include "app/options.h"
#include "app/player.h"
#include "app/pulse.h"
#include "app/scrubber.h"
#include "app/session.h"
#include "app/store.h"
#include "app/tape.h"
#include "app/watch_lab.h"
#include "base/error.h"
#include "base/text.h"
#include "base/time.h"
#include "tui/port.h"
#include "tui/tui.h"

/* As long as it works on one thing, a key waits. */
#define WATCH_SLICE (15 * TIME_MILLISECOND)
#define WATCH_REDRAW (100 * TIME_MILLISECOND)

/* What only `watch` is asked for. */
struct watch_options {
	double speed; /* 0: as fast as it goes */
	bool prints;
	int columns, rows;
	const char *keys;   /* NULL: none */
	const char *format; /* NULL: text */
};

/* -1 and err is wrong usage. */
int watch_options_read(struct watch_options *options, const struct settings *settings,
                       struct error *err);

struct watch;

/* What differs between an interface and a capture. Instants are clock_steady's. */
struct watch_kind {
	struct session_plan plan;
	int (*open)(struct watch *watch, struct error *err);
	void (*close)(struct watch *watch);
	/* A slice of what there is to do; true: there is more, without waiting. */
	bool (*work)(struct watch *watch, int64_t now);
	/* What to wait for; TIME_NONE: nothing is due by itself. */
	int (*descriptor)(const struct watch *watch);
	int64_t (*due)(const struct watch *watch, int64_t now);
};

extern const struct watch_kind watch_live, watch_replay;

/* A capture that is loaded, and played. */
struct replaying {
	struct scrubber *scrubber;
	struct player player;
	bool has_player;
	bool is_loaded;
	int64_t passed; /* until then time was told to the player; TIME_NONE: not yet */
	struct replay shown;
};

/* An interface. */
struct listening {
	struct pulse_meter pulse;
	struct frame_ring *frames;
	struct watch_lab *lab; /* NULL: there is none */
	int64_t second;        /* of the wall clock, when ages were drawn last */
	int64_t end;           /* instant of the wall clock; TIME_NONE: it goes on */
};

struct watch {
	struct settings settings; /* without --where, which is the view's */
	const char *where;        /* NULL: all */
	struct watch_options options;
	const struct watch_kind *kind;
	struct session *session;
	struct wire_port wire;
	struct store *store;
	struct tape tape;
	struct rung trail[TRAIL_FIRST + TRAIL_LAST];
	char *filter; /* never NULL once it is open */
	bool is_changed; /* since it was drawn */
	union {
		struct replaying replay;
		struct listening live;
	};
};

/* ---- watch.c ---- */

/* Opens what the settings, which are lent, name, and prints what is wrong. NULL: `*status` says how to exit. */
struct watch *watch_open(const struct settings *settings, enum status *status);

/* Prints what was wrong, frees; returns how to exit. */
enum status watch_end(struct watch *watch);

/* ---- watch_port.c: what both kinds answer alike ---- */

void watch_port_start(struct watch *watch);
void watch_look(struct watch *watch, struct scene *scene);
int watch_refilter(struct watch *watch, const char *expression, struct error *err);

/* So many of the store's segments are what the view shows. */
uint64_t watch_position(const struct watch *watch);

/* ---- watch_save.c ---- */

int watch_save_ladder(void *context, const struct flow *flow, const char *path, struct text *said,
                      struct error *err);
int watch_save_packets(void *context, const struct flow *flow, const char *path,
                       struct text *said, struct error *err);

/* ---- watch_replay.c ---- */

/* Loads all there is, and plays to where it was sent. False: there is nothing at all to be seen. */
bool replay_settle(struct watch *watch);

/* ---- watch_screen.c, watch_print.c ---- */

enum status watch_on_screen(struct watch *watch, const struct tui_options *options);
enum status watch_on_paper(struct watch *watch, const struct tui_options *options);

#endif
