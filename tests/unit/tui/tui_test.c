/* tui_test.c: from view to view, the lines around them, and the keys of a replay. */

#include <criterion/criterion.h>
#include <string.h>

#include "tui/flows_parts.h"
#include "tui/inside.h"
#include "unit/tui/rehearsal.h"
#include "unit/tui/scene.h"

#define TALK ":40001 > S 0; :40001 < SA 0 1; :40001 > A 1 1; +1000 :40002 > S 0; :40002 < RA 0 1"

static struct scene_play *begin(void)
{
	struct scene_play *scene = scene_begin();

	scene_hear(scene, TALK);
	scene_tui(scene, NULL);
	return scene;
}

static struct scene_play *begin_replay(void)
{
	struct scene_play *scene = begin();

	scene_replay(scene);
	return scene;
}

/* ---- from view to view ---- */

Test(tui, views_lie_on_each_other_and_q_goes_back)
{
	struct scene_play *scene = begin();

	cr_assert(scene_keys(scene, "{Enter}"));
	cr_assert_eq(tui_top(scene->tui), &flow_view);
	cr_assert(scene_keys(scene, "S"));
	cr_assert_eq(tui_top(scene->tui), &states_view);
	cr_assert(scene_keys(scene, "?"));
	cr_assert_eq(tui_top(scene->tui), &help_view);
	cr_assert(scene_keys(scene, "{Esc}"));
	cr_assert_eq(tui_top(scene->tui), &states_view);
	cr_assert(scene_keys(scene, "qq"));
	cr_assert_eq(tui_top(scene->tui), &flows_view);
	cr_assert_not(scene_keys(scene, "q"));
	scene_end(scene);
}

Test(tui, a_view_that_is_open_comes_to_the_top_again)
{
	struct scene_play *scene = begin();

	for (int i = 0; i < 100; i++)
		scene_keys(scene, i % 2 == 0 ? "S" : "{Enter}");
	tui_enter(scene->tui, VIEW_FLOW);
	tui_enter(scene->tui, VIEW_FLOWS);
	cr_assert_eq(scene->tui->depth, 1);
	scene_end(scene);
}

Test(tui, esc_in_the_first_view_leaves_not)
{
	struct scene_play *scene = begin();

	cr_assert(scene_keys(scene, "{Esc}"));
	cr_assert(scene_shows(scene, 24, 80, " q leaves"));
	cr_assert_not(scene_keys(scene, "Q"));
	scene_end(scene);
}

Test(tui, says_where_there_is_no_lab)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "L");
	cr_assert(scene_shows(scene, 24, 80, "there is no lab here"));
	scene_keys(scene, "j");
	cr_assert_not(scene_shows(scene, 24, 80, "there is no lab here"));
	scene_end(scene);
}

Test(tui, other_views_speak_of_the_flow_under_the_cursor)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "S");
	cr_assert_eq(scene->tui->selected, 1);
	scene_end(scene);
}

Test(tui, the_lab_stands_beside_the_flows_where_there_is_room)
{
	struct scene_play *scene = scene_begin();
	struct rehearsal rehearsal;

	rehearsal_begin(&rehearsal, scene);
	scene_tui(scene, NULL);
	scene_keys(scene, "L");
	cr_assert(scene_shows(scene, 24, 160, "CLIENT STATE"));
	cr_assert(scene_shows(scene, 24, 160, "SCENARIOS"));
	cr_assert(scene_shows(scene, 24, 159, "SCENARIOS"));
	cr_assert_not(scene_shows(scene, 24, 159, "CLIENT STATE"));
	scene_keys(scene, "L");
	cr_assert_not(scene_shows(scene, 24, 160, "SCENARIOS"));
	scene_end(scene);
}

Test(tui, a_first_filter_that_makes_no_sense_is_refused)
{
	struct scene_play *scene = scene_begin();
	struct tui_options options = { .where = "port:x", .wire = &scene->wire };
	struct error err = { .what = "" };

	cr_assert_null(tui_new(&options, &err));
	cr_assert(strstr(err.what, "port:x"));
	scene_tui(scene, "port:40001");
	cr_assert(scene_shows(scene, 24, 80, "/port:40001  0 of 0 flows"));
	scene_end(scene);
}

/* ---- any size ---- */

