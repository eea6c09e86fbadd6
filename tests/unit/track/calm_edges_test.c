/* calm_edges_test.c: what is too long, too large or too much for a calm connection. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "unit/track/calm_talk.h"

static void begin(struct pair *pair, struct talk *talk)
{
	pair_begin(pair);
	talk_begin_plainly(talk, PLAY_PORT);
}

/* The next segment so much later. */
static void hear_after(struct pair *pair, struct talk *talk, int64_t time, uint64_t frames,
                       const char *letters)
{
	pair->play.time += time - PLAY_STEP;
	pair->play.frame += frames - 1;
	talk_hear(talk, pair, letters);
}

/* Where each phase may be met when it is too late for it. */
static const char *const nexts[CALM_PHASES] = {
	[CALM_ASKED] = "S",         [CALM_ANSWERED] = "a",      [CALM_OPEN] = "D",
	[CALM_TALK] = "d",          [CALM_CLIENT_ENDS] = "A",   [CALM_CLIENT_ENDED] = "F",
	[CALM_SERVER_LEAVES] = "a", [CALM_CLIENT_LAST] = "a",   [CALM_SERVER_ENDS] = "a",
	[CALM_SERVER_ENDED] = "f",  [CALM_CLIENT_LEAVES] = "A", [CALM_SERVER_LAST] = "A",
	[CALM_CLIENT_RESETS] = "A", [CALM_SERVER_RESETS] = "a", [CALM_REFUSED] = "A",
};

/* Whether it is calm `time` and `frames` after its first segment. */
static void expect_calm_at(enum calm_phase phase, int64_t time, uint64_t frames, bool is_calm)
{
	struct pair pair;
	struct talk talk;
	uint64_t calmly;

	begin(&pair, &talk);
	talk_hear(&talk, &pair, ways[phase]);
	calmly = pair.taken_calmly;
	time -= pair.play.time - PLAY_START - PLAY_STEP;
	hear_after(&pair, &talk, time, frames - pair.play.frame + 1, nexts[phase]);
	cr_expect_eq(pair.taken_calmly, calmly + is_calm, "phase %d", phase);
	talk_hear(&talk, &pair, "adAD");
	pair_end(&pair);
}

Test(calm_edges, a_connection_of_18_minutes_is_too_long)
{
	for (int phase = CALM_ASKED; phase < CALM_CLIENT_LAST; phase++) {
		expect_calm_at((enum calm_phase)phase, MOMENT_TIME_MASK, 100, true);
		expect_calm_at((enum calm_phase)phase, MOMENT_TIME_MASK + 1, 100, false);
	}
	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++)
		expect_calm_at((enum calm_phase)phase, MOMENT_TIME_MASK + PLAY_STEP, 100, false);
}

Test(calm_edges, a_connection_of_17_million_frames_is_too_long)
{
	for (int phase = CALM_ASKED; phase < CALM_CLIENT_LAST; phase++) {
		expect_calm_at((enum calm_phase)phase, TIME_SECOND, (1 << MOMENT_FRAME) - 1, true);
		expect_calm_at((enum calm_phase)phase, TIME_SECOND, 1 << MOMENT_FRAME, false);
	}
	for (int phase = CALM_ASKED; phase < CALM_PHASES; phase++)
		expect_calm_at((enum calm_phase)phase, TIME_SECOND, (1 << MOMENT_FRAME) + 1, false);
}

Test(calm_edges, a_reset_may_come_too_late_too)
{
	static const struct {
		const char *way, *reset;
	} rows[] = { { "sSadDd", "r" }, { "sSadDdD", "R" }, { "s", "X" } };

	for (size_t i = 0; i < 6; i++) {
		struct pair pair;
		struct talk talk;

		begin(&pair, &talk);
		talk_hear(&talk, &pair, rows[i / 2].way);
		if (i % 2)
			hear_after(&pair, &talk, INT64_C(1) << MOMENT_TIME, 1, rows[i / 2].reset);
		else
			hear_after(&pair, &talk, PLAY_STEP, 1 << MOMENT_FRAME, rows[i / 2].reset);
		expect_woken(&pair, 1);
		pair_end(&pair);
	}
}

/* One segment with so much payload, and its acknowledgment. */
static void send(struct pair *pair, struct talk *talk, uint32_t payload, uint32_t captured)
{
	struct segment data = talk_say(talk, CLIENT, TCP_ACK, payload), ack;

	data.captured = captured;
	data.time = pair->play.time += TIME_MICROSECOND;
	data.frame = ++pair->play.frame;
	talk_note(talk, &data, CLIENT);
	pair_feed(pair, &data);
	ack = talk_say(talk, SERVER, TCP_ACK, 0);
	ack.time = pair->play.time += TIME_MICROSECOND;
	ack.frame = ++pair->play.frame;
	talk_note(talk, &ack, SERVER);
	pair_feed(pair, &ack);
}

