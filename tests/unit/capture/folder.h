/* folder.h: a folder of its own for a test, with files in it. */
#ifndef TESTS_CAPTURE_FOLDER_H
#define TESTS_CAPTURE_FOLDER_H

#include <stddef.h>

struct folder {
	char path[64];
};

struct folder folder_new(void);

/* With everything in it. */
void folder_free(const struct folder *folder);

/* FOLDER/NAME; lent until it has been asked for 64 more. */
const char *folder_path(const struct folder *folder, const char *name);

/* Makes a folder in it. */
void folder_add(const struct folder *folder, const char *name);

/* Writes a file anew, or more of it. Each returns its path. */
const char *folder_write(const struct folder *folder, const char *name, const void *bytes,
                         size_t count);
const char *folder_append(const struct folder *folder, const char *name, const void *bytes,
                          size_t count);

#endif
