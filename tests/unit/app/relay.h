/* relay.h: two kernels that talk through a network of the test's own. */
#ifndef TESTS_UNIT_APP_RELAY_H
#define TESTS_UNIT_APP_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "host/sockets.h"
#include "packet/decode.h"
#include "track/flow.h"
#include "track/tracker.h"

/*
 * A client and a server, each in a network namespace with one tun interface. Every packet that
 * either sends goes two steps, and only when it is told to: past the middle, and to the other
 * end. It is captured where it is sent, where it passes the middle and where it arrives.
 * The kernels handle what arrives before write(2) returns, so all this is one thread and one
 * total order; nothing is a matter of luck but the kernels' own timers.
 */

enum place { AT_CLIENT, IN_MIDDLE, AT_SERVER, PLACE_COUNT };

/* What a packet is called in a scenario. Any payload makes an ACK DATA; FIN wins over DATA. */
enum kind { SYN, SYN_ACK, ACK, DATA, FIN, RST, KIND_COUNT };

enum progress { HAS_LEFT, HAS_PASSED, HAS_ARRIVED, IS_GONE };

enum { PACKET_MAX = 2048, PACKETS_MAX = 64, TRACE_MAX = 1024 };

struct packet {
	uint8_t bytes[PACKET_MAX];
	uint32_t length;
	struct segment segment;
	enum side from;
	enum kind kind;
	enum progress progress;
	unsigned places; /* bit per place at which it was captured */
	bool is_known;   /* to its receiver */
	bool is_false;   /* its sender did not send it, or not now */
};

/* One end: a kernel of its own, as far as TCP is concerned. */
struct host {
	int network; /* its namespace */
	int tun;
	int listener, socket; /* -1: none */
	struct sockets sockets;
	struct address address;
	uint16_t port;
	uint32_t iss;      /* of its latest SYN or SYN-ACK */
	uint32_t received; /* one past what it has received in order */
};

/* A capture, and what it makes of the connection. */
struct observer {
	struct decoder decoder;
	struct tracker *tracker;
	uint64_t frames;
	char trace[TRACE_MAX]; /* for people: what was captured here */
};

struct relay {
	struct host hosts[2];
	struct observer observers[PLACE_COUNT];
	struct packet packets[PACKETS_MAX];
	size_t count;
	int64_t clock; /* of the captures: a millisecond for each step, and as long as a timer took */
	bool is_quiet; /* nothing happened since nothing more was sent */
	struct error err;
};

/* False and relay->err where the system forbids it. Never to be undone: for a process of its own. */
bool relay_open(struct relay *relay);
void relay_close(struct relay *relay);

/* How soon these kernels send again what was not acknowledged (SYNs: always after a second). */
void relay_set_patience(struct relay *relay, bool is_lossy);

/* New sockets belong to this end. */
bool relay_enter(struct relay *relay, enum side side);

/* The oldest such packet that has come no further than `most`; waits for it. NULL: none came. */
struct packet *relay_await(struct relay *relay, enum side from, enum kind kind, enum progress most);
struct packet *relay_find(struct relay *relay, enum side from, enum kind kind, enum progress least,
                          enum progress most);

/* Takes what was sent until now. */
void relay_collect(struct relay *relay);

/* Waits for more; false once nothing was sent for a while. Then it is quiet. */
bool relay_hear(struct relay *relay);

bool relay_pass(struct relay *relay, struct packet *packet);
bool relay_arrive(struct relay *relay, struct packet *packet);

/* A packet that nobody sent, seen from the middle on. */
bool relay_forge(struct relay *relay, enum side from, uint16_t flags, uint32_t seq, uint32_t ack);

/* The same packet once more, about to leave, although nobody sent it. NULL: no room. */
struct packet *relay_copy(struct relay *relay, const struct packet *packet);

/* Gives it an acknowledgment number that is `by` higher. */
bool relay_rewrite(struct packet *packet, int by);

const char *kind_name(enum kind kind);
const char *place_name(enum place place);
const char *host_name(enum side side);

/* The latest connection seen at the place; NULL: none. */
const struct flow *relay_flow(const struct relay *relay, enum place place);

/* Whose end of that flow this host is. */
enum side relay_side(const struct relay *relay, const struct flow *flow, enum side host);

/* ST_UNKNOWN: the kernel has no socket there. False and relay->err where it cannot be read. */
bool relay_read_state(struct relay *relay, enum side side, enum tcp_state *state);

#endif
