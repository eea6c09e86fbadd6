/* pcapng.h: what the parser remembers of a pcapng section. */
#ifndef CAPTURE_PCAPNG_H
#define CAPTURE_PCAPNG_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/tick.h"

struct pcapng_interface {
	struct tick tick;
	uint32_t snaplen; /* 0: unlimited */
	uint16_t link_type;
};

struct pcapng_reader {
	struct pcapng_interface *interfaces; /* of this section */
	uint32_t count;
	uint32_t room;
	uint32_t earlier; /* interfaces of the sections before */
	uint32_t skip;    /* bytes left of a block nobody needs, its last length not counted */
	bool skipping;
	bool swapped;
	bool described;    /* the first interface of the file has been met */
	uint8_t length[4]; /* of the block that is being skipped, as it stands at its head */
	uint64_t at;       /* where that block began */
};

void pcapng_reader_free(struct pcapng_reader *reader);

#endif
