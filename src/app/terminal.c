/* terminal.c: what standard output can show. */
#include "app/terminal.h"

#include <langinfo.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_LEAST = 20, WIDTH_MOST = 10000 };

/* https://no-color.org: set and not empty, whatever it says. */
bool terminal_wants_colour(const struct settings *settings)
{
	const char *term = getenv("TERM");
	const char *refusal = getenv("NO_COLOR");

	if (settings->colour != COLOUR_AUTO)
		return settings->colour == COLOUR_ALWAYS;
	if (refusal && *refusal)
		return false;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

bool terminal_wants_ascii(const struct settings *settings)
{
	return settings->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static int width_within(long columns)
{
	if (columns <= 0)
		return 0;
	if (columns < WIDTH_LEAST)
		return WIDTH_LEAST;
	return columns > WIDTH_MOST ? WIDTH_MOST : (int)columns;
}

int terminal_width(const struct settings *settings)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;

	if (settings->width != UINT64_MAX)
		return width_within((long)settings->width);
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return width_within(size.ws_col);
	return columns ? width_within(strtol(columns, NULL, 10)) : 0;
}
