/* view_quiz_test.c: questions whose answers are known, choices that never change, and the score. */

#include <criterion/criterion.h>
#include <string.h>

#include "tui/inside.h"
#include "unit/tui/rehearsal.h"

/* ---- Questions --------------------------------------------------------------------------------- */

static struct question question_after(const char *script, size_t act, enum side side,
                                      enum tcp_state from)
{
	struct question question;
	struct play play;

	play_begin(&play);
	hear(&play, script);
	question_make(&question, "half-close", act, side, from, play_flow(&play, 1));
	play_end(&play);
	return question;
}

#define CLOSING_HALF HANDSHAKE "> FA 1 1; < A 1 2"

static bool offers(const struct question *question, enum tcp_state state)
{
	for (int i = 0; i < QUIZ_CHOICES; i++)
		if (question->choices[i] == state)
			return true;
	return false;
}

Test(question, has_the_true_state_among_four_different_ones)
{
	for (size_t act = 0; act < 50; act++) {
		struct question question =
			question_after(CLOSING_HALF, act, SERVER, ST_ESTABLISHED);

		cr_expect_eq(question.choices[question.right], ST_CLOSE_WAIT);
		cr_expect_eq(question.given, QUIZ_NOT_ANSWERED);
		for (int i = 0; i < QUIZ_CHOICES; i++) {
			cr_expect_neq(question.choices[i], ST_UNKNOWN);
			for (int j = 0; j < i; j++)
				cr_expect_neq(question.choices[i], question.choices[j]);
		}
	}
}

Test(question, offers_neighbours)
{
	struct question question = question_after(CLOSING_HALF, 4, SERVER, ST_ESTABLISHED);

	cr_expect(offers(&question, ST_ESTABLISHED), "it might not have moved");
	cr_expect(offers(&question, ST_FIN_WAIT_1), "it might have closed itself");
	cr_expect(offers(&question, ST_LAST_ACK), "it might have gone on");
}

Test(question, puts_the_answer_in_every_place_sooner_or_later)
{
	unsigned seen = 0;

	for (size_t act = 0; act < 20; act++)
		seen |= 1U << question_after(CLOSING_HALF, act, SERVER, ST_ESTABLISHED).right;
	cr_expect_eq(seen, 0xf);
}

Test(question, is_the_same_each_time)
{
	struct question one = question_after(CLOSING_HALF, 3, CLIENT, ST_ESTABLISHED);
	struct question two = question_after(CLOSING_HALF, 3, CLIENT, ST_ESTABLISHED);

	cr_expect_arr_eq(one.choices, two.choices, sizeof(one.choices));
	cr_expect_eq(one.right, two.right);
}

static void expect_explanation(const char *script, enum side side, enum tcp_state from,
                               const char *expected)
{
	struct question question = question_after(script, 1, side, from);
	char storage[256];
	struct text text = text_over(storage, sizeof(storage));

	question_explain(&question, &text);
	cr_expect_str_eq(storage, expected);
}

Test(question, explains_the_answer_with_its_section)
{
	expect_explanation(CLOSING_HALF, SERVER, ST_ESTABLISHED,
	                   "It acknowledged the peer's FIN: CLOSE_WAIT, the peer has closed; its own "
	                   "application has not (RFC 9293 section 3.6).");
	expect_explanation(HANDSHAKE, SERVER, ST_LISTEN,
	                   "Its SYN was acknowledged: ESTABLISHED, open; data may flow "
	                   "(RFC 9293 section 3.5).");
	expect_explanation(HANDSHAKE "< R 1 0", CLIENT, ST_ESTABLISHED,
	                   "A reset ended the connection: CLOSED, no connection at all "
	                   "(RFC 9293 section 3.5.3).");
}

/* ---- The quiz ---------------------------------------------------------------------------------- */

static struct scene_play *begin(struct rehearsal *rehearsal)
{
	struct scene_play *scene = scene_begin();

	rehearsal_begin(rehearsal, scene);
	scene_tui(scene, NULL);
	scene_keys(scene, "Lz");
	return scene;
}

static void next_act(struct scene_play *scene, struct rehearsal *rehearsal)
{
	scene_keys(scene, " ");
	rehearsal_settle(rehearsal);
}

static void answer(struct scene_play *scene, bool rightly)
{
	const struct question *question = &scene->tui->lab.quiz.question;
	char key[2] = "";

	scene_text(scene, 24, 80, false);
	cr_assert(scene->tui->lab.quiz.is_asking, "%s", scene->text);
	key[0] = (char)('1' + (question->right + !rightly) % QUIZ_CHOICES);
	scene_keys(scene, key);
}

#define expect_shown(scene, words) \
	cr_expect(scene_shows(scene, 24, 80, words), "no \"%s\" in\n%s", words, (scene)->text)
#define expect_hidden(scene, words) \
	cr_expect(!scene_shows(scene, 24, 80, words), "\"%s\" in\n%s", words, (scene)->text)

