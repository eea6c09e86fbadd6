/* session.c: one reading of the input: frames to segments to flows. */
#include "app/session.h"

#include <stdlib.h>
#include <unistd.h>

#include "app/interrupt.h"
#include "app/pace.h"
#include "app/privileges.h"
#include "app/session_inside.h"
#include "app/terminal.h"
#include "base/time.h"
#include "capture/filter.h"
#include "capture/live.h"
#include "capture/source.h"
#include "report/where.h"

bool session_selects(const struct session *session)
{
	return session->settings->write && session->settings->where;
}

static void batch_feed(struct session *session)
{
	tracker_feed(session->tracker, session->batch, session->count);
	session->count = 0;
}

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

bool session_wants(struct session *session, const struct frame *frame)
{
	if (!session->has_origin)
		bounds_find(session, frame->time);
	return frame->time >= session->since && frame->time <= session->until;
}

bool session_take(struct session *session, const struct frame *frame, struct segment *segment)
{
	enum verdict verdict;
	bool is_copy;

	if (!session_wants(session, frame))
		return false;
	is_copy = overlap_has(&session->overlap, frame);
	session->taken++;
	session->pace.latest = frame->time;
	if (!session_selects(session))
		record_frame(&session->record, frame);
	verdict = decoder_decode(&session->decoder, frame, segment);
	return verdict_has_segment(verdict) && (!is_copy || overlap_mark(segment));
}

static void frame_take(struct session *session, const struct frame *frame)
{
	struct segment *segment = &session->batch[session->count];

	if (!session_take(session, frame, segment))
		return;
	if (session->plan.samples)
		sample_take(&session->samples[session->count], session->decoder.payload,
		            segment->captured);
	if (++session->count == TRACKER_BATCH)
		batch_feed(session);
}

/* Nobody asks for single frames: their times, or their bytes. */
static bool is_plain(const struct session *session)
{
	const struct settings *settings = session->settings;
	bool records = settings->write && !session_selects(session);

	return !records && !settings->since && !settings->until && !session->plan.samples;
}

static void frames_decode(struct session *session, const struct frame *frames, size_t count)
{
	while (count > 0) {
		size_t room = TRACKER_BATCH - session->count;
		size_t part = count < room ? count : room;

		session->count += decoder_decode_many(&session->decoder, frames, part,
		                                      session->batch + session->count);
		if (session->count == TRACKER_BATCH)
			batch_feed(session);
		frames += part;
		count -= part;
	}
}

static void copy_decode(struct session *session, const struct frame *frame)
{
	struct segment *segment = &session->batch[session->count];

	if (!verdict_has_segment(decoder_decode(&session->decoder, frame, segment)) ||
	    !overlap_mark(segment))
		return;
	if (++session->count == TRACKER_BATCH)
		batch_feed(session);
}

static void plain_take(struct session *session, const struct frame *frames, size_t count)
{
	session->taken += count;
	session->pace.latest = frames[count - 1].time;
	for (size_t at = 0; at < count; at++) {
		size_t first = overlap_find(&session->overlap, frames + at, count - at);

		frames_decode(session, frames + at, first);
		at += first;
		if (at < count)
			copy_decode(session, &frames[at]);
	}
}

