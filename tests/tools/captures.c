/* captures.c: writes the capture of every story, the same bytes every time. */

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "capture/dump.h"
#include "lab/scenario.h"
#include "lab/story.h"

enum { SNAPLEN = 262144 };

/* The first frame says which link type the capture has. */
struct recording {
	char path[4096];
	struct dump *dump;
	struct error *err;
	int status;
};

static void record_frame(void *context, const struct frame *frame)
{
	struct recording *recording = context;

	if (recording->dump == NULL && recording->status == 0)
		recording->dump =
			dump_open(recording->path, frame->link_type, SNAPLEN, recording->err);
	if (recording->dump == NULL || dump_frame(recording->dump, frame, recording->err) < 0)
		recording->status = -1;
}

static int record(const char *folder, const struct scenario *scenario, struct error *err)
{
	struct recording recording = { .err = err };

	snprintf(recording.path, sizeof(recording.path), "%s/%s.pcap", folder, scenario->name);
	if (story_play(scenario->story, NULL, record_frame, &recording, err) < 0)
		recording.status = -1;
	if (recording.dump != NULL && dump_close(recording.dump, err) < 0)
		recording.status = -1;
	return recording.status;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	size_t count;
	const struct scenario *rows = scenarios(&count);

	if (argc != 2) {
		fprintf(stderr, "usage: captures FOLDER\n");
		return 2;
	}
	for (size_t i = 0; i < count; i++) {
		if (record(argv[1], &rows[i], &err) == 0)
			continue;
		fprintf(stderr, "captures: %s: %s\n", rows[i].name, err.what);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
