/* storage.h: a decoder with storage for tunnels and fragments. */
#ifndef TESTS_UNIT_PACKET_STORAGE_H
#define TESTS_UNIT_PACKET_STORAGE_H

#include "packet/decode.h"

enum { STORAGE_TUNNELS = 16, STORAGE_DATAGRAMS = 4 };

/* Its sizes are exact, so that a sanitizer sees a step past them. */
struct storage {
	struct decoder decoder;
	void *tunnels;
	void *fragments;
};

struct storage storage_lend(void);
void storage_free(struct storage *storage);

#endif
