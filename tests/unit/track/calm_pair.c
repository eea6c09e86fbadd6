/* calm_pair.c: two trackers that hear the same: one keeps connections calm, the other one is the judge. */

#include "unit/track/calm_pair.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet/option.h"
#include "track/checkpoint.h"
#include "unit/track/calm_show.h"
#include "unit/track/inspect.h"

enum { TOLD_MOST = 256 };

/* An event, and the flow as it was then. */
struct told {
	struct event event;
	struct shown flow;
};

/* ---- Beginning ---- */

struct tracker_options pair_options(void)
{
	struct tracker_options options = tracker_defaults();

	options.max_flows = PAIR_FLOWS;
	return options;
}

static void keep_told(struct pair *pair, int which, const struct event *event)
{
	struct told *told = &pair->told[which][pair->told_count[which]];

	cr_assert_lt(pair->told_count[which], TOLD_MOST);
	pair->told_count[which]++;
	told->event = *event;
	show_flow(&told->flow, event->flow);
}

static void hear_calm(void *context, const struct event *event)
{
	keep_told(context, 0, event);
}

static void hear_judge(void *context, const struct event *event)
{
	keep_told(context, 1, event);
}

void pair_listen(struct pair *pair, uint32_t kinds)
{
	pair->kinds = kinds;
	tracker_listen(pair->play.tracker, kinds, hear_calm, pair);
	tracker_listen(pair->judge, kinds, hear_judge, pair);
}

static struct tracker *another(const struct tracker_options *options)
{
	struct error err;
	struct tracker *tracker = tracker_new(options, &err);

	cr_assert(tracker, "%s", err.what);
	return tracker;
}

void pair_begin_with(struct pair *pair, const struct tracker_options *options, uint32_t kinds)
{
	struct tracker_options unpacked = *options;

	unpacked.unpacked = true;
	memset(pair, 0, sizeof(*pair));
	play_begin_with(&pair->play, options);
	pair->compares_each = 1;
	pair->judge = another(&unpacked);
	pair->copy = another(options);
	pair->dress.scale[CLIENT] = pair->dress.scale[SERVER] = NO_SCALE;
	for (int i = 0; i < 2; i++)
		pair->told[i] = calloc(TOLD_MOST, sizeof(struct told));
	pair_listen(pair, kinds);
}

void pair_begin(struct pair *pair)
{
	struct tracker_options options = pair_options();

	pair_begin_with(pair, &options, PAIR_KINDS);
}

/* ---- Comparing ---- */

static void compare_flow(const struct pair *pair, struct tracker *tracker, uint32_t number,
                         const char *form)
{
	static struct shown calm, judge;
	const struct slot *slot = &tracker->slots[number];
	const struct slot *judged = &pair->judge->slots[number];
	const char *where;

	show_slot(&calm, tracker, number);
	show_slot(&judge, pair->judge, number);
	where = shown_difference(&calm, &judge);
	cr_assert(!where, "%s: flow %u, %s: %s", pair->context, number, form, where);
	cr_assert(pair->is_finished || slot->timeout == judged->timeout,
	          "%s: flow %u waits in queue %d, not %d", pair->context, number, slot->timeout,
	          judged->timeout);
}

static void compare_queues(const struct pair *pair, const struct tracker *tracker)
{
	for (int timeout = 0; timeout < TIMEOUT_COUNT; timeout++) {
		uint32_t calm = standing_first(tracker, timeout);
		uint32_t judge = standing_first(pair->judge, timeout);

		while (calm == judge && calm != NONE) {
			calm = standing_next(tracker, timeout, calm);
			judge = standing_next(pair->judge, timeout, judge);
		}
		cr_assert_eq(calm, judge, "%s: queue %d has %u, not %u", pair->context, timeout,
		             calm, judge);
	}
}

static void compare_flows(const struct pair *pair, struct tracker *tracker, const char *form)
{
	uint32_t calm = standing_first(tracker, ORDER), judge = standing_first(pair->judge, ORDER);

	while (calm == judge && calm != NONE) {
		compare_flow(pair, tracker, calm, form);
		calm = standing_next(tracker, ORDER, calm);
		judge = standing_next(pair->judge, ORDER, judge);
	}
	cr_assert_eq(calm, judge, "%s: flow %u is next, not %u", pair->context, calm, judge);
	if (pair->is_finished)
		return;
	compare_queues(pair, tracker);
	cr_assert_eq(tracker_due(tracker), tracker_due(pair->judge), "%s: due", pair->context);
}

static void compare_listeners(const struct pair *pair, const struct tracker *tracker)
{
	const struct tracker *judge = pair->judge;

	cr_assert_eq(tracker->listener_count, judge->listener_count, "%s: listeners", pair->context);
	cr_assert_arr_eq(tracker->listeners, judge->listeners,
	                 (judge->listener_count + 1) * sizeof(struct listener),
	                 "%s: listeners", pair->context);
}

