/* copies_test.c: frames that several files repeat change nothing but the count of duplicates. */
#include "track/inside.h"

#include <criterion/criterion.h>

#include "play.h"

/* Every segment of a life, each followed by its copy. */
static void hear_twice(struct play *play, const char *script)
{
	struct segment segments[32];
	int count = play_read(play, script, segments, 32);

	for (int i = 0; i < count; i++) {
		play_feed(play, &segments[i]);
		segments[i].kind = segments[i].kind == SEGMENT_UDP ? SEGMENT_UDP_COPY : SEGMENT_TCP_COPY;
		play_feed(play, &segments[i]);
	}
}

Test(copies, count_as_duplicates_and_nothing_else)
{
	struct play play;
	const struct flow *flow;

	play_begin(&play);
	hear_twice(&play, "> S 0; < SA 0 1; > A 1 1; > PA 1 1 100; < A 1 101; > FA 101 1; < FA 1 102; > A 102 2");
	flow = tracker_next(play.tracker, NULL);
	cr_assert_not_null(flow);
	cr_assert_null(tracker_next(play.tracker, flow), "copies open nothing");
	cr_assert_eq(flow->sent[CLIENT].packets, 5);
	cr_assert_eq(flow->sent[CLIENT].payload, 100);
	cr_assert_eq(flow->sent[SERVER].packets, 3);
	cr_assert_eq(tracker_totals(play.tracker)->segments, 8);
	cr_assert_eq(flow_state(flow, CLIENT), ST_TIME_WAIT);
	cr_assert_eq(flow_marks(flow, CLIENT, MARK_DUPLICATE), 5);
	cr_assert_eq(flow_marks(flow, SERVER, MARK_DUPLICATE), 3);
	play_end(&play);
}

Test(copies, of_datagrams_count_on_their_conversation)
{
	struct play play;
	const struct flow *flow;

	play_begin(&play);
	hear_twice(&play, "> D 0 0 10; < D 0 0 20");
	flow = tracker_next(play.tracker, NULL);
	cr_assert_eq(flow->sent[CLIENT].packets, 1);
	cr_assert_eq(flow_marks(flow, SERVER, MARK_DUPLICATE), 1);
	play_end(&play);
}
