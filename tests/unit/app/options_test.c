/* options_test.c: what command lines mean, and that the tables behind help are in order. */
#include "app/options.h"

#include <criterion/criterion.h>
#include <string.h>

#include "app/command.h"
#include "base/time.h"
#include "report/log.h"

enum { WORDS_MOST = 16, HELP_COLUMNS = 50 };

struct line {
	struct settings settings;
	struct error err;
	int outcome;
};

/* Reads a line of words divided by single blanks; the first one is the command. */
static struct line read_line(const char *words)
{
	static char copy[256];
	char *argv[WORDS_MOST + 1];
	int argc = 0;
	struct line line = { .err = { .what = "" } };

	strcpy(copy, words);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	line.outcome = settings_read(&line.settings, command_find(argv[0]), argc, argv, &line.err);
	return line;
}

static void refuses(const char *words, const char *what)
{
	struct line line = read_line(words);

	cr_assert_eq(line.outcome, -1, "accepted: %s", words);
	cr_assert_str_eq(line.err.what, what);
	settings_free(&line.settings);
}

Test(options, reads_letters_in_one_word_as_netstat_does)
{
	struct line line = read_line("stat -tuan -r x.pcap");

	cr_assert_eq(line.outcome, 0);
	cr_assert(line.settings.tcp && line.settings.udp && line.settings.all &&
	          line.settings.numeric);
	cr_assert(!line.settings.listening);
	cr_assert_eq(line.settings.file_count, 1);
	cr_assert_str_eq(line.settings.files[0], "x.pcap");
	settings_free(&line.settings);
}

Test(options, joins_trailing_words_to_one_filter)
{
	struct line line = read_line("log tcp port 80 -r x.pcap and host 192.0.2.1");

	cr_assert_eq(line.outcome, 0);
	cr_assert_str_eq(line.settings.filter, "tcp port 80 and host 192.0.2.1");
	settings_free(&line.settings);
}

Test(options, has_no_filter_without_words)
{
	struct line line = read_line("log -r x.pcap");

	cr_assert_null(line.settings.filter);
	settings_free(&line.settings);
}

Test(options, takes_the_words_of_the_overview_as_files)
{
	struct line line = read_line("overview a.pcap --top 3 b.pcap");

	cr_assert_eq(line.outcome, 0);
	cr_assert_eq(line.settings.file_count, 2);
	cr_assert_str_eq(line.settings.files[1], "b.pcap");
	cr_assert_eq(line.settings.top, 3);
	settings_free(&line.settings);
}

Test(options, reads_lists_and_ranges_of_connections)
{
	struct line line = read_line("ladder --flow 1,4,7-9 --flow 12");

	cr_assert_eq(line.outcome, 0);
	cr_assert_eq(line.settings.ids.count, 4);
	cr_assert_eq(line.settings.ids.ranges[2].first, 7);
	cr_assert_eq(line.settings.ids.ranges[2].last, 9);
	cr_assert_eq(line.settings.ids.ranges[3].first, 12);
	settings_free(&line.settings);
}

Test(options, reads_seconds_to_the_nanosecond)
{
	struct line line = read_line("log --linger 0.000000001 --time-wait 60.5");

	cr_assert_eq(line.outcome, 0);
	cr_assert_eq(line.settings.linger, 1);
	cr_assert_eq(line.settings.time_wait, 60 * TIME_SECOND + TIME_SECOND / 2);
	settings_free(&line.settings);
}

Test(options, reads_a_choice_by_its_place)
{
	struct line line = read_line("stat --by connection --color never");

	cr_assert_eq(line.outcome, 0);
	cr_assert_eq(line.settings.by, BY_CONNECTION);
	cr_assert_eq(line.settings.colour, COLOUR_NEVER);
	settings_free(&line.settings);
}

Test(options, says_which_option_is_unknown)
{
	refuses("stat --bogus=3", "stat: no such option: --bogus");
	refuses("stat -tx", "stat: no such option: -x");
}

