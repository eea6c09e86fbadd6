/* watcher.c: tells when a file may have changed, or another may have its name. */

#include "capture/watcher.h"

#ifdef __linux__

#include <limits.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define IN_FILE (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF)
#define IN_FOLDER (IN_CREATE | IN_MOVED_TO | IN_ONLYDIR)

/* Failing is no harm: then it is time that brings the news. */
static void folder_watch(int watcher, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t count = slash ? (size_t)(slash - path) + 1 : 0;
	char folder[PATH_MAX] = ".";

	if (count >= sizeof(folder))
		return;
	memcpy(folder, path, count);
	if (count)
		folder[count] = '\0';
	inotify_add_watch(watcher, folder, IN_FOLDER);
}

int watcher_open(const char *path)
{
	int watcher = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (watcher < 0)
		return -1;
	folder_watch(watcher, path);
	inotify_add_watch(watcher, path, IN_FILE);
	return watcher;
}

void watcher_reset(int watcher, const char *path)
{
	char events[4096];

	if (watcher < 0)
		return;
	while (read(watcher, events, sizeof(events)) > 0)
		;
	inotify_add_watch(watcher, path, IN_FILE);
}

#else

int watcher_open(const char *path)
{
	(void)path;
	return -1;
}

void watcher_reset(int watcher, const char *path)
{
	(void)watcher;
	(void)path;
}

#endif
