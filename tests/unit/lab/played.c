/* played.c: a story as the segments that its frames decode to. */

#include "unit/lab/played.h"

#include <criterion/criterion.h>
#include <string.h>

#include "packet/decode.h"

static void take_frame(void *context, const struct frame *frame)
{
	struct played *played = context;
	struct decoder decoder = { 0 };
	struct segment *segment = &played->segments[played->count];
	const uint8_t *payload;
	uint32_t length;
	enum verdict verdict;

	cr_assert_lt(played->count, PLAYED_MAX);
	cr_assert_eq(frame->number, (uint64_t)played->count + 1);
	verdict = decoder_decode(&decoder, frame, segment);
	cr_assert(verdict_is_sound(verdict), "frame %d: %s", played->count + 1,
	          verdict_words(verdict));
	cr_assert_neq(segment->checksum, CHECKSUM_BAD);
	length = decode_payload(frame, &payload);
	if (length >= PLAYED_TEXT)
		length = PLAYED_TEXT - 1;
	if (length > 0)
		memcpy(played->text[played->count], payload, length);
	played->link_type = frame->link_type;
	played->count++;
}

static struct played play_with(const char *text, const struct story_options *options)
{
	struct played played = { .count = 0 };

	played.status = story_play(text, options, take_frame, &played, &played.err);
	return played;
}

struct played play(const char *text)
{
	struct played played = play_with(text, NULL);

	cr_assert_eq(played.status, 0, "%s", played.err.what);
	return played;
}

struct played play_shifted(const char *text, uint32_t client, uint32_t server)
{
	const struct story_options options = { .shift = { client, server } };
	struct played played = play_with(text, &options);

	cr_assert_eq(played.status, 0, "%s", played.err.what);
	return played;
}

void play_refused(const char *text, const char *message)
{
	struct played played = play_with(text, NULL);

	cr_assert_eq(played.status, -1);
	cr_assert_str_eq(played.err.what, message);
}
