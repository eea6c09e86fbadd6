/* party.h: the sockets that somebody of a scenario holds. */
#ifndef LAB_PARTY_H
#define LAB_PARTY_H

#include <netinet/in.h>
#include <stdint.h>

#include "lab/act.h"

void party_begin(struct party *party);

/* Closes everything and ends its child. */
void party_end(struct party *party);

/* 127.0.0.1, and the port. */
struct sockaddr_in place(uint16_t port);

/* The TCP socket that the next listen or connect will use, opened where need be; -1: errno. */
int party_fresh(struct party *party);

/* It leaves `fresh`: whoever takes it closes it. */
int party_take_fresh(struct party *party);

/* The connections to come are a new group. */
void party_group(struct party *party);

/* -1 where it holds too many: the socket is closed then. */
int party_add(struct party *party, int socket);

/* Where options and filters go: the i-th of its connections, or what will listen or connect; -1: no more. */
int party_target(struct party *party, unsigned i);

/* Binds to 127.0.0.1 and the party's port (0: any) and notes which port it is; -1: errno. */
int party_bind(struct party *party, int socket, bool reuses);

/* Notes where the socket is. `is_subject`: the scenario is about this connection. */
int performance_meet(struct performance *performance, const struct act *act, int socket,
                     uint8_t protocol, bool is_subject);

#endif
