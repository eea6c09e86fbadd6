/* ground.c: a network of the test's own, where nobody else makes traffic. */

#define _GNU_SOURCE /* unshare */

#include "ground.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_SECONDS 20

static void file_write(const char *path, const char *words)
{
	int descriptor = open(path, O_WRONLY | O_CLOEXEC);

	if (descriptor < 0)
		return;
	cr_assert_gt(write(descriptor, words, strlen(words)), 0, "%s", path);
	close(descriptor);
}

static bool is_alone(void)
{
	uid_t user = geteuid();
	gid_t group = getegid();
	char map[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return unshare(CLONE_NEWNET) == 0;
	file_write("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", user);
	file_write("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", group);
	file_write("/proc/self/gid_map", map);
	return true;
}

static void flags_set(const char *name, short set, short clear)
{
	int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_flags = 0 };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	cr_assert_eq(ioctl(descriptor, SIOCGIFFLAGS, &request), 0);
	request.ifr_flags = (short)((request.ifr_flags | set) & ~clear);
	cr_assert_eq(ioctl(descriptor, SIOCSIFFLAGS, &request), 0);
	close(descriptor);
}

void interface_raise(const char *name)
{
	flags_set(name, IFF_UP | IFF_RUNNING, 0);
}

void interface_lower(const char *name)
{
	flags_set(name, 0, IFF_UP);
}

void ground_enter(void)
{
	/* libpcap, when it blocks, survives the signal by which Criterion ends what takes too long. */
	alarm(PATIENCE_SECONDS);
	if (!is_alone())
		cr_skip_test("needs root, or user and network namespaces");
	/* Its own chatter on new interfaces would be captured too. */
	file_write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	interface_raise("lo");
}

int interface_new(const char *name, bool ethernet)
{
	int descriptor = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	struct ifreq request = { .ifr_flags = 0 };

	request.ifr_flags = (short)((ethernet ? IFF_TAP : IFF_TUN) | IFF_NO_PI);
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (descriptor < 0 || ioctl(descriptor, TUNSETIFF, &request) < 0)
		cr_skip_test("needs /dev/net/tun");
	interface_raise(name);
	return descriptor;
}

struct wire wire_new(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	struct wire wire = {
		.sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
		.receiver = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
	};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert_eq(bind(wire.receiver, (struct sockaddr *)&address, size), 0);
	cr_assert_eq(getsockname(wire.receiver, (struct sockaddr *)&address, &size), 0);
	cr_assert_eq(connect(wire.sender, (struct sockaddr *)&address, size), 0);
	wire.port = ntohs(address.sin_port);
	return wire;
}

void wire_send(const struct wire *wire, uint32_t number)
{
	uint32_t read;

	cr_assert_eq(send(wire->sender, &number, sizeof(number), 0), (ssize_t)sizeof(number));
	cr_assert_eq(recv(wire->receiver, &read, sizeof(read), 0), (ssize_t)sizeof(read));
}

static _Noreturn void elsewhere_live(int orders, int ready)
{
	struct wire wire;
	char order;

	if (unshare(CLONE_NEWNET) < 0)
		_exit(1);
	interface_raise("lo");
	wire = wire_new();
	if (write(ready, "", 1) != 1)
		_exit(1);
	while (read(orders, &order, 1) == 1)
		wire_send(&wire, 1);
	_exit(0);
}

struct elsewhere elsewhere_new(void)
{
	struct elsewhere elsewhere;
	int orders[2], ready[2];
	char byte;

	cr_assert_eq(pipe(orders), 0);
	cr_assert_eq(pipe(ready), 0);
	elsewhere.orders = orders[1];
	elsewhere.pid = fork();
	cr_assert_geq(elsewhere.pid, 0);
	if (elsewhere.pid == 0) {
		close(orders[1]);
		elsewhere_live(orders[0], ready[1]);
	}
	close(orders[0]);
	close(ready[1]);
	cr_assert_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return elsewhere;
}

void elsewhere_send(const struct elsewhere *elsewhere)
{
	cr_assert_eq(write(elsewhere->orders, "", 1), 1);
}

void elsewhere_end(const struct elsewhere *elsewhere)
{
	close(elsewhere->orders);
	waitpid(elsewhere->pid, NULL, 0);
}

void capabilities_drop(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { .effective = 0 }, { .effective = 0 } };

	cr_assert_eq(syscall(SYS_capset, &header, none), 0);
}
