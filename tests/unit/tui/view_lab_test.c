/* view_lab_test.c: the lab's list and script, with a lab that only plays. */

#include <criterion/criterion.h>
#include <string.h>

#include "tui/inside.h"
#include "unit/tui/rehearsal.h"

static struct scene_play *begin(struct rehearsal *rehearsal)
{
	struct scene_play *scene = scene_begin();

	rehearsal_begin(rehearsal, scene);
	scene_tui(scene, NULL);
	scene_keys(scene, "L");
	return scene;
}

#define expect_shown(scene, words) \
	cr_expect(scene_shows(scene, 24, 80, words), "no \"%s\" in\n%s", words, (scene)->text)
#define expect_hidden(scene, words) \
	cr_expect(!scene_shows(scene, 24, 80, words), "\"%s\" in\n%s", words, (scene)->text)

Test(view_lab, lists_scenarios_services_and_what_stands_in_the_way)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	expect_shown(scene, " SCENARIOS ");
	expect_shown(scene, "▸  echo ");
	expect_shown(scene, "   crossing-fins      recording │");
	expect_shown(scene, " SERVICES ");
	expect_shown(scene, "   files           --folder DIR │");
	expect_shown(scene, " a client says hello, the ");
	scene_keys(scene, "jj");
	expect_shown(scene, "▸  crossing-fins");
	expect_shown(scene, " a recording only ");
	scene_end(scene);
}

Test(view_lab, moves_and_searches)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "G");
	expect_shown(scene, "▸  files");
	scene_keys(scene, "j");
	expect_shown(scene, "▸  files");
	scene_keys(scene, "g");
	expect_shown(scene, "▸  echo");
	scene_keys(scene, "/Listens{Enter}");
	expect_shown(scene, "▸  refused");
	scene_keys(scene, "/each line{Enter}");
	expect_shown(scene, "▸  chat");
	scene_keys(scene, "/s{Enter}");
	expect_shown(scene, "▸  files");
	scene_keys(scene, "n");
	expect_shown(scene, "▸  echo");
	scene_keys(scene, "N");
	expect_shown(scene, "▸  files");
	scene_keys(scene, "/zebra{Enter}");
	expect_shown(scene, "nothing here says \"zebra\"");
	scene_end(scene);
}

Test(view_lab, scrolls_a_list_that_is_longer_than_the_screen)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	cr_expect(!scene_shows(scene, 8, 60, "files"), "%s", scene->text);
	scene_keys(scene, "G");
	cr_expect(scene_shows(scene, 8, 60, "▸  files"), "%s", scene->text);
	cr_expect(!scene_shows(scene, 8, 60, "SCENARIOS"), "%s", scene->text);
	scene_keys(scene, "g");
	cr_expect(scene_shows(scene, 8, 60, " SCENARIOS"), "%s", scene->text);
	scene_end(scene);
}

/* As many scenarios as there are in earnest. */
static size_t count_many(void *context)
{
	(void)context;
	return 60 + 2;
}

static void row_of_many(void *context, size_t number, struct lab_row *row)
{
	static const char *const names[] = { "first", "scenario", "chat", "files" };

	(void)context;
	*row = (struct lab_row){
		.name = names[number >= 60 ? number - 58 : number > 0],
		.summary = "",
		.place = "",
		.is_service = number >= 60,
	};
}

static struct scene_play *begin_with_many(struct rehearsal *rehearsal)
{
	struct scene_play *scene = begin(rehearsal);

	scene->lab.count = count_many;
	scene->lab.row = row_of_many;
	return scene;
}

Test(view_lab, services_are_in_sight_below_many_scenarios)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin_with_many(&rehearsal);

	expect_shown(scene, "▸  first ");
	expect_shown(scene, " SERVICES ");
	expect_shown(scene, "   chat ");
	expect_shown(scene, "   files ");
	scene_keys(scene, "{PageDown}{PageDown}");
	expect_shown(scene, " SCENARIOS ");
	expect_shown(scene, "▸  scenario ");
	expect_shown(scene, "   files ");
	scene_keys(scene, "G");
	expect_shown(scene, "▸  files ");
	expect_shown(scene, "   scenario ");
	scene_end(scene);
}

