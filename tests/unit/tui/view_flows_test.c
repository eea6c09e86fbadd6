/* view_flows_test.c: the list of flows as it looks, and what keys do to it. */

#include <criterion/criterion.h>
#include <string.h>

#include "tui/flows_parts.h"
#include "tui/inside.h"
#include "unit/tui/scene.h"

/* Open; refused; unanswered twice; half-closed; closed in order; half-open. */
#define LIVES                                                                                      \
	":55832 > S 0; :55832 < SA 0 1; :55832 > A 1 1; :55832 > PA 1 1 1234; "                    \
	":55832 < PA 1 1235 48000; :40001 > S 0; :40001 < RA 0 1; "                                \
	":40002 > S 0; +1000 :40002 > S 0; +2000 :40002 > S 0; "                                   \
	":40003 > S 0; :40003 < SA 0 1; :40003 > A 1 1; :40003 > FA 1 1; :40003 < A 1 2; "         \
	":40004 > S 0; :40004 < SA 0 1; :40004 > A 1 1; :40004 > FA 1 1; :40004 < FA 1 2; "        \
	":40004 > A 2 2; +100 :40005 > S 0; :40005 < SA 0 1"

static struct scene_play *begin(void)
{
	struct scene_play *scene = scene_begin();

	scene_hear(scene, LIVES);
	scene_tui(scene, NULL);
	return scene;
}

Test(view_flows, has_a_line_for_each_life)
{
	struct scene_play *scene = begin();

	scene_expect(scene, 10, 60, false,
	             " lo  tcp   open 1  half-open 2  closing 1  TIME_WAIT 1  0/s\n"
	             " opens ▁▁▁▁▁▁▁▁▁█▁▁█  resets ▁▁▁▁▁▁▁▁▁█▁▁▁   LIVE  22:13:23\n"
	             "    #▲ CLIENT         SERVER         OPEN  CLOSE NOTE\n"
	             "▸    1 192.0…10:55832 198.51.….80:80 ▶◀▶         open\n"
	             "     2 192.0…10:40001 198.51.….80:80 ▶✗          refused\n"
	             "     3 192.0…10:40002 198.51.….80:80 ▶▶▶··       no answer\n"
	             " +   4 192.0…10:40003 198.51.….80:80 ▶◀▶   ▶◀··  half-closed\n"
	             " -   5 192.0…10:40004 198.51.….80:80 ▶◀▶   ▶◀▶   60 s left\n"
	             " +   6 192.0…10:40005 198.51.….80:80 ▶◀·         half-open\n"
	             " Enter ladder  / filter  s sort  ? help        6 of 6 flows\n");
	scene_end(scene);
}

Test(view_flows, shows_all_columns_where_there_is_room_and_needs_no_unicode)
{
	struct scene_play *scene = begin();

	scene_expect(
		scene, 9, 132, true,
		" shakedown  lo  tcp                                                     "
		"open 1  half-open 2  closing 1  TIME_WAIT 1  0/s  dropped 0\n"
		"    #^ CLIENT           SERVER           OPEN   CLOSE  CLIENT STATE  SERVER STATE "
		"  iRTT  SENT  RCVD    AGE NOTE\n"
		">    1 192.0.2.10:55832 198.51.100.80:80 ><>           ESTABLISHED   ESTABLISHED  "
		"  20ms  1.2k   48k  3.29s open\n"
		"     2 192.0.2.10:40001 198.51.100.80:80 >X            CLOSED        CLOSED       "
		"  10ms    0B    0B   10ms refused\n"
		"     3 192.0.2.10:40002 198.51.100.80:80 >>>..         SYN_SENT      LISTEN?      "
		"     -    0B    0B  3.22s no answer, retry in 4 s\n"
		" +   4 192.0.2.10:40003 198.51.100.80:80 ><>    ><..   FIN_WAIT_2    CLOSE_WAIT   "
		"  20ms    0B    0B  210ms half-closed\n"
		" -   5 192.0.2.10:40004 198.51.100.80:80 ><>    ><>    TIME_WAIT     CLOSED       "
		"  20ms    0B    0B   50ms 60 s left\n"
		" +   6 192.0.2.10:40005 198.51.100.80:80 ><.           SYN_SENT      SYN_RECEIVED "
		"     -    0B    0B   10ms half-open\n"
		" Enter ladder  / filter  s sort  f freeze  S states  w save  ? help             "
		"                                       6 of 6 flows\n");
	scene_end(scene);
}

