/* sockets.h: what the kernel itself says about its sockets (sock_diag(7)). */
#ifndef HOST_SOCKETS_H
#define HOST_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "packet/address.h"

/*
 * The kernel's own states, numbered as in its include/net/tcp_states.h. TIME_WAIT
 * and half-open ones are not whole sockets there: no inode, no owner.
 */
enum socket_state {
	SOCKET_ESTABLISHED = 1,
	SOCKET_SYN_SENT = 2,
	SOCKET_SYN_RECV = 3,
	SOCKET_FIN_WAIT1 = 4,
	SOCKET_FIN_WAIT2 = 5,
	SOCKET_TIME_WAIT = 6,
	SOCKET_CLOSE = 7,
	SOCKET_CLOSE_WAIT = 8,
	SOCKET_LAST_ACK = 9,
	SOCKET_LISTEN = 10,
	SOCKET_CLOSING = 11,
	SOCKET_NEW_SYN_RECV = 12,
	SOCKET_STATE_COUNT
};

/* One socket of this host (of this network namespace). */
struct socket_entry {
	struct address local, remote;
	uint16_t local_port, remote_port;
	uint8_t family;         /* enum family; IPv4 on an IPv6 socket counts as IPv4 */
	uint8_t protocol;       /* 6 or 17 */
	uint8_t state;          /* enum socket_state */
	uint8_t timer;          /* 0 off, 1 retransmission, 2 keep-alive, 3 TIME_WAIT, 4 zero-window probe */
	uint8_t retransmits;
	uint32_t timer_left;    /* milliseconds */
	uint32_t receive_queue; /* bytes; of a listener: connections that wait for accept */
	uint32_t send_queue;    /* bytes; of a listener: the backlog */
	uint32_t uid;
	uint64_t inode;         /* 0: no file holds it (orphaned, TIME_WAIT, half-open) */
	uint32_t rtt;           /* microseconds, smoothed; 0 if unknown */
};

/* A growing table that one read after the other fills again, in the order of its entries' ends. */
struct sockets {
	struct socket_entry *entries;
	size_t count, room;
	void *connection; /* private */
};

/* -1 and err where the kernel offers no sock_diag, or forbids it. */
int sockets_open(struct sockets *sockets, struct error *err);

/*
 * Reads all TCP and/or UDP sockets, both families, but those that are merely
 * bound. A busy host changes meanwhile: this is never one moment's picture.
 * After -1 the table is empty.
 */
int sockets_read(struct sockets *sockets, bool tcp, bool udp, struct error *err);
void sockets_close(struct sockets *sockets);

/*
 * The entry with exactly these ends, NULL if the kernel has none; lent until
 * the next read. A listener's other end is all zeros, and so is its own address
 * if it listens on all; one on IPv6's "::" may serve IPv4 as well.
 */
const struct socket_entry *sockets_find(const struct sockets *sockets, uint8_t protocol,
                                        uint8_t family, const struct address *local,
                                        uint16_t local_port, const struct address *remote,
                                        uint16_t remote_port);

/* netstat's spelling: "ESTABLISHED", "SYN_RECV", "FIN_WAIT1"... */
const char *socket_state_name(enum socket_state state);

/* "1234/nginx", as netstat -p has it. */
struct owner {
	int pid;        /* 0: unknown */
	char name[32];
};

/*
 * Who holds each inode; one walk through /proc, then look-ups. Without root's
 * rights other users' sockets have no owner; NULL owners know none.
 */
struct owners;
struct owners *owners_read(struct error *err);
void owners_free(struct owners *owners);
struct owner owners_find(const struct owners *owners, uint64_t inode);

#endif
