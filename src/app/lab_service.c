/* lab_service.c: `lab serve` and `lab connect`: services to play with by hand. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/clock.h"
#include "app/interrupt.h"
#include "app/lab.h"
#include "base/text.h"
#include "lab/service.h"

enum { PLACE_SIZE = 80, WAIT_MILLISECONDS = 250 };

struct place {
	enum family family;
	struct address address;
	uint16_t port; /* 0: the service's own */
};

/* "127.0.0.1:8000", "[::1]:8000", "127.0.0.1", ":8000" or "8000". */
static int place_read(const char *string, struct place *place, struct error *err)
{
	char host[PLACE_SIZE] = "";
	const char *digits = strrchr(string, ':');
	bool is_bare_port = !digits && strspn(string, "0123456789") == strlen(string);
	size_t length = is_bare_port ? 0 : digits ? (size_t)(digits - string) : strlen(string);
	unsigned long port = 0;
	char *end = "";

	*place = (struct place){ .family = FAMILY_NONE };
	if (is_bare_port || digits)
		port = strtoul(is_bare_port ? string : digits + 1, &end, 10);
	if (length >= sizeof host || *end != '\0' || port > UINT16_MAX)
		goto refused;
	memcpy(host, string, length);
	if (host[0] == '[' && length > 2 && host[length - 1] == ']') {
		host[length - 1] = '\0';
		memmove(host, host + 1, length - 1);
	}
	place->port = (uint16_t)port;
	if (host[0] != '\0')
		place->family = address_parse(host, &place->address);
	if (host[0] == '\0' || place->family != FAMILY_NONE)
		return 0;
refused:
	error_set(err, "'%s' is not an address and port such as 127.0.0.1:8000 or [::1]:8000",
	          string);
	return -1;
}

static const struct service_row *row_find(const char *name)
{
	const struct service_row *row = service_find(name);
	struct error err;

	if (row)
		return row;
	error_set(&err, "lab: no such service: %s", name);
	error_remedy(&err, "'shakedown lab list' names them");
	complain(&err, STATUS_USAGE);
	return NULL;
}

/* Until the machine's descriptor is ready or its time has come; Ctrl-C is noticed soon enough. */
static void wait_for(const struct wait *wait)
{
	struct pollfd ready = { .fd = wait->descriptor, .events = wait->events };
	int64_t left = WAIT_MILLISECONDS;

	if (wait->due != TIME_NONE)
		left = (wait->due - clock_steady()) / TIME_MILLISECOND + 1;
	if (left < 0)
		left = 0;
	poll(&ready, 1, left < WAIT_MILLISECONDS ? (int)left : WAIT_MILLISECONDS);
}

static void tell(void *context, const char *words)
{
	(void)context;
	puts(words);
	fflush(stdout);
}

static int serve(struct service *service, struct error *err)
{
	char storage[PLACE_SIZE];
	struct text text = text_over(storage, sizeof storage);
	enum machine_outcome outcome = MACHINE_WORKED;

	service_place(service, &text);
	printf("listening on %s; Ctrl-C ends it\n", storage);
	fflush(stdout);
	interrupt_expect();
	while (outcome != MACHINE_FAILED && !interrupt_came()) {
		struct wait wait = { .descriptor = -1, .due = TIME_NONE };

		outcome = service_step(service, clock_steady(), &wait, err);
		if (outcome == MACHINE_WAITS)
			wait_for(&wait);
	}
	return outcome == MACHINE_FAILED ? -1 : 0;
}

enum status lab_serve(const struct settings *settings, const char *const *words, size_t count)
{
	const struct service_row *row = row_find(words[0]);
	struct service_options options = { .folder = settings->folder, .tell = tell };
	struct place place = { .family = FAMILY_NONE };
	struct service *service;
	struct error err = { .remedy = "" };
	int outcome;

	(void)count;
	if (!row)
		return STATUS_USAGE;
	if (settings->listen && place_read(settings->listen, &place, &err) < 0)
		return complain(&err, STATUS_USAGE);
	if (row->needs_folder && !settings->folder) {
		error_set(&err, "lab serve %s: which folder?", row->name);
		error_remedy(&err, "name it with --folder DIR: nothing outside of it can be reached");
		return complain(&err, STATUS_USAGE);
	}
	options.family = (uint8_t)place.family;
	options.address = place.address;
	options.port = place.port;
	service = service_new(row, &options, &err);
	if (!service)
		return complain(&err, STATUS_REFUSED);
	outcome = serve(service, &err);
	service_free(service);
	return outcome < 0 ? complain(&err, STATUS_REFUSED) : STATUS_DONE;
}

static void hear(void *context, const void *bytes, size_t count)
{
	(void)context;
	fwrite(bytes, 1, count, stdout);
	fflush(stdout);
}

static int talk(struct caller *caller, struct error *err)
{
	enum machine_outcome outcome = MACHINE_WORKED;

	interrupt_expect();
	while (outcome != MACHINE_FAILED && outcome != MACHINE_OVER && !interrupt_came()) {
		struct wait wait = { .descriptor = -1, .due = TIME_NONE };

		outcome = caller_step(caller, clock_steady(), &wait, err);
		if (outcome == MACHINE_WAITS)
			wait_for(&wait);
	}
	return outcome == MACHINE_FAILED ? -1 : 0;
}

enum status lab_connect(const struct settings *settings, const char *const *words, size_t count)
{
	const struct service_row *row = row_find(words[0]);
	struct caller_options options = { .input = STDIN_FILENO, .hear = hear };
	struct place place = { .family = FAMILY_NONE };
	struct caller *caller;
	struct error err = { .remedy = "" };
	int outcome;

	(void)settings;
	if (!row)
		return STATUS_USAGE;
	if (count > 1 && place_read(words[1], &place, &err) < 0)
		return complain(&err, STATUS_USAGE);
	options.family = (uint8_t)place.family;
	options.address = place.address;
	options.port = place.port;
	caller = caller_new(row, &options, &err);
	if (!caller)
		return complain(&err, STATUS_REFUSED);
	outcome = talk(caller, &err);
	caller_free(caller);
	return outcome < 0 ? complain(&err, STATUS_REFUSED) : STATUS_DONE;
}
