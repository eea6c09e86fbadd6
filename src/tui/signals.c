/* signals.c: what signals do while the program holds the terminal. */

/*
 * A handler may run in the midst of anything, ncurses and malloc included. So
 * endwin is out of the question there: what must be written is prepared
 * beforehand, and the handler only calls write, tcsetattr and their like
 * (signal-safety(7)). Signals that need more work (resize, Ctrl-Z, fg) are only
 * noted, and a descriptor wakes the loop. A handler has nothing but its own
 * number to find things by: hence the one variable, the only one of its kind.
 */

#define _GNU_SOURCE /* memfd_create */

#include "tui/signals.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

enum duty {
	DUTY_NOTE,  /* for the loop */
	DUTY_END,   /* unless somebody else handles it */
	DUTY_DIE,   /* in any case... */
	DUTY_FAULT, /* ...and it happens again, if nobody removes the cause */
};

/* clang-format off */
static const struct {
	int number;
	enum duty duty;
} watched[] = {
	{ SIGWINCH, DUTY_NOTE },  { SIGTSTP, DUTY_NOTE },  { SIGCONT, DUTY_NOTE },
	{ SIGINT,   DUTY_END },   { SIGTERM, DUTY_END },   { SIGHUP,  DUTY_END },
	{ SIGQUIT,  DUTY_END },   { SIGPIPE, DUTY_END },   { SIGALRM, DUTY_END },
	{ SIGUSR1,  DUTY_END },   { SIGUSR2, DUTY_END },   { SIGXCPU, DUTY_END },
	{ SIGXFSZ,  DUTY_END },
	{ SIGABRT,  DUTY_FAULT }, { SIGSEGV, DUTY_FAULT }, { SIGBUS,  DUTY_FAULT },
	{ SIGFPE,   DUTY_FAULT }, { SIGILL,  DUTY_FAULT }, { SIGTRAP, DUTY_DIE },  
	{ SIGSYS,   DUTY_DIE },
};
/* clang-format on */

enum { WATCHED = sizeof(watched) / sizeof(watched[0]), STACK_SIZE = 32768 };

static struct {
	volatile sig_atomic_t holds; /* the terminal is not as it was */
	volatile sig_atomic_t resized, stopping, continued;
	pid_t owner; /* children that die before they exec must not touch it */
	int input, output;
	struct termios modes;
	char farewell[FAREWELL_MOST];
	size_t length;
	int bell;         /* eventfd: wakes the loop */
	int errors, kept; /* where standard error goes meanwhile, and where it went; -1: neither */
	struct sigaction before[WATCHED];
	bool is_at_exit;
	char stack[STACK_SIZE]; /* for a fault that is the end of the other one */
} held = { .bell = -1, .errors = -1, .kept = -1 };

/* ---- All that handlers call is safe in them ---- */

static void write_all(int descriptor, const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t written = write(descriptor, bytes, count);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		bytes += written;
		count -= (size_t)written;
	}
}

static void show_errors(void)
{
	char bytes[1024];
	off_t at = 0;
	ssize_t count;

	if (held.kept < 0)
		return;
	dup2(held.kept, STDERR_FILENO);
	while ((count = pread(held.errors, bytes, sizeof(bytes), at)) > 0) {
		write_all(STDERR_FILENO, bytes, (size_t)count);
		at += count;
	}
	close(held.kept);
	close(held.errors);
	held.kept = held.errors = -1;
}

static void give_back(void)
{
	if (!held.holds || getpid() != held.owner)
		return;
	held.holds = 0;
	write_all(held.output, held.farewell, held.length);
	tcsetattr(held.input, TCSANOW,
	          &held.modes); /* never waits: the output may be held by Ctrl-S */
	show_errors();
}

static size_t place_of(int number)
{
	size_t place = 0;

	while (place < WATCHED - 1 && watched[place].number != number)
		place++;
	return place;
}

static void note(int number)
{
	uint64_t one = 1;
	int error = errno;

	if (number == SIGWINCH)
		held.resized = 1;
	else if (number == SIGTSTP)
		held.stopping = 1;
	else
		held.continued = 1;
	if (write(held.bell, &one, sizeof(one)) < 0) {
		/* Rung so often that it is full: it is heard. */
	}
	errno = error;
}

