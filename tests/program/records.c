/* records.c: the JSON records of the program, made comparable. */

#include "program/records.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/program.h"

char *records_of(const char *const *paths, unsigned long count)
{
	const char **words = calloc(2 * count + 4, sizeof(*words));
	size_t used = 0;
	struct outcome outcome;

	cr_assert_not_null(words);
	words[used++] = "log";
	words[used++] = "--format=json";
	for (size_t i = 0; i < count; i++) {
		words[used++] = "-r";
		words[used++] = paths[i];
	}
	outcome = program_run(words);
	cr_assert_eq(outcome.status, 0, "%d: %s", outcome.status, outcome.err);
	cr_assert_gt(line_count(outcome.out), 0);
	free(outcome.err);
	free(words);
	return outcome.out;
}

/* Behind a value: a number, or an object or array without strings that hold brackets. */
static const char *value_end(const char *value)
{
	size_t depth = 0;

	for (; *value != '\0'; value++) {
		depth += *value == '{' || *value == '[';
		if (depth == 0 && (*value == ',' || *value == '}'))
			break;
		depth -= *value == '}' || *value == ']';
	}
	return value;
}

void records_without(char *records, const char *key)
{
	char words[64];
	char *found = records;

	snprintf(words, sizeof(words), "\"%s\":", key);
	while ((found = strstr(found, words))) {
		const char *end;

		found += strlen(words);
		end = value_end(found);
		memmove(found, end, strlen(end) + 1);
	}
}

long records_sum(const char *records, const char *key)
{
	char words[64];
	long sum = 0, known = 0;

	snprintf(words, sizeof(words), "\"%s\":", key);
	while ((records = strstr(records, words))) {
		long client, server;

		records += strlen(words);
		if (sscanf(records, "{\"client\":%ld,\"server\":%ld}", &client, &server) != 2)
			continue;
		sum += client + server;
		known++;
	}
	return known ? sum : -1;
}

void records_expect_same(const char *records, const char *expected, const char *what)
{
	size_t line = 1, same = 0;

	while (records[same] != '\0' && records[same] == expected[same])
		line += records[same++] == '\n';
	if (records[same] == expected[same])
		return;
	/* With a little of what is before. */
	same -= same < 60 ? same : 60;
	cr_assert_fail("%s: line %zu: ...%.160s\ninstead of ...%.160s", what, line, records + same,
	               expected + same);
}
