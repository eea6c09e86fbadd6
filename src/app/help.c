/* help.c: help for people, and the tables of commands, options and keys for scripts. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/command.h"
#include "app/options.h"
#include "base/text.h"
#include "tui/help_page.h"

enum { NAME_COLUMNS = 12, OPTION_COLUMNS = 28 };

/* A full disk is worth an error, also here. */
static enum status finish(FILE *stream)
{
	struct error err = { .what = "" };

	if (fflush(stream) == 0 || errno == EPIPE)
		return STATUS_DONE;
	error_set(&err, "standard output: %s", strerror(errno));
	return complain(&err, STATUS_REFUSED);
}

enum status help_program(FILE *stream)
{
	size_t count;
	const struct command *all = commands(&count);

	fputs("shakedown shows the whole life of every TCP connection, in a capture or live.\n\n"
	      "Usage: shakedown FILE                        what is in it\n"
	      "       shakedown COMMAND -r FILE [FILTER]    FILTER as in pcap-filter(7)\n"
	      "       shakedown COMMAND -i IF [FILTER]      an interface, as it happens\n"
	      "       shakedown watch                       all of it on the screen\n\n"
	      "Commands:\n",
	      stream);
	for (size_t i = 0; i < count; i++)
		fprintf(stream, "  %-*s%s\n", NAME_COLUMNS, all[i].name, all[i].summary);
	fputs("\n'shakedown COMMAND --help' lists the options of a command.\n", stream);
	return finish(stream);
}

static void help_option(const struct option_row *row)
{
	char storage[80];
	struct text text = text_over(storage, sizeof storage);

	if (row->letter)
		text_format(&text, "-%c, ", row->letter);
	else
		text_add(&text, "    ");
	text_format(&text, "--%s", row->name);
	if (row->argument)
		text_format(&text, " %s", row->argument);
	/* A long name has the line for itself. */
	if (text.length + 2 > OPTION_COLUMNS)
		printf("  %s\n  %*s%s\n", storage, OPTION_COLUMNS, "", row->help);
	else
		printf("  %-*s%s\n", OPTION_COLUMNS, storage, row->help);
}

enum status help_command(const struct command *command)
{
	size_t count;
	const struct option_row *rows = option_rows(&count);

	printf("Usage: shakedown %s [OPTION]...%s%s\n\n%s\n\nOptions:\n", command->name,
	       command->arguments[0] ? " " : "", command->arguments, command->summary);
	for (size_t i = 0; i < count; i++) {
		if (rows[i].help && rows[i].commands & command->bit)
			help_option(&rows[i]);
	}
	return finish(stdout);
}

/* COMMAND, --name, -letter, ARGUMENT, help, divided by tabs; "-" where there is none. */
static enum status list_options(void)
{
	size_t command_count, count;
	const struct command *all = commands(&command_count);
	const struct option_row *rows = option_rows(&count);

	for (size_t i = 0; i < command_count; i++) {
		for (size_t j = 0; j < count; j++) {
			char letter[3] = { '-', rows[j].letter, '\0' };

			if (rows[j].help && rows[j].commands & all[i].bit)
				printf("%s\t--%s\t%s\t%s\t%s\n", all[i].name, rows[j].name, letter,
				       rows[j].argument ? rows[j].argument : "-", rows[j].help);
		}
	}
	return finish(stdout);
}

static enum status list_commands(void)
{
	size_t count;
	const struct command *all = commands(&count);

	for (size_t i = 0; i < count; i++)
		printf("%s\t%s\t%s\n", all[i].name, all[i].arguments, all[i].summary);
	return finish(stdout);
}

/* A head holds for the keys below it. */
static void list_key(void *context, const struct help_entry *entry)
{
	char *place = context;

	if (entry->kind == HELP_HEAD)
		memcpy(place, entry->label, sizeof entry->label);
	else if (entry->kind == HELP_KEY)
		printf("%s\t%s\t%s\n", place, entry->label, entry->words);
}

/* Where in the view, which keys, what they do. */
static enum status list_keys(void)
{
	char place[HELP_KEYS_MOST] = "";

	help_page(list_key, place);
	return finish(stdout);
}

enum status help_run(const struct settings *settings)
{
	const struct command *command = settings->word_count > 0 ? command_find(settings->words[0]) : NULL;
	struct error err = { .what = "" };

	if (settings->list_options)
		return list_options();
	if (settings->list_commands)
		return list_commands();
	if (settings->list_keys)
		return list_keys();
	if (settings->word_count == 0)
		return help_program(stdout);
	if (command)
		return help_command(command);
	error_set(&err, "help: no such command: %s", settings->words[0]);
	error_remedy(&err, "'shakedown help' lists the commands");
	return complain(&err, STATUS_USAGE);
}

enum status version_run(const struct settings *settings)
{
	(void)settings;
	puts("shakedown " SHAKEDOWN_VERSION);
	return finish(stdout);
}
