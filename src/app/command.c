/* command.c: the table of commands. */
#include "app/command.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct command table[] = {
	{ "overview", FOR_OVERVIEW, "FILE...",
	  "what the capture is, and what became of its connections, worst first", 0, overview_run },
	{ "stat",     FOR_STAT,     "-r FILE | -i IF [FILTER]",
	  "what netstat would have shown at the end of the capture, or shows now", 0, stat_run },
	{ "log",      FOR_LOG,      "-r FILE | -i IF [FILTER]",
	  "one record per connection, as it ends", 0, log_run },
	{ "ladder",   FOR_LADDER,   "-r FILE | -i IF [FILTER]",
	  "sequence diagrams of connections, with the states of both ends", 0, ladder_run },
	{ "watch",    FOR_WATCH,    "[-r FILE | -i IF] [FILTER]",
	  "connections as they live: an interface, or a capture that is played", 0, watch_run },
	{ "demo",     FOR_DEMO,     "[NAME]",
	  "runs a scenario on loopback, and shows what happened on the wire", 1, demo_run },
	{ "lab",      FOR_LAB,      "list | run NAME | serve SERVICE | connect SERVICE [ADDR:PORT]",
	  "servers and clients that make every such behaviour on loopback", 3, lab_run },
	{ "help",     FOR_HELP,     "[COMMAND]",
	  "what a command does, and its options", 1, help_run },
	{ "version",  FOR_VERSION,  "",
	  "the version of the program", 0, version_run },
};
/* clang-format on */

const struct command *commands(size_t *count)
{
	*count = sizeof table / sizeof table[0];
	return table;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	return NULL;
}

enum status complain(const struct error *err, enum status status)
{
	fprintf(stderr, "shakedown: %s\n", err->what);
	if (err->remedy[0])
		fprintf(stderr, "shakedown: %s\n", err->remedy);
	return status;
}
