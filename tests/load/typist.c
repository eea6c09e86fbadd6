/*
 * typist.c: presses keys, and looks how soon the screen answers.
 *
 * usage: typist PLAN SECONDS COMMAND [ARGUMENT...] [-- COMMAND [ARGUMENT...]]
 *
 * The first command is `shakedown watch`, in a terminal of its own that nobody sees but
 * this program. The second one is the traffic: it begins once the view stands, is told to end when the
 * keys are over, and the last line that it prints is "N connections in ...".
 *
 * Each key has an answer that nothing else brings about: words that come or go, or the cursor in another line.
 * The time is from the key's being written to the bytes that complete the answer. PLANs:
 *
 *   live    while connections come and go, above all those that stay
 *   scroll  up and down a long list that stands still
 *   idle    no keys; processor time only
 *
 * What was found goes to standard output, a line "NAME VALUE" each; the screen to standard error where it
 * does not answer.
 */

#define _XOPEN_SOURCE 700 /* pseudo-terminals */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "load/glass.h"

#define SECOND INT64_C(1000000000)
#define BETWEEN (SECOND / 5)   /* two keys */
#define PATIENCE (10 * SECOND) /* for what must come */
#define CURSOR 0x25b8          /* ▸ */

enum { PRESSES_MOST = 1000, LINE_SIZE = 4 * GLASS_COLUMNS + 1 };

/* ---- Keys and their answers ---- */

enum sign {
	SHOWS, /* the words */
	HIDES,
	MOVES, /* the cursor is in another row of the screen */
	TURNS, /* ...or in another row of the list: where nothing changes by itself */
};

struct press {
	const char *name, *bytes;
	enum sign sign;
	const char *words;
};

struct plan {
	const char *name;
	const char *begun; /* the view stands, and has what it needs, when this is shown */
	const struct press
		*presses; /* ended by a NULL name; from the first again, always to the end */
};

#define ERASE "\177\177\177\177\177\177\177\177\177\177\177\177\177\177\177\177\177"

/* clang-format off */
static const struct press live_presses[] = {
	{ "j",         "j",                     MOVES, NULL },
	{ "k",         "k",                     MOVES, NULL },
	{ "Page Down", "\033[6~",               MOVES, NULL },
	{ "Page Up",   "\033[5~",               MOVES, NULL },
	{ "s",         "s",                     SHOWS, "sort by" },
	{ "Esc",       "\033",                  HIDES, "sort by" },
	{ "Enter",     "\r",                    SHOWS, "page 1 of" },
	{ "Esc",       "\033",                  HIDES, "page 1 of" },
	{ "i",         "i",                     MOVES, NULL },
	{ "i",         "i",                     MOVES, NULL },
	{ "G",         "G",                     MOVES, NULL },
	{ "Enter",     "\r",                    SHOWS, "page 1 of" },
	{ "Esc",       "\033",                  HIDES, "page 1 of" },
	{ "g",         "g",                     MOVES, NULL },
	{ "S",         "S",                     HIDES, "CLIENT STATE" },
	{ "Esc",       "\033",                  SHOWS, "CLIENT STATE" },
	{ "/",         "/",                     SHOWS, "filter:" },
	{ "a filter",  "state:established\r",   SHOWS, "/state:established" },
	{ "/",         "/",                     SHOWS, "filter:" },
	{ "no filter", ERASE "\r",              HIDES, "state:established" },
	{ "sort",      "sj\r",                  SHOWS, "# CLIENT" },
	{ "sort back", "sk\r",                  HIDES, "# CLIENT" },
	{ .name = NULL },
};

static const struct press scroll_presses[] = {
	{ "Page Down", "\033[6~",               TURNS, NULL },
	{ "Page Down", "\033[6~",               TURNS, NULL },
	{ "Page Down", "\033[6~",               TURNS, NULL },
	{ "j",         "j",                     TURNS, NULL },
	{ "Page Up",   "\033[5~",               TURNS, NULL },
	{ "G",         "G",                     TURNS, NULL },
	{ "Page Up",   "\033[5~",               TURNS, NULL },
	{ "k",         "k",                     TURNS, NULL },
	{ "g",         "g",                     TURNS, NULL },
	{ "i",         "i",                     MOVES, NULL },
	{ "i",         "i",                     MOVES, NULL },
	{ "sort",      "sj\r",                  SHOWS, "# CLIENT" },
	{ "sort back", "sk\r",                  HIDES, "# CLIENT" },
	{ .name = NULL },
};

static const struct press no_presses[] = { { .name = NULL } };

