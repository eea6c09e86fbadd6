/* error.c: why the world refused. */

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The arguments may point into `target` itself, as when a caller puts its own words before. */
static void write_words(char *target, size_t size, const char *format, va_list arguments)
{
	char words[sizeof(((struct error *)0)->what)];

	vsnprintf(words, size, format, arguments);
	memcpy(target, words, strlen(words) + 1);
}

void error_set(struct error *err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_words(err->what, sizeof(err->what), format, arguments);
	va_end(arguments);
	err->remedy[0] = '\0';
}

void error_remedy(struct error *err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_words(err->remedy, sizeof(err->remedy), format, arguments);
	va_end(arguments);
}
