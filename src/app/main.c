/* main.c: finds the command and lets it run. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "app/options.h"
#include "base/text.h"

/* A word with a dot or a slash was meant as a file, whether or not it is there. */
static bool is_file(const char *word)
{
	return strcmp(word, "-") == 0 || strpbrk(word, "./") || access(word, F_OK) == 0;
}

static enum status refuse_word(const char *word)
{
	char storage[128];
	struct text names = text_over(storage, sizeof storage);
	struct error err;
	size_t count;
	const struct command *all = commands(&count);

	for (size_t i = 0; i < count; i++)
		text_format(&names, "%s%s", i > 0 ? ", " : "", all[i].name);
	error_set(&err, "%s: neither a command nor a file", word);
	error_remedy(&err, "the commands are %s", storage);
	return complain(&err, STATUS_USAGE);
}

static enum status run(const struct command *command, int argc, char **argv)
{
	struct settings settings;
	struct error err;
	enum status status;

	if (settings_read(&settings, command, argc, argv, &err) < 0)
		status = complain(&err, STATUS_USAGE);
	else if (settings.help)
		status = help_command(command);
	else if (settings.version)
		status = version_run(&settings);
	else if (settings.list_interfaces)
		status = interfaces_run(&settings);
	else
		status = command->run(&settings);
	settings_free(&settings);
	return status;
}

static enum status choose(int argc, char **argv)
{
	const struct command *command = argc > 1 ? command_find(argv[1]) : NULL;
	size_t count;

	if (argc < 2) {
		help_program(stderr);
		return STATUS_USAGE;
	}
	if (command)
		return run(command, argc - 1, argv + 1);
	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return help_program(stdout);
	if (argv[1][0] != '-' && !is_file(argv[1]))
		return refuse_word(argv[1]);
	return run(commands(&count), argc, argv);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	/* A reader that has seen enough is no reason to die: writing says so. */
	signal(SIGPIPE, SIG_IGN);
	return (int)choose(argc, argv);
}
