/* judge_compare.c: the tracker's states beside the kernel's own. */

#include "app/judge_inside.h"

#include <string.h>

#include "app/cast.h"
#include "app/kernel.h"
#include "base/text.h"
#include "track/flow.h"
#include "track/state.h"

/* Enough for people; a flood has more, and they are all alike. */
enum { FLOWS_MOST = 512, PATH_TEXT = 256 };

static const struct socket_entry *find_listener(const struct sockets *sockets,
                                                const struct flow_key *key, enum side side)
{
	static const struct address any;
	const struct socket_entry *entry = sockets_find(
		sockets, key->protocol, key->family, &key->address[side], key->port[side], &any, 0);

	if (entry == NULL)
		entry = sockets_find(sockets, key->protocol, key->family, &any, key->port[side],
		                     &any, 0);
	return entry != NULL && entry->state == SOCKET_LISTEN ? entry : NULL;
}

static enum tcp_state kernel_state(const struct sockets *sockets, const struct flow_key *key,
                                   enum side side)
{
	const struct socket_entry *entry =
		sockets_find(sockets, key->protocol, key->family, &key->address[side],
	                     key->port[side], &key->address[!side], key->port[!side]);

	return kernel_socket_state(entry != NULL ? entry : find_listener(sockets, key, side));
}

/* A connection that is over leaves no socket, though its listener may still be there. */
static bool are_the_same(enum tcp_state inferred, enum tcp_state kernel)
{
	if (inferred == ST_CLOSED)
		return kernel == ST_CLOSED || kernel == ST_UNKNOWN || kernel == ST_LISTEN;
	return inferred == kernel;
}

static const char *kernel_words(enum tcp_state state)
{
	return state == ST_UNKNOWN ? "" : state_name(state);
}

static const struct deviation *find_deviation(const struct scenario *scenario,
                                              enum tcp_state inferred, enum tcp_state kernel)
{
	for (const struct deviation *row = scenario->allowed; row != NULL && row->why != NULL;
	     row++)
		if (strcmp(row->inferred, state_name(inferred)) == 0 &&
		    strcmp(row->kernel, kernel_words(kernel)) == 0)
			return row;
	return NULL;
}

static bool is_its_socket(const struct performance *performance, const struct socket_entry *entry)
{
	return performance_is_at(performance, entry->protocol, &entry->local, entry->local_port) &&
	       performance_is_at(performance, entry->protocol, &entry->remote, entry->remote_port);
}

/* The kernel knows only the latest connection of these addresses and ports, either way round. */
static bool is_replaced(const struct tracker *tracker, const struct flow *flow)
{
	const struct flow_key *key = &flow->key;

	for (const struct flow *later = flow; (later = tracker_next(tracker, later)) != NULL;)
		for (int way = 0; way < 2; way++)
			if (later->key.protocol == key->protocol &&
			    later->key.port[way] == key->port[CLIENT] &&
			    later->key.port[!way] == key->port[SERVER] &&
			    address_equal(&later->key.address[way], &key->address[CLIENT]) &&
			    address_equal(&later->key.address[!way], &key->address[SERVER]))
				return true;
	return false;
}

static bool end_agrees(const struct judge *judge, struct case_file *file, const struct flow *flow,
                       enum side side, struct text *difference)
{
	const struct scenario *scenario = performance_scenario(file->performance);
	enum tcp_state inferred = flow_state(flow, side);
	enum tcp_state kernel = kernel_state(&judge->sockets, &flow->key, side);
	const struct deviation *deviation;

	if (are_the_same(inferred, kernel))
		return true;
	deviation = find_deviation(scenario, inferred, kernel);
	if (deviation != NULL) {
		file->judgement.deviation = deviation;
		file->judgement.deviations++;
		return true;
	}
	address_add_port(difference, flow->key.family, &flow->key.address[side],
	                 flow->key.port[side]);
	text_format(difference, " is in %s, to the kernel %s", state_name(inferred),
	            kernel == ST_UNKNOWN ? "it is nothing" : state_name(kernel));
	return false;
}

