/* refusal.c: why a terminal is of no use. */

#include "tui/refusal.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"

enum { TERM_COLUMNS = 40 };

int terminal_check(struct error *err)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		error_set(err, "terminal: standard %s is not one",
		          isatty(STDIN_FILENO) ? "output" : "input");
		error_remedy(err, "stat, log and ladder need none");
		return -1;
	}
	if (name == NULL || *name == '\0') {
		error_set(err, "terminal: TERM is not set");
		error_remedy(err, "say what kind of terminal this is, for example: "
		                  "export TERM=xterm-256color");
		return -1;
	}
	return 0;
}

void terminal_refuse(struct error *err, const char *why)
{
	char storage[64];
	struct text name = text_over(storage, sizeof(storage));

	text_add_foreign(&name, getenv("TERM"), TERM_COLUMNS, true);
	error_set(err, "terminal: TERM=%s %s", name.start, why);
	error_remedy(err, "if it is of another kind, say so, for example: "
	                  "export TERM=xterm-256color; stat, log and ladder need none");
}
