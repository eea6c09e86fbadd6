/* command.h: what main and help know of a command. */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include <stddef.h>
#include <stdio.h>

#include "app/options.h"
#include "base/error.h"

/* Exit statuses: a contract. */
enum status {
	STATUS_DONE = 0,
	STATUS_REFUSED = 1, /* by the world; the good part was still reported */
	STATUS_USAGE = 2,   /* wrong usage */
};

struct command {
	const char *name;
	unsigned bit;          /* enum command_bit: which options it takes */
	const char *arguments; /* what follows its options */
	const char *summary;
	size_t words;          /* at most, of those that read neither files nor filters */
	enum status (*run)(const struct settings *settings);
};

/* Every command, in the order of help; the first one is what a bare FILE means. */
const struct command *commands(size_t *count);

/* NULL where no command has this name. */
const struct command *command_find(const char *name);

enum status overview_run(const struct settings *settings);
enum status stat_run(const struct settings *settings);
enum status log_run(const struct settings *settings);
enum status ladder_run(const struct settings *settings);
enum status watch_run(const struct settings *settings);
enum status demo_run(const struct settings *settings);
enum status lab_run(const struct settings *settings);
enum status interfaces_run(const struct settings *settings);
enum status help_run(const struct settings *settings);
enum status version_run(const struct settings *settings);

/* The text of --help. */
enum status help_command(const struct command *command);
enum status help_program(FILE *stream);

/* "shakedown: WHAT: WHY" and the remedy, on standard error; returns `status`. */
enum status complain(const struct error *err, enum status status);

#endif
