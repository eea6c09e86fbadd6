/* source.h: where frames come from. */
#ifndef CAPTURE_SOURCE_H
#define CAPTURE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "packet/frame.h"

struct filter;
struct source;

typedef void frame_visitor(void *context, const struct frame *frame);

/* What source_visit may return besides a count of frames. */
enum source_outcome {
	SOURCE_QUIET = 0,   /* nothing is ready now; wait for source_descriptor or source_due */
	SOURCE_END = -1,    /* there will never be more */
	SOURCE_FAILED = -2, /* err says why; everything before has been visited */
};

struct source_facts {
	const char *name;       /* as the user gave it; lent as long as the source */
	const char *container;  /* "pcap", "pcapng", "live"... */
	uint16_t link_type;     /* the first one met */
	uint32_t snaplen;       /* 0 if unlimited or unknown */
	uint64_t frames;        /* read so far, those the filter refused included */
	uint64_t bytes_read;    /* of the file, as stored */
	uint64_t bytes_total;   /* 0 if unknown (a pipe) */
	uint64_t dropped;       /* lost by the kernel or the interface, as far as the source knows */
};

/*
 * In the style of pcap_dispatch: visits at most `most` (1 or more) frames, then
 * returns how many it read, those a filter refused included, or an outcome.
 */
int source_visit(struct source *source, int most, frame_visitor *visit, void *context,
                 struct error *err);

/* What poll waits on, or -1: ready. Ask again after each visit: frames read ahead wait for nothing. */
int source_descriptor(const struct source *source);

struct source_facts source_facts(const struct source *source);
void source_close(struct source *source);

/* A savefile; "-" is standard input. The container is recognised by content. */
struct source *source_open_file(const char *path, struct error *err);

/* A savefile that is already in memory; `bytes` are lent until source_close. */
struct source *source_open_memory(const char *name, const void *bytes, uint64_t count,
                                  struct error *err);

/*
 * Lets through what the filter accepts. Takes the inner source over (closes it
 * too); frame numbers stay those of the inner source. The filter is lent.
 */
struct source *source_filtered(struct source *inner, struct filter *filter, struct error *err);

#endif
