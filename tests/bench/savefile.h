/* savefile.h: classic pcap with microseconds, which every tool reads, and pcapng. */
#ifndef BENCH_SAVEFILE_H
#define BENCH_SAVEFILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct savefile {
	FILE *file;
	bool is_pcapng;
	uint32_t snaplen;
	uint64_t frames;
	uint64_t bytes;
};

/* pcapng where the name ends so. -1 and errno. */
int savefile_open(struct savefile *savefile, const char *path, uint32_t snaplen);
void savefile_add(struct savefile *savefile, int64_t time, const uint8_t *bytes, uint32_t length);

/* -1 and errno where not all of it could be written. */
int savefile_close(struct savefile *savefile);

#endif