Test(view_flows, keeps_both_states_at_eighty_columns)
{
	struct scene_play *scene = begin();

	cr_assert(scene_shows(scene, 24, 80, "FIN_WAIT_2   CLOSE_WAIT"));
	cr_assert(scene_shows(scene, 24, 80, "SYN_SENT     LISTEN?"));
	scene_end(scene);
}

Test(view_flows, marks_what_is_new_only_for_a_second)
{
	struct scene_play *scene = begin();

	cr_assert(scene_shows(scene, 24, 80, " +   6 "));
	scene_wait(scene, 985);
	cr_assert(scene_shows(scene, 24, 80, " +   6 "));
	scene_wait(scene, 10);
	cr_assert(scene_shows(scene, 24, 80, " *   6 "), "its last move was 10 ms later");
	scene_wait(scene, 10);
	cr_assert(scene_shows(scene, 24, 80, "     6 "));
	scene_end(scene);
}

Test(view_flows, counts_time_wait_down)
{
	struct scene_play *scene = begin();

	cr_assert(scene_shows(scene, 24, 120, "60 s left"));
	scene_wait(scene, 2000);
	cr_assert(scene_shows(scene, 24, 120, "58 s left"));
	scene_wait(scene, 60000);
	cr_assert_not(scene_shows(scene, 24, 120, "s left"));
	scene_end(scene);
}

Test(view_flows, foretells_the_next_syn_until_it_is_overdue)
{
	struct scene_play *scene = begin();

	cr_assert(scene_shows(scene, 24, 160, "no answer, retry in 4 s"));
	scene_wait(scene, 3000);
	cr_assert(scene_shows(scene, 24, 160, "no answer, retry in 1 s"));
	scene_wait(scene, 2000);
	cr_assert(scene_shows(scene, 24, 160, "no answer\n"));
	scene_end(scene);
}

/* Linux since 6.5 doubles the timeout only after some that are alike. */
Test(view_flows, foretells_the_next_syn_of_a_client_that_does_not_double_yet)
{
	struct scene_play *scene = scene_begin();

	scene_hear(scene, "> S 0; +1000 > S 0; +1000 > S 0");
	scene_tui(scene, NULL);
	cr_assert(scene_shows(scene, 24, 160, "no answer, retry in 1 s"));
	scene_end(scene);
}

Test(view_flows, what_goes_on_overtakes_in_age_what_is_over)
{
	struct scene_play *scene = scene_begin();

	scene_hear(scene, ":1 > S 0; +2000 :1 < RA 0 1; :2 > S 0");
	scene_tui(scene, NULL);
	scene_keys(scene, "s{End}k{Enter}");
	cr_assert(scene_shows(scene, 24, 120, "AGE▼"));
	cr_assert_eq(scene->tui->flows.list.rows[0].id, 1);
	scene_wait(scene, 5000);
	scene_text(scene, 24, 120, false);
	cr_assert_eq(scene->tui->flows.list.rows[0].id, 2);
	scene_end(scene);
}

Test(view_flows, selection_stays_with_its_flow_when_rows_move)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "jjj");
	cr_assert_eq(scene->tui->selected, 4);
	cr_assert(scene_shows(scene, 24, 80, "▸+   4 "));
	scene_keys(scene, "sGkk{Enter}");
	cr_assert_eq(scene->tui->selected, 4);
	scene_keys(scene, "i");
	cr_assert(scene_shows(scene, 24, 80, "▸+   4 "));
	scene_hear(scene, ":40007 > S 0; :40008 > S 0");
	cr_assert(scene_shows(scene, 24, 80, "▸+   4 "));
	scene_end(scene);
}

