/* netns.c: a visit to another network namespace. */

#define _GNU_SOURCE /* setns */

#include "capture/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where `ip netns` keeps them. */
#define NAMED "/run/netns/"

static void refusal_set(const char *name, int number, struct error *err)
{
	error_set(err, "network namespace %s: %s", name,
	          number == ENOENT ? "no such namespace" : strerror(number));
	if (number == ENOENT)
		error_remedy(err, "list the namespaces with: ip netns");
	if (number == EPERM || number == EACCES)
		error_remedy(err, "run it as root: only CAP_SYS_ADMIN may enter a namespace");
	if (number == EINVAL)
		error_remedy(err,
		             "give a name that `ip netns` lists, or a path as /proc/PID/ns/net");
}

static int namespace_open(const char *name)
{
	char path[PATH_MAX];
	int length = snprintf(path, sizeof(path), "%s%s", strchr(name, '/') ? "" : NAMED, name);

	if (length < 0 || (size_t)length >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC);
}

int netns_enter(const char *name, struct error *err)
{
	int before, there;

	if (!name)
		return 0;
	before = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	there = before < 0 ? -1 : namespace_open(name);
	if (there >= 0 && setns(there, CLONE_NEWNET) == 0) {
		close(there);
		return before;
	}
	refusal_set(name, errno, err);
	if (there >= 0)
		close(there);
	if (before >= 0)
		close(before);
	return -1;
}

int netns_leave(const char *name, int before, struct error *err)
{
	int outcome = 0;

	if (!name)
		return 0;
	if (setns(before, CLONE_NEWNET) < 0) {
		error_set(err, "network namespace %s: cannot be left again: %s", name,
		          strerror(errno));
		outcome = -1;
	}
	close(before);
	return outcome;
}
