/* scenario.h: the table of scenarios: lives of connections, and what each must show. */
#ifndef LAB_SCENARIO_H
#define LAB_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>

struct act;

/* States that may differ at a moment of quiet, by RFC 9293's names with underscores. */
struct deviation {
	const char *inferred; /* what the wire shows of an end */
	const char *kernel;   /* what the kernel has; "": no socket at all */
	const char *why;
};

/* Another life than the story's: what real kernels on loopback make of the same idea. */
struct live_life {
	const char *client, *server, *opening, *closing; /* as below */
	const char *why;
};

/*
 * The paths are the states that each end visits, in order: "SYN_SENT
 * ESTABLISHED". LISTEN only where a SYN-ACK proves it; an end that a reset
 * closes ends in CLOSED; empty where nothing is shown. NULL for UDP.
 */
struct scenario {
	const char *name;    /* also of its capture: captures/NAME.pcap */
	const char *summary; /* one line, for people who choose */
	const char *story;   /* see lab/story.h */
	int flow;            /* which one it is about, in the order of opening; 0: the first */
	const char *client;
	const char *server;
	const char *opening; /* as in a record; of UDP: unreplied, replied, refused */
	const char *closing; /* NULL for UDP */

	/* For lab/performance.h. */
	const struct act *steps;         /* NULL: it is only a story */
	const struct deviation *allowed; /* ends with a row of NULLs; NULL: none */
	const struct live_life *live;    /* NULL: the same as above */
	bool needs_raw_sockets;          /* CAP_NET_RAW */
};

const struct scenario *scenarios(size_t *count);

/* NULL where no row has that name. */
const struct scenario *scenario_find(const char *name);

#endif
