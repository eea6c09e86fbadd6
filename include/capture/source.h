/* source.h: where frames come from. */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "packet/address.h"
#include "packet/frame.h"

struct filter;
struct source;

typedef void frame_visitor(void *context, const struct frame *frame);

/* At least one; lent as a single one is. */
typedef void frames_visitor(void *context, const struct frame *frames, size_t count);

/* What source_visit may return besides a count of frames. */
enum source_outcome {
	SOURCE_QUIET = 0,   /* nothing is ready now; wait for source_descriptor or source_due */
	SOURCE_END = -1,    /* there will never be more */
	SOURCE_FAILED = -2, /* err says why; everything before has been visited */
};

struct source_facts {
	const char *name;       /* as the user gave it; lent as long as the source */
	const char *container;  /* "pcap", "pcapng", "live"..., the first one met */
	const char *compression; /* "gzip", "zstd", "lz4", "xz", "bzip2", or NULL */
	uint16_t link_type;     /* the first one met */
	uint32_t snaplen;       /* 0 if unlimited or unknown */
	uint64_t frames;        /* read so far, those the filter refused included */
	uint64_t bytes_read;    /* of the file, as stored (compressed, if it is) */
	uint64_t bytes_total;   /* 0 if unknown (a pipe) */
	uint64_t dropped;       /* lost by the kernel or the interface, as far as the source knows */
	uint64_t backwards;     /* frames whose time is before that of one before them in their file */
	uint32_t files;         /* that are or will be read */
	uint32_t skipped;       /* files in folders that are no captures */
	uint32_t damaged;       /* files, as far as is known */
};

/*
 * In the style of pcap_dispatch: visits at most `most` (1 or more) frames, then
 * returns how many it read, those a filter refused included, or an outcome.
 */
int source_visit(struct source *source, int most, frame_visitor *visit, void *context,
                 struct error *err);

/* The same with as many frames at a visit as the source can lend at once. */
int source_visit_many(struct source *source, int most, frames_visitor *visit, void *context,
                      struct error *err);

/*
 * What poll waits on, or -1: ready. Ask again after each visit: frames read ahead wait for nothing.
 * After SOURCE_QUIET, -1 means that nothing can be waited on but time: look again in a while.
 */
int source_descriptor(const struct source *source);

struct source_facts source_facts(const struct source *source);

/*
 * What is to be said about single files, in the order in which it was noticed: "NAME: WHAT",
 * lent as long as the source. NULL behind the last one; only the first few are kept.
 */
const char *source_note(const struct source *source, size_t index);

/* What a comment in a savefile is about. */
enum comment_about {
	COMMENT_CAPTURE, /* all of it, or a section of it */
	COMMENT_INTERFACE,
	COMMENT_FRAME,
};

struct source_comment {
	enum comment_about about;
	uint64_t number;  /* of the frame, as it was visited; of the interface, within its file */
	const char *text; /* as it stands there: somebody else's bytes, not cleaned */
};

struct source_name {
	enum family family;
	struct address address;
	const char *name; /* not cleaned either */
};

/*
 * What was met so far, in that order; false behind the last. Only the first few comments
 * are kept, with their first few hundred characters; source_comments counts all of them.
 * The texts are lent as long as the source.
 */
bool source_comment(const struct source *source, size_t index, struct source_comment *comment);
uint64_t source_comments(const struct source *source);

/* The names of addresses that savefiles hold, the first of each address. */
bool source_name(const struct source *source, size_t index, struct source_name *name);

void source_close(struct source *source);

/* A savefile; "-" is standard input. Container and compression are recognised by content. */
struct source *source_open_file(const char *path, struct error *err);

struct source_plan {
	const char *const *paths; /* savefiles, and folders of them; lent for the call */
	size_t count;             /* at least one */
	bool recursive;           /* folders in folders too */
	bool follow;              /* wait for more at the end, and go on with the successor */
};

/*
 * All the files as one stream in the order of time; each file in its own order.
 * Frames of equal times come as in the capture that the files were cut from, if they
 * were; a frame that two files repeat comes twice in a row. A damaged file gives
 * what is good of it, and SOURCE_FAILED comes after all the others. `interface` is
 * the file's number (in the order of first times) << 16 plus that within the file.
 */
struct source *source_open_plan(const struct source_plan *plan, struct error *err);

/* A savefile that is already in memory; `bytes` are lent until source_close. */
struct source *source_open_memory(const char *name, const void *bytes, uint64_t count,
                                  struct error *err);

/*
 * Lets through what the filter accepts. Takes the inner source over (closes it
 * too); frame numbers stay those of the inner source. The filter is lent.
 */
struct source *source_filtered(struct source *inner, struct filter *filter, struct error *err);

#endif