static void compare_whole(const struct pair *pair, const struct tracker *tracker)
{
	const struct tracker *judge = pair->judge;
	const char *where = totals_difference(&tracker->totals, &judge->totals);

	cr_assert(!where, "%s: totals: %s", pair->context, where);
	cr_assert_eq(tracker_established(tracker), tracker_established(judge), "%s: established",
	             pair->context);
	cr_assert_eq(tracker->now, judge->now, "%s: now", pair->context);
	cr_assert_eq(tracker->next_id, judge->next_id, "%s: ids", pair->context);
	cr_assert_eq(tracker->next_stream, judge->next_stream, "%s: streams", pair->context);
	cr_assert_eq(tracker->suspect_count, judge->suspect_count, "%s: suspects", pair->context);
	compare_listeners(pair, tracker);
}

static bool is_same_event(const struct event *one, const struct event *other)
{
	return one->kind == other->kind && one->segment == other->segment &&
	       one->time == other->time && one->side == other->side &&
	       one->before[CLIENT] == other->before[CLIENT] &&
	       one->before[SERVER] == other->before[SERVER] && one->oddity == other->oddity &&
	       one->is_repeat == other->is_repeat && one->marks == other->marks &&
	       one->duplicate_acks == other->duplicate_acks;
}

static void compare_told(struct pair *pair)
{
	cr_assert_eq(pair->told_count[0], pair->told_count[1], "%s: %d events, not %d",
	             pair->context, pair->told_count[0], pair->told_count[1]);
	for (int i = 0; i < pair->told_count[1]; i++) {
		const struct told *calm = &pair->told[0][i], *judge = &pair->told[1][i];
		const char *where = shown_difference(&calm->flow, &judge->flow);

		cr_assert(is_same_event(&calm->event, &judge->event), "%s: event %d",
		          pair->context, i);
		cr_assert(!where, "%s: event %d: %s", pair->context, i, where);
	}
	pair->told_count[0] = pair->told_count[1] = 0;
}

void pair_compare(struct pair *pair)
{
	compare_told(pair);
	compare_whole(pair, pair->play.tracker);
	compare_flows(pair, pair->play.tracker, "as it is");
}

void pair_compare_woken(struct pair *pair)
{
	struct error err;
	struct checkpoint *checkpoint = tracker_checkpoint(pair->play.tracker, &err);

	cr_assert(checkpoint, "%s", err.what);
	tracker_restore(pair->copy, checkpoint);
	checkpoint_free(checkpoint);
	compare_whole(pair, pair->copy);
	inspect_tracker(pair->copy);
	compare_whole(pair, pair->copy);
	compare_flows(pair, pair->copy, "woken");
}

/* ---- Hearing ---- */

static void say_context(struct pair *pair, const struct segment *segment)
{
	const struct play *play = &pair->play;
	bool is_servers = segment->source_port == PLAY_SERVICE;

	snprintf(pair->context, sizeof(pair->context),
	         "frame %llu, kind %d, +%lld ns, %u %c flags %x seq %u ack %u len %u",
	         (unsigned long long)segment->frame, segment->kind,
	         (long long)time_between(PLAY_START, segment->time),
	         is_servers ? segment->destination_port : segment->source_port,
	         is_servers ? '<' : '>', segment->flags, segment->seq - play->isn[is_servers],
	         segment->ack - play->isn[!is_servers], segment->payload);
}

/* Whether nobody woke is to be seen from the last frame. */
static bool was_taken_calmly(const struct tracker *tracker, const struct segment *segment)
{
	uint32_t number = standing_first(tracker, ORDER);

	for (; number != NONE; number = standing_next(tracker, ORDER, number)) {
		const struct slot *slot = &tracker->slots[number];
		const struct calm *calm = calm_look(tracker, number);

		if (slot->is_calm &&
		    calm->first_frame + calm->last_frame == segment->frame)
			return true;
	}
	return false;
}

static void count(struct pair *pair, const struct segment *segment)
{
	bool is_calm = was_taken_calmly(pair->play.tracker, segment);

	pair->segments += segment->kind == SEGMENT_TCP;
	pair->taken_calmly += is_calm;
	if (!is_calm && pair->woken_by[0] == '\0')
		strcpy(pair->woken_by, pair->context);
}

void pair_feed(struct pair *pair, const struct segment *segment)
{
	say_context(pair, segment);
	play_feed(&pair->play, segment);
	tracker_feed(pair->judge, segment, 1);
	count(pair, segment);
	compare_told(pair);
	if (segment->frame % pair->compares_each == 0)
		pair_compare(pair);
}