Test(view_quiz, runs_the_scenario_stepwise)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	cr_expect_str_eq(scene->calls, "step 0; ");
	expect_shown(scene, "0 of 0    Space does the next act");
	scene_end(scene);
}

Test(view_quiz, asks_only_where_an_end_has_moved_and_all_is_quiet)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	next_act(scene, &rehearsal);
	expect_hidden(scene, "Which state");
	scene_keys(scene, " ");
	expect_hidden(scene, "Which state");
	rehearsal_settle(&rehearsal);
	expect_shown(scene, "Which state is the client in now?");
	expect_shown(scene, "1 to 4 answers");
	scene_end(scene);
}

Test(view_quiz, does_not_show_the_state_before_the_answer)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	next_act(scene, &rehearsal);
	next_act(scene, &rehearsal);
	expect_shown(scene, "│ client ?\n");
	expect_shown(scene, "│ server ?\n");
	answer(scene, true);
	expect_shown(scene, "│ client ESTABLISHED\n");
	expect_shown(scene, "│ server ?\n");
	scene_end(scene);
}

Test(view_quiz, goes_on_only_after_the_answer)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	next_act(scene, &rehearsal);
	next_act(scene, &rehearsal);
	scene_text(scene, 24, 80, false);
	scene_keys(scene, " ");
	cr_expect_str_eq(scene->calls, "step 0; next 0; next 1; ");
	expect_shown(scene, "first the answer: 1 to 4");
	scene_end(scene);
}

Test(view_quiz, says_whether_it_was_right_and_keeps_the_score)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	next_act(scene, &rehearsal);
	next_act(scene, &rehearsal);
	answer(scene, true);
	expect_shown(scene, "✓ Right.");
	expect_shown(scene, "It acknowledged the peer's SYN: ESTABLISHED,");
	expect_shown(scene, "1 of 1    Space: the other end");
	answer(scene, false);
	expect_shown(scene, "1 of 1");
	scene_keys(scene, " ");
	expect_shown(scene, "Which state is the server in now?");
	answer(scene, false);
	expect_shown(scene, "✗ No: it is ESTABLISHED.");
	expect_shown(scene, "1 of 2    Space does the next act");
	scene_keys(scene, "{Esc}");
	expect_shown(scene, "the quiz has ended: 1 of 2");
	expect_shown(scene, "│ server ESTABLISHED\n");
	scene_end(scene);
}

Test(view_quiz, comes_to_its_end)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	while (!rehearsal.script.is_over) {
		next_act(scene, &rehearsal);
		scene_text(scene, 24, 80, false);
		while (scene->tui->lab.quiz.is_asking) {
			answer(scene, true);
			if (scene->tui->lab.quiz.pending == 0)
				break;
			scene_keys(scene, " ");
		}
	}
	expect_shown(scene, "6 of 6    the quiz is over");
	scene_keys(scene, "     ");
	cr_expect_eq(rehearsal.script.done, rehearsal.script.lines);
	scene_end(scene);
}

Test(view_quiz, ends_when_something_else_is_run)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "j{Enter}");
	expect_hidden(scene, "0 of 0");
	expect_shown(scene, "running\n");
	scene_end(scene);
}

Test(view_quiz, hints_at_answers_only_while_a_question_waits)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "{Down}"); /* wipes the message */
	expect_hidden(scene, "1 to 4 answer  ");
	next_act(scene, &rehearsal);
	expect_hidden(scene, "1 to 4 answer  ");
	next_act(scene, &rehearsal);
	expect_shown(scene, "\n 1 to 4 answer  Enter run");
	answer(scene, true);
	expect_hidden(scene, "1 to 4 answer  ");
	scene_keys(scene, "4");
	cr_expect_eq(scene->tui->lab.quiz.asked, 1);
	scene_keys(scene, " ");
	expect_shown(scene, "\n 1 to 4 answer  ");
	answer(scene, true);
	expect_hidden(scene, "1 to 4 answer  ");
	scene_keys(scene, "{Esc}{Down}");
	expect_hidden(scene, "1 to 4 answer  ");
	scene_end(scene);
}

Test(view_quiz, is_over_only_once_the_wire_is_quiet)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_text(scene, 24, 80, false);
	while (!rehearsal.script.is_over)
		rehearsal_act(&rehearsal);
	expect_hidden(scene, "the quiz is over");
	expect_shown(scene, "listening…");
	scene_end(scene);
}

Test(view_quiz, refuses_what_has_no_states)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "{Esc}jz"); /* the rehearsal's "refused" has none */
	expect_shown(scene, "a quiz needs states: refused is UDP, which has none");
	cr_expect_str_eq(scene->calls, "step 0; ");
	cr_expect_not(scene->tui->lab.quiz.is_on);
	scene_end(scene);
}

Test(view_quiz, is_not_about_services)
{
	struct rehearsal rehearsal;
	struct scene_play *scene = begin(&rehearsal);

	scene_keys(scene, "jjjz");
	expect_shown(scene, "a quiz needs a scenario: chat is a service");
	scene_end(scene);
}
