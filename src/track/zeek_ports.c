/* zeek_ports.c: the ports that Zeek's default scripts take for a server's (likely_server_ports). */

#include "track/zeek_parts.h"

#include <stddef.h>

/* In order, with an end that no port exceeds. */
/* clang-format off */
static const uint16_t tcp_ports[] = {
	21, 22, 25, 53, 79, 80, 81, 88, 110, 111, 135, 139, 143, 389, 443, 445, 502, 563, 585, 587,
	614, 631, 636, 989, 990, 992, 993, 995, 1080, 1434, 1883, 2811, 3128, 3268, 3306, 3389,
	5222, 5223, 5269, 5432, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000, UINT16_MAX,
};

static const uint16_t udp_ports[] = {
	53, 67, 68, 88, 111, 123, 137, 161, 162, 389, 443, 514, 1812, 2123, 2152, 3268, 3389, 3544,
	4011, 4789, 5060, 5072, 5353, 5355, 6081, 20000, UINT16_MAX,
};
/* clang-format on */

bool zeek_serves(enum protocol protocol, uint16_t port)
{
	const uint16_t *ports = protocol == PROTOCOL_UDP ? udp_ports : tcp_ports;

	while (*ports < port)
		ports++;
	return *ports == port && port != UINT16_MAX;
}