static uint32_t stamp_now(const struct segment *segment)
{
	return UINT32_MAX - 50 + (uint32_t)((segment->time - PLAY_START) / TIME_MILLISECOND);
}

static void put_stamps(struct dress *dress, struct segment *segment, enum side side)
{
	uint32_t words[2] = { stamp_now(segment), dress->heard[other_side(side)] };
	uint8_t bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(words[i / 4] >> (24 - i % 4 * 8));
	dress->heard[side] = words[0];
	if (!segment_has(segment, TCP_SYN)) {
		options_append(segment, OPTION_NOP, NULL, 0);
		options_append(segment, OPTION_NOP, NULL, 0);
	}
	options_append(segment, OPTION_TIMESTAMPS, bytes, 8);
}

/* After the SYNs only what both ends have. */
void dress_put(struct dress *dress, struct segment *segment, enum side side)
{
	uint8_t mss[2] = { (uint8_t)(dress->mss[side] >> 8), (uint8_t)dress->mss[side] };
	uint8_t scale = (uint8_t)dress->scale[side];
	bool has_syn = segment_has(segment, TCP_SYN);

	if (segment->kind != SEGMENT_TCP)
		return;
	if (has_syn && dress->mss[side] > 0)
		options_append(segment, OPTION_MSS, mss, 2);
	if (has_syn && dress->scale[side] != NO_SCALE)
		options_append(segment, OPTION_WINDOW_SCALE, &scale, 1);
	if (dress->stamps[side] && (has_syn || dress->stamps[other_side(side)]))
		put_stamps(dress, segment, side);
	if (has_syn)
		options_pad(segment);
}

static enum side side_of(const struct segment *segment)
{
	return segment->source_port == PLAY_SERVICE ? SERVER : CLIENT;
}

struct segment pair_segment(struct pair *pair, const char *script)
{
	struct segment segment = play_segment(&pair->play, script);

	dress_put(&pair->dress, &segment, side_of(&segment));
	return segment;
}

void pair_hear(struct pair *pair, const char *script)
{
	struct segment segments[PLAY_SCRIPT_MAX];
	int count = play_read(&pair->play, script, segments, PLAY_SCRIPT_MAX);

	for (int i = 0; i < count; i++) {
		dress_put(&pair->dress, &segments[i], side_of(&segments[i]));
		pair_feed(pair, &segments[i]);
	}
}

void pair_wait(struct pair *pair, int64_t milliseconds)
{
	play_wait(&pair->play, milliseconds);
	tracker_advance(pair->judge, pair->play.time);
	snprintf(pair->context, sizeof(pair->context), "waited");
	pair_compare(pair);
}

void pair_finish(struct pair *pair)
{
	pair->is_finished = true;
	tracker_finish(pair->play.tracker);
	tracker_finish(pair->judge);
	snprintf(pair->context, sizeof(pair->context), "finished");
	compare_told(pair);
	compare_whole(pair, pair->play.tracker);
}

/* Whatever was not acknowledged twice is in the same places: what would be called a copy is the same. */
static void compare_recents(const struct pair *pair)
{
	if (pair->play.tracker->options.keep_duplicates)
		return;
	cr_assert_arr_eq(pair->play.tracker->recents, pair->judge->recents,
	                 RECENTS * sizeof(struct recents));
}

void pair_end(struct pair *pair)
{
	pair_compare_woken(pair);
	compare_recents(pair);
	inspect_tracker(pair->judge);
	play_end(&pair->play);
	tracker_free(pair->judge);
	tracker_free(pair->copy);
	free(pair->told[0]);
	free(pair->told[1]);
}

/* ---- Asking ---- */

static uint64_t id_of(const struct tracker *tracker, uint32_t number)
{
	const struct slot *slot = &tracker->slots[number];

	return slot->is_calm ? calm_look(tracker, number)->id : tracker->flows[slot->place].id;
}

static uint32_t number_of(const struct tracker *tracker, uint64_t id)
{
	uint32_t number = standing_first(tracker, ORDER);

	while (number != NONE && id_of(tracker, number) != id)
		number = standing_next(tracker, ORDER, number);
	cr_assert_neq(number, NONE, "there is no flow %llu", (unsigned long long)id);
	return number;
}

const struct slot *pair_slot(const struct pair *pair, uint64_t id)
{
	return &pair->play.tracker->slots[number_of(pair->play.tracker, id)];
}

enum calm_phase pair_phase(const struct pair *pair, uint64_t id)
{
	const struct tracker *tracker = pair->play.tracker;
	uint32_t number = number_of(tracker, id);

	return tracker->slots[number].is_calm ? (enum calm_phase)calm_look(tracker, number)->phase
	                                      : CALM_PHASES;
}