static const struct plan plans[] = {
	{ "live",   "ESTABLISHED", live_presses },
	{ "scroll", " END ",       scroll_presses },
	{ "idle",   "shakedown",   no_presses },
};
/* clang-format on */

/* ---- The terminal ---- */

struct typist {
	const struct plan *plan;
	struct glass glass;
	int master;
	pid_t view, traffic;
	int said; /* what the traffic prints; -1: there is none */
	int64_t took[PRESSES_MOST];
	const char *names[PRESSES_MOST];
	int count, unanswered;
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}

static void fail(const char *what)
{
	fprintf(stderr, "typist: ");
	perror(what);
	exit(EXIT_FAILURE);
}

static void become_view(const char *terminal, char **command)
{
	struct winsize size = { .ws_row = GLASS_ROWS, .ws_col = GLASS_COLUMNS };
	int descriptor;

	setsid();
	descriptor = open(terminal, O_RDWR);
	if (descriptor < 0 || ioctl(descriptor, TIOCSWINSZ, &size) < 0)
		_exit(EXIT_FAILURE);
	dup2(descriptor, STDIN_FILENO);
	dup2(descriptor, STDOUT_FILENO);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	execvp(command[0], command);
	perror(command[0]);
	_exit(EXIT_FAILURE);
}

static void view_start(struct typist *typist, char **command)
{
	typist->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (typist->master < 0 || grantpt(typist->master) < 0 || unlockpt(typist->master) < 0)
		fail("no terminal");
	typist->view = fork();
	if (typist->view < 0)
		fail("fork");
	if (typist->view == 0)
		become_view(ptsname(typist->master), command);
}

static void traffic_start(struct typist *typist, char **command)
{
	int ends[2];

	if (pipe(ends) < 0 || (typist->traffic = fork()) < 0)
		fail("traffic");
	if (typist->traffic == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execvp(command[0], command);
		_exit(EXIT_FAILURE);
	}
	close(ends[1]);
	typist->said = ends[0];
}

/* Takes what comes until then; returns at once after the first of it. */
static void look(struct typist *typist, int64_t until)
{
	struct pollfd ready = { .fd = typist->master, .events = POLLIN };
	int64_t left = until - now();
	char bytes[65536];
	ssize_t count;

	if (left <= 0 || poll(&ready, 1, (int)(left / 1000000) + 1) <= 0)
		return;
	count = read(typist->master, bytes, sizeof(bytes));
	if (count <= 0) {
		fprintf(stderr, "typist: the view has ended\n");
		exit(EXIT_FAILURE);
	}
	glass_take(&typist->glass, bytes, (size_t)count);
}

static void watch_until(struct typist *typist, int64_t until)
{
	while (now() < until)
		look(typist, until);
}

static bool await(struct typist *typist, const char *words)
{
	int64_t until = now() + PATIENCE;

	while (!glass_has(&typist->glass, words)) {
		if (now() >= until)
			return false;
		look(typist, until);
	}
	return true;
}

/* ---- Pressing ---- */

struct place {
	int row;
	char line[LINE_SIZE];
};

static struct place place_of_cursor(const struct glass *glass)
{
	struct place place = { .row = glass_row_of(glass, CURSOR) };

	if (place.row >= 0)
		glass_line(glass, place.row, place.line);
	return place;
}

static bool is_answered(const struct glass *glass, const struct press *press,
                        const struct place *before)
{
	struct place place;

	if (press->sign == SHOWS || press->sign == HIDES)
		return glass_has(glass, press->words) == (press->sign == SHOWS);
	place = place_of_cursor(glass);
	if (place.row < 0)
		return false;
	return place.row != before->row ||
	       (press->sign == TURNS && strcmp(place.line, before->line) != 0);
}

static void press_key(struct typist *typist, const struct press *press)
{
	struct place before = place_of_cursor(&typist->glass);
	int64_t start = now();

	if (write(typist->master, press->bytes, strlen(press->bytes)) < 0)
		fail("write");
	while (!is_answered(&typist->glass, press, &before)) {
		if (now() < start + PATIENCE) {
			look(typist, start + PATIENCE);
			continue;
		}
		fprintf(stderr, "typist: %s was not answered\n", press->name);
		typist->unanswered++;
		return;
	}
	typist->names[typist->count] = press->name;
	typist->took[typist->count++] = now() - start;
	watch_until(typist, start + BETWEEN);
}

/* At the end the list has no filter, and no prompt is open. */
static void press_all(struct typist *typist, int64_t span)
{
	int64_t end = now() + span;

	do {
		for (const struct press *press = typist->plan->presses; press->name; press++) {
			if (typist->count == PRESSES_MOST || typist->unanswered > 0)
				return;
			press_key(typist, press);
		}
		if (typist->plan->presses == no_presses)
			watch_until(typist, end);
	} while (now() < end);
}

