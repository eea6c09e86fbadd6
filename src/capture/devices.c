/* devices.c: the interfaces there are. */

#include "capture/live.h"

#include <net/if.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "capture/netns.h"

/* libpcap also lists buses and queues, where there is no IP to be seen. */
static bool is_network(const pcap_if_t *interface)
{
	return if_nametoindex(interface->name) != 0 || strcmp(interface->name, "any") == 0;
}

static struct live_address address_of(const struct sockaddr *from)
{
	struct live_address to = { .family = FAMILY_NONE };
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;

	if (from && from->sa_family == AF_INET) {
		memcpy(&ipv4, from, sizeof(ipv4));
		memcpy(to.address.bytes, &ipv4.sin_addr, sizeof(ipv4.sin_addr));
		to.family = FAMILY_IPV4;
	} else if (from && from->sa_family == AF_INET6) {
		memcpy(&ipv6, from, sizeof(ipv6));
		memcpy(to.address.bytes, &ipv6.sin6_addr, sizeof(ipv6.sin6_addr));
		to.family = FAMILY_IPV6;
	}
	return to;
}

static int device_tell(const pcap_if_t *interface, device_visitor *visit, void *context)
{
	struct live_address *addresses = NULL;
	size_t count = 0;

	for (const pcap_addr_t *at = interface->addresses; at; at = at->next) {
		struct live_address address = address_of(at->addr);
		struct live_address *more;

		if (address.family == FAMILY_NONE)
			continue;
		more = realloc(addresses, (count + 1) * sizeof(*addresses));
		if (!more) {
			free(addresses);
			return -1;
		}
		addresses = more;
		addresses[count++] = address;
	}
	visit(context, &(struct live_device){
			       .name = interface->name,
			       .description = interface->description,
			       .addresses = addresses,
			       .address_count = count,
			       .is_up = interface->flags & PCAP_IF_UP,
			       .is_loopback = interface->flags & PCAP_IF_LOOPBACK,
		       });
	free(addresses);
	return 0;
}

static int devices_tell(device_visitor *visit, void *context, struct error *err)
{
	char message[PCAP_ERRBUF_SIZE] = "";
	pcap_if_t *all = NULL;
	int outcome = 0;

	if (pcap_findalldevs(&all, message) < 0) {
		error_set(err, "cannot list the interfaces: %s", message);
		return -1;
	}
	for (const pcap_if_t *at = all; at && outcome == 0; at = at->next)
		if (is_network(at))
			outcome = device_tell(at, visit, context);
	if (outcome < 0)
		error_set(err, "cannot list the interfaces: out of memory");
	pcap_freealldevs(all);
	return outcome;
}

int live_devices(const char *netns, device_visitor *visit, void *context, struct error *err)
{
	int before = netns_enter(netns, err);
	int outcome;

	if (before < 0)
		return -1;
	outcome = devices_tell(visit, context, err);
	return netns_leave(netns, before, err) < 0 ? -1 : outcome;
}
