/* wire.h: frames from hexadecimal text, decoded from storage of exactly their size. */
#ifndef TESTS_UNIT_PACKET_WIRE_H
#define TESTS_UNIT_PACKET_WIRE_H

#include <stdint.h>

#include "packet/decode.h"

enum { WIRE_MAX = 4096 };

struct wire {
	uint8_t bytes[WIRE_MAX];
	uint32_t captured;
	uint32_t length;
	uint16_t link_type;
	int64_t time;
	uint64_t number;
};

/* Blanks in `hex` are skipped. Everything is captured. */
struct wire wire_hex(uint16_t link_type, const char *hex);

/* Appends `count` bytes of `byte`. */
void wire_add(struct wire *wire, uint8_t byte, uint32_t count);

/* Decodes from a copy in storage of just `captured` bytes, so that a sanitizer sees a step past it. */
enum verdict wire_decode(const struct wire *wire, struct segment *segment);
enum verdict wire_decode_with(struct decoder *decoder, const struct wire *wire,
                              struct segment *segment);
enum verdict bytes_decode(const uint8_t *bytes, uint32_t captured, uint32_t length,
                          uint16_t link_type, struct segment *segment);

#endif