static bool flow_is_between(const struct flow *flow, const struct socket_entry *entry)
{
	for (int side = 0; side < 2; side++)
		if (flow->key.protocol == entry->protocol &&
		    flow->key.port[side] == entry->local_port &&
		    flow->key.port[!side] == entry->remote_port &&
		    address_equal(&flow->key.address[side], &entry->local) &&
		    address_equal(&flow->key.address[!side], &entry->remote))
			return true;
	return false;
}

static bool is_seen(const struct tracker *tracker, const struct socket_entry *entry)
{
	const struct flow *flow = NULL;

	while ((flow = tracker_next(tracker, flow)) != NULL)
		if (flow_is_between(flow, entry))
			return true;
	return false;
}

/* The other way round: a connection that the kernel has must have been seen. */
static bool all_are_seen(const struct judge *judge, const struct performance *performance,
                         struct text *difference)
{
	for (size_t i = 0; i < judge->sockets.count && i < FLOWS_MOST; i++) {
		const struct socket_entry *entry = &judge->sockets.entries[i];

		if (entry->protocol != PROTOCOL_TCP || !is_its_socket(performance, entry) ||
		    is_seen(judge->options.tracker, entry))
			continue;
		address_add_port(difference, entry->family, &entry->local, entry->local_port);
		text_format(difference, " is in %s to the kernel, and was not seen",
		            state_name(kernel_socket_state(entry)));
		return false;
	}
	return true;
}

bool states_agree(const struct judge *judge, struct case_file *file, char *difference, size_t size)
{
	const struct tracker *tracker = judge->options.tracker;
	const struct flow *flow = NULL;
	struct text text = text_over(difference, size);
	int count = 0;

	while ((flow = tracker_next(tracker, flow)) != NULL && count < FLOWS_MOST) {
		if (flow->key.protocol != PROTOCOL_TCP || !cast_has_flow(file->performance, flow) ||
		    is_replaced(tracker, flow))
			continue;
		count++;
		if (!end_agrees(judge, file, flow, CLIENT, &text) ||
		    !end_agrees(judge, file, flow, SERVER, &text))
			return false;
	}
	return all_are_seen(judge, file->performance, &text);
}

/* ---- The life, at the end --------------------------------------------------------------------- */

static void add_path(struct text *text, const struct endpoint *end)
{
	enum tcp_state path[PATH_MAX_STATES];
	int count = endpoint_path(end, path);

	for (int i = 0; i < count; i++) {
		text_add(text, i > 0 ? " " : "");
		text_add(text, state_name(path[i]));
	}
}

/* Notes the first difference only. */
static void compare_words(struct judgement *judgement, const char *what, const char *is,
                          const char *told)
{
	struct text text;

	if (strcmp(is, told) == 0 || !judgement->is_as_told)
		return;
	judgement->is_as_told = false;
	text = text_over(judgement->difference, sizeof(judgement->difference));
	text_format(&text, "%s: \"%s\" instead of \"%s\"", what, is, told);
}

static void compare_path(struct judgement *judgement, const char *what, enum side side,
                         const char *told)
{
	char storage[PATH_TEXT];
	struct text path = text_over(storage, sizeof(storage));

	add_path(&path, flow_end(judgement->flow, side));
	compare_words(judgement, what, storage, told);
}

void life_compare(const struct judge *judge, struct case_file *file)
{
	const struct scenario *scenario = performance_scenario(file->performance);
	const struct live_life told = { .client = scenario->client,
		                        .server = scenario->server,
		                        .opening = scenario->opening,
		                        .closing = scenario->closing };
	const struct live_life *life = scenario->live != NULL ? scenario->live : &told;
	struct judgement *judgement = &file->judgement;

	judgement->flow = cast_subject(file->performance, judge->options.tracker);
	judgement->is_as_told = true;
	if (judgement->flow == NULL) {
		compare_words(judgement, "connection", "none", "one");
		return;
	}
	if (life->client == NULL) {
		compare_words(judgement, "conversation",
		              udp_state_name(flow_udp_state(judgement->flow)), life->opening);
		return;
	}
	compare_path(judgement, "client", CLIENT, life->client);
	compare_path(judgement, "server", SERVER, life->server);
	compare_words(judgement, "opening", opening_name(flow_opening(judgement->flow)),
	              life->opening);
	compare_words(judgement, "closing", closing_name(flow_closing(judgement->flow)),
	              life->closing);
}
