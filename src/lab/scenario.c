/* scenario.c: the table of scenarios, one file of rows per theme. */

#include "lab/scenario.h"

#include <string.h>

#include "lab/act.h"

/* The lives that most connections have; a row may still spell its own. */
#define HANDSHAKE_CLIENT "SYN_SENT ESTABLISHED"
#define HANDSHAKE_SERVER "LISTEN SYN_RECEIVED ESTABLISHED"
#define CLOSES_FIRST " FIN_WAIT_1 FIN_WAIT_2 TIME_WAIT"
#define CLOSES_SECOND " CLOSE_WAIT LAST_ACK CLOSED"

#define STEPS(...)                                                                                 \
	(const struct act[])                                                                       \
	{                                                                                          \
		__VA_ARGS__,                                                                       \
		{                                                                                  \
			.verb = END_OF_STEPS                                                       \
		}                                                                                  \
	}
#define ALLOWED(...)                                                                               \
	(const struct deviation[])                                                                 \
	{                                                                                          \
		__VA_ARGS__,                                                                       \
		{                                                                                  \
			.why = NULL                                                                \
		}                                                                                  \
	}
#define LIVE(...)                                                                                  \
	&(const struct live_life)                                                                  \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

/* Most acts need no more than who does what. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static const struct scenario table[] = {
#include "lab/scenarios_lessons.inc"
#include "lab/scenarios_opening.inc"
#include "lab/scenarios_closing.inc"
#include "lab/scenarios_reset.inc"
#include "lab/scenarios_capture.inc"
#include "lab/scenarios_mixed.inc"
};

const struct scenario *scenarios(size_t *count)
{
	*count = sizeof(table) / sizeof(table[0]);
	return table;
}

const struct scenario *scenario_find(const char *name)
{
	size_t count;
	const struct scenario *rows = scenarios(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}
