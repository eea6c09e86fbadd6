/* wire.c: frames from hexadecimal text. */

#include "unit/packet/wire.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static uint8_t digit(char character)
{
	const char *digits = "0123456789abcdef";
	const char *found = strchr(digits, character);

	cr_assert(found && character != '\0', "'%c' is not hexadecimal", character);
	return (uint8_t)(found - digits);
}

struct wire wire_hex(uint16_t link_type, const char *hex)
{
	struct wire wire = { .link_type = link_type };

	for (; *hex != '\0'; hex++) {
		if (isspace((unsigned char)*hex))
			continue;
		wire_add(&wire, (uint8_t)(digit(hex[0]) << 4 | digit(hex[1])), 1);
		hex++;
	}
	return wire;
}

void wire_add(struct wire *wire, uint8_t byte, uint32_t count)
{
	cr_assert(count <= WIRE_MAX - wire->captured);
	memset(wire->bytes + wire->captured, byte, count);
	wire->captured += count;
	wire->length += count;
}

enum verdict wire_decode(const struct wire *wire, struct segment *segment)
{
	return bytes_decode(wire->bytes, wire->captured, wire->length, wire->link_type, segment);
}

static enum verdict frame_decode(struct decoder *decoder, const struct frame *lent,
                                 struct segment *segment)
{
	uint8_t *exact = malloc(lent->captured > 0 ? lent->captured : 1);
	struct frame frame = *lent;
	const uint8_t *payload = NULL;
	enum verdict verdict;

	memcpy(exact, lent->bytes, lent->captured);
	frame.bytes = exact;
	verdict = decoder_decode(decoder, &frame, segment);
	if (decode_payload(&frame, &payload) > 0)
		cr_assert(payload >= exact && payload < exact + frame.captured);
	if (verdict_has_segment(verdict) && decoder->payload)
		for (uint32_t i = 0; i < segment->captured; i++)
			cr_assert(decoder->payload[i] <= UINT8_MAX);
	free(exact);
	return verdict;
}

enum verdict wire_decode_with(struct decoder *decoder, const struct wire *wire,
                              struct segment *segment)
{
	return frame_decode(decoder,
	                    &(struct frame){
				    .bytes = wire->bytes,
				    .captured = wire->captured,
				    .length = wire->length,
				    .link_type = wire->link_type,
				    .time = wire->time,
				    .number = wire->number,
			    },
	                    segment);
}

enum verdict bytes_decode(const uint8_t *bytes, uint32_t captured, uint32_t length,
                          uint16_t link_type, struct segment *segment)
{
	struct decoder decoder = { .ignore_checksums = false };

	return frame_decode(&decoder,
	                    &(struct frame){
				    .bytes = bytes,
				    .captured = captured,
				    .length = length,
				    .link_type = link_type,
			    },
	                    segment);
}