Test(view_lab, tab_goes_from_one_group_to_the_other_and_back)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin_with_many(&rehearsal);

	scene_keys(scene, "jjj{Tab}");
	cr_expect_eq(scene->tui->lab.selected, 60);
	expect_shown(scene, "▸  chat ");
	scene_keys(scene, "j{Tab}");
	cr_expect_eq(scene->tui->lab.selected, 3, "where it was before");
	scene_keys(scene, "{Tab}");
	expect_shown(scene, "▸  files ");
	scene_keys(scene, "kk{Tab}");
	cr_expect_eq(scene->tui->lab.selected, 60, "it left the services without Tab");
	/* Where there is no room for both, the group of the selected row is seen. */
	cr_expect(scene_shows(scene, 8, 60, " SERVICES"), "%s", scene->text);
	cr_expect(!scene_shows(scene, 8, 60, " SCENARIOS"), "%s", scene->text);
	scene_keys(scene, "{Shift-Tab}");
	cr_expect(scene_shows(scene, 8, 60, " SCENARIOS"), "%s", scene->text);
	cr_expect(!scene_shows(scene, 8, 60, " SERVICES"), "%s", scene->text);
	scene_end(scene);
}

Test(view_lab, a_click_selects_in_either_group)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin_with_many(&rehearsal);

	scene_keys(scene, "{PageDown}{PageDown}");
	scene_text(scene, 24, 80, false);
	scene_keys(scene, "{Click 16,5}"); /* the last line of the list, above its details */
	cr_expect_eq(scene->tui->lab.selected, 60, "%d", (int)scene->tui->lab.selected);
	scene_text(scene, 24, 80, false);
	scene_keys(scene, "{Click 3,5}");
	cr_expect_eq(scene->tui->lab.selected, scene->tui->lab.tops[0]);
	cr_expect_gt(scene->tui->lab.selected, 0);
	scene_end(scene);
}

Test(view_lab, is_over_only_once_the_wire_is_quiet)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "{Enter}");
	while (!rehearsal.script.is_over)
		rehearsal_act(&rehearsal);
	expect_shown(scene, "│ echo                               listening…\n");
	expect_hidden(scene, "over\n");
	rehearsal_settle(&rehearsal);
	expect_shown(scene, " over\n");
	scene_end(scene);
}

Test(view_lab, runs_what_is_selected)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "j{Enter}");
	cr_expect_str_eq(scene->calls, "run 1; ");
	expect_shown(scene, "▸● refused");
	expect_shown(scene, "│ refused                               running\n");
	rehearsal_act(&rehearsal);
	rehearsal_act(&rehearsal);
	expect_shown(scene, "│ ✓ client connects to 127.0.0.1:8000");
	expect_shown(scene, "│ ▶ client says \"hello\"");
	expect_shown(scene, "│   client closes");
	/* Nobody steps through it: the states are shown as they come. */
	expect_shown(scene, "│ server ESTABLISHED");
	scene_end(scene);
}

Test(view_lab, says_why_something_cannot_be_run)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "jj{Enter}");
	expect_shown(scene, "crossing-fins: a recording only");
	expect_shown(scene, "A scenario makes connections");
	scene_end(scene);
}

Test(view_lab, shows_what_an_act_did_once_the_wire_is_quiet)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "s");
	cr_expect_str_eq(scene->calls, "step 0; ");
	expect_shown(scene, "Space does the next act\n");
	scene_keys(scene, " ");
	rehearsal_settle(&rehearsal);
	expect_shown(scene, "│ nothing of it was on the wire yet");
	scene_keys(scene, " ");
	expect_shown(scene, "│ listening to the wire…");
	expect_hidden(scene, "client ESTABLISHED");
	rehearsal_settle(&rehearsal);
	expect_shown(scene, "│ open ▶◀▶\n");
	expect_shown(scene, "│ client ESTABLISHED");
	expect_shown(scene, "│ ─── SYN ────");
	expect_shown(scene, "│ ◀── SYN-ACK ───");
	scene_keys(scene, "  ");
	rehearsal_settle(&rehearsal);
	expect_shown(scene, "│ open ▶◀▶   close ▶◀··\n");
	expect_shown(scene, "│ server CLOSE_WAIT");
	scene_end(scene);
}

