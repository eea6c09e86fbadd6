/* listener.h: ports that were seen answering. */
#ifndef TRACK_LISTENER_H
#define TRACK_LISTENER_H

#include <stdint.h>

#include "packet/address.h"

/* A place that answered a SYN with a SYN-ACK at least once. */
struct listener {
	struct address address;
	uint16_t port;
	uint8_t family;
	uint32_t half_open;   /* SYN-ACKs that wait for the handshake's last ACK, now */
	uint64_t accepted;    /* handshakes completed */
	int64_t last;         /* latest SYN-ACK */
};

#endif
