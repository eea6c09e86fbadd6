/* relay_hosts.c: two namespaces, their interfaces and what their kernels say. */

#define _GNU_SOURCE /* unshare, setns */

#include "unit/app/relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/kernel.h"
#include "base/time.h"
#include "lab/sandbox.h"
#include "packet/link.h"

static const struct {
	const char *address;
	uint16_t port;
} homes[2] = { [CLIENT] = { "192.0.2.1", 40000 }, [SERVER] = { "192.0.2.2", 7000 } };

/* Only the kernel that runs now knows which of these it has. */
static void setting_write(const char *name, const char *value)
{
	char path[128];
	int handle;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	handle = open(path, O_WRONLY | O_CLOEXEC);
	if (handle < 0)
		return;
	if (write(handle, value, strlen(value)) < 0)
		errno = 0;
	close(handle);
}

static bool refuse(struct relay *relay, const char *what)
{
	error_set(&relay->err, "%s: %s", what, strerror(errno));
	return false;
}

static struct sockaddr_in home_of(enum side side)
{
	struct sockaddr_in home = { .sin_family = AF_INET, .sin_port = htons(homes[side].port) };

	inet_pton(AF_INET, homes[side].address, &home.sin_addr);
	return home;
}

static bool address_set(enum side side, const char *name)
{
	struct ifreq request = { .ifr_flags = 0 };
	struct sockaddr_in address = home_of(side);
	int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is_set;

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	address.sin_port = 0;
	memcpy(&request.ifr_addr, &address, sizeof(address));
	is_set = ioctl(handle, SIOCSIFADDR, &request) == 0;
	inet_pton(AF_INET, "255.255.255.0", &address.sin_addr);
	memcpy(&request.ifr_netmask, &address, sizeof(address));
	is_set = is_set && ioctl(handle, SIOCSIFNETMASK, &request) == 0;
	memset(&request.ifr_ifru, 0, sizeof(request.ifr_ifru));
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	is_set = is_set && ioctl(handle, SIOCSIFFLAGS, &request) == 0;
	close(handle);
	return is_set;
}

static bool tun_open(struct host *host, enum side side)
{
	struct ifreq request = { .ifr_name = "relay", .ifr_flags = IFF_TUN | IFF_NO_PI };

	host->tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return host->tun >= 0 && ioctl(host->tun, TUNSETIFF, &request) == 0 &&
	       address_set(side, request.ifr_name);
}

/* No chatter; every odd segment is answered; nothing is sent again before its time. */
static void settings_write(void)
{
	/* clang-format off */
	static const char *const settings[][2] = {
		{ "ipv6/conf/all/disable_ipv6", "1" },  { "ipv6/conf/default/disable_ipv6", "1" },
		{ "ipv4/tcp_invalid_ratelimit", "0" },  { "ipv4/tcp_challenge_ack_limit", "100000" },
		{ "ipv4/tcp_early_retrans", "0" },      { "ipv4/tcp_recovery", "0" },
		{ "ipv4/tcp_rfc1337", "0" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		setting_write(settings[i][0], settings[i][1]);
}

static bool host_open(struct relay *relay, enum side side)
{
	struct host *host = &relay->hosts[side];

	host->network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (host->network < 0)
		return refuse(relay, "/proc/self/ns/net");
	settings_write();
	if (!tun_open(host, side))
		return refuse(relay, "cannot make a tun interface");
	host->port = homes[side].port;
	inet_pton(AF_INET, homes[side].address, host->address.bytes);
	return sockets_open(&host->sockets, &relay->err) == 0;
}

static bool observers_open(struct relay *relay)
{
	struct tracker_options options = tracker_defaults();

	options.max_flows = 16;
	options.keep = 16;
	options.unpacked = true;
	for (int place = 0; place < PLACE_COUNT; place++) {
		relay->observers[place].tracker = tracker_new(&options, &relay->err);
		if (relay->observers[place].tracker == NULL)
			return false;
	}
	return true;
}

bool relay_open(struct relay *relay)
{
	memset(relay, 0, sizeof(*relay));
	relay->clock = INT64_C(1700000000) * TIME_SECOND;
	for (int side = CLIENT; side <= SERVER; side++)
		relay->hosts[side] =
			(struct host){ .network = -1, .tun = -1, .listener = -1, .socket = -1 };
	if (sandbox_enter(&relay->err) < 0 || !host_open(relay, CLIENT))
		return false;
	if (unshare(CLONE_NEWNET) < 0)
		return refuse(relay, "cannot make a second network namespace");
	return host_open(relay, SERVER) && observers_open(relay);
}

static void handle_close(int handle)
{
	if (handle >= 0)
		close(handle);
}

void relay_close(struct relay *relay)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		struct host *host = &relay->hosts[side];

		handle_close(host->socket);
		handle_close(host->listener);
		handle_close(host->tun);
		handle_close(host->network);
		sockets_close(&host->sockets);
	}
	for (int place = 0; place < PLACE_COUNT; place++)
		tracker_free(relay->observers[place].tracker);
}

bool relay_enter(struct relay *relay, enum side side)
{
	if (setns(relay->hosts[side].network, CLONE_NEWNET) < 0)
		return refuse(relay, "setns");
	return true;
}

/* Where nothing is lost, nothing shall be repeated however busy the machine is. */
void relay_set_patience(struct relay *relay, bool is_lossy)
{
	for (int side = CLIENT; side <= SERVER; side++)
		if (relay_enter(relay, (enum side)side))
			setting_write("ipv4/tcp_rto_min_us", is_lossy ? "400000" : "8000000");
}

const char *host_name(enum side side)
{
	return side == CLIENT ? "client" : "server";
}

/* ---- What the kernels say ----------------------------------------------------------------------- */

bool relay_read_state(struct relay *relay, enum side side, enum tcp_state *state)
{
	static const struct address any;
	struct host *host = &relay->hosts[side];
	const struct host *peer = &relay->hosts[!side];
	const struct socket_entry *entry;

	if (sockets_read(&host->sockets, true, false, &relay->err) < 0)
		return false;
	entry = sockets_find(&host->sockets, PROTOCOL_TCP, FAMILY_IPV4, &host->address, host->port,
	                     &peer->address, peer->port);
	if (entry == NULL)
		entry = sockets_find(&host->sockets, PROTOCOL_TCP, FAMILY_IPV4, &host->address,
		                     host->port, &any, 0);
	*state = kernel_socket_state(entry);
	return true;
}

/* ---- What the observers say --------------------------------------------------------------------- */

const struct flow *relay_flow(const struct relay *relay, enum place place)
{
	const struct flow *flow = NULL, *latest = NULL;

	while ((flow = tracker_next(relay->observers[place].tracker, flow)) != NULL)
		latest = flow;
	return latest;
}

enum side relay_side(const struct relay *relay, const struct flow *flow, enum side host)
{
	return flow->key.port[CLIENT] == relay->hosts[host].port ? CLIENT : SERVER;
}
