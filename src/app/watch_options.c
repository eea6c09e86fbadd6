/* watch_options.c: what only `watch` is asked for. */
#include <stdlib.h>
#include <string.h>

#include "app/intake.h"
#include "app/watch_inside.h"

enum { ROWS_MOST = 1000, COLUMNS_MOST = 1000 };

#define SLOWEST 0.1
#define FASTEST 1000.0

/* "10", "10x", "0.5x", "max". */
static bool speed_read(const char *string, double *speed)
{
	char *end;

	*speed = 0;
	if (strcmp(string, "max") == 0)
		return true;
	if (*string < '0' || *string > '9')
		return false;
	*speed = strtod(string, &end);
	if (*end == 'x')
		end++;
	return *end == '\0' && *speed >= SLOWEST && *speed <= FASTEST;
}

static bool number_read(const char **string, long most, int *number)
{
	char *end;
	long value;

	if (**string < '0' || **string > '9')
		return false;
	value = strtol(*string, &end, 10);
	*string = end;
	*number = (int)value;
	return value > 0 && value <= most;
}

/* "80x24": columns, then rows, as terminals are named. */
static bool size_read(const char *string, int *columns, int *rows)
{
	if (!number_read(&string, COLUMNS_MOST, columns) || *string++ != 'x')
		return false;
	return number_read(&string, ROWS_MOST, rows) && *string == '\0';
}

static int check_print(const struct settings *settings, struct error *err)
{
	if (settings->print)
		return 0;
	if (settings->keys)
		error_set(err, "watch: --keys: only with --print; on a terminal they are pressed");
	else if (settings->format)
		error_set(err, "watch: --format: only with --print");
	else if (settings->file_count == 0 || strcmp(settings->files[0], "-") != 0)
		return 0;
	else {
		error_set(err, "watch: -r -: standard input is the keyboard");
		error_remedy(err, "save it to a file first, or see it once with --print 80x24");
	}
	return -1;
}

static int check_kind(const struct settings *settings, struct error *err)
{
	bool is_replay = settings->file_count > 0;

	if (!is_replay && settings->print)
		error_set(err, "watch: --print: only with -r");
	else if (!is_replay && settings->speed)
		error_set(err, "watch: --speed: only with -r; an interface has its own");
	else if (is_replay && settings->write)
		error_set(err, "watch: -w: only with -i; in the view a key saves a connection");
	else if (is_replay && settings->sandbox)
		error_set(err, "watch: --sandbox: only with -i");
	else
		return 0;
	return -1;
}

int watch_options_read(struct watch_options *options, const struct settings *settings,
                       struct error *err)
{
	*options = (struct watch_options){
		.speed = 1,
		.prints = settings->print != NULL,
		.keys = settings->keys,
		.format = settings->format,
	};
	if (check_kind(settings, err) < 0 || check_print(settings, err) < 0)
		return -1;
	if (settings->speed && !speed_read(settings->speed, &options->speed)) {
		error_set(err, "watch: --speed: '%s' is neither max nor from 0.1x to 1000x",
		          settings->speed);
		return -1;
	}
	if (settings->print && !size_read(settings->print, &options->columns, &options->rows)) {
		error_set(err, "watch: --print: '%s' is no size such as 80x24", settings->print);
		return -1;
	}
	return 0;
}
