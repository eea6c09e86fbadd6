/* performance_test.c: acts on real sockets, one after another. */

#include "lab/performance.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/act.h"

enum { TURNS = 1000 };

static struct performance *begin(const char *name)
{
	struct error err = { 0 };
	struct performance *performance = performance_new(scenario_find(name), NULL, &err);

	cr_assert_not_null(performance, "%s", err.what);
	return performance;
}

/* Acts until `done` are done or it ends. Time passes only when nothing else can be waited for. */
static enum performance_outcome act_until(struct performance *performance, size_t done,
                                          struct error *err)
{
	enum performance_outcome outcome = PERFORMANCE_ACTED;
	int64_t now = 0;

	for (int i = 0; i < TURNS && performance_done(performance) < done; i++) {
		struct pollfd ready;
		struct wait wait;

		outcome = performance_step(performance, now, &wait, err);
		if (outcome == PERFORMANCE_FAILED || outcome == PERFORMANCE_OVER)
			break;
		if (outcome == PERFORMANCE_ACTED)
			continue;
		ready = (struct pollfd){ .fd = wait.descriptor, .events = wait.events };
		if (wait.descriptor < 0)
			now = wait.due;
		else
			poll(&ready, 1, 100);
	}
	return outcome;
}

static void expect_line(const struct performance *performance, size_t line, const char *expected)
{
	char storage[160];
	struct text text = text_over(storage, sizeof(storage));

	performance_line(performance, line, &text);
	cr_expect_str_eq(storage, expected);
}

Test(performance, is_not_to_be_had_of_a_story)
{
	struct error err = { 0 };

	cr_assert_null(performance_new(scenario_find("crossing-fins"), NULL, &err));
	cr_expect_str_eq(err.what, "crossing-fins: it is only told, not performed");
}

Test(performance, has_a_script_before_it_begins)
{
	struct performance *performance = begin("half-close");

	cr_expect_eq(performance_lines(performance), 11);
	cr_expect_eq(performance_done(performance), 0);
	expect_line(performance, 0, "server listens on a free port of 127.0.0.1");
	expect_line(performance, 3, "client says \"abc\"");
	expect_line(performance, 7, "server sends 5000 bytes");
	cr_expect_null(performance_subject(performance));
	performance_free(performance);
}

Test(performance, names_its_port_once_it_has_one)
{
	struct performance_options options = { .port = 8000 };
	struct error err = { 0 };
	struct performance *performance = performance_new(scenario_find("echo"), &options, &err);

	expect_line(performance, 0, "server listens on 127.0.0.1:8000");
	performance_free(performance);
}

Test(performance, does_all_its_acts_and_is_over)
{
	struct performance *performance = begin("echo");
	struct error err = { 0 };
	size_t lines = performance_lines(performance);
	struct wait wait;

	act_until(performance, lines, &err);
	cr_expect_eq(performance_done(performance), lines, "%s", err.what);
	cr_expect_eq(performance_step(performance, 0, &wait, &err), PERFORMANCE_OVER);
	performance_free(performance);
}

Test(performance, does_not_complain_of_a_refusal_that_it_wants)
{
	struct performance *performance = begin("refused");
	struct error err = { .what = "" };

	act_until(performance, performance_lines(performance), &err);
	cr_expect_eq(performance_done(performance), performance_lines(performance));
	cr_expect_str_eq(err.what, "");
	performance_free(performance);
}

Test(performance, tells_where_everybody_is)
{
	struct performance *performance = begin("many-clients");
	struct error err = { 0 };
	const struct lab_end *ends, *subject;
	size_t count;

	act_until(performance, 3, &err);
	ends = performance_ends(performance, &count);
	cr_assert_eq(count, 9);
	cr_expect_str_eq(ends[0].who, "server");
	cr_expect_str_eq(ends[1].who, "crowd");
	subject = performance_subject(performance);
	cr_assert_not_null(subject);
	cr_expect_eq(subject->port, ends[1].port);
	for (size_t i = 0; i < count; i++)
		cr_expect(performance_is_at(performance, 6, &ends[i].address, ends[i].port));
	cr_expect(!performance_is_at(performance, 17, &ends[0].address, ends[0].port));
	cr_expect(!performance_is_at(performance, 6, &ends[0].address, 1));
	performance_free(performance);
}