static bool has_handler(const struct sigaction *action)
{
	return (action->sa_flags & (int)SA_SIGINFO) ||
	       (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
}

/* As the kernel would have called it. */
static void hand_over(struct sigaction *before, int number, siginfo_t *info, void *context)
{
	struct sigaction action = *before;

	if (action.sa_flags & (int)SA_RESETHAND)
		*before = (struct sigaction){ .sa_handler = SIG_DFL };
	if (action.sa_flags & (int)SA_SIGINFO)
		action.sa_sigaction(number, info, context);
	else
		action.sa_handler(number);
}

static void end(int number, siginfo_t *info, void *context)
{
	size_t place = place_of(number);

	if (watched[place].duty == DUTY_END && has_handler(&held.before[place])) {
		hand_over(&held.before[place], number, info, context);
		return;
	}
	give_back();
	sigaction(number, &held.before[place], NULL);
	/* A fault that happens again on return shows its true place to a debugger. */
	if (watched[place].duty != DUTY_FAULT || info->si_code <= 0)
		raise(number);
}

/* ---- Outside of handlers ---- */

static void at_exit(void)
{
	sigset_t output, before;

	/* In the background, setting modes would stop us. */
	sigemptyset(&output);
	sigaddset(&output, SIGTTOU);
	sigprocmask(SIG_BLOCK, &output, &before);
	give_back();
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void watch(size_t place)
{
	struct sigaction *before = &held.before[place];
	struct sigaction action = { .sa_flags = (int)SA_ONSTACK };

	sigfillset(&action.sa_mask);
	if (watched[place].duty == DUTY_NOTE) {
		action.sa_handler = note;
	} else {
		action.sa_sigaction = end;
		action.sa_flags |= (int)SA_SIGINFO;
	}
	sigaction(watched[place].number, NULL, before);
	/* Whether a read goes on after the signal is for whoever handled it before to say. */
	if (has_handler(before))
		action.sa_flags |= before->sa_flags & (int)SA_RESTART;
	if (before->sa_handler != SIG_IGN || watched[place].number == SIGWINCH)
		sigaction(watched[place].number, &action, NULL);
}

static bool is_ours(const struct sigaction *action)
{
	if (action->sa_flags & (int)SA_SIGINFO)
		return action->sa_sigaction == end;
	return action->sa_handler == note;
}

static void unwatch(size_t place)
{
	struct sigaction now;

	sigaction(watched[place].number, NULL, &now);
	if (is_ours(&now))
		sigaction(watched[place].number, &held.before[place], NULL);
}

/* Where somebody has a stack for faults already, as sanitizers do, theirs will do. */
static void set_stack(bool ours)
{
	stack_t stack = { .ss_sp = held.stack, .ss_size = sizeof(held.stack) };
	stack_t now;

	if (sigaltstack(NULL, &now) < 0)
		return;
	if (ours && (now.ss_flags & SS_DISABLE)) {
		sigaltstack(&stack, NULL);
	} else if (!ours && now.ss_sp == held.stack) {
		stack.ss_flags = SS_DISABLE;
		sigaltstack(&stack, NULL);
	}
}

/* Nothing is ever printed over the screen; where it cannot be kept, it is. */
static void keep_errors(void)
{
	if (!isatty(STDERR_FILENO))
		return;
	held.errors = memfd_create("errors", MFD_CLOEXEC);
	if (held.errors < 0)
		return;
	held.kept = dup(STDERR_FILENO);
	if (held.kept >= 0 && dup2(held.errors, STDERR_FILENO) >= 0)
		return;
	if (held.kept >= 0)
		close(held.kept);
	close(held.errors);
	held.kept = held.errors = -1;
}

int signals_take(int input, int output, struct error *err)
{
	assert(!held.holds);
	if (tcgetattr(input, &held.modes) < 0) {
		error_set(err, "terminal: %s", strerror(errno));
		return -1;
	}
	held.bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (held.bell < 0 || (!held.is_at_exit && atexit(at_exit) != 0)) {
		error_set(err, "terminal: %s", strerror(errno));
		if (held.bell >= 0)
			close(held.bell);
		return -1;
	}
	held.is_at_exit = true;
	held.owner = getpid();
	held.input = input;
	held.output = output;
	held.length = 0;
	keep_errors();
	held.resized = held.stopping = held.continued = 0;
	held.holds = 1;
	set_stack(true);
	for (size_t i = 0; i < WATCHED; i++)
		watch(i);
	return 0;
}

void signals_farewell(const char *words, size_t length)
{
	held.length = 0;
	memcpy(held.farewell, words, length < FAREWELL_MOST ? length : FAREWELL_MOST);
	held.length = length < FAREWELL_MOST ? length : FAREWELL_MOST;
}

void signals_release(void)
{
	held.holds = 0;
	for (size_t i = 0; i < WATCHED; i++)
		unwatch(i);
	set_stack(false);
	show_errors();
	close(held.bell);
	held.bell = -1;
}

void signals_stop(void)
{
	size_t place = place_of(SIGTSTP);

	held.holds = 0;
	show_errors();
	unwatch(place);
	raise(SIGTSTP);
	watch(place);
	keep_errors();
	held.holds = 1;
	signals_noticed();
}

int signals_descriptor(void)
{
	return held.bell;
}

/* Forgotten before it is told: what comes after that is noted again. */
static bool was(volatile sig_atomic_t *noted)
{
	bool it_was = *noted;

	if (it_was)
		*noted = 0;
	return it_was;
}

unsigned signals_noticed(void)
{
	uint64_t count;

	/* The bell first: what rings after it rings again. */
	if (read(held.bell, &count, sizeof(count)) < 0)
		return 0;
	return (was(&held.resized) ? NOTICED_RESIZE : 0) |
	       (was(&held.stopping) ? NOTICED_STOP : 0) |
	       (was(&held.continued) ? NOTICED_CONTINUE : 0);
}
