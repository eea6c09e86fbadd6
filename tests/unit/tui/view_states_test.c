/* view_states_test.c: the diagram of states, and the list where there is no room for it. */

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tui/inside.h"
#include "unit/tui/scene.h"

/* One half-closed, one open, one whose SYN is not answered. */
#define LIVES                                                                                      \
	HANDSHAKE "> FA 1 1; < A 1 2; "                                                            \
	":40001 > S 0; :40001 < SA 0 1; :40001 > A 1 1; "                                          \
	":40002 > S 0"

static struct scene_play *begin(const char *script)
{
	struct scene_play *scene = scene_begin();

	scene_hear(scene, script);
	scene_tui(scene, NULL);
	scene_keys(scene, "S");
	scene->tui->selected = 0;
	return scene;
}

/* What the list says of a state: "*   2   (1)". */
static void expect_figures(struct scene_play *scene, enum tcp_state state, const char *figures)
{
	char line[64];

	snprintf(line, sizeof(line), "\n %-13s%s", state_name(state), figures);
	cr_expect(scene_shows(scene, 15, 60, line), "no \"%s\" in\n%s", line + 1, scene->text);
}

Test(view_states, counts_the_ends_in_each_state)
{
	struct scene_play *scene = begin(LIVES);

	expect_figures(scene, ST_CLOSED, "    0");
	expect_figures(scene, ST_SYN_SENT, "*   1");
	expect_figures(scene, ST_ESTABLISHED, "*   2");
	expect_figures(scene, ST_CLOSE_WAIT, "*   1");
	expect_figures(scene, ST_TIME_WAIT, "    0");
	scene_end(scene);
}

Test(view_states, counts_what_is_only_presumed_apart)
{
	struct scene_play *scene = begin(LIVES);

	/* The listener that answered, and the one that 40002's SYN went to. */
	expect_figures(scene, ST_LISTEN, "*   2   (1)");
	expect_figures(scene, ST_FIN_WAIT_2, "*   1   (1)");
	scene_end(scene);
}

Test(view_states, lights_what_ends_pass_through_for_a_second)
{
	struct scene_play *scene = begin(HANDSHAKE);

	expect_figures(scene, ST_SYN_SENT, "*   0");
	expect_figures(scene, ST_SYN_RECEIVED, "*   0");
	expect_figures(scene, ST_ESTABLISHED, "*   2");
	expect_figures(scene, ST_FIN_WAIT_1, "    0");
	scene_wait(scene, 995);
	expect_figures(scene, ST_SYN_SENT, "    0");
	expect_figures(scene, ST_ESTABLISHED, "*   2");
	scene_wait(scene, 10);
	expect_figures(scene, ST_ESTABLISHED, "    2");
	scene_end(scene);
}

Test(view_states, marks_both_ends_of_the_selected_flow)
{
	struct scene_play *scene = begin(HANDSHAKE "> FA 1 1; < A 1 2");

	scene->tui->selected = 1;
	cr_expect(scene_shows(scene, 15, 60, " FIN_WAIT_2   *   1   (1) C "), "%s", scene->text);
	cr_expect(scene_shows(scene, 15, 60, " CLOSE_WAIT   *   1        S "), "%s", scene->text);
	cr_expect(scene_shows(scene, 24, 80, "│ *   1   (1) C  ├─ got FIN ──▶│"), "%s", scene->text);
	cr_expect(scene_shows(scene, 24, 80, "C S the ends of #1"));
	scene_hear(scene, ":40003 > S 0; :40003 < SA 0 1; :40003 > A 1 1");
	scene->tui->selected = 2;
	cr_expect(scene_shows(scene, 24, 80, "│ *   2   (1) CS │"), "%s", scene->text);
	scene->tui->selected = 7;
	cr_expect(!scene_shows(scene, 24, 80, "C S the ends"));
	scene_end(scene);
}

Test(view_states, counts_a_socket_that_is_connected_to_itself_as_one_end)
{
	struct scene_play *scene = scene_begin();

	scene_self_connects(scene);
	scene_hear(scene, SELF_CONNECTION);
	scene_tui(scene, NULL);
	scene_keys(scene, "S");
	expect_figures(scene, ST_ESTABLISHED, "*   1   (1) CS");
	scene_hear(scene, "> FA 1 1");
	expect_figures(scene, ST_ESTABLISHED, "*   0");
	expect_figures(scene, ST_FIN_WAIT_1, "*   1       CS");
	cr_expect(scene_shows(scene, 15, 60, "closing 1 "), "%s", scene->text);
	cr_expect(scene_shows(scene, 15, 60, "half-open 0 "), "%s", scene->text);
	scene_end(scene);
}

