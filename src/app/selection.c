/* selection.c: a set of connections, by their ids. */
#include "app/selection.h"

#include <stdlib.h>

#include "app/session_inside.h"
#include "capture/source.h"

static int id_compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

bool selection_add(struct selection *selection, uint64_t id)
{
	if (selection->count == selection->room) {
		size_t room = selection->room ? 2 * selection->room : 16;
		uint64_t *larger = realloc(selection->ids, room * sizeof *larger);

		if (!larger)
			return false;
		selection->ids = larger;
		selection->room = room;
	}
	selection->ids[selection->count++] = id;
	return true;
}

bool selection_has(const struct selection *selection, uint64_t id)
{
	return selection->count > 0 && bsearch(&id, selection->ids, selection->count, sizeof id,
	                                       id_compare) != NULL;
}

void selection_free(struct selection *selection)
{
	free(selection->ids);
	*selection = (struct selection){ .ids = NULL };
}

struct writing {
	struct session *session;
	struct selection wanted;
	bool is_wanted; /* the frame at hand */
};

static void segment_heard(void *context, const struct event *event)
{
	struct writing *writing = context;

	writing->is_wanted |= selection_has(&writing->wanted, event->flow->id);
}

/* A frame is gone when it was visited: so each is fed by itself. */
static void frame_write(void *context, const struct frame *frame)
{
	struct writing *writing = context;
	struct session *session = writing->session;
	struct segment segment;

	if (!session_wants(session, frame) ||
	    !verdict_has_segment(decoder_decode(&session->decoder, frame, &segment)))
		return;
	writing->is_wanted = false;
	tracker_feed(session->tracker, &segment, 1);
	if (writing->is_wanted)
		record_frame(&session->record, frame);
}

static bool choose(struct session *session, struct selection *wanted)
{
	const struct page *page = session_page(session);
	const struct flow *flow = NULL;

	while ((flow = tracker_next(page->tracker, flow))) {
		if (page_wants(page, flow) && !selection_add(wanted, flow->id))
			return false;
	}
	return true;
}

bool selection_write(struct session *session)
{
	struct writing writing = { .session = session };
	struct error ignored; /* the first reading has met the same damage, and tells of it */
	bool is_done = choose(session, &writing.wanted) && session_rewind(session);

	if (is_done) {
		session_listen(session, event_bit(EVENT_SEGMENT) | event_bit(EVENT_ICMP_ERROR),
		               segment_heard, &writing);
		while (source_visit(session->source, TRACKER_BATCH, frame_write, &writing,
		                    &ignored) >= 0)
			;
	}
	selection_free(&writing.wanted);
	return is_done;
}
