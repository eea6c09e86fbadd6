/* ways.h: what is said of the ways that connections went, as it was said before. */
#ifndef REPORT_WAYS_H
#define REPORT_WAYS_H

#include <string.h>

#include "track/flow.h"

/*
 * Of a million connections nearly all go one of some twenty ways. Walking along
 * the evidence for each of them, and asking what it amounts to, costs more than
 * the rest of its record, so a log keeps the latest; of those that share a row
 * the later one stays. Zeroed is a good start.
 */
enum { WAYS_KEPT = 64, WAY_WORD_MAX = 15, WAY_PATH_MAX = 239 };

/* All of a flow that has any say in its way, and nothing else. */
struct way_signs {
	struct endpoint ends[2];
	uint32_t marks;
};

struct way_word {
	char letters[WAY_WORD_MAX + 1];
	uint8_t length;
};

struct way_path {
	uint8_t length; /* 0: nothing is kept here */
	char bytes[WAY_PATH_MAX];
};

struct way {
	struct way_signs signs;
	bool is_presumed[2];
	struct way_word states[2];
	struct way_word opening;
	struct way_word closing;
	struct way_word outcome;
	struct way_path paths[2]; /* ["SYN_SENT","ESTABLISHED"] */
};

struct ways {
	struct way rows[WAYS_KEPT];
};

/* Of a TCP flow; where `ways` is NULL none is kept, and it is told in `room`. */
const struct way *way_of(struct ways *ways, const struct flow *flow, struct way *room);

/* Both put it and return where it ends; some letters more are written than it has. */
static inline char *way_put_word(char *at, const struct way_word *word)
{
	memcpy(at, word->letters, sizeof(word->letters));
	return at + word->length;
}

static inline char *way_put_path(char *at, const struct way_path *path)
{
	enum { MOST_OF_ALL = 96 };

	if (path->length <= MOST_OF_ALL)
		memcpy(at, path->bytes, MOST_OF_ALL);
	else
		memcpy(at, path->bytes, sizeof(path->bytes));
	return at + path->length;
}

#endif
