/* pieces.c: the files of a plan, folders looked through. */

#define _GNU_SOURCE 1 /* strverscmp: capture2 comes before capture10 */

#include "capture/pieces.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDERS_DEEP 40

struct names {
	char **list;
	size_t count;
	size_t room;
};

struct search {
	struct pieces *pieces;
	struct notes *notes;
	bool recursive;
	bool passed_folders; /* there were some, and nobody asked to look into them */
};

static int out_of_memory(const char *name, struct error *err)
{
	error_set(err, "%s: out of memory", name);
	return -1;
}

/* Room for one more element; NULL when memory is short. */
static void *room_make(void *list, size_t count, size_t *room, size_t size)
{
	void *more;

	if (count < *room)
		return list;
	more = realloc(list, (*room ? 2 * *room : 16) * size);
	if (more)
		*room = *room ? 2 * *room : 16;
	return more;
}

static int piece_add(struct pieces *pieces, const char *path, const struct stat *status, bool named,
                     struct error *err)
{
	struct piece *list =
		room_make(pieces->list, pieces->count, &pieces->room, sizeof(*pieces->list));
	char *copy = strdup(path);

	if (list)
		pieces->list = list;
	if (!list || !copy) {
		free(copy);
		return out_of_memory(path, err);
	}
	list[pieces->count++] = (struct piece){
		.path = copy,
		.size = (uint64_t)status->st_size,
		.named = named,
	};
	return 0;
}

void pieces_free(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		free(pieces->list[i].path);
	free(pieces->list);
}

static void names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
}

static int names_compare(const void *one, const void *other)
{
	return strverscmp(*(char *const *)one, *(char *const *)other);
}

/* FOLDER/NAME for all but hidden ones, in order. */
static int names_read(struct names *names, const char *folder, struct error *err)
{
	DIR *directory = opendir(folder);
	const char *slash = folder[0] && folder[strlen(folder) - 1] == '/' ? "" : "/";
	struct dirent *entry;
	int outcome = 0;

	if (!directory) {
		error_set(err, "%s: %s", folder, strerror(errno));
		return -1;
	}
	while (!outcome && (entry = readdir(directory))) {
		size_t size = strlen(folder) + strlen(entry->d_name) + 2;
		char **list;

		if (entry->d_name[0] == '.')
			continue;
		list = room_make(names->list, names->count, &names->room, sizeof(*names->list));
		if (list)
			names->list = list;
		if (list && (list[names->count] = malloc(size)))
			snprintf(list[names->count++], size, "%s%s%s", folder, slash,
			         entry->d_name);
		else
			outcome = out_of_memory(folder, err);
	}
	closedir(directory);
	if (names->count)
		qsort(names->list, names->count, sizeof(*names->list), names_compare);
	return outcome;
}

static int folder_gather(struct search *search, const char *folder, unsigned int depth,
                         struct error *err);

static void skip(struct search *search, const char *path, const char *why)
{
	struct error err;

	error_set(&err, "%s: %s", path, why);
	notes_skipped(search->notes, &err);
}

static int entry_gather(struct search *search, const char *path, unsigned int depth,
                        struct error *err)
{
	struct stat status, link;

	if (lstat(path, &link) < 0 || stat(path, &status) < 0) {
		skip(search, path, strerror(errno));
		return 0;
	}
	if (S_ISREG(status.st_mode))
		return piece_add(search->pieces, path, &status, false, err);
	if (!S_ISDIR(status.st_mode)) {
		skip(search, path, "is neither a file nor a folder");
		return 0;
	}
	search->passed_folders |= !search->recursive;
	if (!search->recursive)
		return 0;
	/* It may lead back to where we are. */
	if (S_ISLNK(link.st_mode)) {
		skip(search, path, "is a link to a folder");
		return 0;
	}
	return folder_gather(search, path, depth, err);
}

/* A folder that cannot be read is an error only where the user named it. */
static int folder_gather(struct search *search, const char *folder, unsigned int depth,
                         struct error *err)
{
	struct names names = { 0 };
	int outcome = -1;

	if (depth > FOLDERS_DEEP) {
		skip(search, folder, "folders within folders, too deep");
		return 0;
	}
	if (names_read(&names, folder, err) == 0) {
		outcome = 0;
		for (size_t i = 0; i < names.count && outcome == 0; i++)
			outcome = entry_gather(search, names.list[i], depth + 1, err);
	} else if (depth > 0) {
		notes_skipped(search->notes, err);
		outcome = 0;
	}
	names_free(&names);
	return outcome;
}

static int alone(const char *name, struct error *err)
{
	error_set(err, "%s: can only be read alone, without other files", name);
	error_remedy(err, "to read it with others: cat > FILE, and give FILE");
	return -1;
}

static int path_gather(struct search *search, const char *path, struct error *err)
{
	size_t before = search->pieces->count;
	struct stat status;

	if (strcmp(path, "-") == 0)
		return alone("standard input", err);
	if (stat(path, &status) < 0) {
		error_set(err, "%s: %s", path,
		          errno == ENOENT || errno == ENOTDIR ? "no such file" : strerror(errno));
		return -1;
	}
	if (S_ISREG(status.st_mode))
		return piece_add(search->pieces, path, &status, true, err);
	if (!S_ISDIR(status.st_mode))
		return alone(path, err);
	search->passed_folders = false;
	if (folder_gather(search, path, 0, err) < 0)
		return -1;
	if (search->pieces->count > before)
		return 0;
	error_set(err, "%s: holds no files", path);
	if (search->passed_folders)
		error_remedy(err, "to look into the folders in it, too: --recursive");
	return -1;
}

int pieces_gather(struct pieces *pieces, const struct source_plan *plan, struct notes *notes,
                  struct error *err)
{
	struct search search = { pieces, notes, plan->recursive, false };

	for (size_t i = 0; i < plan->count; i++)
		if (path_gather(&search, plan->paths[i], err) < 0)
			return -1;
	return 0;
}
