/* view_flow_test.c: one flow on the screen: its ladder, the cursor on it, and marks. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "unit/tui/scene.h"

static struct scene_play *scene;

static void begin(void)
{
	scene = scene_begin();
}

static void finish(void)
{
	scene_end(scene);
}

TestSuite(view_flow, .init = begin, .fini = finish);

/* Hears the script and opens the ladder of the first flow. */
static void open_flow(const char *script)
{
	scene_hear(scene, script);
	scene_tui(scene, NULL);
	scene_text(scene, 24, 80, false);
	scene_keys(scene, "{Enter}");
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

#define CLOSE "> FA 11 101; < A 101 12; < FA 101 12; > A 12 102"

/* Eight plain segments in a row. */
#define DOWNLOAD                                                                                   \
	"< PA 101 11 50; > A 11 151; < PA 151 11 50; > A 11 201; "                                 \
	"< PA 201 11 50; > A 11 251; < PA 251 11 50; > A 11 301; "

Test(view_flow, shows_a_whole_life_with_the_state_bars_of_both_ends)
{
	open_flow(HANDSHAKE REQUEST CLOSE);
	shows(30, 80,
	      "                  CLOSED │                                       ┆ LISTEN?\n"
	      " 0.000 000      SYN_SENT ┃── SYN ───────────────────────────────▶┆\n"
	      " 0.010 000               ┃◀── SYN-ACK ───────────────────────────┃ SYN_RECEIVED\n"
	      " 0.020 000   ESTABLISHED ┃── ACK ───────────────────────────────▶┆ ESTABLISHED\n"
	      " 0.030 000               ┃── 10 bytes  seq 1 ───────────────────▶┆\n"
	      " 0.040 000               ┃◀── ACK 11 ────────────────────────────┃\n"
	      " 0.050 000               ┃◀── 100 bytes  seq 1 ──────────────────┃\n"
	      " 0.060 000               ┃── ACK 101 ───────────────────────────▶┃\n"
	      " 0.070 000    FIN_WAIT_1 ┃── FIN  seq 11 ───────────────────────▶┃\n"
	      " 0.080 000    FIN_WAIT_2 ┆◀── ACK 12 ────────────────────────────┃ CLOSE_WAIT\n"
	      " 0.090 000               ┆◀── FIN  seq 101 ──────────────────────┃ LAST_ACK\n"
	      "▸0.100 000     TIME_WAIT ┃── ACK 102 ───────────────────────────▶│ CLOSED\n");
}

Test(view_flow, is_titled_with_both_ends_and_the_outcome)
{
	open_flow("> S 0; < RA 0 1");
	shows(24, 80, "#1 192.0.2.10:40000 -> 198.51.100.80:80   refused");
	shows(24, 80, "nobody listens");
}

Test(view_flow, needs_nothing_but_ascii)
{
	const char *screen;

	open_flow(HANDSHAKE REQUEST CLOSE);
	screen = scene_text(scene, 30, 80, true);
	for (const char *at = screen; *at; at++)
		cr_assert((unsigned char)*at < 0x80, "%s", at);
	cr_assert(strstr(screen, " 0.080 000    FIN_WAIT_2 :<-- ACK 12 --"), "%s", screen);
	cr_assert(strstr(screen, "|-- SYN ----"), "%s", screen);
}

Test(view_flow, fits_into_sixty_columns)
{
	open_flow(HANDSHAKE REQUEST CLOSE);
	shows(15, 60, " 0.080 000    FIN_WAIT_2 ┆◀─ ACK 12 ─────────┃ CLOSE_WAIT\n");
}

Test(view_flow, follows_the_newest_until_the_cursor_leaves_it)
{
	open_flow(HANDSHAKE REQUEST);
	shows(12, 80, "▸0.060 000");
	scene_hear(scene, "> FA 11 101");
	shows(12, 80, "▸0.070 000");
	scene_keys(scene, "k");
	shows(12, 80, "▸0.060 000");
	scene_hear(scene, "< A 101 12");
	shows(12, 80, "▸0.060 000");
	scene_keys(scene, "j");
	scene_keys(scene, "j");
	shows(12, 80, "▸0.080 000");
	scene_keys(scene, "ko");
	scene_hear(scene, "< FA 101 12");
	shows(12, 80, "▸0.090 000");
	scene_keys(scene, "kj");
	scene_hear(scene, "> A 12 102");
	shows(12, 80, "▸0.100 000");
}

Test(view_flow, moves_from_segment_to_segment)
{
	open_flow("> S 0; +3000 > S 0; < SA 0 1; > A 1 1");
	scene_keys(scene, "g");
	shows(24, 80, "▸0.000 000");
	scene_keys(scene, "j");
	shows(24, 80, "▸3.000 000");
	scene_keys(scene, "jjjjj");
	shows(24, 80, "▸3.020 000");
	scene_keys(scene, "{PageUp}");
	shows(24, 80, "▸0.000 000");
	scene_keys(scene, "{PageDown}");
	shows(24, 80, "▸3.020 000");
}

Test(view_flow, keeps_the_selected_segment_in_sight)
{
	open_flow(HANDSHAKE REQUEST DOWNLOAD DOWNLOAD CLOSE);
	scene_keys(scene, "ug");
	shows(12, 80, "▸0.000 000");
	for (int i = 0; i < 20; i++) {
		scene_keys(scene, "j");
		shows(12, 80, "▸");
	}
}

Test(view_flow, folds_plain_data_and_unfolds_it)
{
	open_flow(HANDSHAKE REQUEST DOWNLOAD);
	shows(40, 80, "┃◀══ 200 bytes, 4 segments ═");
	shows(40, 80, "┃══ 5 ACKs ═");
	hides(40, 80, "◀── 50 bytes");
	scene_keys(scene, "u");
	hides(40, 80, "══");
	shows(40, 80, " 0.070 000               ┃◀── 50 bytes  seq 101 ─");
	shows(40, 80, " 0.130 000               ┃◀── 50 bytes  seq 251 ─");
}

/* The cursor goes on standing on the segment, whatever line that is part of. */
Test(view_flow, finds_the_selected_segment_again_when_it_is_folded)
{
	open_flow(HANDSHAKE REQUEST DOWNLOAD);
	scene_keys(scene, "ukkk");
	shows(40, 80, "▸0.110 000               ┃◀── 50 bytes");
	scene_keys(scene, "u");
	shows(40, 80, "▸0.070 000               ┃◀══ 200 bytes, 4 segments ═");
}

Test(view_flow, counts_numbers_from_the_syn_or_as_on_the_wire)
{
	open_flow(HANDSHAKE REQUEST);
	shows(24, 80, "10 bytes  seq 1 ─");
	scene_keys(scene, "a");
	shows(24, 80, "10 bytes  seq 4294967291 ─");
	scene_keys(scene, "a");
	shows(24, 80, "10 bytes  seq 1 ─");
}

Test(view_flow, shows_times_from_the_first_from_the_last_or_of_the_clock)
{
	open_flow(HANDSHAKE REQUEST);
	shows(24, 80, " 0.050 000               ┃◀── 100 bytes");
	scene_keys(scene, "t");
	shows(24, 80, " 0.010 000               ┃◀── 100 bytes");
	scene_keys(scene, "t");
	shows(24, 80, " 22:13:20.060000               ┃◀── 100 bytes");
	shows(24, 60, " 22:13:20.060               ┃◀─ 100 bytes");
	scene_keys(scene, "t");
	shows(24, 80, " 0.050 000               ┃◀── 100 bytes");
}

Test(view_flow, tells_the_distance_from_a_mark_to_the_cursor)
{
	open_flow(HANDSHAKE REQUEST);
	scene_keys(scene, "gm");
	shows(24, 80, "frame 1 is marked");
	scene_keys(scene, "jjj");
	shows(24, 80, "frames 1 to 4 (cursor): 0.030 000 s, 1 sequence number of the client's");
	shows(24, 80, "*0.000 000");
	scene_keys(scene, "j");
	shows(24, 80, "frames 1 to 5 (cursor): 0.040 000 s, acknowledges 11 from there on");
}

Test(view_flow, tells_the_distance_between_two_marks)
{
	open_flow(HANDSHAKE REQUEST);
	scene_keys(scene, "{Space}k{Space}g");
	shows(24, 80, "frames 6 to 7: 0.010 000 s, acknowledges 100 from there on");
	scene_keys(scene, "G{Space}k");
	shows(24, 80, "frame 6 is marked");
	scene_keys(scene, "{Space}");
	hides(24, 80, "is marked");
	hides(24, 80, "*0.0");
}

Test(view_flow, lets_a_third_mark_take_the_place_of_the_first)
{
	open_flow(HANDSHAKE REQUEST);
	scene_keys(scene, "gmjmjm");
	shows(24, 80, "frames 2 to 3: ");
}

Test(view_flow, says_how_long_an_answer_is_missing_so_far)
{
	open_flow("> S 0");
	scene_wait(scene, 7000);
	shows(24, 80, "no answer for 7 s");
	hides(24, 80, "The capture ends here");
}

static const struct rung *(*whole_rungs)(void *context, const struct flow *flow, size_t *count,
                                         bool *is_whole);

/* What a trail would have left of it: the first 16 and the last 4. */
static const struct rung *rungs_with_gap(void *context, const struct flow *flow, size_t *count,
                                         bool *is_whole)
{
	struct rung *rungs = (struct rung *)whole_rungs(context, flow, count, is_whole);

	cr_assert(*count > 20);
	memmove(&rungs[16], &rungs[*count - 4], 4 * sizeof *rungs);
	*count = 20;
	*is_whole = false;
	return rungs;
}

Test(view_flow, says_where_segments_were_forgotten)
{
	whole_rungs = scene->wire.rungs;
	scene->wire.rungs = rungs_with_gap;
	open_flow(HANDSHAKE REQUEST DOWNLOAD DOWNLOAD CLOSE);
	scene_keys(scene, "u");
	shows(40, 80,
	      "                         ┃ 7 segments are not remembered here    ┃\n"
	      " 0.230 000    FIN_WAIT_1 ┃── FIN");
	shows(40, 80, " 0.150 000 ");
	hides(40, 80, " 0.160 000 ");
}

Test(view_flow, finds_words_and_states)
{
	open_flow(HANDSHAKE REQUEST CLOSE);
	scene_keys(scene, "\\fin{Enter}");
	shows(40, 80, "▸0.070 000    FIN_WAIT_1");
	scene_keys(scene, "n");
	shows(40, 80, "▸0.080 000    FIN_WAIT_2");
	scene_keys(scene, "N");
	shows(40, 80, "▸0.070 000    FIN_WAIT_1");
	scene_keys(scene, "\\window{Enter}");
	shows(40, 80, "nowhere: window");
}

Test(view_flow, selects_what_is_clicked)
{
	char script[32];
	const char *screen;
	int row = 0;

	open_flow(HANDSHAKE REQUEST);
	screen = scene_text(scene, 24, 80, false);
	for (const char *at = screen; at < strstr(screen, " 0.030 000"); at++)
		row += *at == '\n';
	snprintf(script, sizeof script, "{Click %d,30}", row);
	scene_keys(scene, script);
	shows(24, 80, "▸0.030 000");
}

Test(view_flow, says_that_a_flow_is_not_remembered)
{
	open_flow("> S 0; < RA 0 1");
	scene_wait(scene, 600000);
	scene_flood(scene, 200);
	shows(24, 80, "#1 is not remembered any more");
	cr_assert(scene_keys(scene, "jkgG dtau{Tab}j"));
}

Test(view_flow, forgets_cursor_and_marks_when_another_flow_is_opened)
{
	open_flow(HANDSHAKE REQUEST);
	scene_keys(scene, "gm");
	scene_hear(scene, ":40001 > S 0; :40001 < SA 0 1; :40001 > A 1 1");
	scene_keys(scene, "{Esc}G{Enter}");
	shows(24, 80, "#2 192.0.2.10:40001");
	shows(24, 80, "▸0.020 000");
	hides(24, 80, "is marked");
}

Test(view_flow, of_a_datagram_has_neither_states_nor_bars)
{
	open_flow("> D 0 0 100; < D 0 0 200");
	shows(24, 80, "#1 udp 192.0.2.10:40000 -> 198.51.100.80:80");
	shows(24, 80, "▸0.010 000 │◀── 200 bytes ──");
}

/* Where the ladder stands depends on the moment and the cursor, not on how it was reached. */
Test(view_flow, looks_the_same_from_both_sides_of_time)
{
	char before[16384];
	int64_t middle;

	scene_hear(scene, HANDSHAKE REQUEST);
	middle = scene->play.time;
	scene_hear(scene, DOWNLOAD CLOSE);
	scene_replay(scene);
	scene_seek(scene, middle);
	open_flow("");
	snprintf(before, sizeof before, "%s", scene_text(scene, 15, 80, false));
	scene_seek(scene, scene->replay.last);
	shows(15, 80, "TIME_WAIT");
	scene_seek(scene, middle);
	cr_assert_str_eq(scene_text(scene, 15, 80, false), before);
}

Test(view_flow, survives_any_size)
{
	open_flow(HANDSHAKE REQUEST DOWNLOAD CLOSE);
	for (int page = 0; page < 2; page++) {
		for (int rows = 1; rows < 40; rows += 1 + rows / 8) {
			for (int columns = 1; columns < 200; columns += 1 + columns / 6) {
				scene_text(scene, rows, columns, rows % 2 == 0);
				scene_keys(scene, "mkjdjmGk");
			}
		}
		scene_keys(scene, "{Tab}");
	}
}