Test(performance, says_whose_act_failed_and_why)
{
	static const struct act steps[] = {
		{ SERVER, LISTENS, 0, NULL, false },
		{ CLIENT, IS_REFUSED, 0, NULL, false },
		{ 0, END_OF_STEPS, 0, NULL, false },
	};
	const struct scenario wrong = { .name = "wrong", .steps = steps };
	const struct performance_options options = { .port = 21234 };
	struct error err = { 0 };
	struct performance *performance = performance_new(&wrong, &options, &err);

	cr_expect_eq(act_until(performance, 2, &err), PERFORMANCE_FAILED);
	cr_expect_str_eq(err.what, "wrong: client connects to 127.0.0.1:21234: connection refused: "
	                           "somebody answered");
	performance_free(performance);
}

Test(performance, loses_patience_with_an_act_that_never_ends)
{
	static const struct act steps[] = {
		{ SERVER, LISTENS, 0, NULL, false },
		{ SERVER, ACCEPTS, 0, NULL, false },
		{ 0, END_OF_STEPS, 0, NULL, false },
	};
	const struct scenario lonely = { .name = "lonely", .steps = steps };
	struct error err = { 0 };
	struct performance *performance = performance_new(&lonely, NULL, &err);
	struct wait wait;

	cr_expect_eq(performance_step(performance, 0, &wait, &err), PERFORMANCE_ACTED);
	cr_expect_eq(performance_step(performance, 0, &wait, &err), PERFORMANCE_WAITS);
	cr_expect_neq(wait.descriptor, -1);
	cr_expect_eq(performance_step(performance, wait.due, &wait, &err), PERFORMANCE_FAILED);
	cr_expect_str_eq(err.what, "lonely: server accepts: nothing has happened for 20 s");
	performance_free(performance);
}

Test(performance, takes_its_child_along_when_it_is_freed_early)
{
	struct performance *performance = begin("process-killed");
	struct error err = { 0 };

	act_until(performance, 8, &err);
	cr_expect_eq(performance_done(performance), 8, "%s", err.what);
	cr_expect_eq(waitpid(-1, NULL, WNOHANG), 0, "the child lives");
	performance_free(performance);
	cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1);
	cr_expect_eq(errno, ECHILD);
}

Test(performance, leaves_no_descriptor_behind_wherever_it_is_stopped)
{
	size_t count;
	const struct scenario *rows = scenarios(&count);

	for (size_t i = 0; i < count; i++)
		for (size_t done = 0; rows[i].steps != NULL && !rows[i].needs_raw_sockets; done++) {
			struct performance *performance = begin(rows[i].name);
			struct error err = { 0 };
			size_t lines = performance_lines(performance);
			int before = dup(0);
			int after;

			close(before);
			/* Those that must wait for a timer of the kernel's are stopped before it. */
			for (int turn = 0; turn < 50 && performance_done(performance) < done;
			     turn++) {
				struct wait wait;

				if (performance_step(performance, 0, &wait, &err) ==
				    PERFORMANCE_FAILED)
					break;
			}
			performance_free(performance);
			after = dup(0);
			close(after);
			cr_expect_eq(after, before, "%s: after %zu acts", rows[i].name, done);
			if (done >= lines)
				break;
		}
}

Test(performance, every_row_can_be_read_aloud_and_ends_its_pieces)
{
	size_t count;
	const struct scenario *rows = scenarios(&count);

	for (size_t i = 0; i < count; i++) {
		const struct act *act = rows[i].steps;

		if (act == NULL)
			continue;
		for (; act->verb != END_OF_STEPS; act++) {
			const char *words = verb_row(act->verb)->words;

			cr_expect_eq(strchr(words, '"') != NULL, act->text != NULL, "%s: %s",
			             rows[i].name, words);
			cr_expect_eq(strchr(words, '#') != NULL, act->amount != 0, "%s: %s",
			             rows[i].name, words);
			cr_expect(!act->at_once || act[1].verb != END_OF_STEPS, "%s", rows[i].name);
		}
		cr_expect_eq(strcmp(actor_words(SERVER), "server"), 0);
	}
}