Test(tui, draws_at_any_size)
{
	static const char *const keys[] = { "", "/port:", "{Enter}", "s", "c" };
	struct scene_play *scene = begin_replay();

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		scene_keys(scene, keys[i]);
		for (int rows = 1; rows < 30; rows += rows < 16 ? 1 : 6) {
			for (int columns = 1; columns < 200; columns += columns < 20 ? 1 : 13)
				scene_text(scene, rows, columns, columns % 2 == 0);
		}
		scene_keys(scene, "{Esc}");
	}
	scene_end(scene);
}

/* The screen would hide it: each cell is cut at its own end. */
Test(tui, columns_never_stand_on_each_other)
{
	struct scene_play *scene = begin();
	struct flows_layout layout;

	scene_text(scene, 12, 80, false);
	scene->tui->flows.shown = UINT32_MAX;
	for (int columns = 1; columns < 300; columns++) {
		int free = 3;

		flows_lay_out(scene->tui, (struct area){ 0, 0, 12, columns }, &layout);
		for (int i = 0; i < layout.count; i++) {
			cr_assert_geq(layout.cells[i].column, free);
			free = layout.cells[i].column + layout.cells[i].columns + 1;
		}
		cr_assert_leq(free, columns < 3 ? 3 : columns + 1, "at %d columns", columns);
	}
	scene_end(scene);
}

/* ---- the lines around ---- */

Test(tui, tells_of_a_recording_and_of_drops)
{
	struct scene_play *scene = begin();

	cr_assert_not(scene_shows(scene, 24, 80, "REC"));
	scene->scene.is_recording = true;
	scene->input.dropped = 7;
	cr_assert(scene_shows(scene, 24, 80, "REC  LIVE  22:13:21"));
	cr_assert(scene_shows(scene, 24, 60, "dropped 7"));
	scene_end(scene);
}

Test(tui, tells_why_a_source_has_ended)
{
	struct scene_play *scene = begin();

	scene->scene.ended = "eth0 has vanished";
	cr_assert(scene_shows(scene, 24, 80, "eth0 has vanished  22:13:21"));
	cr_assert_not(scene_shows(scene, 24, 80, "LIVE"));
	scene_end(scene);
}

Test(tui, of_a_long_path_the_end_is_shown)
{
	struct scene_play *scene = begin();

	scene->scene.source = "/home/somebody/captures/of/yesterday/mixed.pcap";
	cr_assert(scene_shows(scene, 24, 80, " …/mixed.pcap "));
	scene_end(scene);
}

Test(tui, help_is_always_among_the_hints)
{
	struct scene_play *scene = begin();

	for (int columns = 30; columns < 200; columns += 10)
		cr_assert(scene_shows(scene, 24, columns, "? help"), "%s", scene->text);
	scene_end(scene);
}

Test(tui, changes_the_capture_filter)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "B port 80{Enter}");
	cr_assert(strstr(scene->calls, "filter tcp port 80; "), "%s", scene->calls);
	scene->refusal = "port x: syntax error";
	scene_keys(scene, "B{Ctrl-U}port x{Enter}");
	cr_assert(scene_shows(scene, 24, 80, " port x: syntax error"));
	scene_end(scene);
}

/* ---- a replay ---- */

Test(tui, shows_where_in_its_capture_a_replay_is)
{
	struct scene_play *scene = begin_replay();

	scene_seek(scene, PLAY_START + 530 * TIME_MILLISECOND);
	scene_expect(scene, 7, 60, true,
	             " lo  tcp   open 1  half-open 0  closing 0  TIME_WAIT 0  0/s\n"
	             "    #^ CLIENT         SERVER         OPEN  CLOSE NOTE\n"
	             ">+   1 192.0~10:40001 198.51.~.80:80 ><>         open\n"
	             "\n"
	             "\n"
	             " > 1x  +................|.................  0.520 / 1.030 s\n"
	             " Enter ladder  / filter  s sort  ? help         1 of 1 flow\n");
	scene_end(scene);
}

