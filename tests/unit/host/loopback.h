/* loopback.h: real sockets on loopback, and what the kernel comes to say about them. */
#ifndef TESTS_UNIT_HOST_LOOPBACK_H
#define TESTS_UNIT_HOST_LOOPBACK_H

#include <stdbool.h>
#include <stdint.h>

#include "host/sockets.h"

enum { TCP = 6, UDP = 17 };

struct end {
	uint8_t family; /* enum family */
	struct address address;
	uint16_t port;
};

/* "127.0.0.1", "::1", "::ffff:127.0.0.1", "::"; port 0 lets the kernel choose. Not -1. */
int listener_open(const char *address, int backlog);
int datagram_open(const char *address);

/* Sends the first SYN; whoever may have to wait for the rest passes `wait` as false. */
int client_open(const char *address, uint16_t port, bool wait);

/* Of a connection that was made, accepted and is watched from both sides. */
struct pair {
	int listener, client, server;
	struct end client_end, server_end;
};

struct pair pair_open(const char *address);
void pair_close(struct pair *pair);

struct end own_end(int socket);

/* Lets nothing more in (skips the test where that is not allowed), and lets it in again. */
void socket_swallow(int socket);
void socket_let_in(int socket);

bool has_ipv6(void);
uint64_t inode_of_socket(int socket);

/* Reads the kernel's table; fails the test if it cannot. */
void sockets_refresh(struct sockets *sockets);
struct sockets sockets_opened(void);

const struct socket_entry *entry_between(const struct sockets *sockets, uint8_t protocol,
                                         struct end local, struct end remote);

/* Reads again and again until the entry is in this state; fails the test after some seconds. */
const struct socket_entry *await(struct sockets *sockets, uint8_t protocol, struct end local,
                                 struct end remote, enum socket_state state);

/* Reads until the kernel has forgotten the entry. */
void await_none(struct sockets *sockets, uint8_t protocol, struct end local, struct end remote);

/* Seconds of a clock that never goes back. */
double stopwatch(void);

#endif
