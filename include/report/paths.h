/* paths.h: the ways that ends went through their states, as they were written before. */
#ifndef REPORT_PATHS_H
#define REPORT_PATHS_H

#include "track/endpoint.h"

/*
 * Of a million connections nearly all go one of some twenty ways. Walking along
 * the evidence for each of them costs more than all the rest of its record, so
 * a log keeps the latest; of those that share a row the later one stays.
 * Zeroed is a good start.
 */
enum { PATHS_KEPT = 64, PATH_BYTES_MAX = 239 };

struct paths {
	struct {
		struct endpoint end;
		uint8_t length; /* 0: nothing is kept here */
		char bytes[PATH_BYTES_MAX];
	} rows[PATHS_KEPT];
};

/* Puts ["SYN_SENT","ESTABLISHED"] and returns where that ends. `paths` may be NULL. */
char *path_put(char *at, struct paths *paths, const struct endpoint *end);

#endif
