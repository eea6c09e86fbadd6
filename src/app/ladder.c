/* ladder.c: the command that draws connections as sequence diagrams. */
#include "report/ladder.h"


#include "app/command.h"
#include "app/rungs.h"
#include "app/selection.h"
#include "app/session.h"

enum { LADDERS_USUAL = 10 };

/* What to draw: ids, the first few connections, or what a first reading chose. */
struct choice {
	const struct id_list *ids; /* NULL: any */
	bool by_list;              /* only what `chosen` holds */
	struct selection chosen;
	uint64_t most; /* connections without --flow */
	uint64_t left_out;
};

static bool is_listed(const struct id_list *ids, uint64_t id)
{
	for (int i = 0; i < ids->count; i++) {
		if (id >= ids->ranges[i].first && id <= ids->ranges[i].last)
			return true;
	}
	return false;
}

static bool is_chosen(const void *context, uint64_t id)
{
	const struct choice *choice = context;

	if (choice->by_list)
		return selection_has(&choice->chosen, id);
	return choice->ids ? is_listed(choice->ids, id) : id <= choice->most;
}

/*
 * Which flows an expression selects is known only at their end, and by then
 * their segments are gone: so the capture is read once to choose, once to draw.
 */
static bool choose(struct session *session, struct choice *choice)
{
	const struct page *page;
	const struct flow *flow = NULL;

	choice->by_list = true;
	if (!session_read(session))
		return false;
	page = session_page(session);
	while ((flow = tracker_next(page->tracker, flow))) {
		if (!page_wants(page, flow) || (choice->ids && !is_listed(choice->ids, flow->id)))
			continue;
		if (!choice->ids && choice->chosen.count >= choice->most)
			choice->left_out++;
		else if (!selection_add(&choice->chosen, flow->id))
			return false;
	}
	return session_rewind(session);
}

static void ladders_write(struct session *session, const struct settings *settings,
                          const struct collection *collection)
{
	const struct page *page = session_page(session);
	const struct flow *next = tracker_next(page->tracker, NULL);
	struct ladder_options options = {
		.absolute_numbers = settings->absolute_numbers,
		.samples = settings->samples,
		.time_wait = session_limits(session)->time_wait,
	};

	for (size_t i = 0; i < collection->count; i++) {
		const struct rungs *rungs = &collection->flows[i];

		while (next && next->id < rungs->id)
			next = tracker_next(page->tracker, next);
		if (i > 0)
			output_add_char(page->output, '\n');
		ladder_write(page, rungs->is_forgotten || !next ? &rungs->flow : next, rungs->rung,
		             rungs->count, &options);
	}
}

static void rest_write(const struct page *page, const struct collection *collection,
                       const struct choice *choice)
{
	const struct tracker_totals *totals = tracker_totals(page->tracker);
	uint64_t all = totals->flows[0] + totals->flows[1];
	uint64_t left_out = choice->left_out;

	if (!choice->ids && !choice->by_list && all > choice->most)
		left_out = all - choice->most;
	if (collection->count == 0 && !choice->ids)
		output_add(page->output, "No connection to draw.\n");
	if (left_out > 0)
		output_format(page->output, "\n%llu more: choose with --flow, --where or --top\n",
		              (unsigned long long)left_out);
	if (collection->is_short_of_memory)
		output_add(page->output, "Memory was short: some segments are missing here.\n");
	page_warnings(page);
}

static enum status complain_of_ids(const struct page *page, bool by_list)
{
	const struct tracker_totals *totals = tracker_totals(page->tracker);
	uint64_t all = totals->flows[0] + totals->flows[1];
	struct error err = { .what = "" };

	error_set(&err, "%s: no connection has a number given with --flow%s", page->input->name,
	          by_list ? " and is selected by --where" : "");
	error_remedy(&err, "it has %llu connections; 'shakedown %s' lists them",
	             (unsigned long long)all, page->input->name);
	return complain(&err, STATUS_REFUSED);
}

static enum status draw(struct session *session, const struct settings *settings,
                        const struct choice *choice)
{
	struct collection collection = {
		.session = settings->samples ? session : NULL,
		.wants = is_chosen,
		.choice = choice,
	};
	enum status status = STATUS_DONE;

	session_listen(session, collection_kinds(), collection_take, &collection);
	if (session_read(session)) {
		ladders_write(session, settings, &collection);
		rest_write(session_page(session), &collection, choice);
		if (collection.count == 0 && choice->ids)
			status = complain_of_ids(session_page(session), choice->by_list);
	}
	collection_free(&collection);
	return status;
}

enum status ladder_run(const struct settings *settings)
{
	struct session_plan plan = {
		.twice = settings->where != NULL,
		.samples = settings->samples,
	};
	struct choice choice = {
		.ids = settings->ids.count > 0 ? &settings->ids : NULL,
		.most = settings->top != UINT64_MAX ? settings->top : LADDERS_USUAL,
	};
	enum status status, end;
	struct session *session = session_open(settings, &plan, &status);

	if (!session)
		return status;
	status = STATUS_DONE;
	if (!plan.twice || choose(session, &choice))
		status = draw(session, settings, &choice);
	selection_free(&choice.chosen);
	end = session_end(session);
	return end != STATUS_DONE ? end : status;
}
