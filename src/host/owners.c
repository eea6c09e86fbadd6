/* owners.c: which process holds a socket, from one walk through /proc. */

/*
 * A descriptor of a socket is a link to "socket:[INODE]" in /proc/PID/fd
 * (proc(5)). Other users' processes may be looked into only by root or with
 * CAP_SYS_PTRACE; they are passed over, and their sockets have no owner.
 */

#include "host/owners.h"

#ifdef __linux__

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM_AT_FIRST 256

struct held {
	uint64_t inode;
	struct owner owner;
};

struct owners {
	struct held *entries;
	size_t count, room;
};

static int held_compare(const void *left, const void *right)
{
	const struct held *a = left, *b = right;

	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return (a->owner.pid > b->owner.pid) - (a->owner.pid < b->owner.pid);
}

static int owners_add(struct owners *owners, const struct held *held)
{
	if (owners->count == owners->room) {
		size_t room = owners->room ? 2 * owners->room : ROOM_AT_FIRST;
		struct held *entries = realloc(owners->entries, room * sizeof(*entries));

		if (!entries)
			return -1;
		owners->entries = entries;
		owners->room = room;
	}
	owners->entries[owners->count++] = *held;
	return 0;
}

/* 0: not a process. */
static int pid_of(const char *name)
{
	char *end;
	long pid;

	if (!isdigit((unsigned char)name[0]))
		return 0;
	pid = strtol(name, &end, 10);
	return *end || pid > INT_MAX ? 0 : (int)pid;
}

/* 0: not a socket. */
static uint64_t inode_of(int folder, const char *name)
{
	static const char prefix[] = "socket:[";
	char target[64];
	ssize_t length = readlinkat(folder, name, target, sizeof(target) - 1);

	if (length < 0)
		return 0;
	target[length] = '\0';
	if (strncmp(target, prefix, sizeof(prefix) - 1) != 0)
		return 0;
	return strtoull(target + sizeof(prefix) - 1, NULL, 10);
}

static bool read_line(int process, const char *file, char *line, size_t size)
{
	int descriptor = openat(process, file, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (descriptor < 0)
		return false;
	length = read(descriptor, line, size - 1);
	close(descriptor);
	line[length > 0 ? length : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return line[0] != '\0';
}

/*
 * netstat's way: the first argument, without folders if it is a whole path
 * (nginx calls itself "nginx: worker process"). A process may call itself
 * anything: what could steer a terminal is not passed on.
 */
static void name_process(int process, struct owner *owner)
{
	char line[PATH_MAX];
	const char *from = line;
	size_t length = 0;

	if (!read_line(process, "cmdline", line, sizeof(line)) &&
	    !read_line(process, "comm", line, sizeof(line)))
		return;
	if (line[0] == '/')
		from = strrchr(line, '/') + 1;
	for (; *from && length < sizeof(owner->name) - 1; from++)
		owner->name[length++] = *from >= ' ' && *from <= '~' ? *from : '?';
	owner->name[length] = '\0';
}

static int read_descriptors(struct owners *owners, int process, DIR *descriptors, int pid)
{
	struct held held = { .owner.pid = pid };
	const struct dirent *entry;
	bool named = false;

	while ((entry = readdir(descriptors))) {
		held.inode = inode_of(dirfd(descriptors), entry->d_name);
		if (!held.inode)
			continue;
		if (!named)
			name_process(process, &held.owner);
		named = true;
		if (owners_add(owners, &held) < 0)
			return -1;
	}
	return 0;
}

/* A process that has gone, or that we may not look into, holds nothing for us. */
static int passed_over(void)
{
	return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -1 : 0;
}

/* -1 and errno only where we ourselves lack something. */
static int read_process(struct owners *owners, int processes, const char *name, int pid)
{
	int process = openat(processes, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int folder, result;
	DIR *descriptors;

	if (process < 0)
		return passed_over();
	folder = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	descriptors = folder < 0 ? NULL : fdopendir(folder);
	if (descriptors) {
		result = read_descriptors(owners, process, descriptors, pid);
		closedir(descriptors);
	} else {
		result = passed_over();
		if (folder >= 0)
			close(folder);
	}
	close(process);
	return result;
}

static int read_processes(struct owners *owners, DIR *processes)
{
	const struct dirent *entry;
	bool any = false;

	while ((entry = readdir(processes))) {
		int pid = pid_of(entry->d_name);

		if (!pid)
			continue;
		any = true;
		if (read_process(owners, dirfd(processes), entry->d_name, pid) < 0)
			return -1;
	}
	errno = ENOENT;
	return any ? 0 : -1;
}

static void owners_refuse(struct owners *owners, const char *folder, struct error *err)
{
	int number = errno;

	owners_free(owners);
	if (number == ENOENT) {
		error_set(err, "%s: shows no processes", folder);
		error_remedy(err, "to mount it: sudo mount -t proc proc %s", folder);
	} else {
		error_set(err, "%s: %s", folder, strerror(number));
	}
}

struct owners *owners_read_under(const char *folder, struct error *err)
{
	struct owners *owners = calloc(1, sizeof(*owners));
	DIR *processes = opendir(folder);

	if (!owners || !processes || read_processes(owners, processes) < 0) {
		owners_refuse(owners, folder, err);
		owners = NULL;
	} else if (owners->count > 0) {
		qsort(owners->entries, owners->count, sizeof(*owners->entries), held_compare);
	}
	if (processes)
		closedir(processes);
	return owners;
}

struct owners *owners_read(struct error *err)
{
	return owners_read_under("/proc", err);
}

void owners_free(struct owners *owners)
{
	if (owners)
		free(owners->entries);
	free(owners);
}

/* A socket that was inherited belongs to the lowest pid: most likely its creator. */
struct owner owners_find(const struct owners *owners, uint64_t inode)
{
	size_t low = 0, high = owners ? owners->count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (owners->entries[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	if (owners && low < owners->count && owners->entries[low].inode == inode)
		return owners->entries[low].owner;
	return (struct owner){ 0 };
}

#endif
