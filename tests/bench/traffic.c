/*
 * traffic.c: writes the captures that are measured, the same bytes every time.
 *
 * usage: traffic WORKLOAD FACTOR FILE
 *
 * FACTOR scales the number of connections. Segments of all the connections that are open at once
 * come in random order, one every 20 microseconds on the average: each segment meets another flow than
 * the one before it, which is the worst that memory can be asked for.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/savefile.h"
#include "bench/talk.h"
#include "packet/encode.h"

enum { FRAME_MOST = 2048, TEXT_BYTES = 65536, LINK_TYPE = 1, WHOLE = 262144 };

struct workload {
	const char *name;
	enum talk_mix mix;
	uint32_t connections;
	uint32_t at_once;
	uint32_t snaplen;
	bool scales_at_once;
};

/* clang-format off */
static const struct workload workloads[] = {
	/*             mix        connections  at once  snaplen  both scale */
	{ "a",         MIX_USUAL,      500000,   20000,      96, false },
	{ "b",         MIX_USUAL,      100000,    5000,   WHOLE, false },
	{ "c",         MIX_FLOOD,     5000000,       1,      96, false },
	{ "many-10k",  MIX_SHORT,     1000000,   10000,      96, true  },
	{ "many-100k", MIX_SHORT,     1000000,  100000,      96, true  },
	{ "many-1m",   MIX_SHORT,     1000000, 1000000,      96, true  },
	{ "open",      MIX_OPEN,       200000,  200000,      96, true  },
};
/* clang-format on */

static const struct workload *find(const char *name)
{
	for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++) {
		if (strcmp(workloads[i].name, name) == 0)
			return &workloads[i];
	}
	return NULL;
}

static uint32_t scaled(uint32_t count, double factor)
{
	uint32_t result = (uint32_t)((double)count * factor);

	return result > 0 ? result : 1;
}

/* Letters that compress about as well as base64 does. */
static void fill_text(uint8_t *text)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint64_t random = 0;

	for (size_t i = 0; i < TEXT_BYTES; i++)
		text[i] = (uint8_t)letters[random_next(&random) % 64];
}

static void add(struct savefile *savefile, struct segment *segment, const uint8_t *text)
{
	uint8_t frame[FRAME_MOST];
	uint32_t length;

	/* What snaplen cuts off need not be made. */
	if (segment->captured > savefile->snaplen)
		segment->captured = savefile->snaplen;
	text += segment->seq % (TEXT_BYTES - FRAME_MOST);
	encode(segment, LINK_TYPE, text, frame, sizeof(frame), &length);
	savefile_add(savefile, segment->time, frame, length);
}

static void play(struct savefile *savefile, const struct workload *workload, double factor,
                 struct talk *talks, uint32_t open)
{
	uint32_t connections = scaled(workload->connections, factor), begun = 0;
	int64_t time = INT64_C(1700000000) * 1000000000;
	uint8_t text[TEXT_BYTES];
	uint64_t random = 1;
	struct segment segment;

	fill_text(text);
	while (begun < open)
		talk_start(&talks[begun], workload->mix, begun), begun++;
	while (open > 0) {
		uint64_t drawn = random_next(&random);
		struct talk *talk = &talks[(drawn >> 16) % open];

		if (talk_next(talk, time, &segment)) {
			add(savefile, &segment, text);
			time += (int64_t)(drawn % 40 + 1) * 1000;
		} else if (begun < connections) {
			talk_start(talk, workload->mix, begun++);
		} else {
			*talk = talks[--open];
		}
	}
}

static int fail(const char *what)
{
	fprintf(stderr, "traffic: ");
	perror(what);
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	const struct workload *workload = argc == 4 ? find(argv[1]) : NULL;
	double factor = workload ? strtod(argv[2], NULL) : 0;
	struct savefile savefile;
	struct talk *talks;
	uint32_t open;

	if (factor <= 0) {
		fprintf(stderr, "usage: traffic WORKLOAD FACTOR FILE\n");
		return 2;
	}
	open = workload->scales_at_once ? scaled(workload->at_once, factor) : workload->at_once;
	if (open > scaled(workload->connections, factor))
		open = scaled(workload->connections, factor);
	talks = calloc(open, sizeof(*talks));
	if (!talks || savefile_open(&savefile, argv[3], workload->snaplen) < 0)
		return fail(argv[3]);
	play(&savefile, workload, factor, talks, open);
	free(talks);
	if (savefile_close(&savefile) < 0)
		return fail(argv[3]);
	printf("%s: %u connections, %u at once, %llu packets, %llu bytes\n", argv[3],
	       scaled(workload->connections, factor), open, (unsigned long long)savefile.frames,
	       (unsigned long long)savefile.bytes);
	return EXIT_SUCCESS;
}
