/* program.h: the real program, in a process of its own. */
#ifndef TESTS_PROGRAM_H
#define TESTS_PROGRAM_H

#include <stdio.h>
#include <stddef.h>
#include <sys/types.h>

/* Zeroed is a good start. */
struct program {
	int descriptors; /* that it may have open at once; 0: as usual */
	pid_t pid;
	int output;
	FILE *complaints;
	char *text; /* what came on standard output so far, with a NUL */
	size_t length, room;
};

/* Everything that it came to. The texts are the caller's. */
struct outcome {
	int status; /* 128 and more: by a signal */
	long peak;  /* resident memory, in KiB */
	long rests; /* how often it waited */
	char *out, *err;
};

/* `words` are its arguments, NULL behind the last. It is what $SHAKEDOWN names. */
void program_start(struct program *program, const char *const *words);

/* Waits until it has written so many lines, or fails the test. */
void program_await(struct program *program, size_t lines);

/* Waits for its end. */
struct outcome program_end(struct program *program);

/* From start to end. */
struct outcome program_run(const char *const *words);
void outcome_free(struct outcome *outcome);

size_t line_count(const char *text);

#endif
