/* pty.c: a terminal of our own, and a program in it that we drive. */

#define _GNU_SOURCE /* memmem, and with some libraries posix_openpt */

#include "unit/tui/pty.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000 };

static void say_size(int descriptor, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	ioctl(descriptor, TIOCSWINSZ, &size);
}

static bool is_same_modes(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
	       a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

static void take_terminal(const char *name)
{
	int slave = open(name, O_RDWR);

	ioctl(slave, TIOCSCTTY, 0);
	for (int i = 0; i <= 2; i++)
		dup2(slave, i);
	if (slave > 2)
		close(slave);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
}

static pid_t start(const char *term, void (*program)(void))
{
	static const struct rlimit no_core = { 0, 0 };
	pid_t child = fork();

	if (child != 0)
		return child;
	setpgid(0, 0);
	tcsetpgrp(0, getpid());
	/* What the test's own framework watches for is none of the program's business. */
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	setrlimit(RLIMIT_CORE, &no_core);
	if (term)
		setenv("TERM", term, 1);
	else
		unsetenv("TERM");
	program();
	_exit(99);
}

static void run_shell(const char *name, const char *term, void (*program)(void), int reports,
                      int orders)
{
	struct termios before, after;
	pid_t child;
	char order;

	setsid();
	take_terminal(name);
	tcgetattr(0, &before);
	child = start(term, program);
	if (write(reports, &child, sizeof(child)) < 0)
		_exit(1);
	for (;;) {
		struct pty_report report = { .status = 0 };

		if (waitpid(child, &report.status, WUNTRACED) < 0)
			_exit(1);
		tcgetattr(0, &after);
		report.modes_are_back = is_same_modes(&before, &after);
		if (write(reports, &report, sizeof(report)) < 0 || read(orders, &order, 1) != 1)
			_exit(0);
		tcsetpgrp(0, child);
		kill(-child, SIGCONT);
	}
}

/* Takes what the program wrote, if it did within the time. */
static bool hear(struct pty *pty, int patience)
{
	struct pollfd master = { .fd = pty->master, .events = POLLIN };
	ssize_t count;

	if (poll(&master, 1, patience) != 1)
		return false;
	cr_assert_lt(pty->length, sizeof(pty->seen) - 1);
	count = read(pty->master, pty->seen + pty->length, sizeof(pty->seen) - 1 - pty->length);
	if (count <= 0)
		return false;
	pty->length += (size_t)count;
	pty->seen[pty->length] = '\0';
	return true;
}

/* Listens meanwhile: a program that nobody listens to stands still. */
static void read_report(struct pty *pty, void *record, size_t size)
{
	struct pollfd waiting[] = { { .fd = pty->reports, .events = POLLIN },
		                    { .fd = pty->master, .events = POLLIN } };

	do {
		cr_assert_gt(poll(waiting, 2, PATIENCE_MS), 0, "no report; seen: %s", pty->seen);
		if (waiting[1].revents & POLLIN)
			hear(pty, 0);
	} while (!(waiting[0].revents & (POLLIN | POLLHUP)));
	cr_assert_eq(read(pty->reports, record, size), (ssize_t)size);
	while (hear(pty, 0))
		;
}

struct pty *pty_run(const char *term, void (*program)(void))
{
	struct pty *pty = calloc(1, sizeof(*pty));
	int reports[2], orders[2];

	cr_assert_not_null(pty);
	pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	cr_assert_geq(pty->master, 0);
	cr_assert_eq(grantpt(pty->master), 0);
	cr_assert_eq(unlockpt(pty->master), 0);
	say_size(pty->master, 24, 80);
	cr_assert_eq(pipe(reports), 0);
	cr_assert_eq(pipe(orders), 0);
	pty->shell = fork();
	cr_assert_geq(pty->shell, 0);
	if (pty->shell == 0) {
		char name[64];

		cr_assert_eq(ptsname_r(pty->master, name, sizeof(name)), 0);
		close(reports[0]);
		close(orders[1]);
		close(pty->master);
		free(pty);
		run_shell(name, term, program, reports[1], orders[0]);
	}
	close(reports[1]);
	close(orders[0]);
	pty->reports = reports[0];
	pty->orders = orders[1];
	read_report(pty, &pty->program, sizeof(pty->program));
	return pty;
}

void pty_end(struct pty *pty)
{
	kill(pty->program, SIGKILL);
	close(pty->orders);
	close(pty->reports);
	pty_hang_up(pty);
	waitpid(pty->shell, NULL, 0);
	free(pty);
}

void pty_type(struct pty *pty, const char *bytes)
{
	cr_assert_eq(write(pty->master, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

void pty_resize(struct pty *pty, int rows, int columns)
{
	say_size(pty->master, rows, columns);
}

void pty_signal(struct pty *pty, int number)
{
	kill(pty->program, number);
}

void pty_hang_up(struct pty *pty)
{
	if (pty->master >= 0)
		close(pty->master);
	pty->master = -1; /* which poll passes over */
}

void pty_expect(struct pty *pty, const char *words)
{
	const char *found;

	while (!(found = memmem(pty->seen + pty->read, pty->length - pty->read, words,
	                        strlen(words))))
		cr_assert(hear(pty, PATIENCE_MS), "no %s in: %s", words, pty->seen + pty->read);
	pty->read = (size_t)(found - pty->seen) + strlen(words);
}

struct pty_report pty_report(struct pty *pty)
{
	struct pty_report report;

	read_report(pty, &report, sizeof(report));
	return report;
}

void pty_foreground(struct pty *pty)
{
	cr_assert_eq(write(pty->orders, "f", 1), 1);
}

bool pty_has(const struct pty *pty, const char *words)
{
	return memmem(pty->seen, pty->length, words, strlen(words)) != NULL;
}