Test(calm_edges, more_than_4_gigabytes_are_counted_right)
{
	struct pair pair;
	struct talk talk;

	begin(&pair, &talk);
	pair.compares_each = 16;
	talk.dress.mss[SERVER] = UINT16_MAX;
	talk_hear(&talk, &pair, "sSadA");
	send(&pair, &talk, UINT16_MAX, UINT16_MAX);
	expect_phase(&pair, 1, CALM_TALK);
	for (int i = 0; i < (1 << 16) + 3; i++)
		send(&pair, &talk, UINT16_MAX, UINT16_MAX);
	talk_hear(&talk, &pair, "dDfAFa");
	pair_end(&pair);
}

/* So much from the client, in pieces, nothing of which is acknowledged. */
static void speak_on(struct pair *pair, struct talk *talk, uint32_t bytes, uint32_t piece)
{
	for (uint32_t sent = 0; sent < bytes; sent += piece) {
		struct segment data =
			talk_say(talk, CLIENT, TCP_ACK, bytes - sent < piece ? bytes - sent : piece);

		data.time = pair->play.time += TIME_MICROSECOND;
		data.frame = ++pair->play.frame;
		talk_note(talk, &data, CLIENT);
		pair_feed(pair, &data);
	}
}

/* From there on Zeek does not wait for acknowledgments any more. */
Test(calm_edges, more_than_16_kilobytes_at_first_are_too_much)
{
	for (uint32_t more = 0; more < 2; more++) {
		struct pair pair;
		struct talk talk;

		begin(&pair, &talk);
		talk_hear(&talk, &pair, "sSa");
		speak_on(&pair, &talk, 16383, 999);
		expect_phase(&pair, 1, CALM_OPEN);
		speak_on(&pair, &talk, more, 1);
		cr_expect_eq(pair_phase(&pair, 1) == CALM_PHASES, more > 0);
		talk_hear(&talk, &pair, "AdAfAFa");
		pair_end(&pair);
	}
}

Test(calm_edges, what_was_acknowledged_counts_no_more)
{
	struct pair pair;
	struct talk talk;

	begin(&pair, &talk);
	talk_hear(&talk, &pair, "sSadA");
	for (int i = 0; i < 5; i++) {
		speak_on(&pair, &talk, 16000, 999);
		talk_hear(&talk, &pair, "A");
	}
	expect_phase(&pair, 1, CALM_TALK);
	pair_end(&pair);
}

Test(calm_edges, more_than_a_megabyte_under_way_is_too_much)
{
	struct pair pair;
	struct talk talk;

	begin(&pair, &talk);
	talk.dress.mss[SERVER] = UINT16_MAX;
	talk_hear(&talk, &pair, "sSadA");
	speak_on(&pair, &talk, 1 << 20, UINT16_MAX);
	expect_phase(&pair, 1, CALM_TALK);
	speak_on(&pair, &talk, 1, 1);
	expect_woken(&pair, 1);
	speak_on(&pair, &talk, 16 << 20, UINT16_MAX);
	talk_hear(&talk, &pair, "A");
	pair_end(&pair);
}

/* 64 segments are timed; the others are not. */
Test(calm_edges, more_than_64_segments_under_way_are_not_all_timed)
{
	struct pair pair;
	struct talk talk;

	begin(&pair, &talk);
	talk_hear(&talk, &pair, "sSadA");
	speak_on(&pair, &talk, 7000, 100);
	talk_hear(&talk, &pair, "A");
	speak_on(&pair, &talk, 700, 100);
	talk_hear(&talk, &pair, "A");
	expect_phase(&pair, 1, CALM_TALK);
	pair_end(&pair);
}

/* Of those the first is not where the acknowledgment ends. */
Test(calm_edges, whoever_follows_what_was_not_timed_begins_where_it_begins)
{
	struct pair pair;
	struct talk talk;

	begin(&pair, &talk);
	talk_hear(&talk, &pair, "sSadA");
	speak_on(&pair, &talk, 7000, 100);
	talk.next[CLIENT] -= 600;
	talk_hear(&talk, &pair, "A");
	talk.next[CLIENT] += 600;
	speak_on(&pair, &talk, 100, 100);
	expect_phase(&pair, 1, CALM_TALK);
	pair_end(&pair);
}

