/* view_flow_plots_test.c: the second page of a flow: counters of both ends, and plots. */
#include <criterion/criterion.h>
#include <string.h>

#include "packet/option.h"
#include "tui/flow_parts.h"
#include "unit/tui/scene.h"

enum { POINTS = 64 };

static struct scene_play *scene;
static struct point points[POINTS];
static size_t count;

static void begin(void)
{
	scene = scene_begin();
	count = 0;
}

static void finish(void)
{
	scene_end(scene);
}

TestSuite(view_flow_plots, .init = begin, .fini = finish);

static void open_page(const char *script)
{
	scene_hear(scene, script);
	scene_tui(scene, NULL);
	scene_text(scene, 24, 80, false);
	scene_keys(scene, "{Enter}{Tab}");
}

static void shows(int rows, int columns, const char *words)
{
	const char *screen = scene_text(scene, rows, columns, false);

	cr_assert(strstr(screen, words), "no \"%s\" in\n%s", words, screen);
}

static void hides(int rows, int columns, const char *words)
{
	const char *screen = scene_text(scene, rows, columns, false);

	cr_assert_null(strstr(screen, words), "\"%s\" in\n%s", words, screen);
}

static void keep(void *context, const struct point *point)
{
	(void)context;
	cr_assert(count < POINTS);
	points[count++] = *point;
}

/* One point for each segment of the script. */
static void follow(const char *script)
{
	const struct flow *flow;
	const struct rung *rungs;
	size_t all;
	bool is_whole;

	scene_hear(scene, script);
	flow = tracker_next(scene->play.tracker, NULL);
	rungs = scene->wire.rungs(scene->wire.context, flow, &all, &is_whole);
	flow_series(flow, rungs, all, keep, NULL);
}

Test(view_flow_plots, counts_both_ends_side_by_side)
{
	open_page(HANDSHAKE REQUEST);
	shows(24, 80, "                        client   server ");
	shows(24, 80, " packets                     4        3 ");
	shows(24, 80, " payload, bytes             10      100 ");
	hides(24, 80, "retransmissions");
}

Test(view_flow_plots, counts_what_happened_and_only_that)
{
	open_page(HANDSHAKE REQUEST "> PA 1 1 10; < A 101 11");
	shows(24, 80, " retransmissions             1        0 ");
	shows(24, 80, " duplicate ACKs              0        1 ");
	hides(24, 80, "out of order");
}

Test(view_flow_plots, shows_the_plots_of_whoever_sent_more_first)
{
	open_page(HANDSHAKE REQUEST);
	shows(24, 80, " round trips of server's data sent once  the server's data in flight");
	shows(24, 80, "   10 ms │");
	shows(24, 80, "    100B │");
	shows(24, 80, " 60 ms");
	hides(24, 80, "client's data");
	shows(24, 80, "3 more below");
	scene_keys(scene, "jj");
	shows(24, 80, " round trips of client's data sent once  the client's data in flight");
	scene_keys(scene, "jjjjj");
	shows(24, 80, " bytes sent so far  c client  s server");
	scene_keys(scene, "g");
	shows(24, 80, " round trips of server's data sent once");
}

Test(view_flow_plots, of_a_datagram_has_bytes_only)
{
	open_page("> D 0 0 100; < D 0 0 200; > D 0 0 50");
	shows(24, 80, " packets                     2        1 ");
	shows(24, 80, " bytes sent so far");
	hides(24, 80, "round trip");
}

Test(view_flow_plots, has_nothing_to_plot_of_a_lone_syn)
{
	open_page("> S 0");
	hides(24, 80, "round trips of");
	shows(24, 80, "\n no data was sent\n");
	cr_assert(scene_keys(scene, "jk{PageDown}gG"));
}

/* A keep-alive has a byte of old data, and so nothing new to draw. */
Test(view_flow_plots, draws_no_empty_frame)
{
	open_page(HANDSHAKE "> FA 1 1; < A 1 2; > A 1 1 1");
	hides(24, 80, "bytes sent so far");
}

Test(view_flow_plots, names_what_only_the_counters_time)
{
	open_page(HANDSHAKE REQUEST);
	shows(24, 80, " ACK after, median ");
	shows(24, 80, " ACK after, most ");
	hides(24, 80, "round trip, ");
}

Test(view_flow_plots, turns_back_to_the_ladder)
{
	open_page(HANDSHAKE REQUEST);
	shows(24, 80, "page 2 of 2");
	scene_keys(scene, "{Tab}");
	shows(24, 80, "page 1 of 2");
	shows(24, 80, "── SYN ──");
}

Test(view_flow_plots, survives_any_size)
{
	open_page(HANDSHAKE REQUEST);
	for (int rows = 1; rows < 60; rows += 1 + rows / 8) {
		for (int columns = 1; columns < 400; columns += 1 + columns / 6) {
			scene_text(scene, rows, columns, rows % 2 == 0);
			scene_keys(scene, "j");
		}
	}
}

Test(view_flow_plots, times_data_until_its_acknowledgment)
{
	follow(HANDSHAKE "> PA 1 1 10; +25 < A 1 11");
	cr_assert_eq(points[3].rtt, TIME_NONE);
	cr_assert_eq(points[4].rtt, 25 * TIME_MILLISECOND);
	cr_assert_eq(points[4].side, SERVER);
}

Test(view_flow_plots, times_the_latest_of_what_is_acknowledged_at_once)
{
	follow(HANDSHAKE "> PA 1 1 10; > PA 11 1 10; +25 < A 1 21");
	cr_assert_eq(points[5].rtt, 25 * TIME_MILLISECOND);
}

/* RFC 6298 section 3, Karn's algorithm: nobody knows which of the two it acknowledges. */
Test(view_flow_plots, does_not_time_what_was_sent_twice)
{
	follow(HANDSHAKE "> PA 1 1 10; +200 > PA 1 1 10; +25 < A 1 11");
	cr_assert_eq(points[5].rtt, TIME_NONE);
}

Test(view_flow_plots, knows_what_is_in_flight)
{
	follow(HANDSHAKE "> PA 1 1 10; > PA 11 1 10; < A 1 11; < A 1 21");
	cr_assert_not(points[0].has_flight[CLIENT]);
	cr_assert_eq(points[3].in_flight[CLIENT], 10);
	cr_assert_eq(points[4].in_flight[CLIENT], 20);
	cr_assert_eq(points[5].in_flight[CLIENT], 10);
	cr_assert_eq(points[6].in_flight[CLIENT], 0);
	cr_assert_eq(points[6].in_flight[SERVER], 0);
}

Test(view_flow_plots, counts_bytes_across_the_wrap)
{
	follow(HANDSHAKE "> PA 1 1 1000; > PA 1001 1 1000; > PA 1 1 1000");
	cr_assert_eq(points[3].sent[CLIENT], 1000);
	cr_assert_eq(points[4].sent[CLIENT], 2000);
	cr_assert_eq(points[5].sent[CLIENT], 2000);
}

Test(view_flow_plots, scales_windows_but_not_those_of_a_syn)
{
	uint8_t scale = 7;

	options_append(&scene->play.sample, OPTION_WINDOW_SCALE, &scale, 1);
	options_pad(&scene->play.sample);
	scene_hear(scene, "> S 0; < SA 0 1");
	scene->play.sample.options_length = 0;
	follow("> A 1 1");
	cr_assert_eq(points[0].window[CLIENT], 1000);
	cr_assert_eq(points[2].window[CLIENT], 128000);
	cr_assert_eq(points[2].window[SERVER], 1000);
}
