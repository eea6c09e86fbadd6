/* options.c: reads a command line by the table of options. */
#include "app/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/values.h"
#include "base/text.h"

enum { ROW_VALUE = 256 }; /* what getopt_long returns for the first row */

static const struct option_row *row_of(int value)
{
	size_t count;

	return &option_rows(&count)[value - ROW_VALUE];
}

/* What getopt_long wants to know of one command's options. */
struct tables {
	struct option longs[OPTION_ROWS_MAX + 1];
	char shorts[2 * OPTION_ROWS_MAX + 2];
};

static void tables_fill(struct tables *tables, unsigned command)
{
	size_t count;
	const struct option_row *rows = option_rows(&count);
	struct option *option = tables->longs;
	char *letter = tables->shorts;

	*letter++ = ':';
	for (size_t i = 0; i < count; i++) {
		if (!(rows[i].commands & command))
			continue;
		*option++ = (struct option){
			.name = rows[i].name,
			.has_arg = rows[i].takes == TAKES_NOTHING ? no_argument : required_argument,
			.val = ROW_VALUE + (int)i,
		};
		if (!rows[i].letter)
			continue;
		*letter++ = rows[i].letter;
		if (rows[i].takes != TAKES_NOTHING)
			*letter++ = ':';
	}
	*option = (struct option){ .name = NULL };
	*letter = '\0';
}

static const struct option_row *row_by_letter(unsigned commands, int letter)
{
	size_t count;
	const struct option_row *rows = option_rows(&count);

	for (size_t i = 0; i < count; i++) {
		if (rows[i].letter && rows[i].letter == letter && rows[i].commands & commands)
			return &rows[i];
	}
	return NULL;
}

static const struct option_row *row_by_name(const char *name)
{
	size_t count;
	const struct option_row *rows = option_rows(&count);
	size_t length = strcspn(name, "=");

	for (size_t i = 0; i < count; i++) {
		if (strlen(rows[i].name) == length && strncmp(rows[i].name, name, length) == 0)
			return &rows[i];
	}
	return NULL;
}

static void usage_remedy(struct error *err, const struct command *command)
{
	error_remedy(err, "'shakedown %s --help' lists its options", command->name);
}

static bool is_ambiguous(const struct command *command, const char *name)
{
	size_t length = strcspn(name, "=");
	size_t count;
	const struct option_row *rows = option_rows(&count);
	int fitting = 0;

	for (size_t i = 0; i < count; i++) {
		if (rows[i].commands & command->bit && strncmp(rows[i].name, name, length) == 0)
			fitting++;
	}
	return fitting > 1;
}

/* An option that another command takes is not a slip of the fingers: say whose it is. */
static void refuse_option(const struct command *command, const char *word, int letter,
                          struct error *err)
{
	const struct option_row *row =
		letter ? row_by_letter(FOR_ALL, letter) : row_by_name(word + 2);
	char shown[64];
	struct text text = text_over(shown, sizeof shown);
	size_t count;
	const struct command *all = commands(&count);

	if (!letter && is_ambiguous(command, word + 2)) {
		error_set(err, "%s: %s is the beginning of several options", command->name, word);
		usage_remedy(err, command);
		return;
	}
	if (letter)
		text_format(&text, "-%c", letter);
	else
		text_format(&text, "%.*s", (int)strcspn(word, "="), word);
	error_set(err, "%s: no such option: %s", command->name, shown);
	usage_remedy(err, command);
	for (size_t i = 0; row && row->help && i < count; i++) {
		if (!(row->commands & all[i].bit))
			continue;
		error_set(err, "%s: %s is an option of '%s', not of '%s'", command->name, shown,
		          all[i].name, command->name);
		return;
	}
}

static void name_row(struct text *text, const struct option_row *row)
{
	text_format(text, "--%s", row->name);
	if (row->letter)
		text_format(text, " (-%c)", row->letter);
}

static void refuse_missing(const struct command *command, const struct option_row *row,
                           struct error *err)
{
	char shown[64];
	struct text text = text_over(shown, sizeof shown);

