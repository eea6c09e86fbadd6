/* flows_ask.c: what is typed about flows: the filter, hiding, names of files. */

#include <stdlib.h>
#include <string.h>

#include "report/where.h"
#include "tui/flows_parts.h"

static void take_filter(struct tui *tui, const char *typed)
{
	struct view_flows *flows = &tui->flows;
	struct where *where = NULL;
	struct text words;
	struct error err;

	typed += strspn(typed, " ");
	if (*typed != '\0' && !(where = where_new(typed, &err))) {
		tui_complain(tui, &err);
		return;
	}
	where_free(flows->where);
	flows->where = where;
	words = text_over(flows->where_words, sizeof(flows->where_words));
	text_add(&words, typed);
	flows->list.is_stale = true;
}

void flows_ask_filter(struct tui *tui)
{
	tui_ask(tui, "filter: ", tui->flows.where_words, take_filter);
}

static void take_hiding(struct tui *tui, const char *typed)
{
	enum { LONGEST = 1000000 };
	char *end;
	long seconds;

	typed += strspn(typed, " ");
	seconds = strtol(typed, &end, 10);
	if (*end != '\0' || seconds < 0 || seconds > LONGEST) {
		tui_say(tui, "no number of seconds: %s", typed);
		return;
	}
	tui->flows.hide_after = *typed == '\0' ? -1 : (int)seconds;
	tui->flows.list.is_changed = true;
	if (*typed == '\0')
		tui_say(tui, "closed connections stay");
	else
		tui_say(tui, "closed connections are hidden after %ld s; marked ones stay",
		        seconds);
}

void flows_ask_hiding(struct tui *tui)
{
	char seconds[16];
	struct text text = text_over(seconds, sizeof(seconds));

	if (tui->flows.hide_after >= 0)
		text_add_signed(&text, tui->flows.hide_after);
	tui_ask(tui, "hide closed ones after seconds (nothing: never): ", seconds, take_hiding);
}

/* ---- files ---- */

typedef int save_function(void *context, const struct flow *flow, const char *path,
                          struct text *said, struct error *err);

static void save(struct tui *tui, const char *path, save_function *saver)
{
	const struct flow *flow = tui_flow(tui, tui->selected);
	char said[MESSAGE_MOST];
	struct text text = text_over(said, sizeof(said));
	struct error err;

	if (*path == '\0')
		return;
	if (!flow)
		tui_say(tui, "this connection is not remembered any more");
	else if (saver(tui->options.wire->context, flow, path, &text, &err) < 0)
		tui_complain(tui, &err);
	else
		tui_say(tui, "%s", said);
}

static void save_packets(struct tui *tui, const char *path)
{
	save(tui, path, tui->options.wire->save_packets);
}

static void save_ladder(struct tui *tui, const char *path)
{
	save(tui, path, tui->options.wire->save_ladder);
}

static void ask_file(struct tui *tui, const char *question, const char *ending, bool is_possible,
                     void (*done)(struct tui *tui, const char *typed))
{
	char path[64];
	struct text text = text_over(path, sizeof(path));
	const struct flow *flow = tui_flow(tui, tui->selected);

	if (!is_possible || !flow) {
		tui_say(tui, is_possible ? "nothing is selected" : "nothing can be saved from here");
		return;
	}
	text_format(&text, "flow-%llu%s", (unsigned long long)flow->id, ending);
	tui_ask(tui, question, path, done);
}

void flows_ask_packets(struct tui *tui)
{
	ask_file(tui, "save its packets as: ", ".pcap", tui->options.wire->save_packets != NULL,
	         save_packets);
}

void flows_ask_ladder(struct tui *tui)
{
	ask_file(tui, "save its ladder as: ", ".txt", tui->options.wire->save_ladder != NULL,
	         save_ladder);
}
