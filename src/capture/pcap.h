/* pcap.h: what the parser remembers of a classic savefile's header. */
#ifndef CAPTURE_PCAP_H
#define CAPTURE_PCAP_H

#include <stdbool.h>
#include <stdint.h>

/* Early versions wrote a record's two lengths in the other order, and 2.3 in either. */
enum pcap_lengths {
	LENGTHS_CAPTURED_FIRST = 0,
	LENGTHS_CAPTURED_LAST,
	LENGTHS_CAPTURED_IS_LESS,
};

struct pcap_reader {
	uint32_t header;   /* bytes before a record's data */
	uint32_t fraction; /* nanoseconds in a unit of the time's second field */
	uint32_t most;     /* bytes a record may claim */
	enum pcap_lengths lengths;
	bool swapped;
};

#endif
