/* pace.c: how an interface is read: waiting, what is due meanwhile, and when to end. */
#include "app/pace.h"

#include <poll.h>

#include "app/clock.h"
#include "app/session_inside.h"
#include "base/time.h"
#include "capture/live.h"

enum { WAIT_MILLISECONDS = 250 };

/* What passed until now has been delivered by then, however busy the wire is. */
#define LIVE_PATIENCE (TIME_SECOND + LIVE_DELAY)

void pace_start(struct session *session)
{
	const struct settings *settings = session->settings;
	struct pace *pace = &session->pace;

	pace->is_live = intake_is_live(settings);
	pace->end = INT64_MAX;
	pace->every = -1;
	pace->latest = INT64_MIN;
	if (pace->is_live && settings->duration >= 0)
		pace->end = clock_now() + settings->duration;
}

void session_every(struct session *session, int64_t span, session_ticker *tick, void *context)
{
	session->pace.every = span;
	session->pace.due = clock_now() + span;
	session->pace.tick = tick;
	session->pace.context = context;
}

/* The next instant at which something is to be done although nothing is ready; INT64_MAX: none. */
static int64_t pace_next(const struct pace *pace, int64_t now)
{
	if (now >= pace->end)
		return pace->end + LIVE_DELAY;
	return pace->every >= 0 && pace->due < pace->end ? pace->due : pace->end;
}

static int milliseconds_until(const struct pace *pace)
{
	int64_t now = clock_now();
	int64_t next = pace_next(pace, now);
	int64_t left;

	if (next == INT64_MAX)
		return WAIT_MILLISECONDS;
	left = (next - now) / TIME_MILLISECOND + 1;
	if (left < 1)
		return 1;
	return left < WAIT_MILLISECONDS ? (int)left : WAIT_MILLISECONDS;
}

/*
 * What is known is shown before anything is waited for: there may be a reader.
 * On a quiet wire the frames' clock stands still; it is set to a second ago,
 * which no frame that is still to come can precede.
 */
void pace_wait(struct session *session)
{
	struct pollfd ready = {
		.fd = source_descriptor(session->source),
		.events = POLLIN,
	};
	struct error ignored;

	output_flush(&session->output, &ignored);
	record_flush(&session->record);
	if (session->pace.is_live)
		tracker_advance(session->tracker, clock_now() - TIME_SECOND);
	poll(&ready, 1, milliseconds_until(&session->pace));
}

static void tick(struct session *session)
{
	struct pace *pace = &session->pace;
	int64_t now = clock_now();

	if (pace->every < 0 || now < pace->due)
		return;
	pace->due = now + pace->every;
	pace->tick(pace->context, session);
}

/* An interface is read a little past its end: what passed before is still on its way. */
bool pace_goes_on(struct session *session, bool is_quiet)
{
	struct pace *pace = &session->pace;
	int64_t now;

	if (!pace->is_live)
		return !session->was_interrupted;
	now = clock_now();
	if (session->was_interrupted && pace->end > now)
		pace->end = now;
	if (now < pace->end) {
		tick(session);
		return true;
	}
	if (pace->latest > pace->end || now > pace->end + LIVE_PATIENCE)
		return false;
	return !is_quiet || now < pace->end + LIVE_DELAY;
}
