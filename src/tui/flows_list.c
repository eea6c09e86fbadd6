/* flows_list.c: which flows are rows of the list, in which order, and where the cursor is. */

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "report/where.h"
#include "tui/flows_parts.h"

/* ---- what each flow is worth ---- */

static bool make_room(struct flows_list *list, size_t count)
{
	struct judged *judged, *before;
	struct flows_row *rows, *spare;

	if (count <= list->room)
		return true;
	count += count / 2;
	if ((judged = realloc(list->judged, count * sizeof(*judged))))
		list->judged = judged;
	if ((before = realloc(list->judged_before, count * sizeof(*before))))
		list->judged_before = before;
	if ((rows = realloc(list->rows, count * sizeof(*rows))))
		list->rows = rows;
	if ((spare = realloc(list->spare, count * sizeof(*spare))))
		list->spare = spare;
	if (!judged || !before || !rows || !spare)
		return false;
	list->room = count;
	return true;
}

void flows_list_free(struct flows_list *list)
{
	free(list->judged);
	free(list->judged_before);
	free(list->rows);
	free(list->spare);
	*list = (struct flows_list){ .version = 0 };
}

static struct judged judge(const struct tui *tui, const struct listed *listed)
{
	const struct view_flows *flows = &tui->flows;
	size_t count;
	const struct flows_column *column = &flows_columns(&count)[flows->sort];

	return (struct judged){
		.id = listed->id,
		.traits = listed->traits,
		.rank = column->order(tui->scene.page, listed->flow),
		.is_wanted = !flows->where || where_accepts(flows->where, listed->flow),
	};
}

/* Both lists rise by id: what was judged before is found on the way, only what changed is judged. */
static void judge_all(struct tui *tui)
{
	struct flows_list *list = &tui->flows.list;
	struct judged *before = list->judged;
	size_t before_count = list->is_stale ? 0 : list->judged_count;
	size_t at = 0, columns;
	bool ages = flows_columns(&columns)[tui->flows.sort].ages;

	list->judged = list->judged_before;
	list->judged_before = before;
	list->judged_count = tui->roll.count;
	for (size_t i = 0; i < tui->roll.count; i++) {
		const struct listed *listed = &tui->roll.flows[i];

		while (at < before_count && before[at].id < listed->id)
			at++;
		if (!ages && at < before_count && before[at].id == listed->id &&
		    before[at].traits == listed->traits)
			list->judged[i] = before[at];
		else
			list->judged[i] = judge(tui, listed);
	}
}

/* ---- which are rows ---- */

bool flows_is_marked(const struct view_flows *flows, uint64_t id)
{
	for (size_t i = 0; i < flows->mark_count; i++) {
		if (flows->marks[i] == id)
			return true;
	}
	return false;
}

void flows_toggle_mark(struct tui *tui, uint64_t id)
{
	struct view_flows *flows = &tui->flows;

	flows->list.is_changed = true;
	for (size_t i = 0; i < flows->mark_count; i++) {
		if (flows->marks[i] == id) {
			flows->marks[i] = flows->marks[--flows->mark_count];
			return;
		}
	}
	if (flows->mark_count < FLOWS_MARKS_MOST)
		flows->marks[flows->mark_count++] = id;
	else
		tui_say(tui, "no more than %d marks", FLOWS_MARKS_MOST);
}

/* What is marked stays in sight. */
static bool is_hidden(const struct tui *tui, const struct listed *listed)
{
	const struct view_flows *flows = &tui->flows;

	return flows->hide_after >= 0 && listed->is_over &&
	       time_between(listed->last, tui->roll.moment.now) > flows->hide_after * TIME_SECOND &&
	       !flows_is_marked(flows, listed->id);
}

static void list_rows(struct tui *tui)
{
	struct flows_list *list = &tui->flows.list;

	list->count = 0;
	for (size_t i = 0; i < list->judged_count; i++) {
		const struct judged *judged = &list->judged[i];

		if (judged->is_wanted && !is_hidden(tui, &tui->roll.flows[i]))
			list->rows[list->count++] = (struct flows_row){ judged->rank, judged->id };
	}
	flows_sort(list->rows, list->spare, list->count, tui->flows.is_backwards);
}

/* Frozen rows stay as they are until the user asks for something else. */
void flows_refresh(struct tui *tui)
{
	struct flows_list *list = &tui->flows.list;
	bool is_asked = list->is_stale || list->is_changed || list->version == 0;

	if (!is_asked && (tui->flows.is_frozen || list->version == tui->roll.version))
		return;
	if (!make_room(list, tui->roll.count))
		return;
	judge_all(tui);
	list_rows(tui);
	list->version = tui->roll.version;
	list->is_stale = list->is_changed = false;
}

/* ---- the cursor ---- */

static size_t newest(const struct flows_list *list)
{
	size_t best = 0;

	for (size_t i = 1; i < list->count; i++)
		best = list->rows[i].id > list->rows[best].id ? i : best;
	return best;
}

/* Where the selected flow is gone, the cursor stays at its height. */
size_t flows_at(const struct tui *tui)
{
	const struct flows_list *list = &tui->flows.list;

	if (list->count == 0)
		return 0;
	if (tui->flows.follows)
		return newest(list);
	for (size_t i = 0; i < list->count; i++) {
		if (list->rows[i].id == tui->selected)
			return i;
	}
	return tui->flows.at < list->count ? tui->flows.at : list->count - 1;
}

const struct flow *flows_flow(const struct tui *tui, size_t row)
{
	const struct flows_list *list = &tui->flows.list;

	return row < list->count ? tui_flow(tui, list->rows[row].id) : NULL;
}

void flows_go(struct tui *tui, size_t row)
{
	struct flows_list *list = &tui->flows.list;

	if (list->count == 0)
		return;
	row = row < list->count ? row : list->count - 1;
	tui->selected = list->rows[row].id;
	tui->flows.follows = false;
	tui->flows.at = row;
	tui->flows.top = flows_top(tui, tui->body);
}

/* The first line has the heads. */
size_t flows_height(struct area area)
{
	return area.rows > 1 ? (size_t)area.rows - 1 : 1;
}

/* Only keys scroll; what is drawn meanwhile has the cursor in sight, wherever that is now. */
size_t flows_top(const struct tui *tui, struct area area)
{
	size_t height = flows_height(area), at = flows_at(tui), top = tui->flows.top;
	size_t count = tui->flows.list.count;

	if (top + height > count)
		top = count > height ? count - height : 0;
	if (at < top)
		top = at;
	if (at >= top + height)
		top = at - height + 1;
	return top;
}
