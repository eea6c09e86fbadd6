/* serve_files.c: one folder's files, and nothing outside of it. */

/*
 * The kernel itself keeps every name beneath the folder (openat2(2),
 * RESOLVE_BENEATH): "..", absolute names and links are refused there, not by
 * looking at the name.
 */

#define _GNU_SOURCE /* O_PATH, syscall */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lab/visitor.h"

static int open_beneath(const struct service *service, const char *name, uint64_t flags)
{
	struct open_how how = {
		.flags = flags | O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
	};

	return (int)syscall(SYS_openat2, service->folder, name, &how, sizeof(how));
}

static void list(struct visitor *visitor)
{
	int handle = open_beneath(visitor->service, ".", O_DIRECTORY);
	DIR *folder = handle >= 0 ? fdopendir(handle) : NULL;
	const struct dirent *entry;

	if (folder == NULL) {
		visitor_say(visitor, "error: %s\n", strerror(errno));
		if (handle >= 0)
			close(handle);
		return;
	}
	while ((entry = readdir(folder)) != NULL && visitor_room(visitor) > OUT_MAX / 4)
		if (entry->d_type == DT_REG && entry->d_name[0] != '.')
			visitor_say(visitor, "%s\n", entry->d_name);
	visitor_say(visitor, "%s", entry != NULL ? "...\n.\n" : ".\n");
	closedir(folder);
}

static void begin_sending(struct visitor *visitor, const char *name)
{
	struct stat about;
	int file = open_beneath(visitor->service, name, 0);

	if (file < 0) {
		visitor_say(visitor, "error: %s: %s\n", name,
		            errno == EXDEV || errno == ELOOP ? "not in this folder"
		                                             : strerror(errno));
		service_tell(visitor->service, "client %u was refused %s", visitor->number, name);
		return;
	}
	if (fstat(file, &about) < 0 || !S_ISREG(about.st_mode)) {
		visitor_say(visitor, "error: %s: not a file\n", name);
		close(file);
		return;
	}
	visitor_say(visitor, "%" PRIdMAX " bytes\n", (intmax_t)about.st_size);
	service_tell(visitor->service, "client %u gets %s", visitor->number, name);
	visitor->task = file;
}

/* As much as is free in its queue; the rest when that has been sent. */
static void files_go_on(struct visitor *visitor)
{
	uint8_t piece[16384];

	while (visitor->task >= 0 && visitor->out_count < IN_MAX) {
		ssize_t got = read(visitor->task, piece, sizeof(piece));

		if (got <= 0)
			visitor_end_task(visitor);
		else
			visitor_send(visitor, piece, (size_t)got);
	}
}

static size_t files_take(struct visitor *visitor)
{
	size_t taken;
	const char *line = visitor_line(visitor, &taken);

	if (line == NULL)
		return 0;
	if (strcmp(line, "list") == 0) {
		list(visitor);
	} else if (strncmp(line, "get ", 4) == 0) {
		begin_sending(visitor, line + 4);
	} else if (strcmp(line, "bye") == 0) {
		visitor_say(visitor, "bye\n");
		visitor_dismiss(visitor, NULL);
	} else {
		visitor_say(visitor, "error: I know: list, get NAME, bye\n");
	}
	return taken;
}

const struct service_ops files_ops = { .take = files_take, .go_on = files_go_on };
