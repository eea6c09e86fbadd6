/* where_words.h: the words of where-expressions. */
#ifndef REPORT_WHERE_WORDS_H
#define REPORT_WHERE_WORDS_H

#include "diagnose/finding.h"

enum { NEEDLE_MAX = 64 };

/* One alternative of a word, as its row reads it. */
struct choice {
	union {
		struct {
			uint64_t least, most;
		};
		struct {
			struct address network;
			enum family family;
			unsigned bits;
		};
		const struct finding *finding;
		char needle[NEEDLE_MAX];
		int name;
	};
};

struct where_row {
	const char *name;
	const char *wants; /* for the remedy */
	bool (*read)(struct choice *choice, const char *value);
	bool (*holds)(const struct choice *choice, const struct flow *flow);
};

extern const struct where_row where_rows[];
extern const size_t where_row_count;

/* What a word without a colon is. */
extern const struct where_row where_bare;

#endif
