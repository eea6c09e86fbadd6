/* performance.c: a scenario's acts, done one after another on real sockets of loopback. */

#include "lab/performance.h"

#include <assert.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/act.h"
#include "lab/party.h"

/* No act of a healthy scenario takes longer, a few repeated SYNs included. */
#define PATIENCE (20 * TIME_SECOND)

static const struct act *next_act(const struct performance *performance)
{
	return &performance->scenario->steps[performance->next];
}

struct performance *performance_new(const struct scenario *scenario,
                                    const struct performance_options *options, struct error *err)
{
	struct performance *performance;

	if (scenario->steps == NULL) {
		error_set(err, "%s: it is only told, not performed", scenario->name);
		error_remedy(err, "its capture can be replayed");
		return NULL;
	}
	performance = calloc(1, sizeof(*performance));
	if (performance == NULL) {
		error_set(err, "%s: out of memory", scenario->name);
		return NULL;
	}
	performance->scenario = scenario;
	if (options != NULL)
		performance->options = *options;
	for (int actor = 0; actor < ACTOR_COUNT; actor++)
		party_begin(&performance->parties[actor]);
	performance->parties[SERVER].port = performance->options.port;
	return performance;
}

void performance_free(struct performance *performance)
{
	if (performance == NULL)
		return;
	for (int actor = 0; actor < ACTOR_COUNT; actor++)
		party_end(&performance->parties[actor]);
	free(performance);
}

/* One call of the act's function, for one socket where the act is done with each. */
static enum act_outcome perform(struct performance *performance, struct cue *cue)
{
	enum act_outcome outcome;

	cue->is_first = !performance->is_begun;
	if (cue->is_first) {
		performance->begun = cue->now;
		performance->moved = 0;
	}
	performance->is_begun = true;
	outcome = verb_row(cue->act->verb)->perform(cue);
	if (outcome == ACT_DONE)
		performance->is_begun = false;
	return outcome;
}

static enum act_outcome perform_with_each(struct performance *performance, struct cue *cue)
{
	struct party *party = cue->party;

	for (; party->first + performance->socket < party->count; performance->socket++) {
		enum act_outcome outcome;

		cue->socket = &party->sockets[party->first + performance->socket];
		outcome = *cue->socket < 0 ? ACT_DONE : perform(performance, cue);
		if (outcome != ACT_DONE)
			return outcome;
	}
	performance->socket = 0;
	return ACT_DONE;
}

static enum act_outcome step_once(struct performance *performance, struct cue *cue)
{
	enum act_outcome outcome;

	cue->act = next_act(performance);
	cue->party = &performance->parties[cue->act->actor];
	*cue->wait = (struct wait){ .descriptor = -1, .due = TIME_NONE };
	outcome = verb_row(cue->act->verb)->frequency == EACH ? perform_with_each(performance, cue)
	                                                      : perform(performance, cue);
	if (outcome == ACT_DONE)
		performance->next++;
	return outcome;
}

/* Whose act, which, and in which scenario goes before what the act itself has to say. */
static void complain(const struct performance *performance, struct error *err)
{
	char storage[160];
	struct text line = text_over(storage, sizeof(storage));

	performance_line(performance, performance->next, &line);
	error_set(err, "%s: %s: %s", performance->scenario->name, storage, err->what);
}

static bool is_out_of_patience(const struct performance *performance, struct cue *cue)
{
	int64_t end = performance->begun + PATIENCE;

	if (cue->wait->due == TIME_NONE)
		cue->wait->due = end;
	if (cue->now < end)
		return false;
	error_set(cue->err, "nothing has happened for 20 s");
	return true;
}

enum performance_outcome performance_step(struct performance *performance, int64_t now,
                                          struct wait *wait, struct error *err)
{
	struct error failure = { .what = "" }; /* a refusal may be just what the act wants */
	struct cue cue = { .performance = performance, .now = now, .wait = wait, .err = &failure };
	enum act_outcome outcome;

	if (next_act(performance)->verb == END_OF_STEPS)
		return PERFORMANCE_OVER;
	do
		outcome = step_once(performance, &cue);
	while (outcome == ACT_DONE && cue.act->at_once);
	if (outcome == ACT_WAITS && is_out_of_patience(performance, &cue))
		outcome = ACT_FAILED;
	if (outcome == ACT_FAILED) {
		*err = failure;
		complain(performance, err);
		return PERFORMANCE_FAILED;
	}
	return outcome == ACT_DONE ? PERFORMANCE_ACTED : PERFORMANCE_WAITS;
}

const struct scenario *performance_scenario(const struct performance *performance)
{
	return performance->scenario;
}

size_t performance_lines(const struct performance *performance)
{
	size_t count = 0;

	while (performance->scenario->steps[count].verb != END_OF_STEPS)
		count++;
	return count;
}

size_t performance_done(const struct performance *performance)
{
	return performance->next;
}

static void add_place(const struct performance *performance, struct text *text)
{
	uint16_t port = performance->parties[SERVER].port;

	if (port == 0) {
		text_add(text, "a free port of 127.0.0.1");
		return;
	}
	text_add(text, "127.0.0.1:");
	text_add_unsigned(text, port);
}

static void add_amount(const struct performance *performance, const struct act *act,
                       struct text *text)
{
	uint32_t flood = performance->options.flood;

	text_add_signed(text, act->verb == FLOODS && flood > 0 ? (int64_t)flood : act->amount);
}

void performance_line(const struct performance *performance, size_t line, struct text *text)
{
	const struct act *act = &performance->scenario->steps[line];

	text_add(text, actor_words(act->actor));
	text_add_char(text, ' ');
	for (const char *word = verb_row(act->verb)->words; *word != '\0'; word++) {
		if (*word == '@')
			add_place(performance, text);
		else if (*word == '#')
			add_amount(performance, act, text);
		else
			text_add_char(text, *word);
		if (*word == '"') {
			text_add(text, act->text);
			text_add_char(text, '"');
		}
	}
}

const struct lab_end *performance_ends(const struct performance *performance, size_t *count)
{
	*count = performance->end_count;
	return performance->ends;
}

const struct lab_end *performance_subject(const struct performance *performance)
{
	return performance->subject.port != 0 ? &performance->subject : NULL;
}

bool performance_is_at(const struct performance *performance, uint8_t protocol,
                       const struct address *address, uint16_t port)
{
	for (size_t i = 0; i < performance->end_count; i++)
		if (performance->ends[i].port == port &&
		    performance->ends[i].protocol == protocol &&
		    address_equal(&performance->ends[i].address, address))
			return true;
	return performance->is_flooding && protocol == IPPROTO_TCP &&
	       port == performance->subject.port && address->bytes[0] == 127;
}