static void frames_take(void *context, const struct frame *frames, size_t count)
{
	struct session *session = context;

	if (is_plain(session)) {
		plain_take(session, frames, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		frame_take(session, &frames[i]);
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

/* Before a clock, a signal or an interface's state is asked after again. */
enum { FRAMES_AT_A_TIME = 16 * TRACKER_BATCH };

static void progress_show(struct session *session)
{
	struct source_facts facts;

	if (!progress_is_due(&session->progress))
		return;
	facts = source_facts(session->source);
	progress_tell(&session->progress, &(struct progress_facts){
						  .bytes = facts.bytes_read,
						  .total = facts.bytes_total,
						  .frames = facts.frames,
						  .dropped = facts.dropped,
					  });
}

static int frames_wanted(const struct session *session)
{
	uint64_t most = session->settings->count;
	uint64_t left = most > session->taken ? most - session->taken : 0;

	return left < FRAMES_AT_A_TIME ? (int)left : FRAMES_AT_A_TIME;
}

static bool goes_on(struct session *session)
{
	int most = frames_wanted(session);
	int outcome = SOURCE_END;

	if (most > 0)
		outcome = source_visit_many(session->source, most, frames_take, session,
		                            &session->damage);
	batch_feed(session);
	progress_show(session);
	if (outcome == SOURCE_QUIET)
		pace_wait(session);
	session->was_damaged = outcome == SOURCE_FAILED;
	session->was_quiet = outcome == SOURCE_QUIET;
	session->was_interrupted |= interrupt_came();
	return outcome >= 0 && pace_goes_on(session, outcome == SOURCE_QUIET) &&
	       !session->output.failed && !session->record.is_full && !session->record.has_failed;
}

bool session_read(struct session *session)
{
	const struct settings *settings = session->settings;
	bool mixes = session->plan.streams && isatty(STDOUT_FILENO);

	session->progress = progress_start(!settings->quiet && !mixes && session->pace.every < 0);
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

/* A source that was just opened, and decoding that has seen nothing of it. */
static void source_take(struct session *session, struct source *source)
{
	session->source = source;
	session->overlap = (struct overlap){
		.is_watched = source_facts(source).files > 1 && !session->settings->keep_duplicates,
		.key = session->limits.key,
	};
	session->decoder = lent_decoder(&session->lent, session->settings, &session->limits.key);
	session->has_origin = false;
	session->taken = 0;
}

static int input_start(struct session *session, struct error *err)
{
	struct source *source = intake_source(&session->intake, err);

	if (!source)
		return -1;
	source_take(session, source);
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

static int files_refilter(struct session *session, const char *expression, struct error *err)
{
	struct filter *before = session->intake.filter;
	struct filter *filter = NULL;
	struct source *source;

	if (*expression && !(filter = filter_new(expression, err)))
		return -1;
	session->intake.filter = filter;
	source = intake_source(&session->intake, err);
	if (!source) {
		session->intake.filter = before;
		filter_free(filter);
		return -1;
	}
	source_close(session->source);
	filter_free(before);
	source_take(session, source);
	session->was_damaged = false;
	return 0;
}

int session_refilter(struct session *session, const char *expression, struct error *err)
{
	if (session->pace.is_live)
		return live_set_filter(session->source, expression, err);
	return files_refilter(session, expression, err);
}

bool session_rewind(struct session *session)
{
	source_close(session->source);
	tracker_free(session->tracker);
	session->source = NULL;
	session->tracker = NULL;
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
	limits.keep_duplicates = settings->keep_duplicates;
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

void session_free(struct session *session)
{
	source_close(session->source);
	tracker_free(session->tracker);
	intake_close(&session->intake);
	lent_close(&session->lent);
	where_free(session->where);
	free(session);
}

/* What is wrong with the words themselves, before anything is touched. */
static int usage_check(struct session *session, struct error *err)
{
	const struct settings *settings = session->settings;

	if (intake_check(settings, session->plan.twice, err) < 0)
		return -1;
	if (settings->where && !(session->where = where_new(settings->where, err)))
		return -1;
	return 0;
}

/* Nothing of the wire is looked at before the privileges that opened it are gone. */
static int give_up_privileges(const struct session *session, struct error *err)
{
	const struct settings *settings = session->settings;
	unsigned kept = session->plan.keeps;

	if (!intake_is_live(settings))
		return 0;
	if (record_rotates(settings))
		kept |= PRIVILEGE_MAKES_FILES;
	if (settings->programs || settings->kernel)
		kept |= PRIVILEGE_SEES_PROCESSES;
	return privileges_drop(kept, err);
}

static int world_open(struct session *session, struct error *err)
{
	const struct settings *settings = session->settings;

	if (lent_open(&session->lent, err) < 0 || input_start(session, err) < 0 ||
	    record_open(&session->record, settings, session->source, err) < 0)
		return -1;
	pace_start(session);
	return give_up_privileges(session, err);
}

struct session *session_open(const struct settings *settings, const struct session_plan *plan,
                             enum status *status)
{
	struct session *session = calloc(1, sizeof *session);
	struct error err = { .what = "out of memory" };

	*status = STATUS_REFUSED;
	if (!session)
		goto refused;
	session->settings = settings;
	session->plan = *plan;
	session->plan.twice |= session_selects(session);
	session->limits = limits_of(settings);
	session->limits.trails = plan->trails;
	session->limits.unpacked = plan->unpacked;
	output_start(&session->output, STDOUT_FILENO);
	*status = STATUS_USAGE;
	if (usage_check(session, &err) < 0)
		goto refused;
	if (intake_open(&session->intake, settings, session->plan.twice, &err) < 0) {
		*status = session->intake.filter || !settings->filter ? STATUS_REFUSED
		                                                      : STATUS_USAGE;
		goto refused;
	}
	*status = STATUS_REFUSED;
	interrupt_expect();
	if (world_open(session, &err) == 0)
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
