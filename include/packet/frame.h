/* frame.h: captured bytes, before anybody has looked at them. */
#ifndef PACKET_FRAME_H
#define PACKET_FRAME_H

#include <stdint.h>

/* Lent to its visitor and gone when the visit is over. */
struct frame {
	const uint8_t *bytes;
	uint64_t number;     /* from 1, in the order of the source */
	int64_t time;        /* instant, see base/time.h */
	uint32_t captured;   /* bytes that can be read */
	uint32_t length;     /* bytes that were on the wire; may exceed captured */
	uint32_t interface;  /* number within its source */
	uint16_t link_type;  /* LINKTYPE_ of the savefile registry, not a platform's DLT_ */
};

#endif
