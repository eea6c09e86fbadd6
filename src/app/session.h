/* session.h: one reading of the input: frames to segments to flows. */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/command.h"
#include "app/options.h"
#include "base/error.h"
#include "report/page.h"
#include "track/event.h"

struct session;

struct session_plan {
	bool twice;   /* session_rewind will be called */
	bool samples; /* the first bytes of payloads are wanted */
	bool streams; /* results are written while reading: no progress bar where both are seen */
	uint32_t trails; /* connections of which the tracker remembers the latest segments */
	bool unpacked;   /* the tracker lends its flows for as long as it remembers them */
	unsigned keeps;  /* enum privilege: what will be done when the interface is open */
};

/*
 * Opens what the settings name and prints what is wrong. NULL: `*status` says
 * how to exit. The settings are lent until session_end.
 */
struct session *session_open(const struct settings *settings, const struct session_plan *plan,
                             enum status *status);

/* See tracker_listen. */
void session_listen(struct session *session, uint32_t kinds, event_listener *listener,
                    void *context);

/* While an interface is read: calls `tick` every so often. Nothing is due of files. */
typedef void session_ticker(void *context, struct session *session);
void session_every(struct session *session, int64_t span, session_ticker *tick, void *context);

/*
 * Reads to the end, to the first damage, or to Ctrl-C. False when nothing is
 * worth showing: nothing could be read, or nobody reads us any more.
 */
bool session_read(struct session *session);

/* Back to the beginning with a fresh tracker that gives flows the same ids. */
bool session_rewind(struct session *session);

/* Everything read so far; lent until the next read, rewind or end. */
const struct page *session_page(struct session *session);

/* The spans and limits in use, the usual ones filled in. */
const struct tracker_options *session_limits(const struct session *session);

/* The first bytes of a segment's payload, only within a listener: returns how many. */
size_t session_sample(const struct session *session, const struct segment *segment,
                      const char **sample);

/* What page_warnings would write, on standard error, for outputs that are not for people. */
void session_warn(struct session *session);

/* Writes out, prints what was wrong, frees; returns how to exit. */
enum status session_end(struct session *session);

#endif
