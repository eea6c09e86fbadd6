/* record.h: writes the frames that were seen to a savefile (-w). */
#ifndef APP_RECORD_H
#define APP_RECORD_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"
#include "capture/dump.h"
#include "capture/source.h"
#include "packet/frame.h"

/* Zeroed, it records nothing. */
struct record {
	const struct settings *settings;
	struct dump *dump;
	uint16_t link_type;
	bool is_awaited;      /* a pipe's first frame will say which link type it is */
	uint64_t other_links; /* frames that a classic savefile of one link type cannot hold */
	bool is_full;         /* as many files as were asked for are complete */
	bool has_failed;
	struct error err;
};

/* Opens what -w names, if it does; the source says which link type it will be. */
int record_open(struct record *record, const struct settings *settings,
                const struct source *source, struct error *err);
void record_frame(struct record *record, const struct frame *frame);
void record_flush(struct record *record);

/* -1 and err when something could not be written. */
int record_close(struct record *record, struct error *err);

/* Whether files will be opened while reading. */
bool record_rotates(const struct settings *settings);

#endif
