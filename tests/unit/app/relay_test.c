/* relay_test.c: what loopback cannot do, between two kernels: captures say what the kernels say. */

/*
 * Every exchange has a process and a network of its own, so all of them run at
 * once: most of their time is waiting for quiet, or for a kernel's timer. What
 * goes wrong they write into shared memory.
 */

#define _GNU_SOURCE /* MAP_ANONYMOUS */

#include "unit/app/relay_play.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_SECONDS 30

enum { EXCHANGES_MAX = 64 };

struct report {
	bool is_finished;
	char skipped[sizeof(((struct error *)0)->what)];
	char failures[8192];
};

static void play_as_child(const struct exchange *exchange, struct report *report)
{
	static struct relay relay;

	alarm(PATIENCE_SECONDS);
	if (!relay_open(&relay)) {
		snprintf(report->skipped, sizeof(report->skipped), "%s", relay.err.what);
		_exit(0);
	}
	exchange_play(&relay, exchange, report->failures, sizeof(report->failures));
	relay_close(&relay);
	report->is_finished = true;
	_exit(0);
}

static pid_t play(const struct exchange *exchange, struct report *report)
{
	pid_t player = fork();

	cr_assert_geq(player, 0);
	if (player == 0)
		play_as_child(exchange, report);
	return player;
}

/* The end of another child interrupts the wait. */
static void await(pid_t player)
{
	while (waitpid(player, NULL, 0) < 0 && errno == EINTR)
		;
}

static void play_all(enum theme theme)
{
	struct exchanges all = exchanges_about(theme);
	pid_t players[EXCHANGES_MAX];
	struct report *reports = mmap(NULL, all.count * sizeof(*reports), PROT_READ | PROT_WRITE,
	                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	cr_assert(reports != MAP_FAILED && all.count <= EXCHANGES_MAX);
	for (size_t i = 0; i < all.count; i++)
		players[i] = play(&all.rows[i], &reports[i]);
	for (size_t i = 0; i < all.count; i++)
		await(players[i]);
	for (size_t i = 0; i < all.count; i++) {
		if (reports[i].skipped[0] != '\0')
			cr_skip_test("%s", reports[i].skipped);
		cr_expect_str_empty(reports[i].failures, "%s", reports[i].failures);
		cr_expect(reports[i].is_finished, "%s did not come to its end", all.rows[i].name);
	}
}

Test(relay, shows_connections_open_as_both_kernels_have_it)
{
	play_all(OPENING);
}

Test(relay, shows_connections_close_as_both_kernels_have_it)
{
	play_all(CLOSING);
}

Test(relay, shows_resets_do_what_they_do_to_both_kernels)
{
	play_all(RESETS);
}
