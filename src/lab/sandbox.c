/* sandbox.c: a network of one's own, with nothing in it but loopback. */

#define _GNU_SOURCE /* unshare */

#include "lab/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Everybody is root of a user namespace of their own, and may do there what concerns only that. */
static int unshare_network(void)
{
	if (unshare(CLONE_NEWNET) == 0)
		return 0;
	return unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

static int bring_up_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int handle = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = -1;

	if (handle < 0)
		return -1;
	if (ioctl(handle, SIOCGIFFLAGS, &request) == 0) {
		request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
		result = ioctl(handle, SIOCSIFFLAGS, &request);
	}
	close(handle);
	return result;
}

/* Clients (1) and servers (2). Where it cannot be set, fast open falls back to an ordinary handshake. */
static void allow_fast_open(void)
{
	int handle = open("/proc/sys/net/ipv4/tcp_fastopen", O_WRONLY | O_CLOEXEC);
	ssize_t ignored = handle >= 0 ? write(handle, "3", 1) : 0;

	(void)ignored;
	if (handle >= 0)
		close(handle);
}

int sandbox_enter(struct error *err)
{
	if (unshare_network() < 0) {
		error_set(err, "cannot make a network namespace: %s", strerror(errno));
		error_remedy(err, "run it as root, or allow user namespaces: "
		                  "sysctl kernel.unprivileged_userns_clone=1");
		return -1;
	}
	if (bring_up_loopback() < 0) {
		error_set(err, "cannot bring up lo: %s", strerror(errno));
		return -1;
	}
	allow_fast_open();
	return 0;
}
