/* paths.c: the ways that ends went through their states, and those that were written before. */

#include "report/paths.h"

#include <assert.h>

#include "report/put.h"

static_assert(sizeof(struct endpoint) == 16, "two ends are compared as two words");

static char *walk(char *at, const struct endpoint *end)
{
	enum tcp_state path[PATH_MAX_STATES];
	int count = endpoint_path(end, path);

	*at++ = '[';
	for (int i = 0; i < count; i++) {
		at = put_word(put(at, i > 0 ? ",\"" : "\""), state_name(path[i]));
		*at++ = '"';
	}
	*at = ']';
	return at + 1;
}

/* Fibonacci hashing: what is odd about an end is odd about its evidence. */
static unsigned row_of(const struct endpoint *end)
{
	return (unsigned)(end->evidence * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

static_assert(PATHS_KEPT == 1 << (64 - 58), "the hash reaches every row");

char *path_put(char *at, struct paths *paths, const struct endpoint *end)
{
	unsigned i = row_of(end);
	char *after;

	if (!paths)
		return walk(at, end);
	if (paths->rows[i].length > 0 && memcmp(&paths->rows[i].end, end, sizeof(*end)) == 0) {
		memcpy(at, paths->rows[i].bytes, sizeof(paths->rows[i].bytes));
		return at + paths->rows[i].length;
	}
	after = walk(at, end);
	assert(after - at <= PATH_BYTES_MAX);
	paths->rows[i].end = *end;
	paths->rows[i].length = (uint8_t)(after - at);
	memcpy(paths->rows[i].bytes, at, paths->rows[i].length);
	return after;
}
