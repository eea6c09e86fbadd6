/* played.h: a story as the segments that its frames decode to. */
#ifndef TESTS_LAB_PLAYED_H
#define TESTS_LAB_PLAYED_H

#include <stdint.h>

#include "base/error.h"
#include "lab/story.h"
#include "packet/segment.h"

enum { PLAYED_MAX = 32, PLAYED_TEXT = 64 };

struct played {
	int status;
	struct error err;
	int count;
	uint16_t link_type;
	struct segment segments[PLAYED_MAX];
	char text[PLAYED_MAX][PLAYED_TEXT]; /* of the payload */
};

/* Fails the test when a frame does not decode soundly. */
struct played play(const char *text);
struct played play_shifted(const char *text, uint32_t client, uint32_t server);

/* Fails the test unless the story is refused with just this message. */
void play_refused(const char *text, const char *message);

#endif