/* ---- What was found ---- */

static void show_screen(const struct typist *typist)
{
	char line[LINE_SIZE];

	for (int row = 0; row < GLASS_ROWS; row++) {
		glass_line(&typist->glass, row, line);
		fprintf(stderr, "|%s\n", line);
	}
}

static const char *slowest(const struct typist *typist)
{
	int worst = 0;

	for (int i = 1; i < typist->count; i++) {
		if (typist->took[i] > typist->took[worst])
			worst = i;
	}
	return typist->names[worst];
}

static int by_length(const void *one, const void *other)
{
	int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

	return (a > b) - (a < b);
}

static double milliseconds(int64_t span)
{
	return (double)span / 1e6;
}

static void report_times(struct typist *typist)
{
	int count = typist->count;

	printf("keys %d\nunanswered %d\n", count, typist->unanswered);
	if (count == 0)
		return;
	printf("slowest_key %s\n", slowest(typist));
	qsort(typist->took, (size_t)count, sizeof(typist->took[0]), by_length);
	printf("median_ms %.1f\n", milliseconds(typist->took[count / 2]));
	printf("p95_ms %.1f\n", milliseconds(typist->took[(count * 95 + 99) / 100 - 1]));
	printf("slowest_ms %.1f\n", milliseconds(typist->took[count - 1]));
}

/* Of all threads, in all their life. */
static double processor_time(pid_t process)
{
	struct timespec time = { .tv_sec = 0 };
	clockid_t clock;

	if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) < 0)
		fail("processor time");
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* "N + HELD connections in ...": how many there were. */
static long connections_of(const char *said)
{
	char *rest;
	long made = strtol(said, &rest, 10);
	const char *plus = strchr(rest, '+');

	return made + (plus ? strtol(plus + 1, NULL, 10) : 0);
}

/* The view may be behind: how long until it, following the newest, shows the last connection. */
static void report_traffic(struct typist *typist)
{
	char said[256] = "", number[32];
	int64_t start = now();

	kill(typist->traffic, SIGTERM);
	waitpid(typist->traffic, NULL, 0);
	if (read(typist->said, said, sizeof(said) - 1) < 0)
		fail("traffic");
	said[strcspn(said, "\n")] = '\0';
	printf("traffic %s\n", said);
	if (typist->unanswered > 0)
		return;
	snprintf(number, sizeof(number), " %ld 127.", connections_of(said));
	if (write(typist->master, "o", 1) == 1 && await(typist, number))
		printf("behind_ms %.0f\n", milliseconds(now() - start));
	else
		show_screen(typist);
}

static void report_drops(const struct typist *typist)
{
	char line[LINE_SIZE];
	const char *dropped;

	glass_line(&typist->glass, 0, line);
	dropped = strstr(line, "dropped ");
	if (dropped)
		printf("dropped %s\n", dropped + strlen("dropped "));
}

static const struct plan *plan_of(const char *name)
{
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
		if (strcmp(plans[i].name, name) == 0)
			return &plans[i];
	}
	fprintf(stderr, "usage: typist PLAN SECONDS COMMAND... [-- COMMAND...]\n");
	exit(2);
}

static void work(struct typist *typist, double seconds)
{
	double spent = processor_time(typist->view);
	int64_t start = now();

	press_all(typist, (int64_t)(seconds * 1e9));
	spent = processor_time(typist->view) - spent;
	printf("processor_percent %.2f\n", spent * 1e11 / (double)(now() - start));
}

int main(int argc, char **argv)
{
	struct typist typist = { .plan = plan_of(argc > 3 ? argv[1] : ""), .said = -1 };
	char **other = argv + 3;
	bool stands;

	typist.glass = glass_new();
	while (*other && strcmp(*other, "--") != 0)
		other++;
	if (*other)
		*other++ = NULL;
	view_start(&typist, argv + 3);
	stands = await(&typist, "shakedown");
	if (stands && *other)
		traffic_start(&typist, other);
	if (stands && await(&typist, typist.plan->begun))
		work(&typist, strtod(argv[2], NULL));
	else
		typist.unanswered++;
	if (typist.unanswered > 0)
		show_screen(&typist);
	report_times(&typist);
	if (typist.said >= 0)
		report_traffic(&typist);
	report_drops(&typist);
	if (write(typist.master, "Q", 1) == 1)
		waitpid(typist.view, NULL, 0);
	return typist.unanswered > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
