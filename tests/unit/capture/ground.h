/* ground.h: a network of the test's own, where nobody else makes traffic. */
#ifndef TESTS_CAPTURE_GROUND_H
#define TESTS_CAPTURE_GROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Moves this process into new user and network namespaces, or as root into a network namespace,
 * where `lo` is up. Needs no root; where it is not allowed, skips the test, saying so.
 */
void ground_enter(void);

void interface_raise(const char *name);
void interface_lower(const char *name);

/*
 * A tap (Ethernet) or tun (IP) interface of this name, up. What is written to the descriptor
 * arrives on the interface; it goes away when the descriptor is closed. Skips the test where
 * there is none to be had.
 */
int interface_new(const char *name, bool ethernet);

/* Two UDP sockets on 127.0.0.1, one connected to the other. */
struct wire {
	int sender, receiver;
	uint16_t port;
};

struct wire wire_new(void);

/* A datagram that says its number; read at the other end, too. */
void wire_send(const struct wire *wire, uint32_t number);

/* Another process with a network namespace and a `lo` of its own. */
struct elsewhere {
	pid_t pid;
	int orders; /* a byte: send a datagram over your lo; its end: go */
};

struct elsewhere elsewhere_new(void);
void elsewhere_send(const struct elsewhere *elsewhere);
void elsewhere_end(const struct elsewhere *elsewhere);

void capabilities_drop(void);

#endif
