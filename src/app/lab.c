/* lab.c: the command that makes traffic: scenarios, and services to play with. */
#include "app/lab.h"

#include <stdio.h>
#include <string.h>

#include "lab/scenario.h"
#include "lab/service.h"
#include "report/output.h"

/* clang-format off */
static const struct {
	const char *name;
	size_t least, most; /* words after it */
	const char *usage;
	enum status (*run)(const struct settings *settings, const char *const *words, size_t count);
} actions[] = {
	{ "list",    0, 0, "list",                     lab_list },
	{ "run",     1, 1, "run NAME",                 lab_run_scenario },
	{ "serve",   1, 1, "serve SERVICE",            lab_serve },
	{ "connect", 1, 2, "connect SERVICE [ADDR:PORT]", lab_connect },
};
/* clang-format on */

enum { ACTIONS = sizeof actions / sizeof actions[0], NAME_COLUMNS = 24 };

static const char *how_of(const struct scenario *scenario)
{
	if (!scenario->steps)
		return "story";
	return scenario->needs_raw_sockets ? "root" : "live";
}

enum status lab_list(const struct settings *settings, const char *const *words, size_t count)
{
	const struct scenario *scenario = scenarios(&count);
	size_t service_count;
	const struct service_row *service = service_rows(&service_count);

	(void)settings;
	(void)words;
	printf("Scenarios, for 'shakedown demo NAME' and 'shakedown lab run NAME':\n");
	for (size_t i = 0; i < count; i++)
		printf("  %-*s%-6s %s\n", NAME_COLUMNS, scenario[i].name, how_of(&scenario[i]),
		       scenario[i].summary);
	printf("\nlive: on real sockets of loopback; root: those need CAP_NET_RAW; story: written, "
	       "not performed.\n\nServices, for 'shakedown lab serve NAME' and 'lab connect NAME':\n");
	for (size_t i = 0; i < service_count; i++)
		printf("  %-*s%-6u %s\n", NAME_COLUMNS, service[i].name, service[i].port,
		       service[i].summary);
	return STATUS_DONE;
}

static enum status refuse(const char *what, const char *word)
{
	struct error err;

	error_set(&err, "lab: %s%s", what, word);
	error_remedy(&err, "lab list | run NAME | serve SERVICE | connect SERVICE [ADDR:PORT]");
	return complain(&err, STATUS_USAGE);
}

enum status lab_run(const struct settings *settings)
{
	if (settings->word_count == 0)
		return refuse("what is to be done? it takes another word", "");
	for (size_t i = 0; i < ACTIONS; i++) {
		size_t count = settings->word_count - 1;

		if (strcmp(actions[i].name, settings->words[0]) != 0)
			continue;
		if (count < actions[i].least || count > actions[i].most)
			return refuse("as in: lab ", actions[i].usage);
		return actions[i].run(settings, settings->words + 1, count);
	}
	return refuse("no such action: ", settings->words[0]);
}