Test(view_states, draws_the_diagram_where_it_fits)
{
	static const char diagram[] =
		"┌─ LISTEN ───────┐             ┌─ CLOSED ───────┐             ┌─ SYN_SENT ─────┐\n"
		"│ *   1          │◀─ listens ──┤     0          ├ sends SYN ─▶│ *   0          │\n"
		"└───┬────────────┘             └────────────────┘             └──┬────────┬────┘\n"
		"    │           ┌──────────── got SYN, sends SYN-ACK ────────────┘        │\n"
		"    ▼ got SYN   ▼                                                         │\n"
		"┌─ SYN_RECEIVED ─┐             ┌─ ESTABLISHED ──┐                         │\n"
		"│ *   0          ├ SYN acked ─▶│ *   2   (1)    │◀───── got SYN-ACK ──────┘\n"
		"└───┬────────────┘             └──┬─────────┬───┘\n"
		"    │           ┌─── sends FIN ───┘         └───── got FIN ──────┐\n"
		"    ▼ sends FIN ▼                                                ▼\n"
		"┌─ FIN_WAIT_1 ───┐             ┌─ CLOSING ──────┐             ┌─ CLOSE_WAIT ───┐\n"
		"│     0          ├─ got FIN ──▶│     0          │             │     0          │\n"
		"└───┬────────────┘             └───┬────────────┘             └──┬─────────────┘\n"
		"    │                              │                             │\n"
		"    ▼ FIN acked                    ▼ FIN acked                   ▼ sends FIN\n"
		"┌─ FIN_WAIT_2 ───┐             ┌─ TIME_WAIT ────┐             ┌─ LAST_ACK ─────┐\n"
		"│     0          ├─ got FIN ──▶│     0          │             │     0          │\n"
		"└────────────────┘             └───┬────────────┘             └─────┬──────────┘\n"
		"                                   └──── 2 MSL ────▶ CLOSED ◀───────┘ FIN acked\n";
	struct scene_play *scene = begin(HANDSHAKE);

	cr_expect(scene_shows(scene, 24, 80, diagram), "%s", scene->text);
	cr_expect(!scene_shows(scene, 24, 76, "┌─ LISTEN"));
	cr_expect(!scene_shows(scene, 18, 80, "┌─ LISTEN"));
	scene_end(scene);
}

Test(view_states, spreads_out_and_shows_the_way_from_listen_where_there_is_room)
{
	struct scene_play *scene = begin(HANDSHAKE);

	cr_expect(!scene_shows(scene, 24, 80, "┴"));
	cr_expect(scene_shows(scene, 50, 160, "┌─ LISTEN ─────┴─┐"), "%s", scene->text);
	cr_expect(scene_shows(scene, 50, 160, "├──────── got FIN ────────▶│"), "%s", scene->text);
	scene_end(scene);
}

Test(view_states, draws_with_ascii_only)
{
	struct scene_play *scene = begin(HANDSHAKE);
	const char *text = scene_text(scene, 24, 80, true);

	cr_expect(strstr(text, "+- SYN_RECEIVED -+") != NULL, "%s", text);
	for (; *text != '\0'; text++)
		cr_assert((unsigned char)*text < 0x80);
	scene_end(scene);
}

Test(view_states, is_the_same_whichever_way_the_moment_was_reached)
{
	struct scene_play *scene = begin(LIVES);
	char before[sizeof(scene->text)];
	int64_t middle = PLAY_START + 5 * PLAY_STEP;

	scene_replay(scene);
	scene_seek(scene, middle);
	strcpy(before, scene_text(scene, 24, 80, false));
	scene_seek(scene, scene->replay.last);
	cr_expect_str_neq(scene_text(scene, 24, 80, false), before);
	scene_seek(scene, middle);
	cr_expect_str_eq(scene_text(scene, 24, 80, false), before);
	scene_end(scene);
}

Test(view_states, forgets_what_ended_long_ago)
{
	struct scene_play *scene = begin(HANDSHAKE "> R 1 0");

	expect_figures(scene, ST_CLOSED, "*   2");
	scene_wait(scene, 70000);
	expect_figures(scene, ST_CLOSED, "    0");
	scene_end(scene);
}

Test(view_states, survives_every_size)
{
	struct scene_play *scene = begin(LIVES);

	for (int rows = 1; rows < 28; rows++)
		for (int columns = 1; columns < 90; columns += 4)
			scene_text(scene, rows, columns, false);
	scene_end(scene);
}
