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

enum verdict bytes_decode(const uint8_t *bytes, uint32_t captured, uint32_t length,
                          uint16_t link_type, struct segment *segment)
{
	struct decoder decoder = { .ignore_checksums = false };
	uint8_t *exact = malloc(captured > 0 ? captured : 1);
	struct frame frame = {
		.bytes = exact,
		.captured = captured,
		.length = length,
		.link_type = link_type,
	};
	const uint8_t *payload = NULL;
	enum verdict verdict;

	memcpy(exact, bytes, captured);
	verdict = decoder_decode(&decoder, &frame, segment);
	if (decode_payload(&frame, &payload) > 0)
		cr_assert(payload >= exact && payload < exact + captured);
	free(exact);
	return verdict;
}
