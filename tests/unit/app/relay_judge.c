/* relay_judge.c: what three captures make of a connection, beside what its two kernels say. */

#include "unit/app/relay_play.h"

#include <string.h>

/* A connection that is over leaves no socket, though its listener may still be there. */
static bool are_the_same(enum tcp_state inferred, enum tcp_state kernel)
{
	if (inferred == ST_CLOSED)
		return kernel == ST_CLOSED || kernel == ST_UNKNOWN || kernel == ST_LISTEN;
	return inferred == kernel;
}

/* What the place knows of the end: not enough, and more than is true. */
static bool has_missed(const struct relay *relay, enum place place, enum side side)
{
	for (size_t i = 0; i < relay->count; i++) {
		const struct packet *packet = &relay->packets[i];

		if ((packet->places & 1u << place) == 0 &&
		    (packet->from == side || packet->progress == HAS_ARRIVED))
			return true;
	}
	return false;
}

static bool has_been_deceived(const struct relay *relay, enum place place, enum side side)
{
	for (size_t i = 0; i < relay->count; i++) {
		const struct packet *packet = &relay->packets[i];

		if ((packet->places & 1u << place) != 0 && packet->from == side && packet->is_false)
			return true;
	}
	return false;
}

static bool is_excused(const struct play *play, const struct allowance *row, bool is_presumed)
{
	switch (row->excuse) {
	case PRESUMES:
		return is_presumed;
	case LAGS:
		return has_missed(play->relay, row->place, row->side);
	default:
		return has_been_deceived(play->relay, row->place, row->side);
	}
}

static bool is_allowed(struct play *play, enum place place, enum side side, enum tcp_state inferred,
                       enum tcp_state kernel, bool is_presumed)
{
	const struct allowance *rows = play->exchange->allowed;

	for (size_t i = 0; rows != NULL && rows[i].why != NULL && i < ALLOWANCES_MAX; i++) {
		if (rows[i].place != place || rows[i].side != side ||
		    rows[i].inferred != inferred || rows[i].kernel != kernel ||
		    !is_excused(play, &rows[i], is_presumed))
			continue;
		play->is_used[i] = true;
		return true;
	}
	return false;
}

static void judge_end(struct play *play, enum place place, enum side host)
{
	const struct flow *flow = relay_flow(play->relay, place);
	enum side side = flow != NULL ? relay_side(play->relay, flow, host) : host;
	enum tcp_state inferred = flow != NULL ? flow_state(flow, side) : ST_UNKNOWN;
	bool is_presumed = flow == NULL || flow_state_is_presumed(flow, side);
	enum tcp_state kernel;

	if (!relay_read_state(play->relay, host, &kernel)) {
		play_fail(play, "%s", play->relay->err.what);
		return;
	}
	if (are_the_same(inferred, kernel) ||
	    is_allowed(play, place, host, inferred, kernel, is_presumed))
		return;
	play_fail(play, "%s the %s is %s in %s, to its kernel in %s (there:%s)", place_name(place),
	          host_name(host), is_presumed ? "presumed" : "proven", state_name(inferred),
	          state_name(kernel), play->relay->observers[place].trace);
}

/* Who has heard nothing says nothing. */
void play_judge(struct play *play)
{
	for (int place = 0; place < PLACE_COUNT; place++) {
		if (play->relay->observers[place].frames == 0)
			continue;
		judge_end(play, (enum place)place, CLIENT);
		judge_end(play, (enum place)place, SERVER);
	}
}

static void judge_word(struct play *play, enum place place, const char *told, const char *is)
{
	if (told != NULL && strcmp(told, is) != 0)
		play_fail(play, "%s it is \"%s\" instead of \"%s\" (there:%s)", place_name(place),
		          is, told, play->relay->observers[place].trace);
}

static void judge_words(struct play *play, enum place place)
{
	const struct exchange *exchange = play->exchange;
	const struct flow *flow = relay_flow(play->relay, place);

	if (flow == NULL) {
		play_fail(play, "%s no connection was seen", place_name(place));
		return;
	}
	judge_word(play, place, exchange->opening, opening_name(flow_opening(flow)));
	judge_word(play, place, exchange->closing, closing_name(flow_closing(flow)));
	if (place == IN_MIDDLE && (flow->oddities & exchange->odd) != exchange->odd)
		play_fail(play, "oddities %#x were noticed, of %#x", flow->oddities, exchange->odd);
}

/* A packet that nobody carried anywhere is one that the scenario does not know of. */
static void judge_packets(struct play *play)
{
	for (size_t i = 0; i < play->relay->count; i++) {
		const struct packet *packet = &play->relay->packets[i];

		if (packet->progress < HAS_ARRIVED)
			play_fail(play, "nobody carried the %s's %s", host_name(packet->from),
			          kind_name(packet->kind));
	}
}

void play_judge_whole(struct play *play)
{
	const struct allowance *rows = play->exchange->allowed;

	for (int place = 0; place < PLACE_COUNT; place++)
		judge_words(play, (enum place)place);
	judge_packets(play);
	for (size_t i = 0; rows != NULL && rows[i].why != NULL; i++)
		if (!play->is_used[i])
			play_fail(play, "nobody needed the allowance for %s: %s",
			          place_name(rows[i].place), rows[i].why);
}