Test(calm_edges, more_gaps_than_65535_are_too_many)
{
	struct pair pair;
	struct talk talk;

	begin(&pair, &talk);
	pair.compares_each = 16;
	talk_hear(&talk, &pair, "sSa");
	for (int i = 0; i < UINT16_MAX; i++)
		send(&pair, &talk, 100, 50);
	expect_phase(&pair, 1, CALM_TALK);
	send(&pair, &talk, 100, 50);
	expect_woken(&pair, 1);
	pair_end(&pair);
}

Test(calm_edges, a_history_of_more_than_14_letters_is_too_long)
{
	struct pair pair;
	struct talk talk;

	begin(&pair, &talk);
	talk.is_cut[CLIENT] = talk.is_cut[SERVER] = true;
	talk_hear(&talk, &pair, "sSadA");
	for (int i = 0; i < 1100; i++)
		talk_hear(&talk, &pair, "dD");
	talk_hear(&talk, &pair, "af");
	expect_phase(&pair, 1, CALM_CLIENT_ENDS);
	talk_hear(&talk, &pair, "A");
	expect_woken(&pair, 1);
	talk_hear(&talk, &pair, "Fa");
	pair_end(&pair);
}

Test(calm_edges, a_frame_with_the_number_of_the_first_is_for_the_rules)
{
	for (int phase = CALM_ASKED; phase < CALM_CLIENT_LAST; phase++) {
		struct pair pair;
		struct talk talk;

		begin(&pair, &talk);
		talk_hear(&talk, &pair, ways[phase]);
		pair.play.frame = 0;
		talk_hear(&talk, &pair, nexts[phase]);
		expect_woken(&pair, 1);
		pair_end(&pair);
	}
}

Test(calm_edges, ids_beyond_32_bits_are_too_large)
{
	struct pair pair;

	pair_begin(&pair);
	pair.play.tracker->next_id = pair.judge->next_id = UINT32_MAX;
	pair_hear(&pair, HANDSHAKE);
	expect_phase(&pair, UINT32_MAX, CALM_OPEN);
	pair_hear(&pair, ":2 > S 0; :2 < SA 0 1; :2 > A 1 1");
	expect_woken(&pair, UINT64_C(1) << 32);
	pair_end(&pair);
}

Test(calm_edges, numbers_of_streams_beyond_32_bits_are_too_large)
{
	struct pair pair;

	pair_begin(&pair);
	pair.play.tracker->next_stream = pair.judge->next_stream = UINT32_MAX;
	pair_hear(&pair, HANDSHAKE ":2 > S 0; :2 < SA 0 1; :2 > A 1 1");
	expect_phase(&pair, 1, CALM_OPEN);
	expect_woken(&pair, 2);
	pair_end(&pair);
}

/* Bytes that the process has for addresses now. */
static rlim_t room_now(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;

	cr_assert(file && fscanf(file, "%lu", &pages) == 1);
	fclose(file);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* With ever more room, there is first none for the arena, then for the arena but not for more. */
Test(calm_edges, no_room_for_the_molds_is_no_tracker)
{
	struct tracker_options options = pair_options();
	struct tracker *tracker = NULL;
	struct rlimit limit;
	rlim_t room = room_now();

	getrlimit(RLIMIT_AS, &limit);
	for (int megabytes = 1; !tracker; megabytes++) {
		struct error err;

		cr_assert_lt(megabytes, 1000, "there is never room");
		limit.rlim_cur = room + ((rlim_t)megabytes << 20);
		setrlimit(RLIMIT_AS, &limit);
		tracker = tracker_new(&options, &err);
	}
	cr_expect(tracker->takes_calmly);
	cr_expect_eq(tracker->calm_notes[CALM_CLIENT_LAST].timeout, TIMEOUT_LINGER);
	tracker_free(tracker);
}

Test(calm_edges, times_at_the_ends_of_the_scale_are_safe)
{
	static const int64_t times[][2] = {
		{ INT64_MIN + 1, INT64_MAX }, { -PLAY_STEP, INT64_MAX }, { INT64_MIN + 1, 0 },
		{ INT64_MAX - 2 * PLAY_STEP, INT64_MAX },
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct pair pair;
		struct talk talk;

		begin(&pair, &talk);
		pair.play.time = times[i][0];
		talk_hear(&talk, &pair, "s");
		pair.play.time = times[i][1] - PLAY_STEP;
		talk_hear(&talk, &pair, "S");
		pair.play.time = times[i][1] - PLAY_STEP;
		talk_hear(&talk, &pair, "a");
		pair_end(&pair);
	}
}
