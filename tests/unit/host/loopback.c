/* loopback.c: real sockets on loopback, and what the kernel comes to say about them. */

#include "unit/host/loopback.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 5.0

struct name {
	union {
		struct sockaddr any;
		struct sockaddr_in ipv4;
		struct sockaddr_in6 ipv6;
	};
	socklen_t length;
};

static struct name name_of(const char *address, uint16_t port)
{
	struct name name = { 0 };

	if (inet_pton(AF_INET, address, &name.ipv4.sin_addr) == 1) {
		name.ipv4.sin_family = AF_INET;
		name.ipv4.sin_port = htons(port);
		name.length = sizeof(name.ipv4);
	} else {
		cr_assert_eq(inet_pton(AF_INET6, address, &name.ipv6.sin6_addr), 1);
		name.ipv6.sin6_family = AF_INET6;
		name.ipv6.sin6_port = htons(port);
		name.length = sizeof(name.ipv6);
	}
	return name;
}

static int bound_socket(const char *address, int type)
{
	struct name name = name_of(address, 0);
	int descriptor = socket(name.any.sa_family, type | SOCK_CLOEXEC, 0);

	cr_assert_geq(descriptor, 0, "%s", strerror(errno));
	cr_assert_eq(bind(descriptor, &name.any, name.length), 0, "%s", strerror(errno));
	return descriptor;
}

int listener_open(const char *address, int backlog)
{
	int listener = bound_socket(address, SOCK_STREAM);

	cr_assert_eq(listen(listener, backlog), 0);
	return listener;
}

int datagram_open(const char *address)
{
	return bound_socket(address, SOCK_DGRAM);
}

int client_open(const char *address, uint16_t port, bool wait)
{
	struct name name = name_of(address, port);
	int type = SOCK_STREAM | SOCK_CLOEXEC | (wait ? 0 : SOCK_NONBLOCK);
	int client = socket(name.any.sa_family, type, 0);

	cr_assert_geq(client, 0, "%s", strerror(errno));
	if (connect(client, &name.any, name.length) < 0)
		cr_assert(!wait && errno == EINPROGRESS, "%s", strerror(errno));
	return client;
}

struct pair pair_open(const char *address)
{
	struct pair pair = { .listener = listener_open(address, 8) };

	pair.client = client_open(address, own_end(pair.listener).port, true);
	pair.server = accept(pair.listener, NULL, NULL);
	cr_assert_geq(pair.server, 0);
	pair.client_end = own_end(pair.client);
	pair.server_end = own_end(pair.server);
	return pair;
}

void pair_close(struct pair *pair)
{
	const struct linger reset = { .l_onoff = 1 };

	setsockopt(pair->client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(pair->client);
	close(pair->server);
	close(pair->listener);
}

struct end own_end(int socket)
{
	struct name name = { .length = sizeof(name.ipv6) };
	struct end end = { 0 };

	cr_assert_eq(getsockname(socket, &name.any, &name.length), 0);
	if (name.any.sa_family == AF_INET) {
		end.family = FAMILY_IPV4;
		memcpy(end.address.bytes, &name.ipv4.sin_addr, 4);
		end.port = ntohs(name.ipv4.sin_port);
	} else if (IN6_IS_ADDR_V4MAPPED(&name.ipv6.sin6_addr)) {
		end.family = FAMILY_IPV4;
		memcpy(end.address.bytes, &name.ipv6.sin6_addr.s6_addr[12], 4);
		end.port = ntohs(name.ipv6.sin6_port);
	} else {
		end.family = FAMILY_IPV6;
		memcpy(end.address.bytes, &name.ipv6.sin6_addr, 16);
		end.port = ntohs(name.ipv6.sin6_port);
	}
	return end;
}

void socket_swallow(int socket)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	const struct sock_fprog program = { .len = 1, .filter = &nothing };
	int attached = setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));

	/* Since some kernel it takes CAP_NET_ADMIN, if only in a namespace of one's own. */
	if (attached < 0 && errno == EPERM)
		cr_skip_test("this kernel does not let us filter what a socket hears");
	cr_assert_eq(attached, 0, "%s", strerror(errno));
}

void socket_let_in(int socket)
{
	const int unused = 0;

	cr_assert_eq(setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused)), 0);
}

bool has_ipv6(void)
{
	struct name name = name_of("::1", 0);
	int descriptor = socket(AF_INET6, SOCK_STREAM, 0);
	bool bound = descriptor >= 0 && bind(descriptor, &name.any, name.length) == 0;

	if (descriptor >= 0)
		close(descriptor);
	return bound;
}

uint64_t inode_of_socket(int socket)
{
	struct stat status;

	cr_assert_eq(fstat(socket, &status), 0);
	return status.st_ino;
}

struct sockets sockets_opened(void)
{
	struct sockets sockets;
	struct error err = { 0 };

	cr_assert_eq(sockets_open(&sockets, &err), 0, "%s", err.what);
	return sockets;
}

void sockets_refresh(struct sockets *sockets)
{
	struct error err = { 0 };

	cr_assert_eq(sockets_read(sockets, true, true, &err), 0, "%s", err.what);
}

const struct socket_entry *entry_between(const struct sockets *sockets, uint8_t protocol,
                                         struct end local, struct end remote)
{
	return sockets_find(sockets, protocol, local.family, &local.address, local.port,
	                    &remote.address, remote.port);
}

const struct socket_entry *await(struct sockets *sockets, uint8_t protocol, struct end local,
                                 struct end remote, enum socket_state state)
{
	const double deadline = stopwatch() + PATIENCE;
	const struct socket_entry *entry;

	do {
		sockets_refresh(sockets);
		entry = entry_between(sockets, protocol, local, remote);
		if (entry && entry->state == state)
			return entry;
	} while (stopwatch() < deadline);
	cr_assert(false, "no %s: the kernel says %s", socket_state_name(state),
	          entry ? socket_state_name(entry->state) : "nothing");
	return NULL;
}

void await_none(struct sockets *sockets, uint8_t protocol, struct end local, struct end remote)
{
	const double deadline = stopwatch() + PATIENCE;
	const struct socket_entry *entry;

	do {
		sockets_refresh(sockets);
		entry = entry_between(sockets, protocol, local, remote);
	} while (entry && stopwatch() < deadline);
	cr_assert_null(entry, "still there after some seconds");
}

double stopwatch(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
