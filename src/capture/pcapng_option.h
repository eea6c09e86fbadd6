/* pcapng_option.h: the options at the end of a block. */
#ifndef CAPTURE_PCAPNG_OPTION_H
#define CAPTURE_PCAPNG_OPTION_H

#include <stdbool.h>
#include <stdint.h>

struct parser;

struct option {
	uint16_t code;
	uint16_t size;
	const uint8_t *value;
};

struct options {
	const uint8_t *rest;
	uint32_t left;
	bool swapped;
};

/* 1: *option is the next one; 0: there are no more; -1: it runs past the block. */
int option_next(struct options *options, struct option *option);

#endif