Test(view_flows, sorts_by_any_column_both_ways)
{
	struct scene_play *scene = begin();
	char down[256];

	for (int column = 0; column < 22; column++) {
		scene_text(scene, 24, 100, false);
		strcpy(down, "s{Home}");
		for (int i = 0; i < column; i++)
			strcat(down, "j");
		strcat(down, "{Enter}");
		scene_keys(scene, down);
		cr_assert_eq(scene->tui->flows.sort, (size_t)column);
		for (int turn = 0; turn < 2; turn++) {
			scene_text(scene, 24, 100, false);
			cr_assert_eq(scene->tui->flows.list.count, 6);
			scene_keys(scene, "i");
		}
	}
	scene_end(scene);
}

Test(view_flows, puts_the_largest_first_and_the_unknown_last)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "s{Home}jjjjjjjj{Enter}"); /* iRTT */
	cr_assert(strstr(scene_text(scene, 24, 132, false), "iRTT▼"));
	cr_assert_neq(scene->tui->flows.list.rows[0].id, 3);
	cr_assert_eq(scene->tui->flows.list.rows[4].id, 3, "it has none");
	cr_assert_eq(scene->tui->flows.list.rows[5].id, 6);
	scene_keys(scene, "i");
	scene_text(scene, 24, 132, false);
	cr_assert_eq(scene->tui->flows.list.rows[0].id, 2, "refused after 10 ms");
	cr_assert_eq(scene->tui->flows.list.rows[4].id, 3);
	scene_end(scene);
}

Test(view_flows, a_click_on_a_head_sorts_and_one_on_a_row_selects)
{
	struct scene_play *scene = begin();

	scene_text(scene, 24, 80, false);
	scene_keys(scene, "{Click 2,26}"); /* SERVER */
	cr_assert_eq(scene->tui->flows.sort, 2);
	scene_text(scene, 24, 80, false);
	scene_keys(scene, "{Click 4,10}");
	cr_assert_eq(scene->tui->selected, 2);
	scene_keys(scene, "{Click 20,10}");
	cr_assert_eq(scene->tui->selected, 2, "nothing stands there");
	scene_end(scene);
}

Test(view_flows, a_filter_in_the_words_of_where_hides_the_others)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "/finding:refused{Enter}");
	cr_assert(scene_shows(scene, 10, 80, "/finding:refused  1 of 6 flows"));
	cr_assert(scene_shows(scene, 10, 80, ":40001"));
	cr_assert_not(scene_shows(scene, 10, 80, ":40002"));
	scene_keys(scene, "/{Ctrl-U}{Enter}");
	cr_assert(scene_shows(scene, 10, 80, "6 of 6 flows"));
	scene_end(scene);
}

Test(view_flows, a_filter_that_makes_no_sense_changes_nothing)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "/port:40003{Enter}/{Ctrl-U}port:none{Enter}");
	cr_assert(scene_shows(scene, 10, 80, "port:none: not understood"));
	scene_keys(scene, "j");
	cr_assert(scene_shows(scene, 10, 80, "/port:40003  1 of 6 flows"));
	scene_end(scene);
}

Test(view_flows, a_filter_follows_what_becomes_of_a_flow)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "/state:established{Enter}");
	cr_assert(scene_shows(scene, 10, 80, "1 of 6 flows"));
	scene_hear(scene, ":40005 > A 1 1");
	cr_assert(scene_shows(scene, 10, 80, "2 of 6 flows"));
	scene_hear(scene, ":55832 > RA 1235 48001");
	cr_assert(scene_shows(scene, 10, 80, "1 of 7 flows") ||
	          scene_shows(scene, 10, 80, "1 of 6 flows"));
	scene_end(scene);
}

