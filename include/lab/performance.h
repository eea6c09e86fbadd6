/* performance.h: a scenario's acts, done one after another on real sockets of loopback. */
#ifndef LAB_PERFORMANCE_H
#define LAB_PERFORMANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "lab/scenario.h"
#include "lab/wait.h"
#include "packet/address.h"

/*
 * A small machine for one loop: it never blocks, never sleeps, and owns all its
 * sockets (and a child process, where a scenario has one killed). Everything
 * happens on 127.0.0.1. It does not know how it is judged.
 */
struct performance;

struct performance_options {
	uint16_t port;  /* the server's; 0: the kernel chooses */
	uint32_t flood; /* SYNs, where the scenario floods; 0: as its row says */
};

enum {
	PERFORMANCE_FLOOD_MAX = 1000000,
	PERFORMANCE_ENDS_MAX = 48,
};

enum performance_outcome {
	PERFORMANCE_WAITS,  /* `wait` says for what */
	PERFORMANCE_ACTED,  /* one act is done; call again for the next */
	PERFORMANCE_OVER,   /* no act is left; the sockets live until performance_free */
	PERFORMANCE_FAILED, /* err says whose act, and why */
};

/* NULL and err where the scenario has no acts. Opens nothing yet. `options` may be NULL. */
struct performance *performance_new(const struct scenario *scenario,
                                    const struct performance_options *options, struct error *err);

/*
 * Does the next act, or as much of it as can be done now; acts that only make
 * sense together (the answer to a FIN within 40 ms) count as one. `now` never
 * runs back, and is on a clock of the caller's own choice.
 */
enum performance_outcome performance_step(struct performance *performance, int64_t now,
                                          struct wait *wait, struct error *err);

/* Closes what the acts left open. */
void performance_free(struct performance *performance);

const struct scenario *performance_scenario(const struct performance *performance);

/* The script for people: "server listens on 127.0.0.1:8000". How many lines, and how many are done. */
size_t performance_lines(const struct performance *performance);
size_t performance_done(const struct performance *performance);
void performance_line(const struct performance *performance, size_t line, struct text *text);

/* Where somebody of the performance is, or was: to be found in the tracker and in the kernel. */
struct lab_end {
	const char *who;  /* "server", "second client" */
	uint8_t family;   /* enum family */
	uint8_t protocol; /* 6 or 17 */
	uint16_t port;
	struct address address;
};

/* In the order of their coming, forged senders left out. Lent until the next step. */
const struct lab_end *performance_ends(const struct performance *performance, size_t *count);

/*
 * Whether somebody of the performance is or was there, forged senders included.
 * Two performances' clients may have the same port: a connection is a
 * performance's own if both its ends are.
 */
bool performance_is_at(const struct performance *performance, uint8_t protocol,
                       const struct address *address, uint16_t port);

/* The client's end of the connection that the scenario is about; NULL while there is none. */
const struct lab_end *performance_subject(const struct performance *performance);

#endif
