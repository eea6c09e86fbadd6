/* output.c: a buffer of our own in front of a file descriptor. */

#include "report/output.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void output_start(struct output *output, int descriptor)
{
	output->descriptor = descriptor;
	output->failed = 0;
	output->length = 0;
}

/* A terminal or pipe that another program made non-blocking is waited for, not given up. */
static void wait_for_room(int descriptor)
{
	struct pollfd ready = { .fd = descriptor, .events = POLLOUT };

	poll(&ready, 1, -1);
}

static void write_out(struct output *output, const char *bytes, size_t count)
{
	while (count > 0 && output->failed == 0) {
		ssize_t written = write(output->descriptor, bytes, count);

		if (written >= 0) {
			bytes += written;
			count -= (size_t)written;
		} else if (errno == EAGAIN) {
			wait_for_room(output->descriptor);
		} else if (errno != EINTR) {
			output->failed = errno;
		}
	}
}

static void write_gathered(struct output *output)
{
	write_out(output, output->bytes, output->length);
	output->length = 0;
}

void output_add_bytes(struct output *output, const char *bytes, size_t count)
{
	if (count > sizeof(output->bytes) - output->length)
		write_gathered(output);
	if (count > sizeof(output->bytes)) {
		write_out(output, bytes, count);
		return;
	}
	memcpy(output->bytes + output->length, bytes, count);
	output->length += count;
}

char *output_room(struct output *output, size_t size)
{
	assert(size <= sizeof(output->bytes));
	if (size > sizeof(output->bytes) - output->length)
		write_gathered(output);
	return output->bytes + output->length;
}

void output_keep(struct output *output, size_t count)
{
	output->length += count;
}

void output_add(struct output *output, const char *string)
{
	output_add_bytes(output, string, strlen(string));
}

void output_add_char(struct output *output, char character)
{
	if (output->length == sizeof(output->bytes))
		write_gathered(output);
	output->bytes[output->length++] = character;
}

void output_add_unsigned(struct output *output, uint64_t number)
{
	char storage[24];
	struct text text = text_over(storage, sizeof(storage));

	text_add_unsigned(&text, number);
	output_add_text(output, &text);
}

void output_add_text(struct output *output, const struct text *text)
{
	output_add_bytes(output, text->start, text->length);
}

void output_format(struct output *output, const char *format, ...)
{
	char line[1024];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	assert(length >= 0 && (size_t)length < sizeof(line));
	output_add_bytes(output, line, (size_t)length);
}

void output_spaces(struct output *output, size_t count)
{
	for (; count > 0; count--)
		output_add_char(output, ' ');
}

int output_flush(struct output *output, struct error *err)
{
	write_gathered(output);
	if (output->failed == 0)
		return 0;
	error_set(err, "standard output: %s", strerror(output->failed));
	return -1;
}
