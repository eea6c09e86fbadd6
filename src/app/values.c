/* values.c: reads the arguments of options, one reader for each kind. */
#include "app/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "capture/dump.h"
#include "packet/tunnel.h"

enum { SECONDS_MOST = 1000000000 };

typedef int value_reader(void *member, const struct option_row *row, const char *argument,
                         struct error *err);

/* strtoull alone would take blanks, signs and what follows. */
static bool read_digits(const char *string, const char **rest, uint64_t *number)
{
	char *end;
	unsigned long long value;

	if (*string < '0' || *string > '9')
		return false;
	errno = 0;
	value = strtoull(string, &end, 10);
	if (errno)
		return false;
	*rest = end;
	*number = value;
	return true;
}

static int read_flag(void *member, const struct option_row *row, const char *argument,
                     struct error *err)
{
	(void)row;
	(void)argument;
	(void)err;
	*(bool *)member = true;
	return 0;
}

static int read_text(void *member, const struct option_row *row, const char *argument,
                     struct error *err)
{
	(void)row;
	(void)err;
	*(const char **)member = argument;
	return 0;
}

/* The argument's place among the row's words, or -1. */
static int choice_of(const struct option_row *row, const char *argument, struct error *err)
{
	const char *word = row->argument;

	for (int i = 0;; i++) {
		size_t length = strcspn(word, "|");

		if (strlen(argument) == length && strncmp(argument, word, length) == 0)
			return i;
		if (word[length] == '\0')
			break;
		word += length + 1;
	}
	error_set(err, "'%s' is not one of %s", argument, row->argument);
	return -1;
}

static int read_choice(void *member, const struct option_row *row, const char *argument,
                       struct error *err)
{
	int choice = choice_of(row, argument, err);

	if (choice < 0)
		return -1;
	*(int *)member = choice;
	return 0;
}

static int read_format(void *member, const struct option_row *row, const char *argument,
                       struct error *err)
{
	if (choice_of(row, argument, err) < 0)
		return -1;
	*(const char **)member = argument;
	return 0;
}

static int read_count(void *member, const struct option_row *row, const char *argument,
                      struct error *err)
{
	const char *rest;
	uint64_t number;

	(void)row;
	if (!read_digits(argument, &rest, &number) || *rest != '\0' || number > INT32_MAX) {
		error_set(err, "'%s' is not a number from 0 to %d", argument, INT32_MAX);
		return -1;
	}
	*(uint64_t *)member = number;
	return 0;
}

/* Nine digits after the point are nanoseconds; more mean nothing to a clock. */
static int read_seconds(void *member, const struct option_row *row, const char *argument,
                        struct error *err)
{
	const char *rest;
	uint64_t seconds;
	int64_t span;
	bool is_good = read_digits(argument, &rest, &seconds) && seconds <= SECONDS_MOST;

	(void)row;
	span = is_good ? (int64_t)seconds * TIME_SECOND : 0;
	if (is_good && *rest == '.') {
		int64_t unit = TIME_SECOND / 10;

		for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
			span += (*rest - '0') * unit;
	}
	if (!is_good || *rest != '\0') {
		error_set(err, "'%s' is not a number of seconds", argument);
		return -1;
	}
	*(int64_t *)member = span;
	return 0;
}

static int read_time(void *member, const struct option_row *row, const char *argument,
                     struct error *err)
{
	int64_t instant;

	(void)row;
	if (!time_parse(argument, 0, &instant)) {
		error_set(err,
		          "'%s' is not a time such as '2026-11-20 08:40:53', seconds since 1970, "
		          "or +SECONDS",
		          argument);
		return -1;
	}
	*(const char **)member = argument;
	return 0;
}

static bool read_range(const char **string, uint64_t *first, uint64_t *last)
{
	const char *at = *string;

	if (!read_digits(at, &at, first))
		return false;
	*last = *first;
	if (*at == '-' && !read_digits(at + 1, &at, last))
		return false;
	*string = at;
	return *first > 0 && *first <= *last;
}

static int read_ids(void *member, const struct option_row *row, const char *argument,
                    struct error *err)
{
	struct id_list *ids = member;
	const char *at = argument;

	(void)row;
	for (;; at++) {
		uint64_t first, last;

		if (!read_range(&at, &first, &last) || (*at != '\0' && *at != ',')) {
			error_set(err, "'%s' is not a list of connections such as 1,4,7-9",
			          argument);
			return -1;
		}
		if (ids->count == IDS_MOST) {
			error_set(err, "more than %d connections; a range counts as one", IDS_MOST);
			return -1;
		}
		ids->ranges[ids->count].first = first;
		ids->ranges[ids->count++].last = last;
		if (*at == '\0')
			return 0;
	}
}

static int read_tunnel_port(void *member, const struct option_row *row, const char *argument,
                            struct error *err)
{
	struct tunnel_port_list *list = member;
	const char *digits = strchr(argument, '=');
	char name[16] = "";
	enum tunnel_kind kind = TUNNEL_NONE;
	uint64_t port;

	(void)row;
	if (digits && (size_t)(digits - argument) < sizeof name) {
		memcpy(name, argument, (size_t)(digits - argument));
		kind = tunnel_find(name);
	}
	if (kind == TUNNEL_NONE || !tunnel_takes_port(kind) ||
	    !read_digits(digits + 1, &digits, &port) || *digits != '\0' || port > UINT16_MAX) {
		error_set(err, "'%s' is not a tunnel in UDP and its port, such as vxlan=8472",
		          argument);
		return -1;
	}
	if (list->count == TUNNEL_PORTS_MAX) {
		error_set(err, "more than %d tunnel ports", TUNNEL_PORTS_MAX);
		return -1;
	}
	list->ports[list->count++] = (struct tunnel_port){
		.port = (uint16_t)port,
		.kind = (uint8_t)kind,
	};
	return 0;
}

static int read_size(void *member, const struct option_row *row, const char *argument,
                     struct error *err)
{
	(void)row;
	if (dump_size_parse(argument, member))
		return 0;
	error_set(err, "'%s' is not a size such as 20 (million bytes), 512k, 20M or 1G", argument);
	return -1;
}

/* clang-format off */
static value_reader *const readers[] = {
	[TAKES_NOTHING] = read_flag,
	[TAKES_TEXT]    = read_text,
	[TAKES_CHOICE]  = read_choice,
	[TAKES_FORMAT]  = read_format,
	[TAKES_COUNT]   = read_count,
	[TAKES_SECONDS] = read_seconds,
	[TAKES_TIME]    = read_time,
	[TAKES_IDS]     = read_ids,
	[TAKES_TUNNEL_PORT] = read_tunnel_port,
	[TAKES_SIZE]    = read_size,
};
/* clang-format on */

int value_take(struct settings *settings, const struct option_row *row, const char *argument,
               struct error *err)
{
	if (row->takes == TAKES_FILE) {
		settings->files[settings->file_count++] = argument;
		return 0;
	}
	return readers[row->takes]((char *)settings + row->member, row, argument, err);
}
