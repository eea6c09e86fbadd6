/*
 * measure.c: runs a command, and says what it took: seconds of wall and of processor time, peak memory
 * in KiB, and the exit status (124 when it took longer than SECONDS and was ended, as timeout says it).
 *
 * usage: measure SECONDS COMMAND [ARGUMENT...]
 *
 * What the command prints is thrown away. Its peak memory is that of the largest of its processes.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TOOK_TOO_LONG = 124, NOT_FOUND = 127 };

static volatile sig_atomic_t is_late;

static void be_late(int signal)
{
	(void)signal;
	is_late = 1;
}

static double seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void become(char **command)
{
	int nowhere = open("/dev/null", O_RDWR);

	/* A group of its own, so that what it started ends with it. */
	setpgid(0, 0);
	for (int descriptor = 0; descriptor < 3; descriptor++)
		dup2(nowhere, descriptor);
	execvp(command[0], command);
	_exit(NOT_FOUND);
}

static int status_of(int state)
{
	if (is_late)
		return TOOK_TOO_LONG;
	return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = be_late };
	struct rusage usage = { .ru_maxrss = 0 };
	double start = clock_now();
	int state = 0;
	pid_t child;

	if (argc < 3 || atoi(argv[1]) <= 0) {
		fprintf(stderr, "usage: measure SECONDS COMMAND [ARGUMENT...]\n");
		return 2;
	}
	child = fork();
	if (child == 0)
		become(argv + 2);
	if (child < 0) {
		perror("measure");
		return EXIT_FAILURE;
	}
	sigaction(SIGALRM, &action, NULL);
	alarm((unsigned)atoi(argv[1]));
	while (wait4(child, &state, 0, &usage) < 0 && is_late)
		kill(-child, SIGKILL);
	printf("%.4f %.4f %ld %d\n", clock_now() - start,
	       seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), usage.ru_maxrss,
	       status_of(state));
	return EXIT_SUCCESS;
}
