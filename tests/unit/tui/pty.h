/* pty.h: a terminal of our own, and a program in it that we drive. */
#ifndef TESTS_UNIT_TUI_PTY_H
#define TESTS_UNIT_TUI_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Between the test and the program stands a shell of a kind: it leads the
 * session, puts the program to the foreground, and says how it stopped or
 * ended and whether the terminal's modes were then what they had been.
 */
struct pty {
	int master;
	pid_t shell, program;
	int reports, orders;
	char seen[262144]; /* what the program wrote, from the first byte */
	size_t length;
	size_t read; /* up to here it was asked for */
};

struct pty_report {
	int status; /* as waitpid says it */
	bool modes_are_back;
};

/* Runs `program` with this TERM (NULL: none) on 24 lines of 80; it should end by _exit or exit. */
struct pty *pty_run(const char *term, void (*program)(void));
void pty_end(struct pty *pty);

void pty_type(struct pty *pty, const char *bytes);
void pty_resize(struct pty *pty, int rows, int columns);
void pty_signal(struct pty *pty, int number);

/* As if the window were closed. */
void pty_hang_up(struct pty *pty);

/* Waits until the program writes these words, behind what was waited for before. The test fails if it does not. */
void pty_expect(struct pty *pty, const char *words);

/* Waits until the program stops or ends. */
struct pty_report pty_report(struct pty *pty);

/* As `fg` does it. */
void pty_foreground(struct pty *pty);

/* Whether the words were among all that was written. */
bool pty_has(const struct pty *pty, const char *words);

#endif