Test(view_flows, frozen_rows_stay_and_nothing_new_appears)
{
	struct scene_play *scene = begin();

	scene_text(scene, 10, 80, false);
	scene_keys(scene, "f");
	scene_hear(scene, ":40007 > S 0");
	scene_keys(scene, "g");
	cr_assert(scene_shows(scene, 12, 80, "FROZEN  6 of 7 flows"));
	cr_assert_not(scene_shows(scene, 24, 80, ":40007"));
	scene_keys(scene, "fg");
	cr_assert(scene_shows(scene, 24, 80, ":40007"));
	scene_end(scene);
}

Test(view_flows, a_frozen_row_whose_flow_is_forgotten_says_so)
{
	struct scene_play *scene = begin();

	scene_replay(scene);
	scene_text(scene, 10, 80, false);
	scene_keys(scene, "f");
	scene_seek(scene, PLAY_START + 60 * TIME_MILLISECOND);
	cr_assert(scene_shows(scene, 12, 80, "   6 is not remembered any more"));
	scene_end(scene);
}

Test(view_flows, the_cursor_can_follow_the_newest)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "o");
	cr_assert(scene_shows(scene, 24, 80, "▸+   6 "));
	scene_hear(scene, ":40007 > S 0");
	cr_assert(scene_shows(scene, 24, 80, "▸+   7 "));
	scene_keys(scene, "k");
	scene_hear(scene, ":40008 > S 0");
	cr_assert(scene_shows(scene, 24, 80, "▸+   6 "));
	scene_end(scene);
}

Test(view_flows, closed_ones_hide_after_a_while_unless_they_are_marked)
{
	struct scene_play *scene = begin();

	scene_wait(scene, 5000);
	scene_keys(scene, "jmH2{Enter}j");
	cr_assert(scene_shows(scene, 24, 80, "5 of 6 flows"), "%s", scene->text);
	cr_assert(scene_shows(scene, 24, 80, "  x  2 "));
	scene_keys(scene, "kkm");
	scene_text(scene, 24, 80, false);
	scene_keys(scene, "g");
	cr_assert(scene_shows(scene, 24, 80, "4 of 6 flows"), "%s", scene->text);
	scene_keys(scene, "H{Ctrl-U}{Enter}g");
	cr_assert(scene_shows(scene, 24, 80, "6 of 6 flows"));
	scene_end(scene);
}

Test(view_flows, what_nobody_sees_is_not_selected)
{
	struct scene_play *scene = scene_begin();

	scene_hear(scene, ":40001 > S 0; :40001 < RA 0 1; +10 :40002 > S 0; :40002 < RA 0 1");
	scene_tui(scene, NULL);
	scene_keys(scene, "jH0{Enter}");
	scene_wait(scene, 3000);
	cr_assert(scene_shows(scene, 24, 80, "all connections are closed, and hidden (H)"));
	scene_keys(scene, "w");
	cr_assert(scene_shows(scene, 24, 80, " nothing is selected"), "%s", scene->text);
	scene_keys(scene, "W{Enter}S");
	cr_assert_eq(scene->tui->selected, 0);
	cr_assert_not(scene_shows(scene, 24, 80, "the ends of"));
	cr_assert_str_eq(scene->calls, "");
	scene_keys(scene, "qH{Ctrl-U}{Enter}w{Enter}");
	cr_assert_str_neq(scene->calls, "");
	scene_end(scene);
}

Test(view_flows, where_the_selected_row_is_hidden_the_one_in_its_place_is_selected)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "j/port:40003{Enter}S");
	cr_assert_eq(scene->tui->selected, 4);
	scene_keys(scene, "q/{Ctrl-U}port:9{Enter}W");
	cr_assert_eq(scene->tui->selected, 0);
	scene_end(scene);
}

Test(view_flows, what_a_replay_forgot_is_selected_again_when_it_comes_back)
{
	struct scene_play *scene = begin();

	scene_replay(scene);
	scene_keys(scene, "G<]");
	cr_assert(scene_shows(scene, 24, 80, "1 of 1 flow"), "%s", scene->text);
	scene_keys(scene, ">");
	cr_assert_eq(scene->tui->selected, 6);
	scene_end(scene);
}

