/* flows_search.c: finding the next row that has some words in it. */

#include <strings.h>
#include <string.h>

#include "diagnose/finding.h"
#include "tui/flows_parts.h"

static void add_words(struct text *text, const struct flow *flow)
{
	for (int side = CLIENT; side <= SERVER; side++) {
		address_add_port(text, (enum family)flow->key.family, &flow->key.address[side],
		                 flow->key.port[side]);
		text_add_char(text, ' ');
		if (flow->key.protocol == PROTOCOL_TCP)
			text_add(text, state_name(flow_state(flow, (enum side)side)));
		text_add_char(text, ' ');
	}
	text_add(text, flow_outcome(flow));
}

static bool has_words(const struct flow *flow, const char *wanted)
{
	char storage[256];
	struct text text = text_over(storage, sizeof(storage));
	size_t length = strlen(wanted);

	if (!flow)
		return false;
	add_words(&text, flow);
	for (const char *at = storage; *at != '\0'; at++) {
		if (strncasecmp(at, wanted, length) == 0)
			return true;
	}
	return false;
}

/* From `from` on, round the end; false: nowhere. */
static bool search(struct tui *tui, size_t from, bool is_backwards)
{
	size_t count = tui->flows.list.count;

	for (size_t i = 0; i < count; i++) {
		size_t row = is_backwards ? (from + count - i) % count : (from + i) % count;

		if (!has_words(flows_flow(tui, row), tui->flows.search))
			continue;
		flows_go(tui, row);
		return true;
	}
	return false;
}

/* Each key searches from where the search began, so taking a letter back goes back. */
static void search_typed(struct tui *tui, const char *typed)
{
	struct text words = text_over(tui->flows.search, sizeof(tui->flows.search));

	tui->selected = tui->flows.search_from;
	flows_refresh(tui);
	if (!typed)
		return;
	text_add(&words, typed);
	if (*typed != '\0')
		search(tui, flows_at(tui), false);
}

static void search_done(struct tui *tui, const char *typed)
{
	if (*typed == '\0')
		return;
	search_typed(tui, typed);
	if (!has_words(tui_flow(tui, tui->selected), tui->flows.search))
		tui_say(tui, "nowhere: %s", tui->flows.search);
}

void flows_ask_search(struct tui *tui)
{
	flows_go(tui, flows_at(tui));
	tui->flows.search_from = tui->selected;
	tui_ask(tui, "search: ", "", search_done);
	tui->prompt.changed = search_typed;
}

void flows_search_next(struct tui *tui, bool is_backwards)
{
	size_t count = tui->flows.list.count;

	if (tui->flows.search[0] == '\0')
		tui_say(tui, "nothing was searched for yet");
	else if (count == 0 ||
	         !search(tui, (flows_at(tui) + (is_backwards ? count - 1 : 1)) % count,
	                 is_backwards))
		tui_say(tui, "nowhere: %s", tui->flows.search);
}
