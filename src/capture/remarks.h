/* remarks.h: comments and names that stand beside the frames of savefiles, as far as they are kept. */
#ifndef CAPTURE_REMARKS_H
#define CAPTURE_REMARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/source.h"
#include "packet/address.h"

struct parser;

/* However many a file holds, or claims to hold. */
#define COMMENTS_MOST 64
#define COMMENT_BYTES ((size_t)1024)
#define NAMES_MOST 1024
#define NAME_BYTES ((size_t)255)
#define NAMES_LOOKED_AT 65536

struct comment {
	char *text;
	uint64_t number;
	uint32_t origin;
	enum comment_about about;
	bool settled; /* false: the number is that of the file, and the frame was not given yet */
};

struct name {
	char *text;
	struct address address;
	enum family family;
};

/* Zeroed is empty. */
struct remarks {
	struct comment comments[COMMENTS_MOST];
	size_t count;
	size_t unsettled;
	uint64_t met;   /* comments, those that are not kept included */
	bool renumbers; /* frames get other numbers than in their files: see remarks_settle */
	struct name *names;
	size_t name_count;
	size_t name_room;
	uint32_t names_met;
};

void remarks_free(struct remarks *remarks);

/* What is not kept is counted. `number` is the file's, as that of the frame or interface. */
void remarks_add_comment(struct remarks *remarks, uint32_t origin, enum comment_about about,
                         uint64_t number, const void *bytes, size_t size);

/* The first name of an address stays. */
void remarks_add_name(struct remarks *remarks, enum family family, const struct address *address,
                      const void *bytes, size_t size);

/* The frame that has the number `within` its file is given out as `number`. */
static inline bool remarks_wait(const struct remarks *remarks)
{
	return remarks->unsettled > 0;
}
void remarks_settle(struct remarks *remarks, uint32_t origin, uint64_t within, uint64_t number);

/* From now on the parser keeps remarks there; `origin` tells its file from others. */
void parser_remember(struct parser *parser, struct remarks *remarks, uint32_t origin);

#endif
