/* address.c: addresses compared, written and read. */

#include "packet/address.h"

#include <arpa/inet.h>
#include <string.h>

static void add_ipv4(struct text *text, const uint8_t *bytes)
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			text_add_char(text, '.');
		text_add_unsigned(text, bytes[i]);
	}
}

static void add_ipv6(struct text *text, const uint8_t *bytes)
{
	char string[INET6_ADDRSTRLEN];

	if (inet_ntop(AF_INET6, bytes, string, sizeof(string)))
		text_add(text, string);
}

int address_compare(const struct address *a, const struct address *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

void address_add(struct text *text, enum family family, const struct address *address)
{
	if (family == FAMILY_IPV4)
		add_ipv4(text, address->bytes);
	if (family == FAMILY_IPV6)
		add_ipv6(text, address->bytes);
}

void address_add_port(struct text *text, enum family family, const struct address *address,
                      uint16_t port)
{
	if (family == FAMILY_IPV6)
		text_add_char(text, '[');
	address_add(text, family, address);
	if (family == FAMILY_IPV6)
		text_add_char(text, ']');
	text_add_char(text, ':');
	text_add_unsigned(text, port);
}

enum family address_parse(const char *string, struct address *address)
{
	struct address read = { { 0 } };
	enum family family = FAMILY_NONE;

	if (inet_pton(AF_INET, string, read.bytes) == 1)
		family = FAMILY_IPV4;
	else if (inet_pton(AF_INET6, string, read.bytes) == 1)
		family = FAMILY_IPV6;
	if (family != FAMILY_NONE)
		*address = read;
	return family;
}
