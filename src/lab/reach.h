/* reach.h: where a socket can be reached, in the form that the socket calls want. */
#ifndef LAB_REACH_H
#define LAB_REACH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/text.h"
#include "packet/address.h"

struct reach {
	struct sockaddr_storage address;
	socklen_t length;
};

/* FAMILY_NONE: 127.0.0.1. */
struct reach reach_of(uint8_t family, const struct address *address, uint16_t port);
void reach_add(struct text *text, const struct reach *reach);
uint16_t reach_port(const struct reach *reach);
bool reach_equal(const struct sockaddr_storage *a, const struct sockaddr_storage *b);

#endif
