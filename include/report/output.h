/* output.h: a buffer of our own in front of a file descriptor. */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/*
 * Bytes are gathered and written in large pieces. The first failure (a full
 * disk, a closed pipe) is kept in `failed` as an errno; everything after it is
 * dropped in silence, so that callers need to look only now and then.
 */
struct output {
	int descriptor;
	int failed;
	size_t length;
	char bytes[131072];
};

void output_start(struct output *output, int descriptor);
void output_add(struct output *output, const char *string);
void output_add_bytes(struct output *output, const char *bytes, size_t count);
void output_add_char(struct output *output, char character);
void output_add_unsigned(struct output *output, uint64_t number);

/*
 * Room for `size` bytes, no more than the buffer has, at the end of what is gathered: whoever wrote
 * some of them there says how many with output_keep, before anything else is added.
 */
char *output_room(struct output *output, size_t size);
void output_keep(struct output *output, size_t count);

void output_add_text(struct output *output, const struct text *text);
void output_format(struct output *output, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void output_spaces(struct output *output, size_t count);

/* Writes out what is gathered; -1 and err ("standard output: No space left on device"...) if anything failed. */
int output_flush(struct output *output, struct error *err);

#endif
