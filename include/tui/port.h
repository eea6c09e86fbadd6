/* port.h: what the views see of the world behind them; app fills these in. */
#ifndef TUI_PORT_H
#define TUI_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "report/ladder.h"
#include "report/page.h"
#include "track/tracker.h"

enum { PULSE_SECONDS = 60 };

/* Beginnings, resets and packets in each of the latest seconds of frame time, the current one last. */
struct pulse {
	uint32_t opens[PULSE_SECONDS];
	uint32_t resets[PULSE_SECONDS];
	uint32_t packets[PULSE_SECONDS];
};

/* A capture that is played. Times are instants of its own clock. */
struct replay {
	int64_t first, last;   /* of the whole capture */
	uint64_t segment;      /* how many were played... */
	uint64_t segments;     /* ...of so many */
	double speed;          /* 1: as it was; 0: as fast as it goes */
	bool is_paused;
	bool is_at_end;
	int loaded;            /* per mille of the files that is read; 1000: all */
};

/* This moment. Everything is lent until the next look. */
struct scene {
	const struct page *page;  /* tracker (`unpacked`), input, decoder; its output is not for views */
	const char *source;       /* "lo", "captures/mixed.pcap" */
	const char *filter;       /* the capture filter; "" if there is none */
	int64_t now;              /* frame time that the screen shows; TIME_NONE before the first frame */
	const struct pulse *pulse;
	const struct replay *replay; /* NULL: live */
	bool is_recording;        /* -w */
	const char *ended;        /* why a live source gives no more; NULL: it does */
};

/* How many of each kind lie in one of the equal parts into which a replay's span is divided. */
struct cluster {
	uint32_t opens, closes, resets;
};

enum landmark { LANDMARK_RESET, LANDMARK_FAILED_HANDSHAKE };

/* Functions that can fail return -1 and err. Members that a source cannot serve are NULL. */
struct wire_port {
	void *context;
	void (*look)(void *context, struct scene *scene);

	/* The segments of one flow so far, as the ladder wants them; `is_whole`: none was forgotten. Lent until the next call. */
	const struct rung *(*rungs)(void *context, const struct flow *flow, size_t *count,
	                            bool *is_whole);

	/* A new capture filter, from the next frame on (files are read anew, and played to the same instant). */
	int (*set_filter)(void *context, const char *expression, struct error *err);

	/* The flow's packets to a file; `said` is a line about how it went. */
	int (*save_packets)(void *context, const struct flow *flow, const char *path,
	                    struct text *said, struct error *err);
	int (*save_ladder)(void *context, const struct flow *flow, const char *path,
	                   struct text *said, struct error *err);

	/* Replay only. */
	void (*set_paused)(void *context, bool is_paused);
	void (*set_speed)(void *context, double speed);
	void (*step)(void *context, int segments); /* back where negative; pauses */
	void (*seek)(void *context, int64_t time);
	bool (*seek_landmark)(void *context, enum landmark landmark); /* false: there is none ahead */
	void (*clusters)(void *context, struct cluster *clusters, size_t count);
};

/* One row of the lab: a scenario, or a service. */
struct lab_row {
	const char *name, *summary;
	const char *obstacle; /* why it cannot be run here ("needs root", "a recording only"); NULL: it can */
	const char *brief;    /* the obstacle where room is short: "root", "recording" */
	bool is_service;
	bool has_states;      /* it is about TCP */
	bool is_running;
	bool is_failed;
	const char *place;    /* "127.0.0.1:8000" while a service runs; else "" */
};

/* The script of the scenario that runs or ran last. Texts are lent until the next call. */
struct lab_script {
	size_t row;           /* which one; SIZE_MAX: none was run */
	size_t lines, done;
	bool is_stepwise;     /* waits for next_act */
	bool is_over;
	bool is_quiet;        /* what the last act caused has been seen on the wire */
	const char *failure;  /* "" if none */
	const struct flow *flow; /* what it is about, in the tracker; NULL: not seen yet */
};

struct lab_port {
	void *context;
	size_t (*count)(void *context);
	void (*row)(void *context, size_t number, struct lab_row *row);

	/* A service, or a scenario with real sockets on loopback, inside this program. */
	int (*run)(void *context, size_t number, bool stepwise, struct error *err);
	void (*stop)(void *context, size_t number);
	void (*next_act)(void *context);
	void (*script)(void *context, struct lab_script *script);
	void (*line)(void *context, size_t line, struct text *text);

	/* Whether the lab caused this flow. */
	bool (*owns)(void *context, const struct flow *flow);
};

#endif