Test(view_lab, shows_the_latest_arrows_where_there_is_no_room_for_all)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "s    ");
	rehearsal_settle(&rehearsal);
	cr_expect(scene_shows(scene, 21, 80, "│ ◀── ACK 7 ──"), "%s", scene->text);
	cr_expect(!scene_shows(scene, 21, 80, "─── SYN ──"), "%s", scene->text);
	cr_expect(scene_shows(scene, 21, 80, "\n Enter run  s stepwise"), "%s", scene->text);
	scene_end(scene);
}

Test(view_lab, keeps_the_next_act_in_sight)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "s    ");
	rehearsal_settle(&rehearsal);
	cr_expect(scene_shows(scene, 13, 60, "│ ▶ server reads end of file"), "%s", scene->text);
	cr_expect(scene_shows(scene, 13, 60, "│ server CLOSE_WAIT"), "%s", scene->text);
	cr_expect(!scene_shows(scene, 13, 60, "server listens on"), "%s", scene->text);
	scene_end(scene);
}

Test(view_lab, tells_where_an_act_failed_and_why)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "{Enter}");
	rehearsal_act(&rehearsal);
	rehearsal.script.failure = "echo: client connects: connection refused";
	expect_shown(scene, "│ ✗ client connects");
	expect_shown(scene, "│ echo: client connects: connection refused");
	expect_shown(scene, "▸✗ echo");
	expect_shown(scene, "failed\n");
	scene_end(scene);
}

Test(view_lab, stops_a_service_and_a_scenario)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "sjjj{Enter}");
	expect_shown(scene, "▸● chat          127.0.0.1:7008 │");
	scene_keys(scene, "x");
	expect_shown(scene, "▸  chat ");
	/* Nothing else can be meant. */
	scene_keys(scene, "x");
	cr_expect_str_eq(scene->calls, "step 0; run 3; stop 3; stop 0; ");
	expect_shown(scene, "stopped\n");
	scene_keys(scene, "x");
	expect_shown(scene, "chat does not run");
	scene_keys(scene, " ");
	expect_shown(scene, "nothing runs: s does this scenario step by step");
	scene_end(scene);
}

Test(view_lab, selects_what_is_clicked_and_runs_it_when_it_is_clicked_twice)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_text(scene, 24, 80, false);
	scene_keys(scene, "{Click 4,5}");
	expect_shown(scene, "▸  refused");
	scene_keys(scene, "{Click 6,5}{Click 4,60}{Click 15,5}");
	expect_shown(scene, "▸  refused");
	scene_keys(scene, "{DoubleClick 3,5}");
	cr_expect_str_eq(scene->calls, "run 0; ");
	scene_end(scene);
}

Test(view_lab, says_what_to_type_where_there_is_no_lab)
{
	struct scene_play *scene = scene_begin();

	scene_hear(scene, HANDSHAKE);
	scene_replay(scene);
	scene_tui(scene, NULL);
	tui_enter(scene->tui, VIEW_LAB);
	expect_shown(scene, "that is played. To try it: shakedown watch -i lo\n");
	scene_keys(scene, "j{Enter}sxz /n");
	scene_end(scene);
}

Test(view_lab, survives_every_size)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "z  ");
	rehearsal_settle(&rehearsal);
	for (int rows = 1; rows < 30; rows++)
		for (int columns = 1; columns < 180; columns += 7) {
			scene_text(scene, rows, columns, false);
			scene_keys(scene, "G{PageUp}{PageDown}g");
		}
	scene_end(scene);
}
