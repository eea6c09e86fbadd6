/* reach.c: where a socket can be reached, in the form that the socket calls want. */

#include "lab/reach.h"

#include <netinet/in.h>
#include <string.h>

struct reach reach_of(uint8_t family, const struct address *address, uint16_t port)
{
	struct reach reach = { .length = sizeof(struct sockaddr_in) };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	if (family == FAMILY_IPV6) {
		memcpy(&v6.sin6_addr, address->bytes, sizeof(v6.sin6_addr));
		memcpy(&reach.address, &v6, sizeof(v6));
		reach.length = sizeof(v6);
		return reach;
	}
	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (family == FAMILY_IPV4)
		memcpy(&v4.sin_addr, address->bytes, sizeof(v4.sin_addr));
	memcpy(&reach.address, &v4, sizeof(v4));
	return reach;
}

/* Either family's address and port. */
static enum family take_apart(const struct sockaddr_storage *from, struct address *address,
                              uint16_t *port)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	*address = (struct address){ .bytes = { 0 } };
	if (from->ss_family == AF_INET6) {
		memcpy(&v6, from, sizeof(v6));
		memcpy(address->bytes, &v6.sin6_addr, sizeof(v6.sin6_addr));
		*port = ntohs(v6.sin6_port);
		return FAMILY_IPV6;
	}
	memcpy(&v4, from, sizeof(v4));
	memcpy(address->bytes, &v4.sin_addr, sizeof(v4.sin_addr));
	*port = ntohs(v4.sin_port);
	return FAMILY_IPV4;
}

void reach_add(struct text *text, const struct reach *reach)
{
	struct address address;
	uint16_t port;
	enum family family = take_apart(&reach->address, &address, &port);

	address_add_port(text, family, &address, port);
}

uint16_t reach_port(const struct reach *reach)
{
	struct address address;
	uint16_t port;

	take_apart(&reach->address, &address, &port);
	return port;
}

bool reach_equal(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	struct address addresses[2];
	uint16_t ports[2];

	return take_apart(a, &addresses[0], &ports[0]) == take_apart(b, &addresses[1], &ports[1]) &&
	       ports[0] == ports[1] && address_equal(&addresses[0], &addresses[1]);
}
