/* session.c: one reading of the input: frames to segments to flows. */
#include "app/session.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/interrupt.h"
#include "app/session_inside.h"
#include "app/terminal.h"
#include "base/time.h"
#include "capture/filter.h"
#include "capture/source.h"
#include "report/where.h"

enum { WAIT_MILLISECONDS = 250 }; /* how long Ctrl-C may go unnoticed on a quiet pipe */

/* ---- one frame ---- */

static void sample_take(struct sample *sample, const uint8_t *payload, uint32_t count)
{

	sample->length = 0;
	for (uint32_t i = 0; payload && i < count && i < SAMPLE_MOST; i++) {
		if (payload[i] == '\r' || payload[i] == '\n')
			break;
		sample->bytes[sample->length++] =
			(char)(payload[i] >= ' ' && payload[i] <= '~' ? payload[i] : '.');
	}
}

static void bounds_find(struct session *session, int64_t origin)
{
	const struct settings *settings = session->settings;

	session->has_origin = true;
	session->since = INT64_MIN;
	session->until = INT64_MAX;
	if (settings->since)
		time_parse(settings->since, origin, &session->since);
	if (settings->until)
		time_parse(settings->until, origin, &session->until);
}

static void frame_take(void *context, const struct frame *frame)
{
	struct session *session = context;
	struct segment *segment = &session->batch[session->count];
	enum verdict verdict;

	if (!session->has_origin)
		bounds_find(session, frame->time);
	if (frame->time < session->since || frame->time > session->until)
		return;
	verdict = decoder_decode(&session->decoder, frame, segment);
	if (session->odd_frames[verdict] == 0)
		session->odd_frames[verdict] = frame->number;
	if (!verdict_has_segment(verdict))
		return;
	if (session->plan.samples)
		sample_take(&session->samples[session->count], session->decoder.payload,
		            segment->captured);
	session->count++;
}

size_t session_sample(const struct session *session, const struct segment *segment,
                      const char **sample)
{
	ptrdiff_t index = segment - session->batch;

	if (!session->plan.samples || index < 0 || index >= TRACKER_BATCH)
		return 0;
	*sample = session->samples[index].bytes;
	return session->samples[index].length;
}

/* ---- the whole reading ---- */

static void batch_feed(struct session *session)
{
	tracker_feed(session->tracker, session->batch, session->count);
	session->count = 0;
}

/* What is known is shown before a pipe is waited for: there may be a reader. */
static void wait_for_more(struct session *session)
{
	struct pollfd ready = { .fd = source_descriptor(session->source), .events = POLLIN };
	struct error ignored;

	output_flush(&session->output, &ignored);
	poll(&ready, 1, WAIT_MILLISECONDS);
}

static void progress_show(struct session *session)
{
	struct source_facts facts = source_facts(session->source);

	progress_tell(&session->progress, facts.bytes_read, facts.bytes_total, facts.frames);
}

static bool goes_on(struct session *session)
{
	int outcome =
		source_visit(session->source, TRACKER_BATCH, frame_take, session, &session->damage);

	batch_feed(session);
	progress_show(session);
	if (outcome == SOURCE_QUIET)
		wait_for_more(session);
	session->was_damaged = outcome == SOURCE_FAILED;
	session->was_interrupted = interrupt_came();
	return outcome >= 0 && !session->was_interrupted && !session->output.failed;
}

bool session_read(struct session *session)
{
	const struct settings *settings = session->settings;
	bool mixes = session->plan.streams && isatty(STDOUT_FILENO);

	session->progress = progress_start(!settings->quiet && !mixes);
	while (goes_on(session))
		;
	progress_end(&session->progress);
	decoder_finish(&session->decoder);
	tracker_finish(session->tracker);
	if (session->was_damaged && source_facts(session->source).frames == 0)
		return false;
	return !session->output.failed;
}

/* ---- opening ---- */

static int input_start(struct session *session, struct error *err)
{
	struct source *source = spool_source(&session->spool, err);

	if (source && session->filter)
		source = source_filtered(source, session->filter, err);
	if (!source)
		return -1;
	session->source = source;
	session->decoder = lent_decoder(&session->lent, session->settings, &session->limits.key);
	session->tracker = tracker_new(&session->limits, err);
	if (!session->tracker)
		return -1;
	session->page = (struct page){
		.output = &session->output,
		.input = &session->input,
		.decoder = &session->decoder,
		.tracker = session->tracker,
		.where = session->where,
		.colour = terminal_wants_colour(session->settings),
		.ascii = terminal_wants_ascii(session->settings),
		.width = terminal_width(session->settings),
	};
	return 0;
}

bool session_rewind(struct session *session)
{
	source_close(session->source);
	tracker_free(session->tracker);
	session->source = NULL;
	session->tracker = NULL;
	session->has_origin = false;
	if (input_start(session, &session->damage) == 0)
		return true;
	session->was_damaged = true;
	return false;
}

static struct tracker_options limits_of(const struct settings *settings)
{
	struct tracker_options limits = tracker_defaults();

	limits.key = hash_key_random();
	limits.by_vlan = settings->by_vlan;
	if (settings->linger >= 0)
		limits.linger = settings->linger;
	if (settings->time_wait >= 0)
		limits.time_wait = settings->time_wait;
	if (settings->max_flows != UINT64_MAX)
		limits.max_flows = settings->max_flows > 0 ? (uint32_t)settings->max_flows : 1;
	if (settings->keep != UINT64_MAX)
		limits.keep = (uint32_t)settings->keep;
	return limits;
}

static int expressions_read(struct session *session, struct error *err)
{
	const struct settings *settings = session->settings;

	if (settings->filter && !(session->filter = filter_new(settings->filter, err)))
		return -1;
	if (settings->where && !(session->where = where_new(settings->where, err)))
		return -1;
	return 0;
}

static int files_check(const struct settings *settings, struct error *err)
{
	if (settings->file_count > 0)
		return 0;
	error_set(err, "nothing to read: no capture file was given");
	error_remedy(err, "give one with -r FILE, or pipe one in with -r -");
	return -1;
}

void session_free(struct session *session)
{
	source_close(session->source);
	tracker_free(session->tracker);
	spool_close(&session->spool);
	lent_close(&session->lent);
	filter_free(session->filter);
	where_free(session->where);
	free(session);
}

struct session *session_open(const struct settings *settings, const struct session_plan *plan,
                             enum status *status)
{
	struct session *session = calloc(1, sizeof *session);
	struct source_plan files = {
		.paths = settings->files,
		.count = settings->file_count,
		.recursive = settings->recursive,
		.follow = settings->follow,
	};
	struct error err = { .what = "out of memory" };

	*status = STATUS_REFUSED;
	if (!session)
		goto refused;
	session->settings = settings;
	session->plan = *plan;
	session->limits = limits_of(settings);
	output_start(&session->output, STDOUT_FILENO);
	*status = STATUS_USAGE;
	if (files_check(settings, &err) < 0 || expressions_read(session, &err) < 0)
		goto refused;
	*status = STATUS_REFUSED;
	interrupt_expect();
	if (lent_open(&session->lent, &err) == 0 &&
	    spool_open(&session->spool, &files, plan->twice, &err) == 0 &&
	    input_start(session, &err) == 0)
		return session;
refused:
	complain(&err, *status);
	if (session)
		session_free(session);
	return NULL;
}

void session_listen(struct session *session, uint32_t kinds, event_listener *listener,
                    void *context)
{
	tracker_listen(session->tracker, kinds, listener, context);
}

const struct tracker_options *session_limits(const struct session *session)
{
	return &session->limits;
}