	name_row(&text, row);
	error_set(err, "%s: %s needs an argument: %s", command->name, shown, row->argument);
	usage_remedy(err, command);
}

/* A long name that may mean several, or a flag that was given an argument. */
static void refuse_long(const struct command *command, const char *word, int value,
                        struct error *err)
{
	if (value >= ROW_VALUE) {
		error_set(err, "%s: --%s takes no argument", command->name, row_of(value)->name);
		usage_remedy(err, command);
		return;
	}
	refuse_option(command, word, 0, err);
}

static int take(struct settings *settings, const struct command *command,
                const struct option_row *row, const char *argument, struct error *err)
{
	struct error why;

	if (value_take(settings, row, argument, &why) == 0)
		return 0;
	error_set(err, "%s: --%s: %s", command->name, row->name, why.what);
	usage_remedy(err, command);
	return -1;
}

static int read_options(struct settings *settings, const struct command *command, int argc,
                        char **argv, struct error *err)
{
	struct tables tables;
	int value;

	tables_fill(&tables, command->bit);
	opterr = 0;
	optind = 0;
	while ((value = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
		const struct option_row *row =
			value >= ROW_VALUE ? row_of(value) : row_by_letter(command->bit, value);

		if (value == ':') {
			row = optopt >= ROW_VALUE ? row_of(optopt)
			                          : row_by_letter(command->bit, optopt);
			refuse_missing(command, row, err);
			return -1;
		}
		if (value == '?') {
			if (optopt > 0 && optopt < ROW_VALUE)
				refuse_option(command, argv[optind - 1], optopt, err);
			else
				refuse_long(command, argv[optind - 1], optopt, err);
			return -1;
		}
		assert(row);
		if (take(settings, command, row, optarg, err) < 0)
			return -1;
	}
	return 0;
}

/* The words of a filter may come as one argument or as many, as with tcpdump. */
static int join_filter(struct settings *settings, int count, char **words, struct error *err)
{
	size_t size = 1;
	struct text text;

	for (int i = 0; i < count; i++)
		size += strlen(words[i]) + 1;
	settings->filter = malloc(size);
	if (!settings->filter) {
		error_set(err, "filter: out of memory");
		return -1;
	}
	text = text_over(settings->filter, size);
	for (int i = 0; i < count; i++) {
		if (i > 0)
			text_add_char(&text, ' ');
		text_add(&text, words[i]);
	}
	return 0;
}

static int read_words(struct settings *settings, const struct command *command, int count,
                      char **words, struct error *err)
{
	if (command->bit == FOR_OVERVIEW) {
		for (int i = 0; i < count; i++)
			settings->files[settings->file_count++] = words[i];
		return 0;
	}
	if (count == 0)
		return 0;
	if (command->bit & FOR_READERS)
		return join_filter(settings, count, words, err);
	settings->words = (const char *const *)words;
	settings->word_count = (size_t)count;
	if (settings->word_count <= command->words)
		return 0;
	error_set(err, "%s: too many words: %s", command->name, words[command->words]);
	usage_remedy(err, command);
	return -1;
}

int settings_read(struct settings *settings, const struct command *command, int argc, char **argv,
                  struct error *err)
{
	*settings = (struct settings){
		.linger = -1,
		.time_wait = -1,
		.max_flows = UINT64_MAX,
		.keep = UINT64_MAX,
		.top = UINT64_MAX,
		.width = UINT64_MAX,
		.link_type = UINT64_MAX,
		.snaplen = UINT64_MAX,
		.buffer = UINT64_MAX,
		.count = UINT64_MAX,
		.copies = UINT64_MAX,
		.files_most = UINT64_MAX,
		.file_seconds = -1,
		.duration = -1,
		.every = -1,
		.files = calloc((size_t)argc + 1, sizeof settings->files[0]),
	};
	if (!settings->files) {
		error_set(err, "%s: out of memory", command->name);
		return -1;
	}
	if (read_options(settings, command, argc, argv, err) < 0)
		return -1;
	return read_words(settings, command, argc - optind, argv + optind, err);
}

void settings_free(struct settings *settings)
{
	free(settings->files);
	free(settings->filter);
}
