/* scenario.h: the table of scenarios: lives of connections, and what each must show. */
#ifndef LAB_SCENARIO_H
#define LAB_SCENARIO_H

#include <stddef.h>

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
};

const struct scenario *scenarios(size_t *count);

/* NULL where no row has that name. */
const struct scenario *scenario_find(const char *name);

#endif
