/* judge.c: runs performances, and waits for the moments at which they can be judged. */

#include "app/judge.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "app/clock.h"
#include "app/judge_inside.h"
#include "capture/source.h"

#define QUIET (60 * TIME_MILLISECOND)
/* The capture is never this late; when it seems to be, frames were dropped. */
#define LATE (2 * TIME_SECOND)

/* What the one loop waits for. */
struct vigil {
	struct pollfd *polls; /* the source's first, then one for each case that waits */
	int64_t now;
	int64_t last_act;
	int64_t asked; /* when the moment was taken whose end is awaited; TIME_NONE: none is */
};

struct judge *judge_new(const struct judge_options *options, struct error *err)
{
	struct judge *judge = calloc(1, sizeof(*judge));

	if (judge == NULL) {
		error_set(err, "out of memory");
		return NULL;
	}
	judge->options = *options;
	judge->caller = -1;
	if (options->source == NULL)
		return judge;
	if (calls_open(judge, err) < 0 || sockets_open(&judge->sockets, err) < 0) {
		judge_free(judge);
		return NULL;
	}
	judge->has_sockets = true;
	return judge;
}

void judge_free(struct judge *judge)
{
	if (judge == NULL)
		return;
	calls_close(judge);
	if (judge->has_sockets)
		sockets_close(&judge->sockets);
	free(judge->cases);
	free(judge);
}

int judge_admit(struct judge *judge, struct performance *performance, struct error *err)
{
	if (judge->count == judge->room) {
		size_t room = judge->room > 0 ? 2 * judge->room : 16;
		struct case_file *cases = realloc(judge->cases, room * sizeof(*cases));

		if (cases == NULL) {
			error_set(err, "out of memory");
			return -1;
		}
		judge->cases = cases;
		judge->room = room;
	}
	judge->cases[judge->count++] = (struct case_file){
		.performance = performance,
		.wait = { .descriptor = -1, .due = TIME_NONE },
		.last_frame = TIME_NONE,
	};
	return 0;
}

const struct judgement *judge_ruling(const struct judge *judge, size_t number)
{
	return &judge->cases[number].judgement;
}

static bool is_judged(const struct judge *judge)
{
	return judge->options.source != NULL;
}

static bool is_waiting(const struct case_file *file)
{
	return !file->is_ended && !file->is_pending && !file->is_in_doubt;
}

/* Acts until it must wait, or until what it did must be judged. */
static void step(struct judge *judge, struct case_file *file, struct vigil *vigil)
{
	struct performance *performance = file->performance;
	struct judgement *judgement = &file->judgement;

	while (is_waiting(file)) {
		size_t line = performance_done(performance);
		enum performance_outcome outcome =
			performance_step(performance, vigil->now, &file->wait, &judgement->failure);

		if (outcome == PERFORMANCE_WAITS)
			break;
		file->is_ended = outcome != PERFORMANCE_ACTED;
		judgement->is_over = outcome == PERFORMANCE_OVER;
		if (outcome != PERFORMANCE_ACTED)
			break;
		file->is_pending = is_judged(judge);
		file->attempts = 0;
		vigil->last_act = vigil->now;
		for (; judge->options.acted != NULL && line < performance_done(performance); line++)
			judge->options.acted(judge->options.context, performance, line);
	}
}

static bool all_is_done(const struct judge *judge)
{
	for (size_t i = 0; i < judge->count; i++)
		if (!judge->cases[i].is_ended || judge->cases[i].is_pending ||
		    judge->cases[i].is_in_doubt)
			return false;
	return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a == TIME_NONE || (b != TIME_NONE && b < a) ? b : a;
}

/* When something must happen though no descriptor says so. */
static int64_t next_due(const struct judge *judge, const struct vigil *vigil)
{
	int64_t due = TIME_NONE;

	if (is_judged(judge))
		due = vigil->asked != TIME_NONE ? vigil->asked + LATE : vigil->last_act + QUIET;
	for (size_t i = 0; i < judge->count; i++)
		if (is_waiting(&judge->cases[i]))
			due = earlier(due, judge->cases[i].wait.due);
	return due;
}

static nfds_t gather(const struct judge *judge, struct vigil *vigil)
{
	nfds_t count = 0;

	vigil->polls[count++] = (struct pollfd){
		.fd = is_judged(judge) ? source_descriptor(judge->options.source) : -1,
		.events = POLLIN,
	};
	for (size_t i = 0; i < judge->count; i++)
		if (is_waiting(&judge->cases[i]) && judge->cases[i].wait.descriptor >= 0)
			vigil->polls[count++] = (struct pollfd){
				.fd = judge->cases[i].wait.descriptor,
				.events = judge->cases[i].wait.events,
			};
	return count;
}

/* Until a descriptor is ready or something is due; rounded up, so that what is due is not asked for early. */
static int rest(const struct judge *judge, struct vigil *vigil, struct error *err)
{
	nfds_t count = gather(judge, vigil);
	int64_t due = next_due(judge, vigil);
	int64_t span = due == TIME_NONE ? TIME_SECOND : due - vigil->now;
	int limit = span <= 0 ? 0 : (int)((span + TIME_MILLISECOND - 1) / TIME_MILLISECOND);

	if (poll(vigil->polls, count, limit < 1000 ? limit : 1000) < 0 && errno != EINTR) {
		error_set(err, "poll: %s", strerror(errno));
		return -1;
	}
	vigil->now = clock_steady();
	return 0;
}

/* Takes the next moment when nobody has acted for a while, and waits until the last one is judged. */
static int watch(struct judge *judge, struct vigil *vigil, struct error *err)
{
	if (!is_judged(judge))
		return 0;
	if (capture_visit(judge, err) < 0)
		return -1;
	if (vigil->asked != TIME_NONE && judge->heard == judge->called) {
		vigil->asked = TIME_NONE;
		vigil->last_act = vigil->now; /* the next moment is not this one again */
	}
	if (vigil->asked != TIME_NONE && vigil->now < vigil->asked + LATE)
		return 0;
	if (vigil->now < vigil->last_act + QUIET)
		return 0;
	vigil->asked = vigil->now;
	return moment_take(judge, err);
}

int judge_run(struct judge *judge, struct error *err)
{
	struct vigil vigil = { .now = clock_steady(), .asked = TIME_NONE };
	int result = 0;

	vigil.polls = calloc(judge->count + 1, sizeof(*vigil.polls));
	if (vigil.polls == NULL) {
		error_set(err, "out of memory");
		return -1;
	}
	vigil.last_act = vigil.now;
	while (result == 0 && (judge->options.is_stopped == NULL || !judge->options.is_stopped())) {
		for (size_t i = 0; i < judge->count; i++)
			step(judge, &judge->cases[i], &vigil);
		if (all_is_done(judge))
			break;
		result = rest(judge, &vigil, err);
		if (result == 0)
			result = watch(judge, &vigil, err);
	}
	free(vigil.polls);
	for (size_t i = 0; is_judged(judge) && i < judge->count; i++)
		life_compare(judge, &judge->cases[i]);
	return result;
}
