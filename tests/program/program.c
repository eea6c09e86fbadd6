/* program.c: the real program, in a process of its own. */

#include "program/program.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MOST = 6000, PATIENCE_MILLISECONDS = 50000 };

/* wait4 is of BSD. */
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);

static const char *name(void)
{
	const char *path = getenv("SHAKEDOWN");

	return path ? path : "build/shakedown";
}

_Noreturn static void become(const struct program *program, int output, const char *const *words)
{
	static char *argv[WORDS_MOST + 2];
	struct rlimit limit = { (rlim_t)program->descriptors, (rlim_t)program->descriptors };
	int nothing = open("/dev/null", O_RDONLY);
	size_t count = 0;

	/* One that waits for ever would outlive a test that fails. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	argv[count++] = (char *)(uintptr_t)name();
	for (; *words && count <= WORDS_MOST; words++)
		argv[count++] = (char *)(uintptr_t)*words;
	dup2(nothing, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(fileno(program->complaints), STDERR_FILENO);
	if (program->descriptors)
		setrlimit(RLIMIT_NOFILE, &limit);
	execv(argv[0], argv);
	_exit(127);
}

void program_start(struct program *program, const char *const *words)
{
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	program->complaints = tmpfile();
	cr_assert_not_null(program->complaints);
	program->pid = fork();
	cr_assert_geq(program->pid, 0);
	if (program->pid == 0)
		become(program, ends[1], words);
	close(ends[1]);
	program->output = ends[0];
}

/* False at its end. */
static bool output_read(struct program *program)
{
	ssize_t count;

	if (program->room - program->length < 65536) {
		program->room = 2 * program->room + 131072;
		program->text = realloc(program->text, program->room);
		cr_assert_not_null(program->text);
	}
	do
		count = read(program->output, program->text + program->length, 65535);
	while (count < 0 && errno == EINTR);
	cr_assert_geq(count, 0);
	program->length += (size_t)count;
	program->text[program->length] = '\0';
	return count > 0;
}

size_t line_count(const char *text)
{
	size_t count = 0;

	for (; (text = strchr(text, '\n')); text++)
		count++;
	return count;
}

void program_await(struct program *program, size_t lines)
{
	while (!program->text || line_count(program->text) < lines) {
		struct pollfd ready = { .fd = program->output, .events = POLLIN };

		cr_assert_eq(poll(&ready, 1, PATIENCE_MILLISECONDS), 1, "still less than %zu lines",
		             lines);
		cr_assert(output_read(program), "ended with less than %zu lines", lines);
	}
}

static char *complaints_read(FILE *stream)
{
	char *text = calloc(1, 65536);

	cr_assert_not_null(text);
	rewind(stream);
	text[fread(text, 1, 65535, stream)] = '\0';
	fclose(stream);
	return text;
}

struct outcome program_end(struct program *program)
{
	struct outcome outcome;
	struct rusage usage;
	int status;

	while (output_read(program))
		;
	close(program->output);
	cr_assert_eq(wait4(program->pid, &status, 0, &usage), program->pid);
	outcome.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	outcome.peak = usage.ru_maxrss;
	outcome.rests = usage.ru_nvcsw;
	outcome.out = program->text;
	outcome.err = complaints_read(program->complaints);
	program->text = NULL;
	return outcome;
}

struct outcome program_run(const char *const *words)
{
	struct program program = { 0 };

	program_start(&program, words);
	return program_end(&program);
}

void outcome_free(struct outcome *outcome)
{
	free(outcome->out);
	free(outcome->err);
}