Test(options, says_whose_option_it_is)
{
	refuses("stat --flow 3", "stat: --flow is an option of 'ladder', not of 'stat'");
	refuses("ladder -t", "ladder: -t is an option of 'stat', not of 'ladder'");
}

Test(options, says_that_a_beginning_could_mean_several)
{
	refuses("stat --l", "stat: --l is the beginning of several options");
}

Test(options, says_what_an_option_needs)
{
	refuses("stat -r", "stat: --read (-r) needs an argument: FILE");
	refuses("stat --by", "stat: --by needs an argument: endpoint|connection");
	refuses("stat --all=3", "stat: --all takes no argument");
}

Test(options, names_the_known_formats)
{
	refuses("log --format xml", "log: --format: 'xml' is not one of text|json|csv|zeek|zeek-json");
	refuses("log --format js", "log: --format: 'js' is not one of text|json|csv|zeek|zeek-json");
}

Test(options, refuses_numbers_that_are_none)
{
	refuses("stat --keep -1", "stat: --keep: '-1' is not a number from 0 to 2147483647");
	refuses("stat --keep 1x", "stat: --keep: '1x' is not a number from 0 to 2147483647");
	refuses("stat --keep 99999999999999999999",
	        "stat: --keep: '99999999999999999999' is not a number from 0 to 2147483647");
	refuses("stat --linger 1e3", "stat: --linger: '1e3' is not a number of seconds");
	refuses("ladder --flow 0",
	        "ladder: --flow: '0' is not a list of connections such as 1,4,7-9");
	refuses("ladder --flow 9-7",
	        "ladder: --flow: '9-7' is not a list of connections such as 1,4,7-9");
	refuses("ladder --flow 1,",
	        "ladder: --flow: '1,' is not a list of connections such as 1,4,7-9");
}

Test(options, refuses_words_where_none_belong)
{
	refuses("version now", "version: too many words: now");
	refuses("help stat log", "help: too many words: log");
}

Test(options, advises_help)
{
	struct line line = read_line("stat --bogus");

	cr_assert_str_eq(line.err.remedy, "'shakedown stat --help' lists its options");
	settings_free(&line.settings);
}

Test(options, have_names_and_letters_of_their_own_in_every_command)
{
	size_t count;
	const struct option_row *rows = option_rows(&count);

	for (size_t i = 0; i < count; i++) {
		for (size_t j = i + 1; j < count; j++) {
			if (!(rows[i].commands & rows[j].commands))
				continue;
			cr_assert_str_neq(rows[i].name, rows[j].name);
			cr_assert(!rows[i].letter || rows[i].letter != rows[j].letter, "-%c",
			          rows[i].letter);
		}
	}
}

Test(options, have_help_that_fits_a_line)
{
	size_t count;
	const struct option_row *rows = option_rows(&count);

	for (size_t i = 0; i < count; i++)
		cr_assert(!rows[i].help || strlen(rows[i].help) <= HELP_COLUMNS, "--%s",
		          rows[i].name);
}

Test(options, offer_the_formats_of_the_log)
{
	size_t count, format_count;
	const struct option_row *rows = option_rows(&count);
	const struct log_format *formats = log_formats(&format_count);
	char expected[128] = "";

	for (size_t i = 0; i < format_count; i++) {
		strcat(expected, i > 0 ? "|" : "");
		strcat(expected, formats[i].name);
	}
	for (size_t i = 0; i < count; i++) {
		if (rows[i].takes == TAKES_FORMAT && rows[i].commands & FOR_LOG)
			cr_assert_str_eq(rows[i].argument, expected);
	}
}

Test(options, every_command_has_its_own_bit_and_can_be_found)
{
	size_t count;
	const struct command *all = commands(&count);
	unsigned bits = 0;

	for (size_t i = 0; i < count; i++) {
		cr_assert_eq(bits & all[i].bit, 0);
		bits |= all[i].bit;
		cr_assert_eq(command_find(all[i].name), &all[i]);
	}
	cr_assert_eq(bits, FOR_ALL);
	cr_assert_null(command_find("stats"));
}