/* Not before it is there: until then all that is shown was so. */
Test(tui, tells_at_its_end_that_a_capture_is_cut)
{
	static const char why[] = " ends in the middle of a record after 5 frames (byte 7)";
	struct scene_play *scene = begin_replay();

	scene->input.damage = "lo: ends in the middle of a record after 5 frames (byte 7)";
	scene_seek(scene, scene->replay.first);
	cr_assert(scene_shows(scene, 24, 80, " REPLAY  "));
	cr_assert_not(scene_shows(scene, 24, 80, "CUT"));
	scene_seek(scene, scene->replay.last);
	cr_assert(scene_shows(scene, 24, 80, why), "%s", scene->text);
	cr_assert(scene_shows(scene, 24, 80, "\n CUT 1x "), "%s", scene->text);
	cr_assert(scene_shows(scene, 12, 58, why), "%s", scene->text);
	cr_assert(scene_shows(scene, 12, 40, " ends in the middle of a record after …"), "%s",
	          scene->text);
	scene->input.damage = NULL;
	cr_assert(scene_shows(scene, 24, 80, "\n END 1x "));
	cr_assert(scene_shows(scene, 24, 80, " REPLAY  "));
	scene_end(scene);
}

Test(tui, draws_a_progress_bar_while_a_capture_is_read)
{
	struct scene_play *scene = begin_replay();

	scene->replay.loaded = 500;
	cr_assert(scene_shows(scene, 24, 60, " reading 50 %  ██████████████▌") ||
	          scene_shows(scene, 24, 60, " reading 50 %  ██████"));
	scene_end(scene);
}

Test(tui, plays_faster_and_slower_up_to_the_fastest)
{
	struct scene_play *scene = begin_replay();

	scene_keys(scene, "+");
	cr_assert_float_eq(scene->replay.speed, 2, 1e-9);
	scene_keys(scene, "---");
	cr_assert_float_eq(scene->replay.speed, 0.2, 1e-9);
	scene_keys(scene, "-----");
	cr_assert_float_eq(scene->replay.speed, 0.1, 1e-9);
	scene_keys(scene, "++++++++++++++++++++");
	cr_assert_float_eq(scene->replay.speed, 0, 1e-9);
	cr_assert(scene_shows(scene, 24, 80, "▶ max"));
	scene_keys(scene, "-");
	cr_assert_float_eq(scene->replay.speed, 1000, 1e-9);
	scene_end(scene);
}

Test(tui, pauses_steps_and_looks_for_landmarks)
{
	struct scene_play *scene = begin_replay();

	scene_keys(scene, "p[[");
	cr_assert(strstr(scene->calls, "pause 1; step -1; step -1; "), "%s", scene->calls);
	cr_assert(scene_shows(scene, 24, 80, "PAUSED 1x"));
	scene_keys(scene, "]");
	cr_assert(strstr(scene->calls, "step 1; "));
	scene_keys(scene, "r");
	cr_assert(scene_shows(scene, 24, 80, "no reset ahead"));
	scene_keys(scene, "e");
	cr_assert(scene_shows(scene, 24, 80, "no failed handshake ahead"));
	scene_end(scene);
}

Test(tui, goes_to_a_time_however_it_is_written)
{
	static const char *const times[] = { "0.5",          "0.5s",
		                             "0.5 s",        "+0.5",
		                             "22:13:20.51",  "2023-11-14 22:13:20.51",
		                             "1700000000.51" };
	struct scene_play *scene = begin_replay();

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		scene->calls[0] = '\0';
		scene_keys(scene, "T");
		scene_keys(scene, times[i]);
		scene_keys(scene, "{Enter}");
		cr_assert_str_eq(scene->calls, "seek 0.500; ", "%s: %s", times[i], scene->calls);
	}
	scene_keys(scene, "Tnever{Enter}");
	cr_assert(scene_shows(scene, 24, 80, "no time: never"));
	scene_end(scene);
}

Test(tui, goes_to_both_ends_of_a_capture)
{
	struct scene_play *scene = begin_replay();

	scene_keys(scene, "<");
	cr_assert_eq(scene->fed, 1);
	cr_assert(scene_shows(scene, 24, 80, "0.000 / 1.030 s"));
	scene_keys(scene, ">");
	cr_assert(scene_shows(scene, 24, 80, "END 1x"));
	cr_assert(scene_shows(scene, 24, 80, "┃  1.030 / 1.030 s"));
	scene_end(scene);
}

Test(tui, a_live_capture_has_no_replay_keys)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "p+-[]Tre<>");
	cr_assert_str_eq(scene->calls, "");
	cr_assert_not(scene->tui->prompt.is_open);
	scene_end(scene);
}
