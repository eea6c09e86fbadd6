/* answer.h: the kernel's answer to one request for its sockets. */
#ifndef HOST_ANSWER_H
#define HOST_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/sockets.h"

/* Begins with what was asked; answer_take fills the rest. */
struct answer {
	uint32_t sequence; /* of the request: messages with another one are stale */
	uint8_t protocol;
	bool complete;
	bool interrupted;   /* the kernel's tables changed meanwhile: sockets may be missing */
	bool out_of_memory; /* sockets are missing; the rest was read past */
	int refusal;        /* errno, 0 if the kernel did as asked */
};

/* Takes the netlink messages of one read, aligned as struct nlmsghdr; their sockets are added. */
void answer_take(struct answer *answer, const void *bytes, size_t count, struct sockets *sockets);

#endif
