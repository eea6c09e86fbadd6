/* address.h: an IPv4 or IPv6 address. */
#ifndef PACKET_ADDRESS_H
#define PACKET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum family { FAMILY_NONE = 0, FAMILY_IPV4 = 4, FAMILY_IPV6 = 6 };

/* Network byte order. IPv4 fills the first four bytes, the rest is zero; the family is kept beside it. */
struct address {
	uint8_t bytes[16];
};

static inline bool address_equal(const struct address *a, const struct address *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

int address_compare(const struct address *a, const struct address *b);

/* "192.0.2.1", or RFC 5952's form for IPv6. */
void address_add(struct text *text, enum family family, const struct address *address);

/* "192.0.2.1:80", or "[2001:db8::1]:80". */
void address_add_port(struct text *text, enum family family, const struct address *address,
                      uint16_t port);

/* Reads either family; returns FAMILY_NONE for anything else. */
enum family address_parse(const char *string, struct address *address);

#endif