Test(view_flows, search_goes_along_while_it_is_typed_and_back_with_esc)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "j\\4000");
	cr_assert_eq(scene->tui->selected, 2);
	scene_keys(scene, "3");
	cr_assert_eq(scene->tui->selected, 4);
	scene_keys(scene, "{Esc}");
	cr_assert_eq(scene->tui->selected, 2);
	scene_keys(scene, "\\TIME_wait{Enter}");
	cr_assert_eq(scene->tui->selected, 5);
	scene_keys(scene, "\\:4000{Enter}n");
	cr_assert_eq(scene->tui->selected, 6);
	scene_keys(scene, "n");
	cr_assert_eq(scene->tui->selected, 2, "round the end");
	scene_keys(scene, "NN");
	cr_assert_eq(scene->tui->selected, 5);
	scene_keys(scene, "\\nobody{Enter}");
	cr_assert(scene_shows(scene, 24, 80, "nowhere: nobody"));
	scene_end(scene);
}

Test(view_flows, columns_can_be_chosen_but_one_must_stay)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "cjm{Esc}"); /* nothing: m is no key there */
	scene_keys(scene, "c");
	cr_assert(scene_shows(scene, 24, 80, "[x]CLIENT") ||
	          scene_shows(scene, 24, 80, "[x] CLIENT"));
	scene_keys(scene, "{Home}j{Space}{Esc}");
	cr_assert_not(scene_shows(scene, 24, 80, "CLIENT  "));
	cr_assert(scene_shows(scene, 24, 80, "SERVER"));
	scene_keys(scene, "c{Enter}"); /* done: nothing changes */
	cr_assert_not(scene_shows(scene, 24, 80, "[x]"));
	cr_assert(scene_shows(scene, 24, 80, "#▲"));
	scene_end(scene);
}

Test(view_flows, choosers_speak_of_what_the_cells_show)
{
	struct scene_play *scene = begin();
	size_t count;
	const struct flows_column *columns = flows_columns(&count);

	for (size_t i = 0; i < count; i++)
		cr_expect_not(strstr(flows_column_meaning(&columns[i]), "seconds"), "%s",
		              columns[i].head);
	scene_keys(scene, "c");
	cr_assert(scene_shows(scene, 30, 80, "Space on, off"), "%s", scene->text);
	cr_assert(scene_shows(scene, 30, 80, "iRTT          last SYN to first ACK  "));
	scene_keys(scene, "{Esc}s");
	cr_assert_not(scene_shows(scene, 30, 80, "on, off"), "%s", scene->text);
	cr_assert(scene_shows(scene, 30, 80, "Enter done"));
	scene_end(scene);
}

static bool owns_the_second(void *context, const struct flow *flow)
{
	(void)context;
	return flow->id == 2;
}

Test(view_flows, what_the_lab_caused_carries_a_mark)
{
	struct scene_play *scene = scene_begin();

	scene_hear(scene, ":40002 > S 0; :40003 > S 0");
	scene->has_lab = true;
	scene->lab = (struct lab_port){ .owns = owns_the_second };
	scene_tui(scene, NULL);
	cr_assert(scene_shows(scene, 24, 80, "▸+   1 "));
	cr_assert(scene_shows(scene, 24, 80, " +L  2 "));
	scene_keys(scene, "jm");
	cr_assert(scene_shows(scene, 24, 80, "▸+X  2 "));
	scene_end(scene);
}

Test(view_flows, marks_touch_neither_numbers_nor_addresses)
{
	struct scene_play *scene = scene_begin_for(2000);

	scene_flood(scene, 1000);
	scene->has_lab = true;
	scene->lab = (struct lab_port){ .owns = owns_the_second };
	scene_tui(scene, NULL);
	cr_assert(scene_shows(scene, 24, 80, " +L    2 10.0.0.1:"), "%s", scene->text);
	scene_keys(scene, "Gm");
	cr_assert(scene_shows(scene, 24, 80, "▸+x 1000 10.0.3.231:"), "%s", scene->text);
	scene_keys(scene, "gc {Esc}");
	cr_assert(scene_shows(scene, 24, 80, "\n +L 10.0.0.1:"), "%s", scene->text);
	scene_end(scene);
}

