/* folder.c: a folder of its own for a test, with files in it. */

#define _XOPEN_SOURCE 700 /* nftw */
#define _DEFAULT_SOURCE 1

#include "folder.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder folder_new(void)
{
	struct folder folder = { "/tmp/shakedown-XXXXXX" };

	cr_assert_not_null(mkdtemp(folder.path));
	return folder;
}

static int entry_remove(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

void folder_free(const struct folder *folder)
{
	nftw(folder->path, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
}

const char *folder_path(const struct folder *folder, const char *name)
{
	static char paths[64][160];
	static unsigned int next;
	char *path = paths[next++ % 64];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder->path, name);
	return path;
}

void folder_add(const struct folder *folder, const char *name)
{
	cr_assert_eq(mkdir(folder_path(folder, name), 0700), 0);
}

static const char *put(const struct folder *folder, const char *name, int how, const void *bytes,
                       size_t count)
{
	const char *path = folder_path(folder, name);
	int descriptor = open(path, O_WRONLY | O_CREAT | how, 0600);

	cr_assert_geq(descriptor, 0);
	cr_assert_eq(write(descriptor, bytes, count), (ssize_t)count);
	close(descriptor);
	return path;
}

const char *folder_write(const struct folder *folder, const char *name, const void *bytes,
                         size_t count)
{
	return put(folder, name, O_TRUNC, bytes, count);
}

const char *folder_append(const struct folder *folder, const char *name, const void *bytes,
                          size_t count)
{
	return put(folder, name, O_APPEND, bytes, count);
}
