/* act.c: the table of verbs, and what their functions share. */

#include "lab/act.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static const struct verb_row verbs[VERB_COUNT] = {
#define X(name, function, often, verb) [name] = { function, often, verb },
	VERBS(X)
#undef X
};

const struct verb_row *verb_row(enum verb verb)
{
	assert(verb > END_OF_STEPS && verb < VERB_COUNT);
	return &verbs[verb];
}

const char *actor_words(enum actor actor)
{
	static const char *const names[ACTOR_COUNT] = {
#define X(name, words) [name] = words,
		ACTORS(X)
#undef X
	};

	return names[actor];
}

enum act_outcome cue_wait(struct cue *cue, int descriptor, short events)
{
	cue->wait->descriptor = descriptor;
	cue->wait->events = events;
	return ACT_WAITS;
}

enum act_outcome cue_wait_until(struct cue *cue, int64_t due)
{
	cue->wait->due = due;
	return ACT_WAITS;
}

enum act_outcome cue_fail(struct cue *cue, const char *what)
{
	error_set(cue->err, "%s: %s", what, strerror(errno));
	return ACT_FAILED;
}

enum act_outcome cue_judge(struct cue *cue, int result, const char *what)
{
	return result < 0 ? cue_fail(cue, what) : ACT_DONE;
}