Test(view_flows, saves_what_is_selected_and_says_what_became_of_it)
{
	struct scene_play *scene = begin();

	scene_keys(scene, "jjw{Enter}");
	cr_assert(strstr(scene->calls, "packets 3 flow-3.pcap; "), "%s", scene->calls);
	cr_assert(scene_shows(scene, 24, 80, " 4 packets are in flow-3.pcap"));
	scene->refusal = "flow-3.txt: No space left on device";
	scene_keys(scene, "W{Enter}");
	cr_assert(strstr(scene->calls, "ladder 3 flow-3.txt; "), "%s", scene->calls);
	cr_assert(scene_shows(scene, 24, 80, "No space left on device"));
	scene_end(scene);
}

Test(view_flows, says_why_it_is_empty)
{
	struct scene_play *scene = scene_begin();

	scene_tui(scene, NULL);
	cr_assert(scene_shows(scene, 24, 80, "no connections yet"));
	scene_keys(scene, "{Enter}jkGgwWmn");
	scene_hear(scene, "> S 0");
	scene_keys(scene, "/id:99{Enter}");
	cr_assert(scene_shows(scene, 24, 80, "no connection is as the filter wants it"));
	scene_end(scene);
}

Test(view_flows, a_hundred_thousand_flows_keep_their_order_and_the_cursor)
{
	enum { FLOWS = 100000 };
	struct scene_play *scene = scene_begin_for(FLOWS + 100);
	const struct flows_list *list;

	scene_flood(scene, FLOWS);
	scene_tui(scene, NULL);
	scene_text(scene, 24, 80, false);
	scene_keys(scene, "G");
	cr_assert(scene_shows(scene, 24, 80, "100000 of 100000 flows"));
	cr_assert(scene_shows(scene, 24, 80, "▸+  100000 "), "%s", scene->text);
	scene_keys(scene, "s{Home}j{Enter}i");
	scene_text(scene, 24, 80, false);
	list = &scene->tui->flows.list;
	for (size_t i = 1; i < list->count; i++)
		cr_assert_gt(list->rows[i - 1].rank.parts[1], list->rows[i].rank.parts[1]);
	cr_assert_eq(scene->tui->selected, FLOWS);
	scene_end(scene);
}

/* What is drawn again at the same moment costs no second look at each flow. */
Test(view_flows, scrolling_at_one_moment_judges_nothing_anew)
{
	struct scene_play *scene = begin();
	uint64_t version;

	scene_text(scene, 24, 80, false);
	version = scene->tui->roll.version;
	scene_keys(scene, "jjjGg");
	scene_text(scene, 24, 80, false);
	cr_assert_eq(scene->tui->roll.version, version);
	cr_assert_eq(scene->tui->flows.list.version, version);
	scene_wait(scene, 1);
	scene_text(scene, 24, 80, false);
	cr_assert_neq(scene->tui->roll.version, version);
	scene_end(scene);
}

Test(view_flows, backwards_looks_as_it_did_forwards)
{
	struct scene_play *scene = begin();
	char before[65536];

	scene_replay(scene);
	scene_keys(scene, "jjs{Home}jjjj{Enter}");
	scene_seek(scene, PLAY_START + 2500 * TIME_MILLISECOND);
	strcpy(before, scene_text_marked(scene, 15, 100, false));
	scene_seek(scene, PLAY_START + 3300 * TIME_MILLISECOND);
	scene_text(scene, 15, 100, false);
	scene_seek(scene, PLAY_START + 2500 * TIME_MILLISECOND);
	cr_assert_str_eq(scene_text_marked(scene, 15, 100, false), before);
	scene_end(scene);
}
